"""A calendar in virtual time: the first day begins with the run, and each has 24 hours."""

from __future__ import annotations

import attrs
import trio

from ..io.ports import Calendar
from ..protocols.usage.days import day_at

BEGINNING = 1_800_000_000.0
"""Seconds since 1970, in the morning of the first day."""
DAY_SECONDS = 86_400.0


@attrs.define
class SimulatedCalendar(Calendar):
    """Its days are those of UTC."""

    _zero_seconds: float = attrs.field(factory=trio.current_time)
    _skipped_seconds: float = 0.0

    def now(self) -> float:
        """The virtual moment."""
        return BEGINNING + self._skipped_seconds + trio.current_time() - self._zero_seconds

    def skip(self, seconds: float) -> None:
        """So much time passes for the calendar alone, in no time."""
        self._skipped_seconds += seconds

    def day(self, moment: float) -> str:
        """The day at a moment."""
        return day_at(int(moment // DAY_SECONDS))
