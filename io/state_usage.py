"""What is asked of the tables about use: sums of days, percentiles of waits, the lines of a turn.

Days, endpoints and models are read from the sums of days, which last; conversations, and the
percentiles of everything, from the lines that are still kept. Percentiles are by nearest rank, as
in `protocols/usage/percentile.py`, and computed where the numbers are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ..protocols.records import TurnRecord
from ..protocols.usage.sums import UNKNOWN, Sums, UsageBy, UsageRow
from . import state_schema as schema
from .state_days import SUMS

if TYPE_CHECKING:
    import sqlite3

USAGE_ROWS_MAX: Final = 1_000
"""So many rows are told at most: of days the newest, of all else those with the most tokens."""
FOUND_LINES_MAX: Final = 100

_NAMES: Final[Mapping[UsageBy, str]] = {
    UsageBy.DAY: "day",
    UsageBy.ENDPOINT: "endpoint",
    UsageBy.MODEL: "CASE WHEN endpoint = '' THEN '' ELSE endpoint || '/' || model END",
    UsageBy.CONVERSATION: "conversation",
}
_OF_DAYS: Final = ", ".join(f"sum({name})" for name in SUMS)
_OF_LINES: Final = ", ".join(f"sum({term.format('turns')})" for term in SUMS.values())
_TOKENS: Final = "sum(input_tokens + cache_read_tokens + cache_creation_tokens + output_tokens)"
_PERCENTILES: Final = """
    SELECT name, max(CASE WHEN place = (size * 50 + 99) / 100 THEN seconds END),
        max(CASE WHEN place = (size * 95 + 99) / 100 THEN seconds END)
    FROM (
        SELECT {name} AS name, first_byte_seconds AS seconds,
            row_number() OVER (PARTITION BY {name} ORDER BY first_byte_seconds) AS place,
            count(*) OVER (PARTITION BY {name}) AS size
        FROM turns WHERE day BETWEEN ? AND ? AND first_byte_seconds >= 0
            AND outcome <> 'refused'
    ) GROUP BY name
"""
_FIND: Final = f"""
    SELECT {schema.TURN_FIELDS} FROM turns WHERE turn >= ? AND turn < ?
    ORDER BY ordinal LIMIT {FOUND_LINES_MAX}
"""  # noqa: S608 our own names alone
_LAST_CHARACTER: Final = "\U0010ffff"


def read_usage(
    connection: sqlite3.Connection, since: str, until: str, by: UsageBy
) -> Sequence[UsageRow]:
    """The rows of some days, both ends included: days in their order, else most tokens first."""
    name, days = _NAMES[by], (since, until)
    table, sums = ("turns", _OF_LINES) if by is UsageBy.CONVERSATION else ("days", _OF_DAYS)
    order = "1 DESC" if by is UsageBy.DAY else f"{_TOKENS} DESC, 1"
    found = connection.execute(
        f"SELECT {name}, {sums} FROM {table} WHERE day BETWEEN ? AND ? "  # noqa: S608 our own names
        f"GROUP BY 1 ORDER BY {order} LIMIT {USAGE_ROWS_MAX}",
        days,
    ).fetchall()
    if by is UsageBy.DAY:
        found.reverse()
    waits: dict[str, tuple[float, float]] = {
        str(row[0]): (float(row[1]), float(row[2]))
        for row in connection.execute(_PERCENTILES.format(name=name), days)
    }
    return tuple(_usage_row(row, waits) for row in found)


def find_lines(connection: sqlite3.Connection, beginning: str) -> Sequence[TurnRecord]:
    """The lines of the turns whose ids begin so, in the order of their first saves."""
    if not schema.fits(beginning):
        return ()
    rows = connection.execute(_FIND, (beginning, beginning + _LAST_CHARACTER)).fetchall()
    return tuple(schema.turn_record(row) for row in rows)


def _usage_row(row: Sequence[Any], waits: Mapping[str, tuple[float, float]]) -> UsageRow:
    name = str(row[0])
    return UsageRow(name, Sums(*row[1:]), *waits.get(name, (UNKNOWN, UNKNOWN)))
