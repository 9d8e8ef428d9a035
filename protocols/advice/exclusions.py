"""Why a place is not recommended at all: the first of these reasons that holds, in this order.

They are walls, not weights: no wish of the user's for speed makes up for a window that is too
small. What is not known excludes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Final

from .contender import Contender, InMemory
from .situation import Situation


class Cause(Enum):
    """Why a place is left out."""

    EMBEDDED = "embedded"
    PRIVATE = "private"
    TOO_SMALL = "too small"
    NO_TOOLS = "no tools"
    NO_IMAGES = "no images"
    RESTS = "rests"
    SPENT = "spent"
    TOO_LARGE = "too large"


Holds = Callable[[Situation, Contender], bool]

EXCLUSIONS: Final[tuple[tuple[Cause, Holds], ...]] = (
    (Cause.EMBEDDED, lambda _, it: it.embedded),
    (Cause.PRIVATE, lambda now, it: now.stays_private and not it.trusted),
    (Cause.TOO_SMALL, lambda now, it: 0 < it.window_tokens < now.next_tokens),
    (Cause.NO_TOOLS, lambda now, it: now.tools and "tools" in it.lacks),
    (Cause.NO_IMAGES, lambda now, it: now.images and "vision" in it.lacks),
    (Cause.RESTS, lambda _, it: it.rest_seconds > 0),
    (Cause.SPENT, lambda _, it: it.is_spent),
    (Cause.TOO_LARGE, lambda _, it: it.memory is InMemory.TOO_LARGE),
)


def excluded(now: Situation, contender: Contender) -> Cause | None:
    """Why a place is left out; None if nothing speaks against it."""
    return next((cause for cause, holds in EXCLUSIONS if holds(now, contender)), None)
