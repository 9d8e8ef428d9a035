"""The recommendation: a pure function of the situation, the places and the user's weights.

What a wall keeps out is named with its cause; all others are ranked by their points, each respect
counted by its weight. Of two that are equal the one that answers now comes first, and else the one
that stands first in the settings. docs/recommendation.md has a table of cases to check by hand.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import attrs

from ..settings_data import RecommendSettings
from ..switching.command import Goal
from .contender import Contender
from .exclusions import Cause, excluded
from .scores import Respect, points, weights_of
from .situation import Situation


@attrs.frozen
class Ranked:
    """A place that could answer. `total` is the sum of its points by weight."""

    contender: Contender
    points: dict[Respect, int]
    total: int
    share: int
    """The total as points from 0 to 100, for people."""

    @property
    def place(self) -> str:
        """`<endpoint>/<model>`."""
        return self.contender.place


@attrs.frozen
class LeftOut:
    """A place that could not, and why."""

    contender: Contender
    cause: Cause

    @property
    def place(self) -> str:
        """`<endpoint>/<model>`."""
        return self.contender.place


@attrs.frozen
class Advice:
    """The places, the best first; those left out; and what could not be asked, in words.

    `here` is the place that answers now, if it is known.
    """

    situation: Situation
    ranked: tuple[Ranked, ...]
    left_out: tuple[LeftOut, ...] = ()
    here: Contender | None = None
    unasked: tuple[str, ...] = ()

    @property
    def best(self) -> Ranked | None:
        """The place to go to; the one that answers now, if none is better."""
        return self.ranked[0] if self.ranked else None

    @property
    def other(self) -> Ranked | None:
        """The best of those that do not answer now."""
        place = self.situation.place
        return next((each for each in self.ranked if each.place != place), None)


Advise = Callable[[str, Goal], Awaitable[Advice]]
"""Gives advice on a conversation, "" for a new one, with a goal. Raises ActorError."""


def recommend(
    now: Situation, contenders: Sequence[Contender], settings: RecommendSettings
) -> Advice:
    """Ranks the places for a situation."""
    weights = weights_of(now, settings)
    whole = sum(weights.values()) or 1
    ranked: list[Ranked] = []
    left_out: list[LeftOut] = []
    for contender in contenders:
        cause = excluded(now, contender)
        if cause is not None:
            left_out.append(LeftOut(contender, cause))
            continue
        given = points(now, contender)
        total = sum(weights[respect] * value for respect, value in given.items())
        ranked.append(Ranked(contender, given, total, round(total / whole)))
    ranked.sort(key=lambda each: (-each.total, each.place != now.place))
    here = next((each for each in contenders if each.place == now.place), None)
    return Advice(now, tuple(ranked), tuple(left_out), here)
