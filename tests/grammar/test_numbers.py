"""Numbers within bounds: every number of a range both ways."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from understudy.protocols.grammar.writer import GrammarWriter, outside_subset

from .matcher import Grammar

BOUNDS = [(0, 0), (0, 9), (1, 10), (7, 7), (9, 101), (-1, 1), (-105, -95), (-120, 14), (13, 117)]
WHOLE = range(-130, 131)
TENTHS = [Decimal(step) / 10 for step in range(-35, 36)]


def grammar(**schema: Any) -> Grammar:
    writer = GrammarWriter()
    return Grammar(writer.text(writer.schema(schema)))


@pytest.mark.parametrize(("low", "high"), BOUNDS)
def test_integers_within_bounds(low: int, high: int) -> None:
    found = grammar(type="integer", minimum=low, maximum=high)
    accepted = [number for number in WHOLE if found.accepts(str(number))]
    assert accepted == list(range(low, high + 1))


@pytest.mark.parametrize("low", [-101, -1, 0, 1, 100])
def test_integers_with_one_bound(low: int) -> None:
    at_least, at_most = grammar(type="integer", minimum=low), grammar(type="integer", maximum=low)
    assert [n for n in WHOLE if at_least.accepts(str(n))] == [n for n in WHOLE if n >= low]
    assert [n for n in WHOLE if at_most.accepts(str(n))] == [n for n in WHOLE if n <= low]


@pytest.mark.parametrize(
    ("low", "high", "excluded"),
    [(0, 1, False), (0, 1, True), (-1.5, 2.3, False), (-3, -0.4, True), (0.25, 0.75, False)],
)
def test_numbers_within_bounds(low: float, high: float, excluded: bool) -> None:
    names = ("exclusiveMinimum", "exclusiveMaximum") if excluded else ("minimum", "maximum")
    found = grammar(type="number", **dict(zip(names, (low, high), strict=True)))
    first, last = Decimal(str(low)), Decimal(str(high))
    inside = {n for n in TENTHS if first <= n <= last and not (excluded and n in (first, last))}
    for places in ("{}", "{:.2f}"):
        written = {n: places.format(n) for n in TENTHS if n or places == "{}"}
        assert {n for n, text in written.items() if found.accepts(text)} == inside & set(written)
    assert found.accepts("0.500000000") is (Decimal("0.5") in inside)
    assert not found.accepts("5e-1")


def test_large_bounds_keep_to_what_a_double_holds() -> None:
    free = grammar(type="integer", minimum=-(2**53) + 1, maximum=2**53 - 1)
    assert free.accepts("9" * 15)
    assert not free.accepts("9" * 16)
    wanted = grammar(type="integer", minimum=10**18)
    assert wanted.accepts("1" + "0" * 18)
    assert not wanted.accepts("9" * 18)
    below = grammar(type="integer", maximum=-(10**18))
    assert below.accepts("-1" + "0" * 18)
    assert not below.accepts("-1")


def test_bounds_too_close_are_for_validation() -> None:
    schema = {"type": "number", "exclusiveMinimum": 1e-12, "maximum": 2e-12}
    assert outside_subset(schema) == ("minimum and maximum",)
    assert outside_subset({"type": "integer", "minimum": 2, "maximum": 1}) == ("nothing is valid",)


def test_malformed_bounds_say_nothing() -> None:
    found = grammar(type="integer", minimum="3", maximum=True, multipleOf=0)
    assert found.accepts("0")
