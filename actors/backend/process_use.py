"""Who uses one process of an engine: how many there are, and how they are made to end.

The count is what the resource-watcher goes by (`LeaseUsage`): a turn counts from the moment in
which it waits for the process to load, for a model that was loaded for somebody is not idle before
it was asked. A process that has to leave takes nobody new, and goes when those that it has are
done, however long that takes. Only in a critical state they are cut off, and raise `CutOff` with
the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import contextmanager

import trio

from ...io.ports import EngineProcess
from ...protocols.resources.lease import LeaseUsage, Leave


class CutOff(Exception):
    """The process has to leave before this answer is whole; the message says why."""


class ProcessUse:
    """The users of one process. `process` is set once it is ready.

    `life` is what ends it: its start until it is ready, then only the watch over it, so that its
    block is left in peace and saves what it has read.
    """

    process: EngineProcess
    life: trio.CancelScope

    def __init__(self) -> None:
        self.usage = LeaseUsage()
        self.is_leaving = False
        """Whether nobody may come to it any more."""
        self._note_idle: Callable[[], None] = _tell_nobody
        self._left = trio.Event()
        self._users: set[trio.CancelScope] = set()
        self._waiting = 0
        self._used = trio.Event()
        self._why = ""

    @property
    def users(self) -> int:
        """How many use it, those that wait for it to be ready not counted."""
        return len(self._users)

    def wait_for(self, waiting: int) -> None:
        """So many wait for it to be ready."""
        self._waiting = waiting
        self._count()

    def begin(
        self, process: EngineProcess, note_idle: Callable[[], None], life: trio.CancelScope
    ) -> None:
        """It is ready; `note_idle` is told whenever nobody uses it any more."""
        self.process, self._note_idle, self.life = process, note_idle, life
        self.usage.idle_since_seconds = trio.current_time()

    async def wait_used(self) -> None:
        """Waits until somebody uses it."""
        await self._used.wait()

    @contextmanager
    def in_use(self) -> Generator[None]:
        """Somebody uses it, and has it watched.

        Raises CutOff where it has to go before they are done.
        """
        scope = trio.CancelScope()
        self._users.add(scope)
        self._used.set()
        self._count()
        try:
            with scope:
                yield
        finally:
            self._users.discard(scope)
            self._count()
            if not self._users:
                self._used = trio.Event()
                self._note_idle()
        if scope.cancelled_caught:
            raise CutOff(self._why)

    def leave(self, leave: Leave) -> None:
        """It has to go; a later word may be critical where the first was not."""
        self.is_leaving, self._why, self._waiting = True, leave.why, 0
        for scope in self._users if leave.critical else ():
            scope.cancel(leave.why)
        self._count()

    async def go_when_left(self) -> None:
        """Ends the process when it has to go and nobody uses it any more."""
        await self._left.wait()
        self.life.cancel("its memory is wanted back")

    def _count(self) -> None:
        """Writes down for the watcher how it is used."""
        answers = len(self._users) + self._waiting
        if self.usage.answers and not answers:
            self.usage.idle_since_seconds = trio.current_time()
        self.usage.answers = answers
        if self.is_leaving and not self._users:
            self._left.set()


def _tell_nobody() -> None:
    """Before it is ready nobody wants to know that it is not used."""
