"""Days as `2026-11-26`, and how far one is from another: whole numbers, counted from 1970-01-01.

In the Gregorian calendar the years repeat after 400 of them, and a year that is taken to begin in
March has its odd day at its end; so both ways are arithmetic, and no clock and no zone is asked.
"""

from __future__ import annotations

import re
from typing import Final

ERA_DAYS: Final = 146_097
"""Of 400 years."""
EPOCH_DAYS: Final = 719_468
"""From the first of March of the year 0 to 1970-01-01."""
DAYS_MAX: Final = 2_932_897
"""With this day the year 10,000 begins, which is not written in four digits."""

_WRITTEN: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)


def day_at(number: int) -> str:
    """The day that is so many after 1970-01-01."""
    assert -EPOCH_DAYS < number < DAYS_MAX, number
    era, day = divmod(number + EPOCH_DAYS, ERA_DAYS)
    year = (day - day // 1_460 + day // 36_524 - day // 146_096) // 365
    day -= 365 * year + year // 4 - year // 100
    march = (5 * day + 2) // 153
    month = march + 3 if march < 10 else march - 9
    return f"{era * 400 + year + (month <= 2):04}-{month:02}-{day - (153 * march + 2) // 5 + 1:02}"


def day_number(day: str) -> int:
    """How many days after 1970-01-01 it is. Raises ValueError for what is no day."""
    found = _WRITTEN.fullmatch(day)
    if found is None:
        raise ValueError(_words(day))
    year, month, date = (int(part) for part in found.groups())
    year -= month <= 2
    era, of_era = divmod(year, 400)
    march = month - 3 if month > 2 else month + 9
    of_year = (153 * march + 2) // 5 + date - 1
    number = era * ERA_DAYS + of_era * 365 + of_era // 4 - of_era // 100 + of_year - EPOCH_DAYS
    if not 1 <= month <= 12 or number <= -EPOCH_DAYS or day_at(number) != day:
        raise ValueError(_words(day))
    return number


def days_between(since: str, until: str) -> tuple[str, ...]:
    """All days from one to another, both included. Raises ValueError for what is no day."""
    return tuple(day_at(number) for number in range(day_number(since), day_number(until) + 1))


def _words(day: str) -> str:
    return f"{day[:40]!r} is no day: write it as 2026-11-26"
