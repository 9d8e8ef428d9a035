"""One seed is one run, step for step: without this no failing seed could be replayed.

If it fails, `first_difference` names the step. What then varies is an iteration over a set of
objects, an `id` or a hash in an order, a real clock or real entropy, or Trio's seam: the two
private names in `simulations/world/seam.py` may have moved.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from itertools import zip_longest

import pytest
import trio
import trio._core._run as run_loop  # pyright: ignore[reportPrivateUsage] the seam itself
from understudy import app
from understudy.simulations.scenarios.esc import esc_mid_stream
from understudy.simulations.scenarios.one_turn import one_turn
from understudy.simulations.scenarios.upstream_cut import upstream_cut
from understudy.simulations.world import seam
from understudy.simulations.world.run import Result, Scenario, run

SEED = 7
FRESH = f"""
from understudy import app
from understudy.simulations.scenarios.one_turn import one_turn
from understudy.simulations.world.run import run
print(run(one_turn, {SEED}, app).trace_hash)
"""


def first_difference(one: Result, other: Result) -> tuple[int, str | None, str | None] | None:
    """The number of the first step in which two traces differ, and both steps."""
    pairs = enumerate(zip_longest(one.lines, other.lines))
    return next(((number, *pair) for number, pair in pairs if pair[0] != pair[1]), None)


@pytest.mark.parametrize(
    "scenario", [one_turn, esc_mid_stream, upstream_cut], ids=lambda found: str(found.__name__)
)
def test_one_seed_is_one_run(scenario: Scenario) -> None:
    first, *others = [run(scenario, SEED, app, trace=True) for _ in range(5)]
    for other in others:
        assert first_difference(first, other) is None
        assert other == first


@pytest.mark.parametrize("hash_seed", ["0", "1"])
def test_a_fresh_process_runs_the_same(hash_seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    fresh = subprocess.run(
        [sys.executable, "-c", FRESH], env=environment, capture_output=True, text=True, check=True
    )
    assert fresh.stdout.strip() == run(one_turn, SEED, app).trace_hash


def test_seeds_differ() -> None:
    assert len({run(one_turn, seed, app).trace_hash for seed in range(20)}) == 20


def test_the_scheduler_alone_makes_a_difference() -> None:
    walk, fifo = run(one_turn, SEED, app), run(one_turn, SEED, app, policy="fifo")
    assert walk.trace_hash != fifo.trace_hash
    assert run(one_turn, SEED, app, policy="fifo") == fifo


def test_a_difference_is_named() -> None:
    one, other = (run(one_turn, seed, app, trace=True) for seed in (1, 2))
    found = first_difference(one, other)
    assert found is not None
    assert found[1] != found[2]


def test_trio_asks_the_policy_and_gets_its_own_back() -> None:
    asked: list[int] = []

    class Asked(random.Random):
        def shuffle(self, x: object) -> None:
            asked.append(1)

    def names() -> list[object]:
        kept = vars(run_loop)
        return [kept["_r"], kept["_ALLOW_DETERMINISTIC_SCHEDULING"]]

    before = names()
    with seam.scheduled_by(Asked()):
        trio.run(trio.lowlevel.checkpoint)
    assert asked, "Trio no longer orders its batches by _r.shuffle: see simulations/world/seam.py"
    assert names() == before
