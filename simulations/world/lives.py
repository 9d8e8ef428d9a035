"""The lives of the engine's processes as chance draws them; without a strike a process is well.

The sites are `engine.` and: `fails to load`, `crashes`, `hangs`, `ignores esc`, `is slow`; each is
asked at each start of a process.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs

from ...io.engines.child_process import STOP_SECONDS
from ...io.engines.llama_server import START_SECONDS
from ..engine import REPLY, Life
from .chance import Chance

START_CHANCE = 0.3
CRASH_SECONDS = (0.0, 120.0)
HANG_SECONDS = (0.0, 120.0)
IGNORED_SECONDS = (0.5, 10.0)
LOAD_SECONDS = (5.0, START_SECONDS)
PREFILL_SECONDS = (1.0, 90.0)
TOKEN_SECONDS = (0.1, 5.0)


def drawn_lives(chance: Chance) -> Callable[[], Life]:
    """Draws a life for each process that is started."""
    return lambda: _draw(chance)


def _draw(chance: Chance) -> Life:
    life = Life()
    if chance.strike("engine.fails to load", START_CHANCE):
        life = attrs.evolve(life, failure="it exited with status 1")
    if draws := chance.strike("engine.crashes", START_CHANCE):
        if draws.random() < 0.5:
            life = attrs.evolve(life, crash_tokens=draws.randrange(len(REPLY)))
        else:
            life = attrs.evolve(life, crash_seconds=draws.uniform(*CRASH_SECONDS))
    if draws := chance.strike("engine.hangs", START_CHANCE):
        hang_seconds = draws.uniform(*HANG_SECONDS)
        life = attrs.evolve(life, hang_seconds=hang_seconds, stop_seconds=STOP_SECONDS)
    if draws := chance.strike("engine.ignores esc", START_CHANCE):
        life = attrs.evolve(life, ignores_esc_seconds=draws.uniform(*IGNORED_SECONDS))
    if draws := chance.strike("engine.is slow", START_CHANCE):
        life = attrs.evolve(
            life,
            load_seconds=draws.uniform(*LOAD_SECONDS),
            prefill_seconds=draws.uniform(*PREFILL_SECONDS),
            token_seconds=draws.uniform(*TOKEN_SECONDS),
        )
    return life
