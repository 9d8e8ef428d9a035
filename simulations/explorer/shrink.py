"""Makes a failing case small: few faults, few deviations of the scheduler, each a short one.

What strikes and what the scheduler does is first written down, and then left out piece by piece by
delta debugging (after Zeller and Hildebrandt, 2002): large chunks before small ones, the last ones
first, because what came after the failure goes easily. It ends when nothing single can be left
out, or when its runs are used up. Only a run that failed in the same way is ever kept, as it was
recorded, so what comes back fails; and since nothing here is drawn, the same case shrinks the same.

The seed stays: another seed is another story, and the strikes' own draws come from it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import attrs

from ..world.run import Result
from ..world.scheduler import Deviation
from .case import Case

Fails = Callable[[Case], Result | None]
"""Runs a case: the result if it fails in the same way, None if it does not."""
Progress = Callable[[int, Case], None]
"""Is told after each run how many there were, and of the smallest case so far."""
Item = TypeVar("Item")


def shrink(case: Case, fails: Fails, *, budget_runs: int, progress: Progress | None = None) -> Case:
    """The smallest case found in so many runs. Raises ValueError for one that does not fail."""
    shrinker = _Shrinker(case, fails, budget_runs, progress)
    try:
        if not shrinker.attempt(case):
            raise ValueError(f"this case does not fail: {case!r}")
        shrinker.do_without_a_tape(case)
        smallest = None
        while shrinker.case != smallest:
            smallest = shrinker.case
            shrinker.drop_strikes()
            shrinker.drop_deviations()
            shrinker.shorten_deviations()
    except _OutOfRuns:
        pass
    return shrinker.case


class _OutOfRuns(Exception):
    """The budget is used up."""


@attrs.define(eq=False)
class _Shrinker:
    """Tries smaller cases; `case` is the smallest that failed, once `attempt` was successful."""

    case: Case
    _fails: Fails
    _budget_runs: int
    _progress: Progress | None
    _runs: int = 0

    def attempt(self, candidate: Case) -> bool:
        """Runs a case, and keeps what it did if it fails."""
        if self._runs >= self._budget_runs:
            raise _OutOfRuns
        self._runs += 1
        result = self._fails(candidate)
        if result is not None:
            self.case = recorded(candidate, result)
        if self._progress is not None:
            self._progress(self._runs, self.case)
        return result is not None

    def do_without_a_tape(self, given: Case) -> None:
        """Most failures need no order but that of age, and many no fault."""
        for only in dict.fromkeys([(), self.case.strikes, given.strikes]):
            if self.attempt(attrs.evolve(self.case, strikes=only, schedule={})):
                return

    def drop_strikes(self) -> None:
        """Leaves out faults."""
        self._drop(
            lambda: self.case.strikes or (),
            lambda strikes: attrs.evolve(self.case, strikes=tuple(strikes)),
        )

    def drop_deviations(self) -> None:
        """Has steps neither wait nor take another's turn."""
        self._drop(
            lambda: list((self.case.schedule or {}).items()),
            lambda deviations: attrs.evolve(self.case, schedule=dict(deviations)),
        )

    def shorten_deviations(self) -> None:
        """Has tasks wait for fewer batches, or not take their turn so far from their age's."""
        for step in list(self.case.schedule or {}):
            while any(self._instead(step, simpler) for simpler in simpler_than(self._at(step))):
                pass

    def _drop(
        self, items: Callable[[], Sequence[Item]], make: Callable[[Sequence[Item]], Case]
    ) -> None:
        """Leaves out what it can: a run that fails without them may have lost others as well."""
        chunk = len(items())
        while chunk:
            dropped, end = False, len(items())
            while end > 0:
                kept, start = items(), max(0, end - chunk)
                dropped |= self.attempt(make([*kept[:start], *kept[end:]]))
                end = min(start, len(items()))
            chunk = chunk // 2 or int(dropped)

    def _at(self, step: str) -> Deviation:
        return (self.case.schedule or {}).get(step, (0, 0))

    def _instead(self, step: str, deviation: Deviation) -> bool:
        schedule = {**(self.case.schedule or {}), step: deviation}
        return self.attempt(attrs.evolve(self.case, schedule=schedule))


def simpler_than(deviation: Deviation) -> list[Deviation]:
    """What may do as well, the simplest first."""
    waits, turn = deviation
    nearest = (turn > 0) - (turn < 0)
    found = [(waits, 0), (0, turn)] if waits and turn else []
    found += [(fewer, turn) for fewer in (1, waits // 2, waits - 1) if 0 <= fewer < waits]
    found += [(waits, nearest)] if turn != nearest else []
    return [simpler for simpler in dict.fromkeys(found) if simpler != (0, 0)]


def recorded(case: Case, result: Result) -> Case:
    """The same run told by its strikes and its tape, so that nothing is left to the seed."""
    return attrs.evolve(case, strikes=result.struck, schedule=result.schedule)
