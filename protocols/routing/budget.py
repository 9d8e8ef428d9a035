"""Tokens that an endpoint may still use today, and the warning before there are none left.

What came from a provider's cache is not counted: it is billed at a fraction, if at all. The day is
the user's own, as the calendar of the machine has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import attrs

from ..records import Usage
from ..settings_data import EndpointSettings

WARNING_SHARE: Final = 0.8
LONGEST_DAY_SECONDS: Final = 26 * 3_600.0
"""No day is longer, whatever is done to the clocks."""


def counted_tokens(usage: Usage) -> int:
    """The tokens of a turn that count."""
    return usage.input_tokens + usage.cache_creation_tokens + usage.output_tokens


@attrs.define(eq=False)
class Budgets:
    """What was used today, by endpoint."""

    day: str = ""
    _spent: dict[str, int] = attrs.field(factory=dict[str, int])
    _warned: set[tuple[str, int]] = attrs.field(factory=set[tuple[str, int]])

    def begin(self, day: str) -> bool:
        """It is this day: true if another one than before, of which nothing is known yet."""
        if day == self.day:
            return False
        self.day, self._spent, self._warned = day, {}, set()
        return True

    def recall(self, day: str, spent: Mapping[str, int]) -> None:
        """The ledger has so much for a day. What is counted here may be ahead of it, or behind."""
        if day == self.day:
            for endpoint, tokens in spent.items():
                self._spent[endpoint] = max(self.spent(endpoint), tokens)

    def spend(self, endpoint: str, tokens: int) -> None:
        """A turn has used so many."""
        self._spent[endpoint] = self.spent(endpoint) + max(0, tokens)

    def spent(self, endpoint: str) -> int:
        """What was used today."""
        return self._spent.get(endpoint, 0)

    def is_spent(self, endpoint: EndpointSettings) -> bool:
        """Whether nothing is left."""
        limit = endpoint.tokens_per_day
        return limit is not None and self.spent(endpoint.name) >= limit

    def warning(self, endpoint: EndpointSettings) -> str:
        """What to tell the user, once a day and limit, before the wall; "" for nothing."""
        limit, spent = endpoint.tokens_per_day, self.spent(endpoint.name)
        if limit is None or spent < WARNING_SHARE * limit:
            return ""
        if (endpoint.name, limit) in self._warned:
            return ""
        self._warned.add((endpoint.name, limit))
        after = "are refused" if not endpoint.fallback else f"go to {endpoint.fallback[0]}"
        return (
            f"{endpoint.name} has used {spent:,} of the {limit:,} tokens that its tokens_per_day "
            f"allows it today; once they are used up its turns {after} until the day ends"
        )


def seconds_to_next_day(day_of: Callable[[float], str], now: float) -> float:
    """How long the day lasts yet, found by asking which day a moment belongs to."""
    today, later = day_of(now), now + LONGEST_DAY_SECONDS
    earlier = now
    while later - earlier > 1:
        middle = (earlier + later) / 2
        if day_of(middle) == today:
            earlier = middle
        else:
            later = middle
    return later - now


def in_words(seconds: float) -> str:
    """A time of at most a day, as a user says it."""
    minutes = max(1, round(seconds / 60))
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{minutes} min"
