"""Every scenario by its name, in the order in which a reader should meet them."""

from __future__ import annotations

from collections.abc import Mapping

from ..world.world import Scenario
from .crowd import crowd
from .engine import engine_crash, engine_hangs, engine_turn, esc_in_prefill
from .esc import esc_mid_stream
from .misbehaviour import absent, garbage, silent, slow, too_many_requests
from .one_turn import one_turn
from .stalled_reader import stalled_reader
from .upstream_cut import upstream_cut

SCENARIOS: Mapping[str, Scenario] = {
    "one-turn": one_turn,
    "esc-mid-stream": esc_mid_stream,
    "upstream-cut": upstream_cut,
    "too-many-requests": too_many_requests,
    "garbage": garbage,
    "slow": slow,
    "silent": silent,
    "absent": absent,
    "stalled-reader": stalled_reader,
    "crowd": crowd,
    "engine-turn": engine_turn,
    "engine-crash": engine_crash,
    "esc-in-prefill": esc_in_prefill,
    "engine-hangs": engine_hangs,
}
