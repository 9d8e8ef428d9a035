"""The explorer as it is used: on tiny stories, on the real ones, and in several processes."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path

import psutil
import pytest
from understudy import app
from understudy.simulations.exhaustive.sets import exhaustive_sets
from understudy.simulations.explorer import check
from understudy.simulations.explorer.case import Case, run_case
from understudy.simulations.explorer.tally import Tally
from understudy.simulations.scenarios import catalogue
from understudy.simulations.world.marks import MARKS
from understudy.simulations.world.run import Result as RunResult
from understudy.simulations.world.world import World

from .exploring import SUMMARY, broken, calm, counted, invoke, odd


def test_nothing_found_is_a_summary_and_exit_0(tell: Callable[..., None]) -> None:
    tell(calm=calm)
    ran = invoke("--seeds", "0..4", "--jobs", "1")
    assert ran.exit_code == 0
    assert counted(ran) == ["5", "1", "5", "0"]
    assert len(ran.stdout.splitlines()) == 1


def test_what_is_alike_is_told_once_with_its_lowest_seed(tell: Callable[..., None]) -> None:
    tell(calm=calm, odd=odd)
    ran = invoke("--seeds", "0..9", "--jobs", "1", "--no-shrink")
    assert ran.exit_code == 1
    assert counted(ran) == ["10", "2", "20", "5", "1"]
    lines = ran.stdout.splitlines()
    assert lines[:3] == ["found 1: odd, seed 1, in 5 runs", "  seed 1 is odd", ""]
    assert any("━━━ complaint: seed 1 is odd ━━━" in line for line in lines)


def test_a_scenario_that_cannot_go_on_has_a_chart_too(tell: Callable[..., None]) -> None:
    tell(broken=broken)
    ran = invoke("--scenario", "broken", "--seeds", "0", "--jobs", "1", "--no-shrink")
    assert ran.exit_code == 1
    said = "ValueError: not enough values to unpack (expected 1, got 0)"
    assert f"  {said}" in ran.stdout
    assert f"━━━ complaint: {said}" in ran.stdout


@pytest.mark.parametrize(("run", "status"), [(1, 130), (4, 1)])
def test_ctrl_c_ends_a_search_after_the_run(
    tell: Callable[..., None], run: int, status: int
) -> None:
    runs = count(1)

    async def impatient(world: World) -> None:
        """Presses Ctrl-C in one run, and is wrong from the second on."""
        number = next(runs)
        if number == run:
            signal.raise_signal(signal.SIGINT)
        world.check(number == 1, "too late")

    tell(impatient=impatient)
    ran = invoke("--seeds", "0..9", "--jobs", "1")
    assert ran.exit_code == status
    assert ran.stdout.splitlines()[-1].startswith("interrupted: ")
    assert counted(ran)[2] == str(run)
    assert "small:" not in ran.stdout
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_one_run_is_shown_and_drawn(tmp_path: Path) -> None:
    svg = tmp_path / "pictures" / "run.svg"
    ran = invoke("--scenario", "one-turn", "--seeds", "3", "--trace", "--svg", str(svg))
    assert ran.exit_code == 0
    assert "FindRoute" in ran.stdout
    assert counted(ran) == ["1", "1", "1", "0"]
    assert "one-turn, seed 3" in svg.read_text()


def test_a_search_that_finds_nothing_draws_nothing(
    tell: Callable[..., None], tmp_path: Path
) -> None:
    tell(calm=calm)
    ran = invoke("--seeds", "0", "--jobs", "1", "--svg", str(tmp_path / "x.svg"))
    assert "nothing was found, so" in ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    ran = invoke("--scenario", "absent", "--seeds", "3", "--trace", "--svg", str(file / "x.svg"))
    assert ran.exit_code == 2
    assert re.search(r"cannot write .*x\.svg: .*; name another place", ran.stderr)


def test_time_is_a_budget_for_further_seeds(
    tell: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(range(10_000))
    monkeypatch.setattr("understudy.simulations.explorer.plan.monotonic", clock.__next__)
    tell(calm=calm)
    assert counted(invoke("--seconds", "4", "--jobs", "1")) == ["3", "1", "3", "0"]
    clock = iter(range(10_000))
    spent = invoke("--seconds", "1", "--seeds", "5..11", "--jobs", "1")
    assert counted(spent) == ["7", "1", "7", "0"], "the seeds that were asked for are all run"


def test_json_has_all_of_it(tell: Callable[..., None]) -> None:
    tell(calm=calm, odd=odd)
    ran = invoke("--seeds", "0..3", "--jobs", "1", "--no-shrink", "--json")
    assert ran.exit_code == 1
    told = json.loads(ran.stdout)
    [found] = told.pop("found")
    assert told["coverage"].pop("marks_missing") == list(MARKS), "nobody asks for anything"
    for number in ("seconds", "steps", "virtual_seconds"):
        assert told.pop(number) > 0
    assert told == {
        "ok": False,
        "interrupted": False,
        "scenarios": ["calm", "odd"],
        "first_seed": 0,
        "last_seed": 3,
        "runs": 8,
        "failed": 2,
        "coverage": {
            "faults": {"disk.full": {"at rest": 4}},
            "marks": {"calm": 4},
        },
    }
    assert found["complaints"] == ["seed 1 is odd"]
    assert found["command"].startswith("understudy simulate --scenario odd --seeds 1 --policy ")
    assert SUMMARY.fullmatch(ran.stderr.splitlines()[-1])


def test_json_of_one_run_has_what_happened() -> None:
    ran = invoke("--scenario", "absent", "--seeds", "3", "--trace", "--json")
    told = json.loads(ran.stdout)
    assert (told["ok"], told["scenario"], told["seed"]) == (True, "absent", 3)
    assert told["trace_hash"] == run_case(Case("absent", 3, told["policy"]), app).trace_hash
    assert told["happenings"][0] == {
        "seconds": 0.0,
        "kind": "note",
        "who": "server",
        "to": "server",
        "words": "listens",
    }


def test_the_mix_has_every_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[int, str] = {}

    def note(case: Case, product: object, *, trace: bool = False) -> RunResult:
        seen[case.seed] = case.policy
        return RunResult(case.seed, (), "x", 0.0, 0)

    monkeypatch.setattr("understudy.simulations.explorer.runner.run_case", note)
    invoke("--seeds", "0..5", "--scenario", "absent", "--jobs", "1")
    assert set(seen.values()) >= {"fifo", "walk"}
    invoke("--seeds", "0..5", "--scenario", "absent", "--jobs", "1", "--policy", "fifo")
    assert set(seen.values()) == {"fifo"}


def test_a_run_equals_itself_and_its_replay() -> None:
    ran = invoke("--seeds", "0..2", "--scenario", "esc-mid-stream", "--jobs", "1", "--check")
    assert ran.exit_code == 0


def test_what_differs_from_run_to_run_is_named(
    tell: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[int] = []

    async def forgetful(world: World) -> None:
        """Sleeps longer each time."""
        told.append(1)
        world.nursery.start_soon(calm, world, name=f"task {len(told)}")

    tell(forgetful=forgetful)
    ran = invoke("--seeds", "0", "--jobs", "1", "--check", "--no-shrink")
    assert ran.exit_code == 1
    assert re.search(r"run again: step \d+ is '.* task 2', and not '.* task 1'", ran.stdout)
    assert re.search(r"replayed: step \d+ is '.* task 3', and not '.* task 1'", ran.stdout)


def test_a_result_that_differs_although_the_steps_do_not_is_named() -> None:
    one, other = (RunResult(1, (words,), "hash", 1.0, 2) for words in ("a", "b"))
    assert check.first_difference(one, other) == "the steps are the same, but complaints differ"
    assert check.first_difference(one, one) == ""


def test_kinds_are_bounded_and_numbers_are_blurred() -> None:
    tally = Tally()
    for seed in (5, 3, 9):
        words = f"Esc took {seed}.25 s at 0x{seed}f, {seed == 3}"
        tally.take(Case("odd", seed), RunResult(seed, (words,), "", 0.0, 0))
    [finding] = tally.findings
    assert (finding.case.seed, finding.runs, finding.words) == (3, 3, "Esc took # s at #, #")
    for seed in range(300):
        words = "x" * (seed + 1)
        tally.take(Case("odd", seed), RunResult(seed, (words,), "", 0.0, 0))
    assert (len(tally.findings), tally.failed) == (100, 303)


def test_several_processes_find_what_one_finds() -> None:
    arguments = ("--seeds", "0..7", "--scenario", "absent", "--scenario", "garbage", "--json")
    one, two = (json.loads(invoke(*arguments, "--jobs", jobs).stdout) for jobs in "12")
    for told in (one, two):
        del told["seconds"]
    assert one == two


def test_ctrl_c_shows_what_was_found_so_far_and_leaves_nobody_behind() -> None:
    command = [sys.executable, "-m", "understudy.simulations", "--seeds", "0..99999", "--jobs", "2"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        parent = psutil.Process(process.pid)
        while len(workers := parent.children()) < 3:  # two and the tracker of resources
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == ""
    assert out.startswith("interrupted: ")
    assert SUMMARY.fullmatch(out.strip())
    assert psutil.wait_procs(workers, timeout=10)[1] == []


def test_the_module_is_the_same_command() -> None:
    command = [sys.executable, "-m", "understudy.simulations"]
    listed = subprocess.run([*command, "--list"], capture_output=True, text=True, check=True)
    assert listed.stdout == invoke("--list").stdout
    shown = [line.partition(" ")[0] for line in listed.stdout.splitlines()]
    assert shown == ["scenario", *catalogue.SCENARIOS, "", "set", *exhaustive_sets()]
    wrong = subprocess.run([*command, "--seeds", "x"], capture_output=True, text=True, check=False)
    assert wrong.returncode == 2
