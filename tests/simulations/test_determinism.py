"""One case is one run, step for step: without this no failing seed could be replayed.

If it fails, `first_difference` names the step. What then varies is an iteration over a set of
objects, an `id` or a hash in an order, a real clock or real entropy, or Trio's seam: see
`test_scheduler.py` for the private names that may have moved.

With $UNDERSTUDY_OTHER_PYTHON, the interpreter of a second environment in which this tree is
installed, the same cases must be the same runs there: CI sets it to another minor version.
"""

from __future__ import annotations

import gc
import os
import subprocess
import sys
from itertools import zip_longest

import pytest
from understudy import app
from understudy.simulations.explorer.case import Case, run_case
from understudy.simulations.scenarios.one_turn import one_turn
from understudy.simulations.world.run import Result, run
from understudy.simulations.world.scheduler import Policy

SEED = 7
POLICIES: tuple[Policy, ...] = ("fifo", "walk", "pct")
SCENARIOS = (
    *("one-turn", "esc-mid-stream", "upstream-cut", "stalled-reader", "crowd", "swarm"),
    *("switch-in-mid-conversation", "dialect-storm", "worker-storm", "routing-private"),
)
CASES = [Case(name, SEED, policy) for name in SCENARIOS for policy in POLICIES]
TOLD = """
import sys
from understudy import app
from understudy.simulations.explorer.case import Case, run_case
print(sys.version_info.minor)
for told in sys.argv[1:]:
    scenario, seed, policy = told.split()
    print(run_case(Case(scenario, int(seed), policy), app).trace_hash)
"""
OTHER_PYTHON = os.environ.get("UNDERSTUDY_OTHER_PYTHON")


def first_difference(one: Result, other: Result) -> tuple[int, str | None, str | None] | None:
    """The number of the first step in which two traces differ, and both steps."""
    pairs = enumerate(zip_longest(one.lines, other.lines))
    return next(((number, *pair) for number, pair in pairs if pair[0] != pair[1]), None)


def hashes_in_a_fresh_process(
    python: str, cases: list[Case], **environment: str
) -> tuple[int, list[str]]:
    """The minor version of another Python, and the hashes that the cases have there."""
    told = [f"{case.scenario} {case.seed} {case.policy}" for case in cases]
    fresh = subprocess.run(
        [python, "-c", TOLD, *told],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert fresh.returncode == 0, fresh.stderr
    minor, *hashes = fresh.stdout.split()
    return int(minor), hashes


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.scenario}-{case.policy}")
def test_a_case_and_its_tape_are_one_run(case: Case) -> None:
    first = run_case(case, app, trace=True)
    tape = Case(case.scenario, case.seed, "walk", first.struck, first.schedule)
    for again in (case, tape):
        other = run_case(again, app, trace=True)
        assert first_difference(first, other) is None
        assert other == first


def test_when_garbage_is_collected_makes_no_difference() -> None:
    cases = [Case("crowd", SEED, policy) for policy in POLICIES]
    before = [run_case(case, app) for case in cases]
    kept = gc.get_threshold()
    try:
        gc.set_threshold(50, 2, 2)
        assert [run_case(case, app) for case in cases] == before
        gc.disable()
        assert [run_case(case, app) for case in cases] == before
    finally:
        gc.set_threshold(*kept)
        gc.enable()


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_a_fresh_process_runs_the_same(hash_seed: str) -> None:
    _, hashes = hashes_in_a_fresh_process(sys.executable, CASES, PYTHONHASHSEED=hash_seed)
    assert hashes == [run_case(case, app).trace_hash for case in CASES]


if OTHER_PYTHON:

    def test_another_python_runs_the_same() -> None:
        cases = [Case(case.scenario, seed, case.policy) for case in CASES for seed in range(3)]
        minor, hashes = hashes_in_a_fresh_process(str(OTHER_PYTHON), cases)
        assert minor != sys.version_info.minor, f"{OTHER_PYTHON} is of the same version"
        assert hashes == [run_case(case, app).trace_hash for case in cases]


def test_seeds_differ() -> None:
    for policy in ("walk", "pct"):
        hashes = {run(one_turn, seed, app, policy=policy).trace_hash for seed in range(20)}
        assert len(hashes) == 20


def test_the_scheduler_alone_makes_a_difference() -> None:
    hashes = {run(one_turn, SEED, app, policy=policy).trace_hash for policy in POLICIES}
    assert len(hashes) == len(POLICIES)


def test_a_difference_is_named() -> None:
    one, other = (run(one_turn, seed, app, trace=True) for seed in (1, 2))
    found = first_difference(one, other)
    assert found is not None
    assert found[1] != found[2]
