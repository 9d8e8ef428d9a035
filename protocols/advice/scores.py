"""How well a place does in each respect, in points from 0 to 100; 50 where nothing is known.

Each measure has a value that is worth 50 points, so that an unknown fact is as good as a middling
one. Points depend on the place and the situation alone, never on who else is there: so a place
cannot gain by another's leaving. They are whole numbers, and so are the weights that they are
counted with: no two machines ever disagree on a sum.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

from ..settings_data import Ability, RecommendSettings
from ..switching.command import Goal
from .contender import Contender, InMemory
from .situation import Situation

Respect = Literal["context", "speed", "price", "privacy", "reliability", "abilities"]

MIDDLE: Final = 50
"""Points of what is not known."""
ROOM_TOKENS: Final = 32_000
FIRST_SECONDS: Final = 2.0
RATE_TOKENS_PER_SECOND: Final = 40.0
PRICE_PER_TURN: Final = 0.05
"""Worth 50 points each: the room left in the window, the wait for the first token, the tokens a
second, and the price of the next turn in the user's currency."""
READ_TOKENS_MIN: Final = 10_000
WRITTEN_TOKENS: Final = 1_000
"""What the next turn is priced with: what it reads at the least, and what it writes."""
TRUSTED_POINTS: Final = 75
"""Of what is elsewhere and called private by the user; what is here has 100, all else has 0."""
READY_POINTS: Final[Mapping[InMemory, int]] = {
    InMemory.UNKNOWN: MIDDLE,
    InMemory.LOADED: MIDDLE,
    InMemory.FITS: 25,
    InMemory.EVICTS: 0,
    InMemory.TOO_LARGE: 0,
}
CACHED_POINTS: Final = 100
"""How soon it can begin: at once where it has read the conversation, later where it must load."""

GOAL_FACTOR: Final = 4
GOALS: Final[Mapping[Goal, Respect]] = {
    "long": "context",
    "fast": "speed",
    "cheap": "price",
    "private": "privacy",
    "good": "abilities",
}
"""What a goal counts GOAL_FACTOR times."""
ABILITIES_WEIGHT: Final = 1
"""The abilities that are wished for, but not needed, have no key in the settings."""
WEIGHT_UNITS: Final = 1_000
"""Of a weight of 1: weights are counted in thousandths."""


def points(now: Situation, contender: Contender) -> dict[Respect, int]:
    """The points of a place in each respect."""
    return {respect: give(now, contender) for respect, give in _POINTS.items()}


def weights_of(now: Situation, settings: RecommendSettings) -> dict[Respect, int]:
    """What the points in each respect are multiplied by, in thousandths."""
    said: dict[Respect, float] = {
        "context": settings.context,
        "speed": settings.speed,
        "price": settings.price,
        "privacy": settings.privacy,
        "reliability": settings.reliability,
        "abilities": ABILITIES_WEIGHT,
    }
    wanted = GOALS.get(now.goal)
    return {
        respect: round(weight * WEIGHT_UNITS) * (GOAL_FACTOR if respect == wanted else 1)
        for respect, weight in said.items()
    }


def turn_price(now: Situation, contender: Contender) -> float | None:
    """What the next turn would cost; None where nobody has said a price."""
    if contender.here:
        return 0.0
    if contender.price is None:
        return None
    read, written = contender.price
    return (max(now.tokens, READ_TOKENS_MIN) * read + WRITTEN_TOKENS * written) / 1_000_000


def _more(value: float, middle: float) -> int:
    """Points where more is better: 50 of the middle, 100 of what never ends."""
    return round(100 * value / (value + middle)) if value > 0 else 0


def _less(value: float, middle: float) -> int:
    """Points where less is better: 100 of nothing, 50 of the middle."""
    return 100 - _more(value, middle)


def _context(now: Situation, contender: Contender) -> int:
    if not contender.window_tokens:
        return MIDDLE
    return _more(contender.window_tokens - now.tokens, ROOM_TOKENS)


def _speed(_now: Situation, contender: Contender) -> int:
    """The mean of three: the wait for the first token, the tokens a second, and readiness."""
    first, rate = contender.first_seconds, contender.tokens_per_second
    parts = (
        MIDDLE if first < 0 else _less(first, FIRST_SECONDS),
        MIDDLE if rate < 0 else _more(rate, RATE_TOKENS_PER_SECOND),
        CACHED_POINTS if contender.cached else READY_POINTS[contender.memory],
    )
    return round(sum(parts) / len(parts))


def _price(now: Situation, contender: Contender) -> int:
    price = turn_price(now, contender)
    return MIDDLE if price is None else _less(price, PRICE_PER_TURN)


def _privacy(_now: Situation, contender: Contender) -> int:
    if contender.here:
        return 100
    return TRUSTED_POINTS if contender.trusted else 0


def _reliability(_now: Situation, contender: Contender) -> int:
    """The share of today's attempts that went well, as if two more had been made, one in vain."""
    went_well = contender.attempts - contender.errors
    return round(100 * (went_well + 1) / (contender.attempts + 2))


def _abilities(now: Situation, contender: Contender) -> int:
    wished = _wished(now)
    if not wished:
        return MIDDLE
    each = [
        100 if ability in contender.has else 0 if ability in contender.lacks else MIDDLE
        for ability in wished
    ]
    return round(sum(each) / len(each))


def _wished(now: Situation) -> tuple[Ability, ...]:
    """What a good answer could use, though it can do without."""
    if now.goal == "good":
        return "tools", "vision", "thinking", "caching"
    return ("thinking",) if now.thinking else ()


_POINTS: Final[Mapping[Respect, Callable[[Situation, Contender], int]]] = {
    "context": _context,
    "speed": _speed,
    "price": _price,
    "privacy": _privacy,
    "reliability": _reliability,
    "abilities": _abilities,
}
