"""The report of the gateway benchmark: the goals, and one table with a line for each.

A goal is either absolute, or relative: at most RATIO_MAX times as bad as the floor of the same
run. "As bad" turns a rate round, so that a ratio above 1 always means worse. The report judges
and never fails: numbers of a shared machine are no test.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

from measure import ABORT_PLACES, PACED_STREAMS, Samples

RATIO_MAX = 2.0
DIRECT, FLOOR, SUBJECT = "direct", "floor", "understudy"


@dataclass(frozen=True)
class Line:
    """One line: what is shown, from which metric, and the goal for it (None: only shown)."""

    label: str
    metric: str
    scale: float = 1.0
    digits: int = 0
    goal: float | None = None
    more_is_better: bool = False
    added: bool = False
    held_to_floor: bool = False
    combine: Callable[[Sequence[float]], float] = median

    def value(self, samples: Samples, peer: str) -> float | None:
        """Returns what one peer reached; None where it does not apply."""
        values = samples.get(peer, self.metric)
        if not values:
            return None
        value = self.combine(values)
        if self.added:
            direct = samples.get(DIRECT, self.metric)
            if peer == DIRECT or not direct:
                return None
            value -= self.combine(direct)
        return value * self.scale

    def ratio(self, samples: Samples) -> float | None:
        """Returns how many times as bad as the floor we are."""
        ours, floor = self.value(samples, SUBJECT), self.value(samples, FLOOR)
        if ours is None or floor is None or ours <= 0 or floor <= 0:
            return None
        if math.inf in (ours, floor):
            return None
        return floor / ours if self.more_is_better else ours / floor

    def verdict(self, samples: Samples) -> str:
        """Says whether the goals are met: "ok", or which one is missed; "" without a goal."""
        ours, ratio = self.value(samples, SUBJECT), self.ratio(samples)
        if ours is None or (self.goal is None and not self.held_to_floor):
            return ""
        missed: list[str] = []
        if self.goal is not None:
            reached = ours >= self.goal if self.more_is_better else ours <= self.goal
            if not reached:
                missed.append("goal")
        if self.held_to_floor and ratio is not None and ratio > RATIO_MAX:
            missed.append(f"{RATIO_MAX:g}x floor")
        return "MISSED " + ", ".join(missed) if missed else "ok"

    def goal_text(self) -> str:
        """Shows the goal."""
        parts: list[str] = []
        if self.goal is not None:
            parts.append(f"{'>=' if self.more_is_better else '<='} {self.goal:,g}")
        if self.held_to_floor:
            parts.append(f"<= {RATIO_MAX:g}x")
        return ", ".join(parts)


def percentile_95(values: Sequence[float]) -> float:
    """Returns the nearest-rank 95th percentile."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


MICROSECONDS, MILLISECONDS = 1e6, 1e3
LINES = (
    Line(
        "added time to first token, small, ms",
        "first_token_small_seconds",
        MILLISECONDS,
        2,
        goal=1.0,
        added=True,
        held_to_floor=True,
    ),
    Line(
        "added time to first token, 120 kB, ms",
        "first_token_large_seconds",
        MILLISECONDS,
        2,
        goal=3.0,
        added=True,
        held_to_floor=True,
    ),
    Line(
        "requests/s, 16 connections",
        "requests_per_second",
        goal=1000,
        more_is_better=True,
        held_to_floor=True,
    ),
    Line(
        "CPU per request, us",
        "request_cpu_seconds",
        MICROSECONDS,
        goal=900,
        held_to_floor=True,
    ),
    Line(
        "events/s, 1 stream",
        "events_per_second_single",
        more_is_better=True,
        held_to_floor=True,
    ),
    Line(
        "events/s, 32 streams",
        "events_per_second_parallel",
        more_is_better=True,
        held_to_floor=True,
    ),
    Line(
        "CPU per event, 32 streams x 10 ms, us",
        "event_cpu_seconds",
        MICROSECONDS,
        goal=110,
        held_to_floor=True,
    ),
    Line(
        "streams at full pace, of 32",
        "streams_at_pace",
        goal=PACED_STREAMS,
        more_is_better=True,
        combine=min,
    ),
    *(
        Line(
            f"upstream closed after abort, {place}, p95 ms",
            f"abort_seconds_{place}",
            MILLISECONDS,
            1,
            goal=20,
            combine=percentile_95,
        )
        for place in ABORT_PLACES
    ),
    Line("resident memory, idle, MB", "resident_megabytes_idle", goal=70),
    Line("resident memory, loaded, MB", "resident_megabytes_loaded", goal=70),
    Line("unique memory, idle, MB", "unique_megabytes_idle"),
    Line("unique memory, loaded, MB", "unique_megabytes_loaded"),
    Line("start to ready, s", "start_seconds", digits=2, goal=0.8),
)


def make_table(samples: Samples, peers: list[str]) -> str:
    """Renders the table; absent values are shown as "-"."""
    rows = [["", *peers, "x floor", "goal", ""]]
    for line in LINES:
        cells = [show(line.value(samples, peer), line.digits) for peer in peers]
        ratio = show(line.ratio(samples), 2)
        rows.append([line.label, *cells, ratio, line.goal_text(), line.verdict(samples)])
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    left = {0, len(widths) - 1}
    texts = [
        "  ".join(
            cell.ljust(width) if index in left else cell.rjust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([texts[0], "-" * max(map(len, texts)), *texts[1:]])


def show(value: float | None, digits: int) -> str:
    """Shows a number; "never" for what did not happen."""
    if value is None:
        return "-"
    return "never" if value == math.inf else f"{value:,.{digits}f}"


def summarize(samples: Samples, peers: list[str]) -> dict[str, dict[str, float | str | None]]:
    """Returns the table's values as data, by label and then by peer, ratio and verdict."""
    return {
        line.label: {
            **{peer: finite(line.value(samples, peer)) for peer in peers},
            "ratio_to_floor": line.ratio(samples),
            "verdict": line.verdict(samples),
        }
        for line in LINES
    }


def finite(value: float | None) -> float | None:
    """Turns infinity, which JSON does not know, into None."""
    return None if value == math.inf else value
