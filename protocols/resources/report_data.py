"""A memory report as plain data, for `/status.json` and for `understudy memory --json`.

The fields are those of the report, so that whoever reads it back gets the same report; sums and
words are added for those who show it without computing (the page).
"""

from __future__ import annotations

from typing import Any

import attrs

from .report import DecisionLine, LeaseLine, MemoryReport
from .shares import divide
from .words import STATES, describe_decision, describe_lease


def report_as_data(report: MemoryReport) -> dict[str, Any]:
    """The report, ready for JSON. Keeps no infinity: JSON has none."""
    return {
        **attrs.asdict(report),
        "shares": attrs.asdict(divide(report)),
        "words": STATES.get(report.state, report.state),
        "leases": [_lease(lease) for lease in report.leases],
        "decisions": [_decision(decision, report.now_seconds) for decision in report.decisions],
    }


def _lease(lease: LeaseLine) -> dict[str, Any]:
    return {
        **attrs.asdict(lease),
        "need_bytes": lease.need.total_bytes,
        "words": describe_lease(lease),
    }


def _decision(decision: DecisionLine, now_seconds: float) -> dict[str, Any]:
    return {
        **attrs.asdict(decision),
        "ago_seconds": round(now_seconds - decision.at_seconds, 1),
        "words": describe_decision(decision),
    }
