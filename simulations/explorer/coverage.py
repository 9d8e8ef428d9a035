"""What was reached: which kind of fault met which state of the product, and what never happened.

A search that finds nothing is worth as much as what it tried. The table counts strikes; an empty
field is a meeting that no seed has brought about. A mark is made by a scenario where something
happened that should happen sometimes (`World.sometimes`); `world/marks.py` lists them all, so
that one which is never made is seen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import attrs

from ..world.marks import MARKS
from ..world.run import Result

STATES = ("no server", "at rest", "before the head", "mid-stream", "in a tool call")
"""In the order of a turn; others follow as they are met."""


@attrs.define(eq=False)
class Coverage:
    """The counts of many runs. `known_marks` are those that some scenario can make."""

    known_marks: Sequence[str] = MARKS
    strikes: Counter[tuple[str, str]] = attrs.field(factory=Counter[tuple[str, str]])
    marks: Counter[str] = attrs.field(factory=Counter[str])

    def take(self, result: Result) -> None:
        """Adds a run."""
        self.strikes.update(result.coverage)
        self.marks.update(result.marks)

    @property
    def faults(self) -> list[str]:
        """The kinds of fault that struck."""
        return sorted({fault for fault, _ in self.strikes})

    @property
    def states(self) -> list[str]:
        """The states that a turn goes through, and any others that were met."""
        return [*STATES, *sorted({state for _, state in self.strikes} - set(STATES))]

    @property
    def missing(self) -> list[str]:
        """The marks that were never made."""
        return [mark for mark in self.known_marks if not self.marks[mark]]

    def table(self) -> tuple[list[str], list[list[str]]]:
        """Headings and rows: a fault each, and how often it met which state."""
        rows = [
            [fault, *(_field(self.strikes[fault, state]) for state in self.states)]
            for fault in self.faults
        ]
        return ["fault", *self.states], rows

    def mark_rows(self) -> list[list[str]]:
        """Each mark and how often it was made, those that never were first."""
        made = sorted(mark for mark in self.marks if self.marks[mark])
        return [[mark, "never"] for mark in self.missing] + [
            [mark, f"{self.marks[mark]:,}"] for mark in made
        ]

    def as_json(self) -> dict[str, Any]:
        """For other programs: counts, and the marks that were never made."""
        return {
            "faults": {
                fault: {
                    state: self.strikes[fault, state]
                    for state in self.states
                    if self.strikes[fault, state]
                }
                for fault in self.faults
            },
            "marks": dict(sorted(self.marks.items())),
            "marks_missing": self.missing,
        }

    def as_markdown(self) -> str:
        """For the documentation: both tables."""
        parts: list[str] = []
        headings, rows = self.table()
        if rows:
            parts.append(_markdown(headings, rows))
        if marks := self.mark_rows():
            parts.append(_markdown(["mark", "times"], marks))
        return "\n\n".join(parts)


def _field(count: int) -> str:
    return f"{count:,}" if count else ""


def _markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rule = ["---", *("---:" for _ in headings[1:])]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (headings, rule, *rows))
