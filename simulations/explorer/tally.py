"""What a search has come to so far: how much was run, and what was found, like with like.

Two failing runs are alike if they are of one scenario and their first complaints say the same but
for numbers. Of each kind the one with the lowest seed is kept, so that what is reported does not
depend on which process was first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar, Generic, TypeVar

import attrs

from ..world.run import Result
from .case import Case
from .coverage import Coverage

Item = TypeVar("Item")

FINDINGS_MAX = 100
"""Kinds that are told apart; further ones are only counted."""
DRAWN = re.compile(r"0x[0-9a-f]+|\d+(?:\.\d+)?|\b(?:True|False)\b")
"""What differs from seed to seed in what is otherwise the same complaint."""


def blurred(words: str) -> str:
    """Words without their numbers, and without what is a number of one bit."""
    return DRAWN.sub("#", words)


def rate(number: float, seconds: float) -> str:
    """How much there is of something per second, in words."""
    per_second = number / seconds
    return f"{per_second:,.0f}" if per_second >= 10 else f"{per_second:.1f}"


@attrs.frozen
class Finding(Generic[Item]):
    """A kind of failing run: its first case, what that one complains of, and how many there are.

    `told_only` is one that must not be run again here: it killed its process.
    """

    case: Item
    complaints: tuple[str, ...]
    runs: int = 1
    told_only: bool = False

    @property
    def words(self) -> str:
        """The first complaint, without numbers."""
        return blurred(self.complaints[0])

    def same_complaint(self, result: Result) -> str | None:
        """What a run says of this, if it complains of it too."""
        return next((said for said in result.complaints if blurred(said) == self.words), None)


@attrs.define(eq=False)
class Kinds(Generic[Item]):
    """What was found, by kind. `age` says which of two cases is shown, and in which order."""

    age: Callable[[Item], Any]
    failed: int = 0
    _kinds: dict[tuple[str, str], Finding[Item]] = attrs.field(
        factory=lambda: dict[tuple[str, str], Finding[Item]]()
    )

    @property
    def findings(self) -> list[Finding[Item]]:
        """The kinds, the first case first."""
        return sorted(self._kinds.values(), key=lambda found: (self.age(found.case), found.words))

    def take(self, group: str, found: Finding[Item]) -> None:
        """Adds a failing run; only those of one group can be alike."""
        self.failed += 1
        key = group, found.words
        known = self._kinds.get(key)
        if known is not None:
            first = min(known, found, key=lambda each: self.age(each.case))
            self._kinds[key] = attrs.evolve(first, runs=known.runs + 1)
        elif len(self._kinds) < FINDINGS_MAX:
            self._kinds[key] = found


def _age(case: Case) -> tuple[int, str]:
    return case.seed, case.scenario


@attrs.define(eq=False)
class Tally:
    """Adds up the results of cases."""

    runs: int = 0
    steps: int = 0
    virtual_seconds: float = 0.0
    first_seed: int | None = None
    last_seed: int = 0
    coverage: Coverage = attrs.field(factory=Coverage)
    kinds: Kinds[Case] = attrs.field(factory=lambda: Kinds(_age))
    unit: ClassVar[str] = "runs"

    @property
    def failed(self) -> int:
        """How many runs have failed."""
        return self.kinds.failed

    @property
    def findings(self) -> list[Finding[Case]]:
        """The kinds of them, the lowest seed first."""
        return self.kinds.findings

    def take(self, case: Case, result: Result) -> None:
        """Adds a run."""
        self._count(case)
        self.steps += result.steps
        self.virtual_seconds += result.virtual_seconds
        self.coverage.take(result)
        if result.complaints:
            self.kinds.take(case.scenario, Finding(case, result.complaints))

    def take_lost(self, case: Case, why: str) -> None:
        """Adds a run that its process did not survive."""
        self._count(case)
        self.kinds.take(case.scenario, Finding(case, (why,), told_only=True))

    def pace(self, seconds: float) -> str:
        """What was run per second of so much real time."""
        return (
            f"{rate(self.runs, seconds)} scenarios/s, {rate(self.steps, seconds)} steps/s, "
            f"{rate(self.virtual_seconds, seconds)} simulated seconds per second"
        )

    def short_pace(self, seconds: float) -> str:
        """The same for a terminal of 80 columns: virtual seconds per second last."""
        return (
            f"{rate(self.runs, seconds)} runs/s, {rate(self.steps, seconds)} steps/s, "
            f"{rate(self.virtual_seconds, seconds)} s/s"
        )

    def _count(self, case: Case) -> None:
        self.runs += 1
        self.first_seed = case.seed if self.first_seed is None else min(self.first_seed, case.seed)
        self.last_seed = max(self.last_seed, case.seed)
