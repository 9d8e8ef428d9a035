"""What is said of a finding: a bug in the product is found, charted, shrunk, kept and replayed."""

from __future__ import annotations

import json
import shlex
import signal
from collections.abc import Callable, Generator
from itertools import count
from pathlib import Path

import pytest
from understudy.io.serving.connection import Connection as ServedConnection
from understudy.simulations.explorer import jobs
from understudy.simulations.explorer.case import Case
from understudy.simulations.explorer.jobs import Lost
from understudy.simulations.explorer.report import REPORTS_MAX
from understudy.simulations.world.world import World

from .exploring import invoke, odd


def lose_quietly(connection: ServedConnection, reason: str) -> None:
    """The planted bug: the handler is not told of Esc."""
    assert reason
    connection.close()


def test_a_bug_is_found_charted_and_found_again_by_the_command_that_is_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with monkeypatch.context() as planted:
        planted.setattr(ServedConnection, "_lose", lose_quietly)
        arguments = ("--scenario", "esc-mid-stream", "--seeds", "0..5", "--jobs", "1")
        svg = tmp_path / "found.svg"
        ran = invoke(*arguments, "--no-shrink", "--svg", str(svg))
        assert ran.exit_code == 1
        [command, *_] = [line for line in ran.stdout.splitlines() if line.startswith("again:")]
        _, program, simulate, *again = shlex.split(command)
        assert (program, simulate) == ("understudy", "simulate")
        replayed = invoke(*again)
    assert "StartTurn" in ran.stdout
    assert "◆ presses Esc" in ran.stdout
    assert "complaint: " in svg.read_text()
    assert replayed.exit_code == 1
    complaint = ran.stdout.splitlines()[1].strip()
    assert f"found: {complaint}" in replayed.stdout.splitlines()
    healthy = invoke(*again)
    assert healthy.exit_code == 0
    assert "found: " not in healthy.stdout


def plant(monkeypatch: pytest.MonkeyPatch) -> tuple[str, ...]:
    monkeypatch.setattr(ServedConnection, "_lose", lose_quietly)
    return "--scenario", "esc-mid-stream", "--seeds", "0..2", "--jobs", "1"


def test_a_bug_is_shrunk_to_a_short_file_that_is_replayed_by_the_command_that_is_printed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "kept regressions"
    with monkeypatch.context() as planted:
        ran = invoke(*plant(planted), "--save", str(folder))
        lines = ran.stdout.splitlines()
        [keep, *_] = [line for line in lines if line.startswith("keep:")]
        _, _, _, *replay = shlex.split(keep)
        assert invoke(*replay).exit_code == 1
    assert "small:  0 faults, 0 deviations from the order of age" in lines
    assert invoke(*replay).exit_code == 0
    files = sorted(folder.iterdir())
    assert str(files[0]) in replay
    assert all(len(file.read_text().splitlines()) <= 20 for file in files)


def test_without_a_folder_the_file_is_part_of_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as planted:
        ran = invoke(*plant(planted))
        _, _, rest = ran.stdout.partition("keep:   understudy simulate --replay - <<'END'\n")
        file, _, _ = rest.partition("\nEND\n")
        assert len(file.splitlines()) <= 20
        replayed = invoke("--replay", "-", "--json", stdin=file)
        assert replayed.exit_code == 1
    told = json.loads(replayed.stdout)
    assert [told["scenario"], told["seed"]] == ["esc-mid-stream", json.loads(file)["seed"]]
    assert json.loads(file)["finds"] in told["complaints"]


def test_what_does_not_happen_again_is_told(tell: Callable[..., None]) -> None:
    told: list[int] = []

    async def once(world: World) -> None:
        """Is wrong the first time."""
        told.append(1)
        world.check(len(told) > 1, "it was the first time")

    tell(once=once)
    ran = invoke("--seeds", "0", "--jobs", "1")
    assert ran.exit_code == 1
    assert "It did not happen again: --check says where two of its runs part." in ran.stdout
    assert "keep:" not in ran.stdout


def test_a_file_of_another_finding_is_not_overwritten(
    tell: Callable[..., None], tmp_path: Path
) -> None:
    tell(odd=odd)
    (tmp_path / "odd-1.json").write_text("mine")
    for _ in range(2):
        invoke("--seeds", "1", "--jobs", "1", "--save", str(tmp_path))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["odd-1-2.json", "odd-1.json"]
    assert (tmp_path / "odd-1.json").read_text() == "mine"


def test_ctrl_c_ends_the_shrinking_and_not_the_report(tell: Callable[..., None]) -> None:
    runs = count(1)

    async def impatient(world: World) -> None:
        """Presses Ctrl-C while it is shrunk."""
        if next(runs) == 2:
            signal.raise_signal(signal.SIGINT)
        world.check(False, "always")

    tell(impatient=impatient)
    ran = invoke("--seeds", "0", "--jobs", "1")
    assert ran.exit_code == 1
    assert "complaint: always" in ran.stdout
    assert "small:" not in ran.stdout
    assert next(runs) == 4, "it is found, run again, and told"


def test_only_so_many_findings_are_looked_into(tell: Callable[..., None]) -> None:
    async def always_new(world: World) -> None:
        """Says something else for each seed."""
        world.check(False, "x" * world.chance.seed)

    tell(new=always_new)
    ran = invoke("--seeds", "0..12", "--jobs", "1", "--no-shrink")
    assert ran.stdout.count("again:") == 13
    assert ran.stdout.count("server listens") == REPORTS_MAX


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot read {file}: No such file or directory; name another file"),
        ("{", "{file}:1: not JSON"),
        ('{"finds": "x", "scenario": "nobody", "seed": 1}', "{file}:1: 'nobody' is unknown"),
    ],
)
def test_a_file_that_cannot_be_replayed_is_named(
    tmp_path: Path, content: str | None, said: str
) -> None:
    file = tmp_path / "regression.json"
    if content is not None:
        file.write_text(content)
    ran = invoke("--replay", str(file))
    assert ran.exit_code == 2
    assert ran.stderr.startswith(f"understudy: {said.format(file=file)}")


def test_a_case_that_kills_its_process_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    lost = Lost("was killed by signal 9 (SIGKILL)", (Case("absent", 5),))

    def dying(*_arguments: object) -> Generator[tuple[Case, Lost]]:
        yield Case("absent", 4), lost

    monkeypatch.setattr(jobs, "run_all", dying)
    ran = invoke("--seeds", "4", "--scenario", "absent", "--jobs", "2")
    assert ran.exit_code == 1
    assert ran.stderr.splitlines() == [
        "understudy: a process was killed by signal 9 (SIGKILL) as it ran absent, seed 4",
        "understudy:   it also had absent, seed 5, which is run by another",
    ]
    assert "its process was killed by signal 9" in ran.stdout
    assert "again:  understudy simulate --scenario absent --seeds 4" in ran.stdout
