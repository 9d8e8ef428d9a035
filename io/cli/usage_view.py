"""Usage as lines of text: a table whose numbers stand to the right, and bars.

A terminal that is too narrow gets fewer columns, the least telling ones first, and never a line
that is broken; what goes to a file or a pipe is whole, and plain ASCII but for names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import attrs

from ...protocols.usage.data import row_of_data
from ...protocols.usage.plot import bar_cells
from ...protocols.usage.sums import UNKNOWN, Sums, UsageBy, UsageRow
from .printable import columns_of, fitted, printable

GAP: Final = "  "
NAME_COLUMNS_MIN: Final = 24
"""So much of a longer name is seen before columns of numbers are."""
BAR_COLUMNS_MIN: Final = 10
PLAIN_COLUMNS: Final = 80
"""Of a plot, where nobody says how wide it may be."""
NOBODY: Final = "(no endpoint)"
ALL: Final = "all"
UNICODE_SIGNS: Final = ("█", "░")
ASCII_SIGNS: Final = ("#", ".")
LEGEND: Final = "{0} new input and output   {1} input from a cache"


@attrs.frozen
class Column:
    """One column: what it shows of a row; of two, the one with the higher `rank` goes first."""

    heading: str
    show: Callable[[UsageRow], str]
    rank: int


def _count(value: float) -> str:
    return f"{value:,.0f}"


def _seconds(value: float) -> str:
    return "" if value == UNKNOWN else f"{value:.2f} s"


def _percent(value: float) -> str:
    return "" if value == UNKNOWN else f"{100 * value:.0f}%"


def _rate(value: float) -> str:
    return "" if value == UNKNOWN else f"{value:,.1f}"


COLUMNS: Final = (
    Column("errors", lambda row: _count(row.sums.errors), 2),
    Column("cancelled", lambda row: _count(row.sums.cancelled), 6),
    Column("input", lambda row: _count(row.sums.read_tokens), 1),
    Column("cached", lambda row: _percent(row.sums.cached_share), 3),
    Column("output", lambda row: _count(row.sums.output_tokens), 1),
    Column("TTFT p50", lambda row: _seconds(row.first_byte_p50_seconds), 4),
    Column("p95", lambda row: _seconds(row.first_byte_p95_seconds), 7),
    Column("mean", lambda row: _seconds(row.sums.first_byte_mean_seconds), 8),
    Column("tokens/s", lambda row: _rate(row.sums.tokens_per_second), 5),
)
TURNS: Final = Column("turns", lambda row: _count(row.sums.turns), 0)
ATTEMPTS: Final = Column("attempts", lambda row: _count(row.sums.attempts), 0)
"""Of an endpoint or a model: a turn that was tried at two places was at both."""


def table_lines(data: Sequence[Mapping[str, Any]], by: UsageBy, columns: int = 0) -> list[str]:
    """The table in so many columns; as wide as it is where that is 0. The last line adds up."""
    rows = [row_of_data(each) for each in data]
    total = Sums()
    for row in rows:
        total = total.plus(row.sums)
    names = [name_of(row) for row in rows]
    shown = [*rows, UsageRow(ALL, total)] if len(rows) > 1 else rows
    titles = [*names, *([ALL] if len(rows) > 1 else [])]
    first = ATTEMPTS if by in (UsageBy.ENDPOINT, UsageBy.MODEL) else TURNS
    longest = max(columns_of(title) for title in (by.value, *titles))
    room = max(columns - min(longest, NAME_COLUMNS_MIN), 1) if columns else 0
    chosen = _chosen((first, *COLUMNS), shown, room)
    cells = [[each.heading, *(each.show(row) for row in shown)] for each in chosen]
    widths = [max(map(len, column)) for column in cells]
    numbers = sum(len(GAP) + width for width in widths)
    title_columns = max(min(longest, columns - numbers), 1) if columns else longest
    return [
        GAP.join(
            (
                fitted(title, title_columns),
                *(column[number].rjust(width) for column, width in zip(cells, widths, strict=True)),
            )
        ).rstrip()
        for number, title in enumerate((by.value, *titles))
    ]


def plot_lines(
    data: Sequence[Mapping[str, Any]], columns: int, signs: tuple[str, str]
) -> list[str]:
    """A bar of tokens for each row, and what its two parts are."""
    rows = [row_of_data(each) for each in data]
    names = [name_of(row) for row in rows]
    tokens = [(row.sums.counted_tokens, row.sums.cache_read_tokens) for row in rows]
    numbers = [_count(sum(parts)) for parts in tokens]
    number_columns = max(map(len, numbers), default=0)
    room = columns - number_columns - 2 * len(GAP)
    title_columns = min(max(map(columns_of, names), default=0), max(room - BAR_COLUMNS_MIN, 1))
    cells = bar_cells(tokens, max(room - title_columns, 1))
    bars = (signs[0] * new + signs[1] * cached for new, cached in cells)
    return [
        *(
            f"{fitted(name, title_columns)}{GAP}{number.rjust(number_columns)}{GAP}{bar}".rstrip()
            for name, number, bar in zip(names, numbers, bars, strict=True)
        ),
        LEGEND.format(*signs),
    ]


def name_of(row: UsageRow) -> str:
    """A row's name, safe to print."""
    return printable(row.name) or NOBODY


def _chosen(found: Sequence[Column], rows: Sequence[UsageRow], columns: int) -> list[Column]:
    """As many columns as there is room for; all of them where that is 0."""
    kept = list(found)
    while columns and len(kept) > 1 and _width(kept, rows) > columns:
        kept.remove(max(kept, key=lambda each: each.rank))
    return kept


def _width(found: Sequence[Column], rows: Sequence[UsageRow]) -> int:
    cells = ([each.heading, *(each.show(row) for row in rows)] for each in found)
    return sum(len(GAP) + max(map(len, column)) for column in cells)
