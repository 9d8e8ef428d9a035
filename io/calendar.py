"""The clock on the wall, and the user's own days."""

from __future__ import annotations

import time

from .ports import Calendar


class WallCalendar(Calendar):
    """The machine's clock, in the machine's time zone."""

    def now(self) -> float:
        """The seconds since 1970 (UTC)."""
        return time.time()

    def day(self, moment: float) -> str:
        """The user's day at a moment."""
        return time.strftime("%Y-%m-%d", time.localtime(moment))
