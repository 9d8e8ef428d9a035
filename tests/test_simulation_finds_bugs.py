"""The simulation can fail: bugs of every kind, planted in the product, are found and made small.

A bug is looked for under 500 seeds of the scenario that should find it, the swarm first of all, or
at every step of an exhaustive set. The seed that is known to find it is tried first; if it no
longer does, others are. What a seed has found is shrunk, and the small case is what a regression
file keeps: the healthy product must find nothing in it.
"""

from __future__ import annotations

import pytest
from understudy import app
from understudy.simulations.explorer.case import run_case
from understudy.simulations.explorer.regression import LINES_MAX, decode, encode
from understudy.simulations.explorer.shrink import shrink

from .simulation_bugs import (
    answering,
    computing,
    offering_bugs,
    routing_bugs,
    sharing_memory,
    switching_bugs,
    translating,
    waiting,
)
from .simulation_bugs.bug import Bug
from .simulation_bugs.hunt import Hunt

BUGS = (
    *waiting.BUGS,
    *answering.BUGS,
    *translating.BUGS,
    *computing.BUGS,
    *sharing_memory.BUGS,
    *routing_bugs.BUGS,
    *switching_bugs.BUGS,
    *offering_bugs.BUGS,
)
FOUND_BY_SEEDS = [bug for bug in BUGS if bug.scenario]
FOUND_BY_SETS = [bug for bug in BUGS if bug.point]
SHRINK_RUNS_MAX = 60
STRIKES_MAX, DEVIATIONS_MAX = 3, 3


def named(bug: Bug) -> str:
    return bug.observed


@pytest.mark.parametrize("bug", FOUND_BY_SEEDS, ids=named)
def test_it_is_found_under_a_seed_and_made_small(bug: Bug) -> None:
    hunt = Hunt(bug)
    with pytest.MonkeyPatch.context() as patch:
        bug.plant(patch)
        found = hunt.find_case()
        assert found is not None
        small = shrink(found, hunt.fails, budget_runs=SHRINK_RUNS_MAX)
    assert len(small.strikes or ()) <= STRIKES_MAX
    assert len(small.schedule or {}) <= DEVIATIONS_MAX
    file = encode(small, bug.words, f"{bug.observed}.")
    assert len(file.splitlines()) <= LINES_MAX
    assert decode(file, "kept.json").case == small
    for case in (found, small):
        assert run_case(case, app).complaints == (), "the healthy product"


@pytest.mark.parametrize("bug", FOUND_BY_SETS, ids=named)
def test_it_is_found_at_a_step(bug: Bug) -> None:
    hunt = Hunt(bug)
    with pytest.MonkeyPatch.context() as patch:
        bug.plant(patch)
        found = hunt.find_point()
    assert found is not None
    assert hunt.complaints_at(found) == (), "the healthy product"


def test_there_are_enough_kinds() -> None:
    assert len({bug.plant for bug in BUGS}) == len(BUGS) >= 14
