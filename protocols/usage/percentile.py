"""Percentiles by nearest rank: always one of the values, never a mean of two."""

from __future__ import annotations

from collections.abc import Sequence

from .sums import UNKNOWN


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least so many percent do not exceed; -1.0 of no values."""
    assert 0 < percent <= 100
    if not values:
        return UNKNOWN
    rank = -(-len(values) * percent // 100)
    return sorted(values)[rank - 1]
