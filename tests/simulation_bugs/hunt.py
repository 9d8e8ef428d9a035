"""The hunt for a bug: seed by seed or step by step, until one complains; and how small it gets."""

from __future__ import annotations

from collections.abc import Iterator

import attrs
from understudy import app
from understudy.simulations.exhaustive.points import Point
from understudy.simulations.exhaustive.sets import run_point
from understudy.simulations.explorer.case import Case, run_case
from understudy.simulations.explorer.plan import POLICIES
from understudy.simulations.world.run import Result

from .bug import Bug

SEEDS = range(1, 501)
STEPS = range(1, 200)
"""At which a turn or a scope is left, or messages at which an actor crashes."""


@attrs.define(eq=False)
class Hunt:
    """Looks for one bug. `runs` counts how many it took."""

    bug: Bug
    runs: int = 0

    def fails(self, case: Case) -> Result | None:
        """Runs a case; the result if it has the bug's complaint."""
        self.runs += 1
        result = run_case(case, app)
        return result if self._has_words(result.complaints) else None

    def find_case(self) -> Case | None:
        """The first case that has the complaint; each seed has the policy of the usual mix."""
        for seed in _first(self.bug.seed, SEEDS):
            case = Case(self.bug.scenario, seed, POLICIES[seed % len(POLICIES)])
            if self.fails(case) is not None:
                return case
        return None

    def find_point(self) -> Point | None:
        """The first point of the bug's set that has the complaint."""
        for step in _first(self.bug.step, STEPS):
            point = Point.parse(f"{self.bug.point}/{step}")
            if self._has_words(self.complaints_at(point)):
                return point
        return None

    def complaints_at(self, point: Point) -> tuple[str, ...]:
        """What is wrong at a point."""
        self.runs += 1
        return run_point(point, app)

    def _has_words(self, complaints: tuple[str, ...]) -> bool:
        return any(self.bug.words in line for line in complaints)


def _first(known: int, others: range) -> Iterator[int]:
    """The one that is known to find it, and then all others."""
    if known in others:
        yield known
    yield from (number for number in others if number != known)
