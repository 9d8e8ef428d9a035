"""Durations as a test reports them, and the bounds they are held to.

A bound can be widened by an environment variable for a slow machine; what was measured is always
printed with it (`pytest -rP` shows it for tests that pass too).
"""

from __future__ import annotations

import os
import statistics
from collections.abc import Sequence


def bound_milliseconds(name: str, default: float) -> float:
    """The bound in UNDERSTUDY_TEST_<NAME>_MS, else the default."""
    return float(os.environ.get(f"UNDERSTUDY_TEST_{name}_MS", default))


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def describe(seconds: Sequence[float]) -> str:
    """Count, median, p95 and maximum in milliseconds."""
    values = [1000 * one for one in seconds]
    return (
        f"n={len(values)} median={statistics.median(values):.2f} ms"
        f" p95={p95(values):.2f} ms max={max(values):.2f} ms"
    )
