"""The address of an actor: makes calls, cancels them, and joins what it has cancelled.

The same four verbs for everyone, with the same law: whoever leaves a call early closes its scope
and waits for the callee, shielded, up to the join bound. The only `except trio.Cancelled` among
the actors is here, to tell the callee and raise again.
"""

from __future__ import annotations

from typing import Any, TypeVar

import attrs
import trio

from ...protocols.actor import Message, Note, Sink, StreamMessage, TooSlow
from .call import Call, Phase
from .cell import Cell
from .stream import STREAM_SLOTS, ChannelSink, OpenStream

Item = TypeVar("Item")
Reply = TypeVar("Reply")


@attrs.frozen(eq=False)
class CellRef:
    """A `Ref` (see protocols.actor) to a cell of this process."""

    _cell: Cell

    @property
    def name(self) -> str:
        """The actor's name."""
        return self._cell.name

    @property
    def cell(self) -> Cell:
        """The actor's place in the system; for the system alone."""
        return self._cell

    async def ask(self, message: Message[Reply], *, timeout_seconds: float | None = None) -> Reply:
        """Asks and waits. Raises Refusal, Unavailable, CallFailed, TooSlow."""
        call = self._cell.new_call(message)
        reply: Reply
        if timeout_seconds is None:
            reply = await self._wait(call)
            return reply
        with trio.move_on_after(timeout_seconds):
            reply = await self._wait(call)
            return reply
        raise TooSlow(f"{self.name} did not answer within {timeout_seconds} s")

    async def delegate(self, message: StreamMessage[Item, Reply], sink: Sink[Item]) -> Reply:
        """Opens a stream whose items go straight to the reader of `sink`."""
        reply: Reply = await self._wait(self._cell.new_call(message, sink))
        return reply

    def open_stream(self, message: StreamMessage[Item, Reply]) -> OpenStream[Item, Reply]:
        """Opens a stream, to be used with `async with`."""
        send, receive = trio.open_memory_channel[Item](STREAM_SLOTS)
        call = self._cell.new_call(message, ChannelSink(send))
        call.outlet = send
        return OpenStream(call, self._cell, receive)

    def post(self, note: Note) -> bool:
        """Leaves a note without waiting; False when it was dropped."""
        return self._cell.post(note)

    async def _wait(self, call: Call) -> Any:
        await self._cell.enqueue(call)
        if call.phase is Phase.DONE:  # answered at once: nothing to wait for, only Esc to hear
            await trio.lowlevel.checkpoint_if_cancelled()
            return call.reply()
        try:
            await call.done.wait()
        except trio.Cancelled:
            await self._cell.leave(call, "the asker was cancelled")
            raise
        return call.reply()
