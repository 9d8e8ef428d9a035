"""Each scenario under many seeds, with nothing found."""

from __future__ import annotations

import pytest
from understudy import app
from understudy.simulations.scenarios.crowd import crowd
from understudy.simulations.scenarios.esc import esc_mid_stream
from understudy.simulations.scenarios.misbehaviour import (
    absent,
    garbage,
    silent,
    slow,
    too_many_requests,
)
from understudy.simulations.scenarios.one_turn import one_turn
from understudy.simulations.scenarios.stalled_reader import stalled_reader
from understudy.simulations.scenarios.upstream_cut import (
    RESPONSE_BYTES,
    UpstreamCut,
    upstream_cut,
)
from understudy.simulations.world.peer import Cut
from understudy.simulations.world.run import Scenario, run

SEEDS = range(30)
OFFSET_STEP_BYTES = 41


@pytest.mark.parametrize(
    "scenario",
    [
        one_turn,
        esc_mid_stream,
        upstream_cut,
        too_many_requests,
        garbage,
        slow,
        silent,
        absent,
        stalled_reader,
        crowd,
    ],
    ids=lambda scenario: str(scenario.__name__),
)
def test_nothing_is_found(scenario: Scenario) -> None:
    found = [run(scenario, seed, app) for seed in SEEDS]
    assert [result for result in found if result.complaints] == []


@pytest.mark.parametrize("silent_seconds", [0, 25])
@pytest.mark.parametrize("reset", [False, True], ids=["fin", "rst"])
def test_a_cut_is_told_wherever_it_is(reset: bool, silent_seconds: float) -> None:
    for after_bytes in range(0, RESPONSE_BYTES, OFFSET_STEP_BYTES):
        scenario = UpstreamCut(Cut(after_bytes, reset), silent_seconds)
        assert run(scenario, after_bytes, app).complaints == ()


def test_a_cut_at_the_last_byte_is_still_one() -> None:
    for left_bytes in range(1, 8):
        scenario = UpstreamCut(Cut(RESPONSE_BYTES - left_bytes))
        assert run(scenario, left_bytes, app).complaints == ()


def test_in_the_order_of_age_too() -> None:
    for seed in range(5):
        assert run(one_turn, seed, app, policy="fifo").complaints == ()
