"""The sums of days as the simulated disk keeps them, and what is asked of them: plain arithmetic.

The database does the same in SQL; the suite of the port holds both to the same promises.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..io.state_usage import USAGE_ROWS_MAX
from ..protocols.records import TurnRecord
from ..protocols.usage.percentile import percentile
from ..protocols.usage.sums import UNKNOWN, Sums, UsageBy, UsageRow, row_name, wait_of

DayKey = tuple[str, str, str]
"""A day, an endpoint and a model."""
Days = dict[DayKey, Sums]


def count_line(days: Days, before: TurnRecord | None, line: TurnRecord) -> None:
    """Adds a line to its day, in place of what it was before."""
    if before is not None and before.day and _key_of(before) in days:
        days[_key_of(before)] = days[_key_of(before)].minus(Sums.of(before))
    if line.day:
        days[_key_of(line)] = days.get(_key_of(line), Sums()).plus(Sums.of(line))


def keep_newest(days: Days, days_max: int) -> None:
    """Forgets all days but the newest."""
    kept = sorted({day for day, _, _ in days})[-days_max:]
    for key in [key for key in days if key[0] not in kept]:
        del days[key]


def usage_rows(
    days: Mapping[DayKey, Sums], lines: Sequence[TurnRecord], by: UsageBy
) -> Sequence[UsageRow]:
    """The rows of these days, whose lines that are still kept these are."""
    counted = (
        ((row_name(line, by), Sums.of(line)) for line in lines)
        if by is UsageBy.CONVERSATION
        else ((_name_of(key, by), sums) for key, sums in days.items())
    )
    added: dict[str, Sums] = {}
    for name, sums in counted:
        added[name] = added.get(name, Sums()).plus(sums)
    waits: dict[str, list[float]] = {}
    for line in lines:
        if (wait_seconds := wait_of(line)) != UNKNOWN:
            waits.setdefault(row_name(line, by), []).append(wait_seconds)
    rows = [
        UsageRow(name, sums, *(percentile(waits.get(name, ()), part) for part in (50, 95)))
        for name, sums in added.items()
    ]
    if by is UsageBy.DAY:
        return tuple(sorted(rows, key=lambda row: row.name)[-USAGE_ROWS_MAX:])
    return tuple(sorted(rows, key=_most_tokens_first)[:USAGE_ROWS_MAX])


def _key_of(line: TurnRecord) -> DayKey:
    return line.day, line.endpoint, line.model if line.endpoint else ""


def _name_of(key: DayKey, by: UsageBy) -> str:
    day, endpoint, model = key
    names = {
        UsageBy.DAY: day,
        UsageBy.ENDPOINT: endpoint,
        UsageBy.MODEL: f"{endpoint}/{model}" if endpoint else "",
    }
    return names[by]


def _most_tokens_first(row: UsageRow) -> tuple[int, str]:
    return -row.sums.read_tokens - row.sums.output_tokens, row.name
