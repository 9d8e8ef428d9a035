"""The report of the gateway benchmark: the goals, and for each case a table with a line for each.

A goal is absolute, or relative to the same run: at most RATIO_MAX times as bad as the floor, or,
where something is translated, ahead of every other gateway. "As bad" turns a rate round, so that a
ratio above 1 always means worse. The report judges and never fails: numbers of a shared machine are
no test.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from measure import ABORT_PLACES, PACED_STREAMS, Samples
from peers import A2A, A2O, DIRECT, FLOOR, OTHERS, SUBJECT, Case

RATIO_MAX = 2.0


@dataclass(frozen=True)
class Line:
    """One line: what is shown, from which metric, and the goal of each case (none: only shown)."""

    label: str
    metric: str
    scale: float = 1.0
    digits: int = 0
    goals: Mapping[Case, float] = field(default_factory=dict[Case, float])
    more_is_better: bool = False
    added: bool = False
    held_to_floor: bool = False
    held_ahead: bool = False
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
        return self._ratio(samples, SUBJECT, FLOOR)

    def lead(self, samples: Samples) -> float | None:
        """Returns how many times as bad as we the best of the other gateways is."""
        ratios = [self._ratio(samples, other, SUBJECT) for other in OTHERS]
        return min((ratio for ratio in ratios if ratio is not None), default=None)

    def _ratio(self, samples: Samples, one: str, other: str) -> float | None:
        """Returns how many times as bad as the other the one is; None where that makes no sense."""
        first, second = self.value(samples, one), self.value(samples, other)
        if first is None or second is None or first <= 0 or second <= 0:
            return None
        if math.isinf(second):
            return None if math.isinf(first) else 0.0
        return second / first if self.more_is_better else first / second

    def verdict(self, samples: Samples, case: Case) -> str:
        """Says whether the goals are met: "ok", or which one is missed; "" without a goal."""
        ours, goal = self.value(samples, SUBJECT), self.goals.get(case)
        ratio = self.ratio(samples)
        lead = self.lead(samples) if case is A2O else None
        held = [goal, self.held_to_floor and ratio, self.held_ahead and lead]
        if ours is None or not any(held):
            return ""
        missed: list[str] = []
        if goal is not None and not (ours >= goal if self.more_is_better else ours <= goal):
            missed.append("goal")
        if self.held_to_floor and ratio is not None and ratio > RATIO_MAX:
            missed.append(f"{RATIO_MAX:g}x floor")
        if self.held_ahead and lead is not None and lead <= 1:
            missed.append("ahead")
        return "MISSED " + ", ".join(missed) if missed else "ok"

    def goal_text(self, case: Case) -> str:
        """Shows the goal."""
        parts: list[str] = []
        if case in self.goals:
            parts.append(f"{'>=' if self.more_is_better else '<='} {self.goals[case]:,g}")
        if self.held_to_floor and FLOOR in case.peers:
            parts.append(f"<= {RATIO_MAX:g}x")
        if self.held_ahead and case is A2O:
            parts.append("ahead")
        return ", ".join(parts)


def percentile_95(values: Sequence[float]) -> float:
    """Returns the nearest-rank 95th percentile."""
    return sorted(values)[math.ceil(0.95 * len(values)) - 1]


MICROSECONDS, MILLISECONDS = 1e6, 1e3
BOTH = (A2A, A2O)
LINES = (
    Line(
        "added time to first token, small, ms",
        "first_token_small_seconds",
        MILLISECONDS,
        2,
        goals={A2A: 1.0, A2O: 1.2},
        added=True,
        held_to_floor=True,
        held_ahead=True,
    ),
    Line(
        "added time to first token, 120 kB, ms",
        "first_token_large_seconds",
        MILLISECONDS,
        2,
        goals={A2A: 3.0, A2O: 4.0},
        added=True,
        held_to_floor=True,
        held_ahead=True,
    ),
    Line(
        "requests/s, 16 connections",
        "requests_per_second",
        goals={A2A: 1000},
        more_is_better=True,
        held_to_floor=True,
    ),
    Line(
        "CPU per request, us",
        "request_cpu_seconds",
        MICROSECONDS,
        goals={A2A: 900, A2O: 1200},
        held_to_floor=True,
        held_ahead=True,
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
        goals={A2A: 110},
        held_to_floor=True,
        held_ahead=True,
    ),
    Line(
        "CPU per event, 32 streams unthrottled, us",
        "burst_event_cpu_seconds",
        MICROSECONDS,
        1,
        held_to_floor=True,
        held_ahead=True,
    ),
    Line(
        "streams at full pace, of 32",
        "streams_at_pace",
        goals=dict.fromkeys(BOTH, PACED_STREAMS),
        more_is_better=True,
        combine=min,
    ),
    *(
        Line(
            f"upstream closed after abort, {place}, p95 ms",
            f"abort_seconds_{place}",
            MILLISECONDS,
            1,
            goals=dict.fromkeys(BOTH, 20),
            held_ahead=True,
            combine=percentile_95,
        )
        for place in ABORT_PLACES
    ),
    Line(
        "resident memory, idle, MB",
        "resident_megabytes_idle",
        goals=dict.fromkeys(BOTH, 70),
        held_ahead=True,
    ),
    Line(
        "resident memory, loaded, MB",
        "resident_megabytes_loaded",
        goals=dict.fromkeys(BOTH, 70),
        held_ahead=True,
    ),
    Line("unique memory, idle, MB", "unique_megabytes_idle"),
    Line("unique memory, loaded, MB", "unique_megabytes_loaded"),
    Line("start to ready, s", "start_seconds", digits=2, goals=dict.fromkeys(BOTH, 0.8)),
)


def make_table(case: Case, samples: Samples, peers: list[str]) -> str:
    """Renders a table; absent values are shown as "-", and no column is there for nothing."""
    compared: dict[str, Callable[[Line], float | None]] = {}
    if FLOOR in peers:
        compared["x floor"] = lambda line: line.ratio(samples)
    if set(OTHERS) & set(peers):
        compared["lead x"] = lambda line: line.lead(samples)
    rows = [["", *peers, *compared, "goal", ""]]
    for line in LINES:
        cells = [show(line.value(samples, peer), line.digits) for peer in peers]
        ratios = [show(compare(line), 2) for compare in compared.values()]
        judged = [line.goal_text(case), line.verdict(samples, case)]
        rows.append([line.label, *cells, *ratios, *judged])
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


def summarize(
    case: Case, samples: Samples, peers: list[str]
) -> dict[str, dict[str, float | str | None]]:
    """Returns a table's values as data, by label and then by peer, ratio and verdict."""
    return {
        line.label: {
            **{peer: finite(line.value(samples, peer)) for peer in peers},
            "ratio_to_floor": finite(line.ratio(samples)),
            "lead": finite(line.lead(samples)),
            "verdict": line.verdict(samples, case),
        }
        for line in LINES
    }


def finite(value: float | None) -> float | None:
    """Turns infinity, which JSON does not know, into None."""
    return None if value == math.inf else value
