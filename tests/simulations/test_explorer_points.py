"""Points as they are run from the command line: found, told, and found again by what is printed."""

from __future__ import annotations

import json
import re
import shlex
import signal
from collections.abc import Generator, Iterable
from itertools import count
from typing import Any

import pytest
from click.testing import Result
from understudy.actors.kernel.call import Call
from understudy.io.serving.connection import Connection as ServedConnection
from understudy.simulations.exhaustive.points import Point
from understudy.simulations.explorer import jobs, points
from understudy.simulations.explorer.jobs import Lost

from .exploring import invoke

SUMMARY = re.compile(
    r"(interrupted: )?(?:([\d,]+) of )?([\d,]+) points? of ([\d,]+) sets?, ([\d,]+) found"
    r"(?: of ([\d,]+) kinds?)?, [\d,.]+ s: [\d,.]+ points/s"
)
ONE_JOB = ("--jobs", "1")


def counted(ran: Result) -> list[str | None]:
    """The numbers of the summary, which is the last line: run, all, sets, found, kinds."""
    found = SUMMARY.fullmatch(ran.stdout.splitlines()[-1])
    assert found is not None, ran.output
    return list(found.groups()[1:])


def lose_quietly(connection: ServedConnection, reason: str) -> None:
    """The planted bug: the handler is not told of Esc."""
    assert reason
    connection.close()


async def join_without_end(call: Call) -> bool:
    """The planted bug: whoever leaves a call waits for its callee, however long."""
    await call.done.wait()
    return True


def even(number: int, words: str) -> tuple[str, ...]:
    return () if number % 2 else (words,)


class SmallSet:
    """A set of four points, the last one first."""

    seeds = range(1)

    def __init__(self, name: str) -> None:
        self.name = name

    def points(self, _product: object, _seeds: object) -> Iterable[Point]:
        return [Point(self.name, "x", 0, "y z", number) for number in range(4, 0, -1)]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two sets of four points, the even ones of which are wrong."""

    def run_point(point: Point, _product: object) -> tuple[str, ...]:
        return even(point.number, f"{point.number} is even")

    monkeypatch.setattr(points, "run_point", run_point)
    sets = {name: SmallSet(name) for name in ("esc", "stop")}
    monkeypatch.setattr(points, "exhaustive_sets", lambda: sets)


def test_nothing_found_is_a_summary_and_exit_0() -> None:
    ran = invoke("--set", "limits", *ONE_JOB)
    assert ran.exit_code == 0
    assert counted(ran) == [None, "36", "1", "0", None]
    assert len(ran.stdout.splitlines()) == 1


@pytest.mark.usefixtures("small")
def test_what_is_alike_is_told_once_with_its_first_point() -> None:
    ran = invoke("--exhaustive", *ONE_JOB)
    assert ran.exit_code == 1
    assert counted(ran) == [None, "8", "2", "4", "2"]
    assert ran.stdout.splitlines()[:5] == [
        "found 1: esc/x/0/y z/2, in 2 points",
        "  2 is even",
        "",
        "again:  understudy simulate --point 'esc/x/0/y z/2'",
        "",
    ]
    assert counted(invoke("--set", "stop", *ONE_JOB)) == [None, "4", "1", "2", "1"]


@pytest.mark.usefixtures("small")
def test_json_has_all_of_it() -> None:
    ran = invoke("--set", "esc", *ONE_JOB, "--json")
    assert ran.exit_code == 1
    told = json.loads(ran.stdout)
    assert told.pop("seconds") >= 0
    assert told == {
        "ok": False,
        "interrupted": False,
        "sets": ["esc"],
        "points_in_all": 4,
        "points": 4,
        "failed": 2,
        "found": [
            {
                "point": "esc/x/0/y z/2",
                "complaints": ["2 is even"],
                "points": 2,
                "command": "understudy simulate --point 'esc/x/0/y z/2'",
            }
        ],
    }
    assert SUMMARY.fullmatch(ran.stderr.splitlines()[-1])


@pytest.mark.usefixtures("small")
def test_time_is_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(10_000))
    monkeypatch.setattr("understudy.simulations.explorer.points.monotonic", clock.__next__)
    ran = invoke("--exhaustive", "--seconds", "3", *ONE_JOB)
    assert counted(ran) == ["2", "8", "2", "1", "1"]


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize(("at", "status"), [(1, 1), (0, 130)])
def test_ctrl_c_ends_it_with_what_was_found(
    monkeypatch: pytest.MonkeyPatch, at: int, status: int
) -> None:
    runs = count()

    def run_point(point: Point, _product: object) -> tuple[str, ...]:
        if next(runs) == at:
            signal.raise_signal(signal.SIGINT)
        return even(point.number + 1, "odd")

    monkeypatch.setattr(points, "run_point", run_point)
    ran = invoke("--exhaustive", *ONE_JOB)
    assert ran.exit_code == status
    assert ran.stdout.splitlines()[-1].startswith("interrupted: ")
    assert counted(ran)[0] == str(at + 1)


@pytest.mark.parametrize(
    ("place", "planted"),
    [((ServedConnection, "_lose"), lose_quietly), ((Call, "join"), join_without_end)],
    ids=["esc", "kernel"],
)
def test_a_bug_is_found_and_found_again_by_the_command_that_is_printed(
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    place: tuple[type, str],
    planted: Any,
) -> None:
    name = request.node.callspec.id
    with monkeypatch.context() as planting:
        planting.setattr(*place, planted)
        ran = invoke("--set", name, "--seconds", "1.5", *ONE_JOB)
        assert ran.exit_code == 1
        found, complaint = ran.stdout.splitlines()[:2]
        [command, *_] = [line for line in ran.stdout.splitlines() if line.startswith("again:")]
        _, program, simulate, *again = shlex.split(command)
        assert (program, simulate) == ("understudy", "simulate")
        assert f"found 1: {again[-1]}, in " in found
        replayed = invoke(*again)
    assert replayed.exit_code == 1
    assert complaint in replayed.stdout.splitlines()
    assert counted(replayed) == [None, "1", "1", "1", "1"]
    healthy = invoke(*again)
    assert healthy.exit_code == 0
    assert counted(healthy) == [None, "1", "1", "0", None]


def test_the_key_draws_the_points(monkeypatch: pytest.MonkeyPatch) -> None:
    run: list[str] = []

    def note(point: Point, _product: object) -> tuple[str, ...]:
        run.append(str(point))
        return ()

    monkeypatch.setattr(points, "run_point", note)
    drawn: list[list[str]] = []
    for more in (("--key", "one"), ("--key", "one"), ("--key", "other"), ()):
        run.clear()
        ran = invoke("--points", "3", *more, *ONE_JOB)
        assert counted(ran) == [None, "3", "1", "0", None]
        drawn.append([*run])
    assert drawn[0] == drawn[1]
    assert len({str(each) for each in drawn}) == 3
    assert all(name.startswith("drawn/") for name in drawn[0])


def test_several_processes_find_what_one_finds() -> None:
    one, two = (json.loads(invoke("--set", "limits", "--json", "--jobs", n).stdout) for n in "12")
    for told in (one, two):
        del told["seconds"]
    assert one == two


def test_a_point_that_kills_its_process_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    killer, other = (Point("esc", "relayed", 0, "turn", number) for number in (4, 5))
    lost = Lost("was killed by signal 9 (SIGKILL)", (other,))

    def dying(*_arguments: object) -> Generator[tuple[Point, Lost]]:
        yield killer, lost

    monkeypatch.setattr(jobs, "run_all", dying)
    ran = invoke("--set", "esc", "--jobs", "2")
    assert ran.exit_code == 1
    assert ran.stderr.splitlines() == [
        f"understudy: a process was killed by signal 9 (SIGKILL) as it ran {killer}",
        f"understudy:   it also had {other}, which is run by another",
    ]
    assert "its process was killed by signal 9" in ran.stdout
    assert f"again:  understudy simulate --point {killer}" in ran.stdout


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("esc", "'esc' is no point, such as kernel/house/3/order/57"),
        ("ecs/relayed/0/turn/1", "'ecs' is no set; there are kernel, esc, "),
        ("esc/relaid/0/turn/1", "'esc/relaid/0/turn/1' is no point: the set esc has no such"),
    ],
)
def test_a_point_that_does_not_exist_is_wrong_usage(name: str, said: str) -> None:
    ran = invoke("--point", name)
    assert ran.exit_code == 2
    assert ran.stderr.startswith(f"understudy: {said}")
    assert ran.stdout == ""


class InterruptedSet(SmallSet):
    """Ctrl-C comes while it is counted."""

    def points(self, _product: object, _seeds: object) -> Iterable[Point]:
        signal.raise_signal(signal.SIGINT)
        yield Point(self.name, "x", 0, "y", 1)
        raise AssertionError("nobody asks for more")


def test_ctrl_c_while_the_points_are_counted_is_no_traceback(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(points, "exhaustive_sets", lambda: {"esc": InterruptedSet("esc")})
    ran = invoke("--exhaustive", *ONE_JOB)
    assert ran.exit_code == 130
    assert ran.stdout == "interrupted: no point was run\n"
