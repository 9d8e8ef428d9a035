"""An actor's place in the system: what stays while incarnations come and go.

The cell owns the mailbox and makes incarnations, which serve it. An exception in a call fails that
call alone. The actor is made anew when it says that its state is suspect, when a task of its
own crashes, or when more than `intensity` calls failed within `period_seconds`; then its calls fail
with Unavailable and the queued ones wait for the next incarnation, after a pause that doubles. More
restarts than `intensity` in the period and the cell gives up: an essential actor takes the system
down (there is nothing to serve without it), any other refuses calls for REST_SECONDS and goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import attrs
import outcome
import trio

from ...protocols.actor import Message, Note, Rank, Sink, StreamMessage, Unavailable
from .actor import Actor
from .call import Call, Phase, current_call
from .incarnation import Incarnation
from .observer import CallDraining, Observer, Restarted
from .statistics import ActorStatistics, Counters, RecentTimes

PAUSE_SECONDS = 0.01
PAUSE_SECONDS_MAX = 5.0
REST_SECONDS = 30.0


class RestartLimit(Exception):
    """An essential actor crashed too often within its period; the system cannot go on."""


@attrs.frozen
class RestartPolicy:
    """How many crashes in how many seconds are borne; Erlang/OTP's intensity and period."""

    intensity: int = 3
    period_seconds: float = 60.0
    essential: bool = False


@attrs.define(eq=False)
class Cell:
    """See the module's theory. Made by the system, reached through a ref."""

    name: str
    rank: Rank
    make: Callable[[], Actor]
    policy: RestartPolicy
    observers: tuple[Observer, ...]
    trouble_observers: tuple[Observer, ...]
    numbers: count[int]
    outbox: trio.MemorySendChannel[Call | Note]
    inbox: trio.MemoryReceiveChannel[Call | Note]
    scope: trio.CancelScope = attrs.field(factory=trio.CancelScope)
    stopped: trio.Event = attrs.field(factory=trio.Event)
    counters: Counters = attrs.field(factory=Counters)
    closing: bool = False
    resting: bool = False
    failures: RecentTimes = attrs.field(factory=RecentTimes)
    _restarts: RecentTimes = attrs.field(factory=RecentTimes)
    _incarnation: Incarnation | None = None

    def new_call(
        self, message: Message[Any] | StreamMessage[Any, Any], sink: Sink[Any] | None = None
    ) -> Call:
        """Makes a call from the running task. Calls go to a higher rank only."""
        parent = current_call.get()
        caller = Rank.OUTSIDE if parent is None else parent.rank
        assert caller < self.rank, f"{caller.name} may not call {self.rank.name}: calls go down"
        scope = trio.CancelScope(deadline=trio.current_effective_deadline())
        return Call(next(self.numbers), message, self.rank, parent, scope, sink)

    async def enqueue(self, call: Call) -> None:
        """Puts a call into the mailbox; waits while it is full. Raises Unavailable.

        An actor that waits for mail with none before this is handed the call at once.
        """
        if self.closing:
            raise Unavailable(f"{self.name} is stopped")
        if self.resting:
            raise Unavailable(f"{self.name} failed repeatedly and rests for {REST_SECONDS:.0f} s")
        if self._incarnation is not None and self._incarnation.takes_at_once(call):
            return
        try:
            self.outbox.send_nowait(call)
        except trio.WouldBlock:
            try:
                await self.outbox.send(call)
            except (trio.ClosedResourceError, trio.BrokenResourceError):
                raise Unavailable(f"{self.name} is stopped") from None

    async def leave(self, call: Call, reason: str) -> None:
        """Ends a call from the asker's side: closes its scope and joins, up to the bound."""
        if call.phase is Phase.DONE:
            return
        call.cancel(reason)
        if not await call.join():
            call.draining = True
            self.counters.draining += 1
            self.tell_trouble(CallDraining, call.number, self.name)

    def post(self, note: Note) -> bool:
        """Puts a note into the mailbox if there is room."""
        if self.closing or self.resting:
            return False
        try:
            self.outbox.send_nowait(note)
        except trio.WouldBlock:
            return False
        return True

    def close(self, grace_seconds: float) -> None:
        """Takes no more mail; whatever still runs after the grace is cancelled."""
        if not self.closing:
            self.closing = True
            self.outbox.close()
        self.scope.deadline = min(self.scope.deadline, trio.current_time() + grace_seconds)

    def statistics(self) -> ActorStatistics:
        """Counts of this actor, for pages and tests."""
        queued = self.inbox.statistics().current_buffer_used
        return ActorStatistics.of(self.name, self.rank, queued, self.counters)

    async def supervise(self) -> None:
        """Runs incarnations until the mailbox is closed. The cell's one long-lived task.

        Shielded, so that a cancelled system stops its actors in order; `close` sets the deadline.
        """
        try:
            self.scope.shield = True
            with self.scope:
                while not await self._incarnation_ended():
                    if self.closing and not self.inbox.statistics().current_buffer_used:
                        break  # nobody is left to be served by another life
        finally:
            self.closing = True
            self.outbox.close()
            self._refuse_queued()
            self.inbox.close()
            self.stopped.set()

    async def _incarnation_ended(self) -> bool:
        """Lives one incarnation; false if it crashed and another shall follow."""
        try:
            await self._live()
        except Exception as crash:  # the supervisor: a crashed incarnation ends here
            restarts = self._restarts.note(self.policy.period_seconds)
            self.failures.clear()
            self.counters.restarts += 1
            given_up = restarts > self.policy.intensity
            self.tell_trouble(Restarted, self.name, crash, given_up)
            if given_up and self.policy.essential:
                raise RestartLimit(f"{self.name} crashed {restarts} times") from crash
            if given_up:
                await self._rest()
            else:
                await trio.sleep(min(PAUSE_SECONDS * 2**restarts, PAUSE_SECONDS_MAX))
            return False
        return True

    async def _live(self) -> None:
        self._incarnation = Incarnation(self, self.make())
        try:
            await self._incarnation.live(self.inbox)
        finally:
            self._incarnation = None

    async def _rest(self) -> None:
        self.resting = True
        self._refuse_queued()
        await trio.sleep(REST_SECONDS)
        self._restarts.clear()
        self.resting = False

    def _refuse_queued(self) -> None:
        """Finishes every call still in the mailbox: none is left waiting for nobody."""
        while True:
            try:
                message = self.inbox.receive_nowait()
            except (trio.WouldBlock, trio.EndOfChannel, trio.ClosedResourceError):
                return
            if isinstance(message, Call) and message.phase is Phase.QUEUED:
                message.finish(outcome.Error(Unavailable(f"{self.name} is stopped")))

    def tell(self, kind: Callable[..., Any], *values: Any) -> None:
        """Tells those who watch everything of an event."""
        for observer in self.observers:
            observer.observe(kind(*values))

    def tell_trouble(self, kind: Callable[..., Any], *values: Any) -> None:
        """Tells everyone of something that somebody must look into."""
        for observer in self.trouble_observers:
            observer.observe(kind(*values))
