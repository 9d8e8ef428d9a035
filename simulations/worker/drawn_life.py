"""The lives of workers as chance draws them; without a strike a worker is well.

The sites are `worker.` and: `fails to load`, `hangs while it loads`, `is slow`, `crashes`, `crashes
in a frame`, `hangs in a step`, `ignores the abort flag`, `talks garbage`, `is read late`, `does not
go`; each is asked at each start of a process.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from math import inf
from random import Random
from typing import Any, Final

import attrs

from ...io.engines.worker_process import START_SECONDS
from ..world.chance import Chance
from .life import WELL, WorkerLife

START_CHANCE = 0.3
LOAD_SECONDS = (5.0, START_SECONDS)
STEP_SECONDS = (0.02, 2.0)
CRASH_SECONDS = (0.0, 60.0)
HANG_SECONDS = (0.0, 60.0)
LATE_SECONDS = (0.001, 0.5)
PIECES = (1, 40)
GARBAGE: Final = (
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff",
    b"Segmentation fault (core dumped)\n",
    b"\x03\x00\x00\x00abc",
    b"\x01\x00\x00\x00\xc1",
)
"""An empty frame, one too large, text, a payload that is no message, and one that is no msgpack."""

Draw = Callable[[Random], Mapping[str, Any]]
FAULTS: Final[Mapping[str, Draw]] = {
    "fails to load": lambda draws: {
        "failure": "the file is no model",
        "load_seconds": draws.random(),
    },
    "hangs while it loads": lambda _draws: {"load_seconds": inf},
    "is slow": lambda draws: {
        "load_seconds": draws.uniform(*LOAD_SECONDS),
        "step_seconds": draws.uniform(*STEP_SECONDS),
    },
    "crashes": lambda draws: {"crash_seconds": draws.uniform(*CRASH_SECONDS)},
    "crashes in a frame": lambda draws: {"crash_pieces": draws.randint(*PIECES)},
    "hangs in a step": lambda draws: {"hang_seconds": draws.uniform(*HANG_SECONDS)},
    "ignores the abort flag": lambda _draws: {"ignores_abort": True},
    "talks garbage": lambda draws: {
        "garbage_pieces": draws.randint(*PIECES),
        "garbage": draws.choice(GARBAGE),
    },
    "is read late": lambda draws: {"read_late_seconds": draws.uniform(*LATE_SECONDS)},
    "does not go": lambda _draws: {"exit_seconds": inf},
}
"""What each fault makes of a life; of two that strike at once the later one has the last word."""


def drawn_worker_lives(chance: Chance) -> Callable[[], WorkerLife]:
    """Draws a life for each worker that is started."""
    return partial(_draw, chance)


def _draw(chance: Chance) -> WorkerLife:
    life = WELL
    for name, draw in FAULTS.items():
        if draws := chance.strike(f"worker.{name}", START_CHANCE):
            life = attrs.evolve(life, **draw(draws))
    return life
