"""What a kernel scenario tells of itself: its scopes, who works in them, and what is wrong.

A run chooses one scope by its name; it is cancelled at the run's step, counted from where it was
opened. Each scope states what leaving it may cost: `depth` calls lie below it, so that of those who
are parked the innermost has left after depth + 1 passes of the run loop and the scope is left after
2 depth + 2; or so many virtual seconds, where a callee takes its time on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import attrs
import trio

from ...actors.kernel.stream import OpenStream
from .steps import ActAtInPasses

ROUNDING_SECONDS = 1e-6
AWAKE_PASSES = 1
"""A task that is hit while it is on its way, and not parked, hears of it at its next checkpoint,
one pass later. At most one of those under a scope is: each of the others waits for the next."""


@attrs.define(eq=False)
class Probe:
    """See the module. `spans` has the steps that each scope was open for."""

    at: ActAtInPasses
    chosen: str = ""
    complaints: list[str] = attrs.field(factory=list[str])
    spans: dict[str, int] = attrs.field(factory=dict[str, int])
    outcomes: dict[str, object] = attrs.field(factory=dict[str, object])
    left_labels: set[str] = attrs.field(factory=set[str])
    """What the cancelled scope was for: anything may have come of it."""
    streams: list[OpenStream[Any, Any]] = attrs.field(factory=list[OpenStream[Any, Any]])
    _working: Counter[str] = attrs.field(factory=Counter[str])
    _left_passes: dict[str, int] = attrs.field(factory=dict[str, int])

    def check(self, holds: bool, words: str) -> None:
        """Complains if something does not hold."""
        if not holds:
            self.complaints.append(words)

    @contextmanager
    def scope(
        self, name: str, label: str, *, depth: int = 0, seconds: float = 0.0
    ) -> Generator[None]:
        """A scope that may be the chosen one, for what is called `label`."""
        opened = self.at.count
        with trio.CancelScope() as scope:
            if name == self.chosen:
                self.at.aim(lambda: scope.cancel("at every step"))
            try:
                yield
            finally:
                self.spans[name] = self.at.count - opened
                if name == self.chosen:
                    self.at.rest()
                    self._check_leaving(name, label, depth, seconds)

    @contextmanager
    def working(self, label: str) -> Generator[None]:
        """Where the innermost callee of `label` works."""
        acted_before = self.at.acted
        self._working[label] += 1
        try:
            yield
        finally:
            self._working[label] -= 1
            if self.at.acted and not acted_before:
                self._left_passes[label] = self.at.passes

    def _check_leaving(self, name: str, label: str, depth: int, seconds: float) -> None:
        if not self.at.acted:
            return
        self.left_labels.add(label)
        took_seconds = trio.current_time() - self.at.acted_seconds
        words = f"leaving {name} took {took_seconds:.3f} s, allowed are {seconds}"
        self.check(took_seconds <= seconds + ROUNDING_SECONDS, words)
        if not seconds:
            self.check(not self._working[label], f"{name} is left, and its callee works on")
            innermost, whole = self._left_passes.get(label, 0), self.at.passes
            words = f"leaving {name} took {innermost} and {whole} passes through {depth}"
            spare = AWAKE_PASSES
            self.check(innermost <= depth + 1 + spare and whole <= 2 * depth + 2 + spare, words)
