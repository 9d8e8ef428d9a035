"""One life of an actor: serves the mailbox, each call in its own scope, until it ends or crashes.

A call that can be answered without awaiting is answered inside the mailbox loop; any other gets a
task. An exception in a call fails that call alone, unless it says that the actor's state is suspect
or too many have failed lately: then the incarnation is condemned, ends its calls, and raises.

A call to an actor that is waiting for mail is handed over at once, in the asker's own step, as a
channel hands its item to a waiting reader: it saves a scheduler step and changes no order.
"""

from __future__ import annotations

from collections.abc import Coroutine
from contextlib import suppress
from types import CoroutineType
from typing import TYPE_CHECKING, Any, cast

import outcome
import trio

from ...protocols.actor import (
    ActorError,
    CallFailed,
    Note,
    StreamMessage,
    SuspectState,
    Unavailable,
)
from .actor import Actor
from .call import Call, Phase, current_call
from .observer import CallDrained, CallEnded, CallStarted

if TYPE_CHECKING:
    from .cell import Cell

MAILBOX_MESSAGES = 256
STOP_SECONDS = 1.0
"""How long an actor's `stop` may take."""

Mail = trio.MemoryReceiveChannel[Call | Note]
Result = outcome.Value[Any] | outcome.Error


class Incarnation:
    """Serves for `cell`, which outlives it."""

    def __init__(self, cell: Cell, actor: Actor) -> None:
        self._cell = cell
        self._actor = actor
        self._limit = trio.Semaphore(actor.concurrency)
        self._calls: trio.Nursery | None = None
        self._inbox: Mail | None = None
        self._condemned: Exception | None = None

    async def live(self, inbox: Mail) -> None:
        """Lives until the mailbox is closed and the last call has ended, or raises the crash."""
        actor = self._actor
        async with trio.open_nursery() as background:
            actor.background = background
            await actor.start()
            try:
                async with trio.open_nursery() as calls:
                    self._calls = calls
                    await self._read_mail(inbox)
                if self._condemned is not None:
                    raise self._condemned
            finally:
                bound = trio.current_time() + STOP_SECONDS
                with trio.CancelScope(shield=True, deadline=bound):
                    await actor.stop()
            background.cancel_scope.cancel("the actor has stopped")

    def takes_at_once(self, call: Call) -> bool:
        """Takes a call past the mailbox, if the mailbox is empty and a place is free."""
        if self._inbox is None or self._condemned is not None:
            return False
        if not self._inbox.statistics().tasks_waiting_receive:
            return False  # busy, or handed something a moment ago that comes first
        try:
            self._limit.acquire_nowait()
        except trio.WouldBlock:
            return False
        if self._takes_no_place(call):
            self._limit.release()
        return True

    async def _read_mail(self, inbox: Mail) -> None:
        """Serves the mailbox until it is closed.

        A place among the running calls is taken first and a message after it, and nothing awaits
        between the message and its service: none is lost when the incarnation is cancelled.
        """
        free = False
        self._inbox = inbox
        try:
            while True:
                if not free:
                    await self._limit.acquire()
                message = await inbox.receive()
                free = self._takes_no_place(message)
                with suppress(trio.WouldBlock):
                    for _ in range(MAILBOX_MESSAGES):  # what is there is taken in one step
                        if not free:
                            self._limit.acquire_nowait()
                            free = True
                        message = inbox.receive_nowait()
                        free = self._takes_no_place(message)
        except trio.EndOfChannel:
            return
        finally:
            self._inbox = None

    def _takes_no_place(self, message: Call | Note) -> bool:
        """Serves one message, for which a place was taken; true if the place is free again."""
        if not isinstance(message, Call):
            self._actor.note(message)
            return True
        call, cell = message, self._cell
        if call.scope.cancel_called:
            return True
        call.phase = Phase.RUNNING
        cell.counters.running += 1
        if cell.observers:
            parent = 0 if call.parent is None else call.parent.number
            kind = type(call.message).__name__
            cell.tell(CallStarted, call.number, parent, cell.name, cell.rank, kind)
        work = self._begin(call)
        if work is None:
            return True
        assert self._calls is not None, "mail is read inside the nursery"
        self._calls.start_soon(self._work, call, work, name=cell.name)
        return False

    def _begin(self, call: Call) -> Coroutine[Any, Any, Any] | None:
        """Starts on a call: its coroutine, or None when it was answered at once."""
        message = call.message
        if isinstance(message, StreamMessage):
            assert call.sink is not None, "a stream message is opened or delegated, not asked"
            return self._actor.stream(message, call.sink)
        try:
            answer: Any = self._actor.handle(message)
        except ActorError as error:
            self._finish(call, outcome.Error(error), "refused")
        except Exception as crash:  # the supervisor: this call fails, the actor lives
            self._finish(call, outcome.Error(self._failure(call, crash)), "failed")
        else:
            if type(answer) is CoroutineType:
                return cast("Coroutine[Any, Any, Any]", answer)
            self._finish(call, outcome.Value(answer), "answered")
        return None

    async def _work(self, call: Call, work: Coroutine[Any, Any, Any]) -> None:
        """The task of one call."""
        current_call.set(call)
        ended: tuple[Result, str] = (
            outcome.Error(Unavailable(f"{self._cell.name} ended the call")),
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
        finally:
            self._finish(call, *ended)
            self._limit.release()

    def _finish(self, call: Call, result: Result, ending: str) -> None:
        cell = self._cell
        cell.counters.running -= 1
        cell.counters.count(ending)
        call.finish(result)
        if cell.observers or ending == "failed":
            error = result.error if isinstance(result, outcome.Error) else None
            tell = cell.tell_trouble if ending == "failed" else cell.tell
            tell(CallEnded, call.number, cell.name, ending, error)
        if call.draining:
            cell.counters.draining -= 1
            cell.tell_trouble(CallDrained, call.number, cell.name)

    def _failure(self, call: Call, crash: Exception) -> CallFailed:
        """Notes a failed call, and condemns the incarnation if that was one too many."""
        cell = self._cell
        kind = type(crash).__qualname__  # its words may quote the message, and errors are logged
        failure = CallFailed(f"{cell.name} failed on {type(call.message).__name__}: {kind}")
        failure.__cause__ = crash
        failures = cell.failures.note(cell.policy.period_seconds)
        if failures > cell.policy.intensity or isinstance(crash, SuspectState):
            self._condemned = self._condemned or crash
            if self._calls is not None:
                self._calls.cancel_scope.cancel("the actor is made anew")
        return failure
