"""One question in flight. The callee works inside `scope`, which belongs to the asker.

A call is queued, running, or done. Cancelled while queued, it is skipped unseen. Cancelled while
running, its scope is closed and the asker joins: it waits until the callee has left, but no longer
than JOIN_SECONDS in which the scheduler kept up. After that the call is draining: nobody waits for
it, it still holds its place among the callee's running calls, and it is counted until the callee
leaves.
"""

from __future__ import annotations

from contextvars import ContextVar
from enum import Enum
from typing import Any

import attrs
import outcome
import trio

from ...protocols.actor import Message, Rank, Sink, StreamMessage

JOIN_SECONDS = 0.1
"""How long a cancelled asker waits for its callee to leave."""
LATE_SECONDS = 0.02
"""A bound noticed so much too late says that the scheduler is behind, and that the callee may not
have run at all; it is given the bound once more."""
JOIN_SECONDS_MAX = 10.0


class Phase(Enum):
    """Where a call is in its life."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"


@attrs.define(eq=False, slots=True)
class Call:
    """A message with the scope, the reply and the way back. Made by `ref`, served by `cell`.

    The scope carries the asker's deadline down. `sink` takes a stream's items; `outlet` is its
    channel if this call opened it, and is closed with the call. A delegated
    stream has a sink and no outlet: its channel belongs to its opener.
    """

    number: int
    message: Message[Any] | StreamMessage[Any, Any]
    rank: Rank
    parent: Call | None
    scope: trio.CancelScope
    sink: Sink[Any] | None = None
    outlet: trio.MemorySendChannel[Any] | None = None
    done: trio.Event = attrs.field(factory=trio.Event)
    phase: Phase = Phase.QUEUED
    draining: bool = False
    result: outcome.Value[Any] | outcome.Error | None = None

    def cancel(self, reason: str) -> None:
        """Closes the scope; a queued call will be skipped."""
        self.scope.cancel(reason)

    def finish(self, result: outcome.Value[Any] | outcome.Error) -> None:
        """Settles the call, once, and wakes who waits for it or reads its stream."""
        assert self.phase is not Phase.DONE, "a call is finished once"
        self.phase = Phase.DONE
        self.result = result
        self.done.set()
        if self.outlet is not None:
            self.outlet.close()

    def reply(self) -> Any:
        """Returns the reply of a call that is done, or raises its error; may be read again."""
        assert self.result is not None, "a call that is done has a result"
        if isinstance(self.result, outcome.Error):
            raise self.result.error
        return self.result.value

    async def join(self) -> bool:
        """Waits until the callee has left, within the join bound; true if it has."""
        if self.phase is not Phase.RUNNING:
            return True
        latest = trio.current_time() + JOIN_SECONDS_MAX
        while True:
            bound = trio.current_time() + JOIN_SECONDS
            with trio.CancelScope(shield=True, deadline=bound):
                await self.done.wait()
                return True
            now = trio.current_time()
            if now < bound + LATE_SECONDS or now > latest:
                return self.done.is_set()


current_call: ContextVar[Call | None] = ContextVar("current_call", default=None)
"""The call that the running task serves; None outside the actors."""
