"""Numbers in a grammar; those with bounds exactly.

An integer has at most 15 digits, so that a double holds it, unless a minimum asks for more. A
number with bounds is written without an exponent, as a count of billionths: its bounds are then
bounds of digits. Bounds that leave nothing of that form are for validation.
"""

from __future__ import annotations

import math
from decimal import Decimal
from fractions import Fraction
from typing import Final

import attrs

from . import gbnf
from .rules import NOTHING, Rules

INTEGER_DIGITS_MAX: Final = 15
FRACTION_DIGITS_MAX: Final = 9
_LARGEST: Final = 10**INTEGER_DIGITS_MAX - 1
_SCALE: Final = 10**FRACTION_DIGITS_MAX
_NATURAL: Final = f'"0" | [1-9] [0-9]{{0,{INTEGER_DIGITS_MAX - 1}}}'
_FREE_INTEGER: Final = f'"0" | "-"? [1-9] [0-9]{{0,{INTEGER_DIGITS_MAX - 1}}}'
_FREE_NUMBER: Final = f'"-"? ( {_NATURAL} ) ( "." [0-9]{{1,15}} )? ( [eE] [-+]? [0-9]{{1,2}} )?'


@attrs.frozen
class Bounds:
    """The smallest and largest value allowed, None for no bound, and whether each is excluded."""

    low: float | None = None
    high: float | None = None
    low_excluded: bool = False
    high_excluded: bool = False

    @property
    def free(self) -> bool:
        """Whether there is no bound at all."""
        return self.low is None and self.high is None


FREE: Final = Bounds()


def integer(rules: Rules, bounds: Bounds) -> str | None:
    """A body: an integer within the bounds; None if there is none."""
    if bounds.free:
        return rules.add("integer", _FREE_INTEGER)
    low, high = _steps(bounds, 1)
    bodies = [f'"-" {body}' for body in _naturals(max(1, -high), -low)]
    bodies += _naturals(max(0, low), high)
    return rules.any_of("integer", bodies) if bodies else None


def number(rules: Rules, bounds: Bounds) -> str | None:
    """A body: a number within the bounds; None if none can be written here."""
    if bounds.free:
        return rules.add("number", _FREE_NUMBER)
    low, high = _steps(bounds, _SCALE)
    bodies = [f'"-" {body}' for body in _decimals(rules, max(1, -high), -low)]
    bodies += _decimals(rules, max(0, low), high)
    return rules.any_of("number", bodies) if bodies else None


def _steps(bounds: Bounds, scale: int) -> tuple[int, int]:
    """The bounds as whole numbers of steps, both included, and no wider than what is written."""
    limit = _LARGEST * scale
    low = high = None
    if bounds.low is not None:
        least = _exact(bounds.low) * scale
        low = math.floor(least) + 1 if bounds.low_excluded else math.ceil(least)
    if bounds.high is not None:
        most = _exact(bounds.high) * scale
        high = math.ceil(most) - 1 if bounds.high_excluded else math.floor(most)
    first = -limit if high is None else min(-limit, 10 * high)
    last = limit if low is None else max(limit, 10 * low)
    return max(first, first if low is None else low), min(last, last if high is None else high)


def _exact(bound: float) -> Fraction:
    return Fraction(Decimal(repr(bound)))


def _naturals(low: int, high: int) -> list[str]:
    """Alternatives: the whole numbers from `low`, which is none below zero, to `high`."""
    bodies: list[str] = []
    whole: list[int] = []
    for length in range(len(str(low)), len(str(high)) + 1) if low <= high else ():
        shortest, longest = 10 ** (length - 1), 10**length - 1
        if length > 1 and low <= shortest and longest <= high:
            whole.append(length - 1)
        else:
            first = max(low, shortest if length > 1 else 0)
            bodies += _between(str(first), str(min(high, longest)))
    if whole:
        bodies.append(f"[1-9] [0-9]{{{whole[0]},{whole[-1]}}}")
    return bodies


def _between(first: str, last: str) -> list[str]:
    """Alternatives: the digits of every number between two of the same length."""
    low, high, left = int(first[0]), int(last[0]), len(first) - 1
    zeros, nines = "0" * left, "9" * left
    if first == last:
        return [gbnf.literal(first)]
    if low == high:
        return [f'"{low}" {body}' for body in _between(first[1:], last[1:])]
    bodies: list[str] = []
    if first[1:] != zeros:
        bodies += [f'"{low}" {body}' for body in _between(first[1:], nines)]
        low += 1
    if last[1:] != nines:
        bodies += [f'"{high}" {body}' for body in _between(zeros, last[1:])]
        high -= 1
    if low <= high:
        bodies.append(f"[{low}-{high}]" + _digits(left))
    return bodies


def _digits(count: int) -> str:
    return "" if count == 0 else " [0-9]" if count == 1 else f" [0-9]{{{count}}}"


def _decimals(rules: Rules, low: int, high: int) -> list[str]:
    """Alternatives: the decimals from `low` to `high` billionths, none below zero."""
    if low > high:
        return []
    (first, low_rest), (last, high_rest) = divmod(low, _SCALE), divmod(high, _SCALE)
    if first == last:
        return [_with_fraction(rules, [gbnf.literal(str(first))], low_rest, high_rest)]
    bodies: list[str] = []
    if low_rest:
        bodies.append(_with_fraction(rules, [gbnf.literal(str(first))], low_rest, _SCALE - 1))
        first += 1
    if high_rest != _SCALE - 1:
        bodies.append(_with_fraction(rules, [gbnf.literal(str(last))], 0, high_rest))
        last -= 1
    between = _naturals(first, last)
    return bodies + ([_with_fraction(rules, between, 0, _SCALE - 1)] if between else [])


def _with_fraction(rules: Rules, naturals: list[str], low: int, high: int) -> str:
    """A body: one of the naturals, then a fraction between so many billionths."""
    first, last = (f"{bound:0{FRACTION_DIGITS_MAX}d}" for bound in (low, high))
    bodies = [body for body in _fractions(first, last) if body != NOTHING]
    if bodies == [f"[0-9]{{0,{FRACTION_DIGITS_MAX}}}"]:
        bodies = [f"[0-9]{{1,{FRACTION_DIGITS_MAX}}}"]
    fraction = f'"." {rules.any_of("fraction", bodies)}' if bodies else ""
    optional = f"( {fraction} )?" if fraction and not low else fraction
    return f"{rules.any_of('natural', naturals)} {optional}".strip()


def _fractions(low: str, high: str) -> list[str]:
    """Alternatives: digits that, filled up with zeros, are between two of the same length."""
    left, zeros = len(low), "0" * len(low)
    if not left:
        return [NOTHING]
    if (low, high) == (zeros, "9" * left):
        return [f"[0-9]{{0,{left}}}"]
    bodies = [NOTHING] if low == zeros else []
    first, last = int(low[0]), int(high[0])
    if first == last:
        return [*bodies, *_led(first, low[1:], high[1:])]
    if low[1:] != zeros[1:]:
        bodies += _led(first, low[1:], "9" * (left - 1))
        first += 1
    if high[1:] != "9" * (left - 1):
        bodies += _led(last, zeros[1:], high[1:])
        last -= 1
    if first <= last:
        bodies.append(f"[{first}-{last}]" + (f" [0-9]{{0,{left - 1}}}" if left > 1 else ""))
    return bodies


def _led(digit: int, low: str, high: str) -> list[str]:
    rest = _fractions(low, high)
    return [f'"{digit}"' if body == NOTHING else f'"{digit}" {body}' for body in rest]
