"""Bars of a plot: how many cells each of two parts takes, of a whole that has its own length.

The longest bar takes all the room. What is not nothing is seen: it takes a cell at least, as long
as there is one.
"""

from __future__ import annotations

from collections.abc import Sequence


def bar_cells(parts: Sequence[tuple[int, int]], cells: int) -> list[tuple[int, int]]:
    """The cells of each bar's two parts, where the longest bar has `cells` of them."""
    assert cells > 0
    longest = max((first + second for first, second in parts), default=0)
    return [_divided(first, second, longest, cells) for first, second in parts]


def _divided(first: int, second: int, longest: int, cells: int) -> tuple[int, int]:
    whole = first + second
    if not whole:
        return 0, 0
    length = max(round(whole * cells / longest), 1)
    share = round(first * length / whole)
    if first and second and length > 1:
        share = min(max(share, 1), length - 1)
    return share, length - share
