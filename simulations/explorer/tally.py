"""What a search has come to so far: how much was run, and what was found, like with like.

Two failing runs are alike if they are of one scenario and their first complaints say the same but
for numbers. Of each kind the one with the lowest seed is kept, so that what is reported does not
depend on which process was first.
"""

from __future__ import annotations

import re
from collections import Counter

import attrs

from ..world.run import Result
from .case import Case
from .coverage import Coverage

FINDINGS_MAX = 100
"""Kinds that are told apart; further ones are only counted."""
DRAWN = re.compile(r"0x[0-9a-f]+|\d+(?:\.\d+)?|\b(?:True|False)\b")
"""What differs from seed to seed in what is otherwise the same complaint."""


def blurred(words: str) -> str:
    """Words without their numbers, and without what is a number of one bit."""
    return DRAWN.sub("#", words)


@attrs.frozen
class Finding:
    """A kind of failing run: its first case, what that one complains of, and how many there are.

    `told_only` is one that must not be run again here: it killed its process.
    """

    case: Case
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
class Tally:
    """Adds results up."""

    runs: int = 0
    failed: int = 0
    steps: int = 0
    virtual_seconds: float = 0.0
    first_seed: int | None = None
    last_seed: int = 0
    coverage: Coverage = attrs.field(factory=Coverage)
    by_scenario: Counter[str] = attrs.field(factory=Counter[str])
    kinds: dict[tuple[str, str], Finding] = attrs.field(factory=dict[tuple[str, str], Finding])

    @property
    def findings(self) -> list[Finding]:
        """The kinds, the lowest seed first."""
        return sorted(self.kinds.values(), key=_age)

    def take(self, case: Case, result: Result) -> None:
        """Adds a run."""
        self._count(case)
        self.steps += result.steps
        self.virtual_seconds += result.virtual_seconds
        self.coverage.take(result)
        if result.complaints:
            self._find(Finding(case, result.complaints))

    def take_lost(self, case: Case, why: str) -> None:
        """Adds a run that its process did not survive."""
        self._count(case)
        self._find(Finding(case, (why,), told_only=True))

    def _count(self, case: Case) -> None:
        self.runs += 1
        self.by_scenario[case.scenario] += 1
        self.first_seed = case.seed if self.first_seed is None else min(self.first_seed, case.seed)
        self.last_seed = max(self.last_seed, case.seed)

    def _find(self, found: Finding) -> None:
        self.failed += 1
        key = found.case.scenario, found.words
        known = self.kinds.get(key)
        if known is not None:
            first = min(known, found, key=_age)
            self.kinds[key] = attrs.evolve(first, runs=known.runs + 1)
        elif len(self.kinds) < FINDINGS_MAX:
            self.kinds[key] = found


def _age(finding: Finding) -> tuple[int, str, str]:
    return finding.case.seed, finding.case.scenario, finding.words
