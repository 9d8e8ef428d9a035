"""Every scenario by its name, in the order in which a reader should meet them."""

from __future__ import annotations

from collections.abc import Mapping

from ..world.world import Scenario
from .crowd import crowd
from .esc import esc_mid_stream
from .fallback import falls_back
from .ladder import retry_ladder
from .misbehaviour import absent, garbage, silent, slow, too_many_requests
from .one_turn import one_turn
from .parallel_sessions import parallel_sessions
from .resend import resend_livelock
from .stalled_reader import stalled_reader
from .tools import tools
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
    "tools": tools,
    "retry-ladder": retry_ladder,
    "falls-back": falls_back,
    "resend-livelock": resend_livelock,
    "parallel-sessions": parallel_sessions,
}
