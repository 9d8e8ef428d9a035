"""Rows of usage and lines of turns as plain data, for JSON: the same for programs and the page.

What is derived from the sums is said beside them. What is not known is null.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from ..records import TurnRecord
from .sums import UNKNOWN, Sums, UsageRow

DERIVED = (
    "errors", "cached_share", "first_byte_mean_seconds", "tokens_per_second", "counted_tokens",
)  # fmt: skip
"""The properties of sums that are said too."""
PERCENTILES = ("first_byte_p50_seconds", "first_byte_p95_seconds")
SUMS = tuple(attribute.name for attribute in attrs.fields(Sums))


def row_as_data(row: UsageRow) -> dict[str, Any]:
    """A row as plain data."""
    derived = {name: _known(getattr(row.sums, name)) for name in DERIVED}
    percentiles = {name: _known(getattr(row, name)) for name in PERCENTILES}
    return {"name": row.name, **attrs.asdict(row.sums), **derived, **percentiles}


def row_of_data(data: Mapping[str, Any]) -> UsageRow:
    """The row that some data tells of. Raises KeyError or TypeError for what is none."""
    sums = Sums(**{name: data[name] for name in SUMS})
    percentiles = (UNKNOWN if data[name] is None else data[name] for name in PERCENTILES)
    return UsageRow(data["name"], sums, *percentiles)


def line_as_data(line: TurnRecord) -> dict[str, Any]:
    """A turn's line as plain data. Keys are counted from 1, and tools are counted alone."""
    usage = attrs.asdict(line.usage)
    return {
        "turn": line.first_id,
        "attempt": line.attempt,
        "began_at": line.began_at or None,
        "day": line.day,
        "conversation": line.conversation,
        "endpoint": line.endpoint,
        "model": line.model,
        "key": line.key + 1 if line.endpoint else None,
        "why": line.why,
        "home": line.home,
        "outcome": line.outcome.value,
        "status": line.status,
        "stop_reason": line.stop_reason,
        **usage,
        "first_byte_seconds": _known(line.first_byte_seconds),
        "total_seconds": _known(line.total_seconds),
        "tool_uses": len(line.tool_uses),
    }


def _known(value: float) -> float | None:
    return None if value == UNKNOWN else value
