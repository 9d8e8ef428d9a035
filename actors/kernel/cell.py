"""An actor's place in the system: what stays while incarnations come and go.

The cell owns the mailbox and serves its calls, each in its own scope. An exception in a call fails
that call alone. The actor is made anew when it says that its state is suspect, when a task of its
own crashes, or when more than `intensity` calls failed within `period_seconds`; then its calls fail
with Unavailable and the queued ones wait for the next incarnation, after a pause that doubles. More
restarts than `intensity` in the period and the cell gives up: an essential actor takes the system
down (there is nothing to serve without it), any other refuses calls for REST_SECONDS and goes on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine
from contextlib import suppress
from itertools import count
from typing import Any, cast

import attrs
import outcome
import trio

from ...protocols.actor import (
    ActorError,
    CallFailed,
    Message,
    Note,
    Rank,
    Sink,
    StreamMessage,
    SuspectState,
    Unavailable,
)
from .actor import Actor
from .call import Call, Phase, current_call
from .observer import CallDrained, CallDraining, CallEnded, CallStarted, Observer, Restarted
from .statistics import ActorStatistics, Counters

MAILBOX_MESSAGES = 256
STOP_SECONDS = 1.0
"""How long an incarnation's `stop` may take."""
PAUSE_SECONDS = 0.01
PAUSE_SECONDS_MAX = 5.0
REST_SECONDS = 30.0


Result = outcome.Value[Any] | outcome.Error


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
    numbers: count[int]
    outbox: trio.MemorySendChannel[Call | Note]
    inbox: trio.MemoryReceiveChannel[Call | Note]
    scope: trio.CancelScope = attrs.field(factory=trio.CancelScope)
    stopped: trio.Event = attrs.field(factory=trio.Event)
    counters: Counters = attrs.field(factory=Counters)
    closing: bool = False
    resting: bool = False
    _failures: deque[float] = attrs.field(factory=deque[float])
    _restarts: deque[float] = attrs.field(factory=deque[float])

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
        """Puts a call into the mailbox; waits while it is full. Raises Unavailable."""
        if self.closing:
            raise Unavailable(f"{self.name} is stopped")
        if self.resting:
            raise Unavailable(f"{self.name} failed repeatedly and rests for {REST_SECONDS:.0f} s")
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
            self._tell(CallDraining, call.number, self.name)

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
                    pass
        finally:
            self.closing = True
            self.outbox.close()
            self._refuse_queued()
            self.inbox.close()
            self.stopped.set()

    async def _incarnation_ended(self) -> bool:
        """Lives one incarnation; false if it crashed and another shall follow."""
        try:
            await self._live(self.make())
        except Exception as crash:  # the supervisor: a crashed incarnation ends here
            restarts = self._note_time(self._restarts)
            self.counters.restarts += 1
            given_up = restarts > self.policy.intensity
            self._tell(Restarted, self.name, repr(crash), given_up)
            if given_up and self.policy.essential:
                raise RestartLimit(f"{self.name} crashed {restarts} times") from crash
            if given_up:
                await self._rest()
            else:
                await trio.sleep(min(PAUSE_SECONDS * 2**restarts, PAUSE_SECONDS_MAX))
            return False
        return True

    async def _rest(self) -> None:
        self.resting = True
        self._refuse_queued()
        await trio.sleep(REST_SECONDS)
        self._restarts.clear()
        self.resting = False

    async def _live(self, actor: Actor) -> None:
        async with trio.open_nursery() as background:
            actor.background = background
            await actor.start()
            try:
                async with trio.open_nursery() as calls:
                    await self._read_mail(actor, calls, trio.Semaphore(actor.concurrency))
            finally:
                bound = trio.current_time() + STOP_SECONDS
                with trio.CancelScope(shield=True, deadline=bound):
                    await actor.stop()
            background.cancel_scope.cancel("the actor has stopped")

    async def _read_mail(self, actor: Actor, calls: trio.Nursery, limit: trio.Semaphore) -> None:
        """Serves the mailbox until it is closed.

        A place among the running calls is taken first and a message after it, and nothing awaits
        between the message and its service: none is lost when the incarnation is cancelled.
        """
        free = False
        try:
            while True:
                if not free:
                    await limit.acquire()
                message = await self.inbox.receive()
                free = self._admit(actor, message, calls, limit)
                with suppress(trio.WouldBlock):
                    for _ in range(MAILBOX_MESSAGES):  # what is there is taken in one step
                        if not free:
                            limit.acquire_nowait()
                            free = True
                        message = self.inbox.receive_nowait()
                        free = self._admit(actor, message, calls, limit)
        except trio.EndOfChannel:
            return

    def _admit(
        self, actor: Actor, message: Call | Note, calls: trio.Nursery, limit: trio.Semaphore
    ) -> bool:
        """Serves one message in the place that was taken for it; true if the place is free."""
        if not isinstance(message, Call):
            actor.note(message)
            return True
        call = message
        if call.scope.cancel_called:
            return True
        call.phase = Phase.RUNNING
        self.counters.running += 1
        if self.observers:
            parent = 0 if call.parent is None else call.parent.number
            kind = type(call.message).__name__
            self._tell(CallStarted, call.number, parent, self.name, self.rank, kind)
        work = self._begin(actor, call)
        if work is None:
            return True
        calls.start_soon(self._work, call, work, limit, name=self.name)
        return False

    def _begin(self, actor: Actor, call: Call) -> Coroutine[Any, Any, Any] | None:
        """Starts on a call: its coroutine, or None when it was answered at once."""
        message = call.message
        if isinstance(message, StreamMessage):
            assert call.sink is not None, "a stream message is opened or delegated, not asked"
            return actor.stream(message, call.sink)
        try:
            answer: Any = actor.handle(message)
        except ActorError as error:
            self._finish(call, outcome.Error(error), "refused")
        except Exception as crash:  # the supervisor: this call fails, the actor lives
            self._finish(call, outcome.Error(self._failure(call, crash)), "failed")
            if self._too_many_failures() or isinstance(crash, SuspectState):
                raise
        else:
            if isinstance(answer, Coroutine):
                return cast("Coroutine[Any, Any, Any]", answer)
            self._finish(call, outcome.Value(answer), "answered")
        return None

    async def _work(
        self, call: Call, work: Coroutine[Any, Any, Any], limit: trio.Semaphore
    ) -> None:
        current_call.set(call)
        ended: tuple[Result, str] = (
            outcome.Error(Unavailable(f"{self.name} ended the call")),
            "cancelled",
        )
        try:
            with call.scope:
                try:
                    ended = outcome.Value(await work), "answered"
                except ActorError as error:
                    ended = outcome.Error(error), "refused"
                except Exception as crash:  # the supervisor: this call fails, the actor lives
                    ended = outcome.Error(self._failure(call, crash)), "failed"
                    if self._too_many_failures() or isinstance(crash, SuspectState):
                        raise
        finally:
            self._finish(call, *ended)
            limit.release()

    def _finish(self, call: Call, result: Result, ending: str) -> None:
        self.counters.running -= 1
        self.counters.count(ending)
        call.finish(result)
        if self.observers:
            error = result.error if isinstance(result, outcome.Error) else None
            self._tell(CallEnded, call.number, self.name, ending, error)
        if call.draining:
            self.counters.draining -= 1
            self._tell(CallDrained, call.number, self.name)

    def _failure(self, call: Call, crash: Exception) -> CallFailed:
        failure = CallFailed(f"{self.name} failed on {type(call.message).__name__}: {crash!r}")
        failure.__cause__ = crash
        self._note_time(self._failures)
        return failure

    def _too_many_failures(self) -> bool:
        return len(self._failures) > self.policy.intensity

    def _note_time(self, times: deque[float]) -> int:
        """Adds now and forgets what is older than the period; returns how many are left."""
        now = trio.current_time()
        times.append(now)
        while times[0] <= now - self.policy.period_seconds:
            times.popleft()
        return len(times)

    def _refuse_queued(self) -> None:
        """Finishes every call still in the mailbox: none is left waiting for nobody."""
        while True:
            try:
                message = self.inbox.receive_nowait()
            except (trio.WouldBlock, trio.EndOfChannel, trio.ClosedResourceError):
                return
            if isinstance(message, Call) and message.phase is Phase.QUEUED:
                message.finish(outcome.Error(Unavailable(f"{self.name} is stopped")))

    def _tell(self, kind: Callable[..., Any], *values: Any) -> None:
        for observer in self.observers:
            observer.observe(kind(*values))
