"""Spawning and ordered shutdown: children stop newest first, each with a grace, none forgotten.

The nursery of `open_system` owns one task per cell and nothing else. A cancelled system does not
kill its actors at once: each cell is shielded, and `open_system` closes them in reverse order, so
that an actor always finds those it calls alive until it has stopped itself.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from itertools import count

import attrs
import trio

from ...protocols.actor import Note, Rank
from .actor import Actor
from .call import Call
from .cell import Cell, RestartPolicy
from .incarnation import MAILBOX_MESSAGES
from .observer import Observer
from .ref import CellRef
from .statistics import ActorStatistics

GRACE_SECONDS = 1.0
"""What each actor is given to finish its calls when the system stops."""

DEFAULT_POLICY = RestartPolicy()


@attrs.define(eq=False)
class ActorSystem:
    """The living actors by name, in the order of their birth."""

    _nursery: trio.Nursery
    _observers: tuple[Observer, ...] = ()
    _trouble_observers: tuple[Observer, ...] = ()
    _cells: dict[str, Cell] = attrs.field(factory=dict[str, Cell])
    _numbers: count[int] = attrs.field(factory=lambda: count(1))

    def spawn(
        self,
        name: str,
        rank: Rank,
        make: Callable[[], Actor],
        *,
        policy: RestartPolicy = DEFAULT_POLICY,
    ) -> CellRef:
        """Starts an actor and returns its ref at once; messages wait until it has started."""
        assert name not in self._cells, f"there is an actor {name} already"
        send, receive = trio.open_memory_channel[Call | Note](MAILBOX_MESSAGES)
        cell = Cell(
            name=name,
            rank=rank,
            make=make,
            policy=policy,
            observers=self._observers,
            trouble_observers=self._observers + self._trouble_observers,
            numbers=self._numbers,
            outbox=send,
            inbox=receive,
        )
        self._cells[name] = cell
        self._nursery.start_soon(cell.supervise, name=f"actor:{name}")
        return CellRef(cell)

    async def retire(self, ref: CellRef, *, grace_seconds: float = GRACE_SECONDS) -> None:
        """Stops one actor: no more mail, time for what runs, then cancellation. Waits for it."""
        cell = ref.cell
        cell.close(grace_seconds)
        await cell.stopped.wait()
        if self._cells.get(cell.name) is cell:
            del self._cells[cell.name]

    def dismiss(self, ref: CellRef) -> None:
        """Retires an actor without waiting for it."""
        self._nursery.start_soon(self.retire, ref, name=f"dismiss:{ref.name}")

    async def stop(self, *, grace_seconds: float = GRACE_SECONDS) -> None:
        """Stops all actors, the newest first."""
        for cell in reversed(list(self._cells.values())):
            await self.retire(CellRef(cell), grace_seconds=grace_seconds)

    def close(self) -> None:
        """Closes, without a grace and without waiting, whoever is not closed yet."""
        for cell in self._cells.values():
            cell.close(grace_seconds=0)

    def statistics(self) -> Sequence[ActorStatistics]:
        """A snapshot of every living actor, in the order of birth."""
        return [cell.statistics() for cell in self._cells.values()]


@asynccontextmanager
async def open_system(
    *,
    observers: Sequence[Observer] = (),
    trouble_observers: Sequence[Observer] = (),
    grace_seconds: float = GRACE_SECONDS,
) -> AsyncGenerator[ActorSystem, None]:
    """Opens an actor system; leaving the block stops its actors in order.

    `observers` are told of every event, `trouble_observers` of failed calls, draining and restarts
    alone: watching those costs nothing while all is well.
    """
    async with trio.open_nursery() as nursery:
        system = ActorSystem(nursery, tuple(observers), tuple(trouble_observers))
        try:
            yield system
        finally:
            bound = trio.current_time() + 2 * grace_seconds * max(1, len(system.statistics()))
            with trio.CancelScope(shield=True, deadline=bound):
                await system.stop(grace_seconds=grace_seconds)
            system.close()  # those that an actor which did not stop has left no time for
