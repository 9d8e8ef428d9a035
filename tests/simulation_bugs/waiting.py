"""Bugs of waiting and leaving: scopes, shields, events, tasks and timers."""

# A bug is planted inside of what it breaks.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import Any

import pytest
import trio
from understudy.actors.backend.backend import Backend
from understudy.actors.backend.engine_keeper import EngineKeeper
from understudy.actors.backend.process_use import ProcessUse
from understudy.actors.conversations import FLUSH_SECONDS, Conversations
from understudy.actors.kernel.call import Call
from understudy.io.serving.connection import RECEIVE_BYTES
from understudy.io.serving.connection import Connection as ServedConnection
from understudy.protocols.actor import Sink
from understudy.protocols.records import TurnRecord

from .bug import Bug


def checkpoint_before_the_try(patch: pytest.MonkeyPatch) -> None:
    """Esc in the very step between taking a turn and the `try` that settles it."""
    whole = Backend.stream

    async def stream(self: Backend, message: Any, sink: Sink[Any]) -> TurnRecord:
        await trio.lowlevel.checkpoint()
        return await whole(self, message, sink)

    patch.setattr(Backend, "stream", stream)


def join_in_a_shield(patch: pytest.MonkeyPatch) -> None:
    """Who leaves a call waits for a callee that takes its time, for however long."""

    async def join(self: Call) -> bool:
        with trio.CancelScope(shield=True):
            await self.done.wait()
        return True

    patch.setattr(Call, "join", join)


def waiting_turns_are_not_told(patch: pytest.MonkeyPatch) -> None:
    """The event is replaced and never set: who waits for the old one waits for ever."""

    def note_change(self: EngineKeeper) -> None:
        self._changed = trio.Event()

    patch.setattr(EngineKeeper, "_note_change", note_change)


def endless_stream(patch: pytest.MonkeyPatch) -> None:
    """A stream holds whatever its reader does not take."""
    patch.setattr("understudy.actors.kernel.ref.STREAM_SLOTS", 1_000_000)


def ledger_without_back_off(patch: pytest.MonkeyPatch) -> None:
    """A disk that fails is asked again as soon as one that does not."""

    async def flush_forever(self: Conversations) -> None:
        while True:
            await self._wake.wait()
            await trio.sleep(FLUSH_SECONDS)
            await self._flush()

    patch.setattr(Conversations, "_flush_forever", flush_forever)


def engine_in_nobody_s_nursery(patch: pytest.MonkeyPatch) -> None:
    """The task that owns the process is not the actor's, and is not ended with it. Nor does it go
    when its lease of memory is lost, which would end it too."""

    async def obey(_self: EngineKeeper, *_: object) -> None:
        await trio.sleep_forever()

    def start(self: EngineKeeper) -> None:
        self._tended, self._queue = ProcessUse(), trio.CancelScope()
        self._tended.wait_for(self._waiting)
        trio.lowlevel.spawn_system_task(self._tend, self._tended, self._queue)

    patch.setattr(EngineKeeper, "_start", start)
    patch.setattr(EngineKeeper, "_obey", obey)


def hung_engine_is_left_alone(patch: pytest.MonkeyPatch) -> None:
    """Nobody looks whether the process that turns wait for still lives."""

    async def watch(_self: EngineKeeper, *_: object) -> None:
        await trio.sleep_forever()

    patch.setattr(EngineKeeper, "_watch", watch)


def reset_is_not_heard(patch: pytest.MonkeyPatch) -> None:
    """The server hears a client's FIN, and takes its RST for silence."""

    async def receive(self: ServedConnection) -> bytes:
        try:
            return await self._socket.recv(RECEIVE_BYTES)
        except OSError:
            await trio.sleep_forever()
            raise

    patch.setattr(ServedConnection, "_receive", receive)


BUGS = (
    Bug(
        "A turn that was left in its first moment is not in the ledger",
        checkpoint_before_the_try,
        "1 turns and 0 lines",
        point="esc/relayed/2/turn",
        step=26,
    ),
    Bug(
        "Esc takes as long as the slowest of those it has to reach",
        join_in_a_shield,
        "leaving slow took",
        point="kernel/house/0/slow",
    ),
    Bug(
        "The first question to a model on this machine waits for ever",
        waiting_turns_are_not_told,
        "waits for ever",
        "swarm",
        8,
    ),
    Bug(
        "Memory grows by whatever a client does not read",
        endless_stream,
        "bytes were taken for nobody",
        "stalled-reader",
        3,
    ),
    Bug(
        "A full disk keeps the machine busy",
        ledger_without_back_off,
        "times in vain",
        "disk-fails",
        3,
    ),
    Bug(
        "A model's process stays in memory when the server has gone",
        engine_in_nobody_s_nursery,
        "engine processes outlive the server",
        "swarm",
        3,
    ),
    Bug(
        "A model that hangs is never started anew",
        hung_engine_is_left_alone,
        "waits for ever",
        "swarm",
        123,
    ),
    Bug(
        "A terminal that was killed leaves its turns running",
        reset_is_not_heard,
        "upstream left in pass",
        "esc-mid-stream",
        1,
    ),
)
