"""The two ends of an answer in many parts: a bounded memory channel tied to a call.

Each item is all that one read upstream yielded, so a slow reader holds at most SLOTS items and then
slows the sender. The reader leaving closes the channel and the call's scope; the sender learns of
it by cancellation or, one step earlier, by ReaderLeft at its next send.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import TracebackType
from typing import Generic, TypeVar

import attrs
import trio

from ...protocols.actor import ReaderLeft
from .call import Call
from .cell import Cell

STREAM_SLOTS = 8
"""Items a stream holds between its two ends."""

Item = TypeVar("Item")
Reply = TypeVar("Reply")


@attrs.define(eq=False)
class ChannelSink(Generic[Item]):
    """The sending end. Sends without a scheduler step while there is room."""

    channel: trio.MemorySendChannel[Item]
    used: bool = False

    def offer(self, item: Item, /) -> bool:
        """Passes one item on if a slot is free; false if not, or if the reader has left."""
        try:
            self.channel.send_nowait(item)
        except (trio.WouldBlock, trio.BrokenResourceError):
            return False
        self.used = True
        return True

    async def send(self, item: Item, /) -> None:
        """Passes one item on; waits while all slots are taken. Raises ReaderLeft."""
        self.used = True
        try:
            self.channel.send_nowait(item)
        except trio.WouldBlock:
            try:
                await self.channel.send(item)
            except trio.BrokenResourceError:
                raise ReaderLeft from None
        except trio.BrokenResourceError:
            raise ReaderLeft from None


@attrs.define(eq=False)
class OpenStream(Generic[Item, Reply]):
    """The reading end; an async context manager that closes and joins the call it reads."""

    call: Call
    cell: Cell
    channel: trio.MemoryReceiveChannel[Item]

    async def __aenter__(self) -> OpenStream[Item, Reply]:
        await self.cell.enqueue(self.call)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.channel.close()
        await self.cell.leave(self.call, "the reader left the stream")

    def __aiter__(self) -> AsyncIterator[Item]:
        return self

    async def __anext__(self) -> Item:
        try:
            return await self.receive()
        except trio.EndOfChannel:
            raise StopAsyncIteration from None

    async def receive(self) -> Item:
        """Waits for the next item; at the end raises trio.EndOfChannel or the callee's error."""
        try:
            return self.channel.receive_nowait()
        except trio.WouldBlock:
            pass
        except trio.EndOfChannel:
            self.call.reply()
            raise
        try:
            return await self.channel.receive()
        except trio.EndOfChannel:
            self.call.reply()
            raise

    async def reply(self) -> Reply:
        """Waits for the reply, dropping unread items. Raises the callee's error."""
        async for _ in self:
            pass
        reply: Reply = self.call.reply()
        return reply
