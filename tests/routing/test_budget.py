"""Budgets: what counts, when a user is warned, when it is over, and when it begins anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import find, given
from hypothesis import strategies as st
from understudy.protocols.records import Usage
from understudy.protocols.routing.budget import (
    Budgets,
    counted_tokens,
    in_words,
    seconds_to_next_day,
)

from .worlds import LIMIT, endpoint, few_examples, hunt

END = endpoint("a", tokens_per_day=LIMIT, fallback=("b/m",))
FREE = endpoint("b")


def day_of(moment: float) -> str:
    return f"day {moment // 86_400:.0f}"


def test_what_came_from_a_cache_does_not_count() -> None:
    usage = Usage(input_tokens=1, output_tokens=20, cache_read_tokens=300, cache_creation_tokens=4)
    assert counted_tokens(usage) == 25


@pytest.mark.parametrize(
    ("spent", "is_warned", "is_spent"), [(79, False, False), (80, True, False), (100, True, True)]
)
def test_a_warning_comes_before_the_wall(spent: int, is_warned: bool, is_spent: bool) -> None:
    budgets = Budgets()
    budgets.spend("a", spent)
    assert bool(budgets.warning(END)) == is_warned
    assert budgets.is_spent(END) == is_spent


def test_the_warning_says_what_will_be() -> None:
    budgets = Budgets()
    budgets.spend("a", 85)
    assert budgets.warning(END) == (
        "a has used 85 of the 100 tokens that its tokens_per_day allows it today; once they are "
        "used up its turns go to b/m until the day ends"
    )
    assert "its turns are refused" in budgets.warning(endpoint("a", tokens_per_day=90))


def test_a_limit_that_was_raised_is_warned_of_anew() -> None:
    budgets = Budgets()
    budgets.spend("a", 100)
    assert budgets.warning(END)
    assert not budgets.warning(END)
    assert not budgets.warning(endpoint("a", tokens_per_day=200))
    assert budgets.warning(endpoint("a", tokens_per_day=110))


def test_without_a_limit_nothing_is_ever_spent() -> None:
    budgets = Budgets()
    budgets.spend("b", 10**15)
    assert not budgets.is_spent(FREE)
    assert not budgets.warning(FREE)


def test_another_day_begins_with_nothing() -> None:
    budgets = Budgets()
    assert budgets.begin("monday")
    budgets.spend("a", LIMIT)
    assert not budgets.begin("monday")
    assert budgets.is_spent(END)
    assert budgets.begin("tuesday")
    assert budgets.spent("a") == 0
    budgets.recall("monday", {"a": LIMIT})
    assert budgets.spent("a") == 0, "that was another day's"


def test_what_the_ledger_has_is_not_counted_twice() -> None:
    budgets = Budgets()
    budgets.begin("monday")
    budgets.spend("a", 30)
    budgets.recall("monday", {"a": 50, "b": 7})
    budgets.recall("monday", {"a": 40})
    assert (budgets.spent("a"), budgets.spent("b")) == (50, 7)


@pytest.mark.parametrize("hour", [0, 1, 12, 23])
def test_how_long_the_day_lasts_is_found(hour: int) -> None:
    found = seconds_to_next_day(day_of, hour * 3_600.0)
    assert found == pytest.approx((24 - hour) * 3_600, abs=1)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 min"), (59 * 60, "59 min"), (3_600, "1 h 0 min"), (86_399, "24 h 0 min")],
)
def test_a_time_in_words(seconds: float, words: str) -> None:
    assert in_words(seconds) == words


Step = tuple[str, Any]
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("spend"), st.integers(-5, 60)),
    st.tuples(st.just("day"), st.sampled_from(["monday", "tuesday"])),
    st.tuples(st.just("recall"), st.integers(0, 120)),
)
DAYS = st.lists(STEPS, max_size=20)


def complaints(steps: Sequence[Step]) -> list[str]:
    """What is wrong with some days of one endpoint."""
    budgets, warnings, found, before = Budgets(), 0, list[str](), 0
    for kind, value in steps:
        if kind == "spend":
            budgets.spend("a", value)
        elif kind == "recall":
            budgets.recall(budgets.day, {"a": value})
        elif budgets.begin(value):
            warnings = before = 0
        if budgets.spent("a") < before:
            found.append("less is spent than before, on the same day")
        before = budgets.spent("a")
        warnings += bool(budgets.warning(END))
        if warnings > 1:
            found.append("warned twice in a day")
        if budgets.is_spent(END) and not warnings:
            found.append("a wall without a warning")
    return found


@few_examples
@given(DAYS)
def test_a_day_s_tokens_only_grow_and_one_warning_comes_first(steps: Sequence[Step]) -> None:
    assert complaints(steps) == []


def it_goes_down(patch: pytest.MonkeyPatch) -> None:
    """A turn may give tokens back."""

    def spend(self: Budgets, endpoint: str, tokens: int) -> None:
        vars(Budgets)["_spent"].__get__(self)[endpoint] = self.spent(endpoint) + tokens

    patch.setattr(Budgets, "spend", spend)


def it_nags(patch: pytest.MonkeyPatch) -> None:
    """Every turn past the mark warns."""
    whole = Budgets.warning

    def warning(self: Budgets, endpoint: Any) -> str:
        vars(Budgets)["_warned"].__get__(self).clear()
        return whole(self, endpoint)

    patch.setattr(Budgets, "warning", warning)


@pytest.mark.parametrize("bug", [it_goes_down, it_nags], ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_seen(
    bug: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    bug(monkeypatch)
    steps = find(DAYS, lambda steps: bool(complaints(steps)), settings=hunt)
    monkeypatch.undo()
    assert complaints(steps) == []
