"""Strikes: counts calls by their names, and hits the one that was chosen, once or from then on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import attrs

Failure = tuple[type[Exception], tuple[object, ...]] | None
"""The error to raise, as its class and arguments, since each time it is a new one; or none."""


@attrs.define(eq=False)
class Strikes:
    """`call` is struck at its `number`-th time, with `failure`. Nothing counts before `begin`.

    `for_good` has each later one struck as well.
    """

    call: str = ""
    number: int = 0
    failure: Failure = None
    for_good: bool = False
    counts: Counter[str] = attrs.field(factory=Counter[str])
    struck: bool = False
    tell: Callable[[str], None] = lambda _what: None
    """Told of what was struck, when it is."""
    _begun: bool = False

    def begin(self) -> None:
        """Counts from here."""
        self._begun = True

    def end(self) -> None:
        """Counts and strikes no more."""
        self._begun = False

    def hits(self, call: str, what: str = "") -> bool:
        """Counts a call; true if it is the chosen one."""
        if not self._begun:
            return False
        self.counts[call] += 1
        count = self.counts[call]
        due = count >= self.number if self.for_good else count == self.number
        if call != self.call or not due:
            return False
        self.struck = True
        self.tell(what)
        return True

    def strike(self, call: str) -> None:
        """Counts a call; raises the error if it is the chosen one."""
        if self.hits(call):
            assert self.failure is not None, "what is struck has an error"
            kind, arguments = self.failure
            raise kind(*arguments)
