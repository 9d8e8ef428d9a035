"""An upstream on a real socket that answers as a test says and remembers what it was asked."""

from __future__ import annotations

import struct
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import attrs
import trio
from trio.socket import SO_LINGER, SOL_SOCKET

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
FIRST = b'event: message_start\r\ndata: {"type":"message_start","message":{"usage":{}}}\r\n\r\n'
LAST = b'event: message_stop\ndata: {"type":"message_stop" }\n\n'
MESSAGE = b'{"type": "message", "content": [], "usage": {"input_tokens": 3, "output_tokens": 4}}'


def chunk(data: bytes) -> bytes:
    """One chunk of a chunked body; the last one for b""."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def plain(body: bytes, status: bytes = b"200 OK", extra: bytes = b"") -> bytes:
    """A whole response with a JSON body."""
    head = b"HTTP/1.1 %b\r\ncontent-type: application/json\r\n%bcontent-length: %d\r\n\r\n"
    return head % (status, extra, len(body)) + body


@attrs.frozen
class Asked:
    """A request as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes = attrs.field(repr=False)


@attrs.define
class Upstream:
    """`answer` is called with the connection for each request it gets, after it is noted."""

    port: int
    asked: list[Asked] = attrs.Factory(list[Asked])
    closed: trio.Event = attrs.field(factory=trio.Event)
    """A client has left a connection."""

    async def _answer_plainly(self, stream: trio.SocketStream) -> None:
        await stream.send_all(plain(MESSAGE))

    answer: Callable[[trio.SocketStream], Awaitable[None]] = attrs.field(
        default=attrs.Factory(lambda self: self._answer_plainly, takes_self=True)
    )

    async def serve(self, stream: trio.SocketStream) -> None:
        """Serves one connection until its client has left."""
        held = b""
        try:
            while True:
                while b"\r\n\r\n" not in held:
                    held += await received(stream)
                head, _, held = held.partition(b"\r\n\r\n")
                line, *rest = head.decode().split("\r\n")
                headers = dict(pair.split(": ", 1) for pair in rest)
                length = int(headers["content-length"])
                while len(held) < length:
                    held += await received(stream)
                self.asked.append(Asked(line, headers, held[:length]))
                held = held[length:]
                await self.answer(stream)
        except (trio.BrokenResourceError, trio.ClosedResourceError, trio.EndOfChannel):
            self.closed.set()
        finally:
            stream.socket.close()


async def received(stream: trio.SocketStream) -> bytes:
    """More bytes; EndOfChannel when there are none."""
    data = bytes(await stream.receive_some())
    if not data:
        raise trio.EndOfChannel
    return data


async def wait_left(stream: trio.SocketStream) -> None:
    """Never answers: returns by an exception when the client leaves."""
    while True:
        await received(stream)


def sending(*pieces: bytes) -> Callable[[trio.SocketStream], Awaitable[None]]:
    """Answers with these bytes, one read of the client's apart."""

    async def answer(stream: trio.SocketStream) -> None:
        for piece in pieces:
            await stream.send_all(piece)
            await trio.sleep(0.01)

    return answer


def cutting(*pieces: bytes) -> Callable[[trio.SocketStream], Awaitable[None]]:
    """Answers with these bytes and resets the connection."""

    async def answer(stream: trio.SocketStream) -> None:
        await sending(*pieces)(stream)
        stream.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        stream.socket.close()

    return answer


@asynccontextmanager
async def open_upstream() -> AsyncGenerator[Upstream]:
    """Listens on loopback until the block is left."""
    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    upstream = Upstream(int(listeners[0].socket.getsockname()[1]))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(partial(trio.serve_listeners, upstream.serve, listeners))
        try:
            yield upstream
        finally:
            nursery.cancel_scope.cancel()
