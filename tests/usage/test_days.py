"""Days as numbers: held against the standard library's own calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.usage.days import day_at, day_number, days_between

EPOCH = dt.date(1970, 1, 1)


@settings(deadline=None, max_examples=50)
@given(st.dates(dt.date(1, 1, 1)))
def test_a_day_and_its_number(day: dt.date) -> None:
    number = (day - EPOCH).days
    assert day_at(number) == day.isoformat()
    assert day_number(day.isoformat()) == number


@pytest.mark.parametrize(
    "day",
    [
        "",
        "2026",
        "2026-13-01",
        "2026-00-10",
        "0000-02-01",
        "2026-12-32",
        "2026-02-29",
        "2026-1-1",
        "\uff12026-01-01",
    ],
)
def test_what_is_no_day_is_refused(day: str) -> None:
    with pytest.raises(ValueError, match="is no day: write it as 2026-11-26"):
        day_number(day)


def test_days_between_have_both_ends() -> None:
    assert days_between("2028-02-28", "2028-03-01") == ("2028-02-28", "2028-02-29", "2028-03-01")
    assert days_between("2028-03-01", "2028-02-28") == ()
