"""Acts at the k-th step: counts the steps of all tasks from a moment on, and acts after one.

The task has just yielded. So what it waits for is undone if it can be, and what is shielded is
completed; the next checkpoint of whoever is hit raises. Over all k these are all the places that
can be told apart under one order of the scheduler.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import trio

NEVER = -1

Act = Callable[[], object]
"""What is done. One that returns False found nothing to do: it is tried after the next step."""


def _nothing() -> None:
    """The act of a run that only counts."""


@attrs.define(eq=False)
class ActAt(trio.abc.Instrument):
    """Acts after the step of that number since `aim`; 0 only counts."""

    step: int = 0
    count: int = 0
    """Steps so far, aimed or not."""
    acted: bool = False
    acted_seconds: float = NEVER
    span: int = 0
    """Steps between `aim` and `rest`."""
    where: str = ""
    """The task after whose step it acted."""
    _due: int = NEVER
    _act: Act = _nothing
    _aimed: int = 0

    def aim(self, act: Act) -> None:
        """Counts from here."""
        self._act, self._aimed = act, self.count
        if self.step and not self.acted:
            self._due = self.count + self.step

    def rest(self) -> None:
        """Acts no more."""
        self._due = NEVER
        self.span = self.count - self._aimed

    def after_task_step(self, task: trio.lowlevel.Task) -> None:
        """One more step of any task."""
        self.count += 1
        if self.count == self._due:
            self.acted, self.where = True, task.name
            self.acted_seconds = trio.current_time()
            if self._act() is False:
                self.acted = False
                self._due += 1


@attrs.define(eq=False)
class ActAtInPasses(ActAt):
    """Counts the passes of the run loop as well, since it acted: the unit that Esc has."""

    passes: int = 0

    def before_io_wait(self, timeout: float) -> None:
        """The end of one pass."""
        if self.acted:
            self.passes += 1
