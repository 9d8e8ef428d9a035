"""Numbers by chance, for pauses that must not fall together."""

from __future__ import annotations

import random


def draw() -> float:
    """A number from 0 to 1."""
    return random.random()  # noqa: S311 nothing that anybody must not guess
