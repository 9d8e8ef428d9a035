"""Trio instruments that count the run loop's passes and steps, and act at a chosen step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import attrs
import trio


@attrs.define(eq=False)
class StepCounter(trio.abc.Instrument):
    """Counts the steps of tasks by task name."""

    steps: Counter[str] = attrs.field(factory=Counter[str])

    def after_task_step(self, task: trio.lowlevel.Task) -> None:
        """One more step of this task."""
        self.steps[task.name] += 1


@attrs.define(eq=False)
class TickWatch(trio.abc.Instrument):
    """Counts passes of the run loop from `begin` to the one that made each thing true."""

    conditions: dict[str, Callable[[], bool]]
    ticks: dict[str, int] = attrs.field(factory=dict[str, int])
    _now: int = 0
    _begun: bool = False

    def begin(self) -> None:
        """Counts from here."""
        self._begun = True

    def before_io_wait(self, timeout: float) -> None:
        """The end of one pass."""
        if not self._begun:
            return
        for name, is_true in self.conditions.items():
            if name not in self.ticks and is_true():
                self.ticks[name] = self._now
        self._now += 1


@attrs.define(eq=False)
class ActAt(trio.abc.Instrument):
    """Counts the steps of all tasks while `armed`, and acts after the k-th one; 0 only counts."""

    step: int
    act: Callable[[], None]
    armed: bool = False
    count: int = 0
    where: str = ""

    def after_task_step(self, task: trio.lowlevel.Task) -> None:
        """One more step of any task."""
        if self.armed:
            self.count += 1
            if self.count == self.step:
                self.where = task.name
                self.act()
