"""A peer that does to a client what a test says: a script per connection, on raw Trio streams.

A script is an async function of a `PeerConnection`. It may answer, cut at any byte, reset, fall
silent, or wait until the client has closed. The peer counts what it saw.
"""

from __future__ import annotations

import socket
import ssl
import struct
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import attrs
import trio

READ_BYTES = 256 * 1024

OK_HELLO = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"
"""The least answer: a body, and a connection that may be used again."""


@attrs.frozen
class ReceivedRequest:
    """A request as it arrived."""

    head: bytes
    body: bytes

    @property
    def line(self) -> bytes:
        """The request line."""
        return self.head.split(b"\r\n")[0]

    @property
    def header_lines(self) -> list[bytes]:
        """The headers as they were written."""
        return self.head.split(b"\r\n")[1:]


class PeerConnection:
    """One accepted connection; `number` counts from 0."""

    def __init__(self, stream: trio.SocketStream, number: int) -> None:
        self.socket_stream = stream
        self.stream: trio.abc.Stream = stream
        self.number = number
        self._secure: trio.SSLStream[trio.abc.Stream] | None = None
        self._buffer = b""

    async def start_tls(self, context: ssl.SSLContext) -> None:
        """Serves TLS on the connection from here on."""
        secure = trio.SSLStream(self.stream, context, server_side=True, https_compatible=True)
        self.stream = self._secure = secure
        await secure.do_handshake()

    def agreed_protocol(self) -> object:
        """The protocol that was agreed on by ALPN, if any."""
        return self._secure.selected_alpn_protocol() if self._secure else None

    async def read_head(self) -> bytes:
        """Reads up to the empty line; raises EndOfChannel when the client has closed."""
        while b"\r\n\r\n" not in self._buffer:
            await self._fill()
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        return head

    async def read_request(self) -> ReceivedRequest:
        """Reads a head and the body that Content-Length announces."""
        head = await self.read_head()
        return ReceivedRequest(head, await self.read_body(head))

    async def read_body(self, head: bytes) -> bytes:
        """Reads as many bytes as Content-Length announces."""
        length = 0
        for line in head.lower().split(b"\r\n"):
            if line.startswith(b"content-length:"):
                length = int(line.partition(b":")[2])
        while len(self._buffer) < length:
            await self._fill()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return body

    async def send(self, data: bytes) -> None:
        """Sends all of it."""
        await self.stream.send_all(data)

    async def answer(self, data: bytes = OK_HELLO) -> ReceivedRequest:
        """Reads a request and answers with these bytes."""
        request = await self.read_request()
        await self.send(data)
        return request

    async def wait_closed(self) -> None:
        """Waits until the client has closed, whatever it still sends."""
        try:
            while await self.stream.receive_some(READ_BYTES):
                pass
        except trio.BrokenResourceError:
            pass

    def cut(self) -> None:
        """Closes the socket at once, without a farewell."""
        self.socket_stream.socket.close()

    def reset(self) -> None:
        """Closes the socket with a reset."""
        linger = struct.pack("ii", 1, 0)
        self.socket_stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.cut()

    async def _fill(self) -> None:
        data = await self.stream.receive_some(READ_BYTES)
        if not data:
            raise trio.EndOfChannel
        self._buffer += data


Script = Callable[[PeerConnection], Awaitable[None]]


async def always_hello(connection: PeerConnection) -> None:
    """Answers each request with `OK_HELLO`."""
    while True:
        await connection.answer()


class Peer:
    """Where the peer listens, and how many connections it accepted."""

    def __init__(self, scheme: str, port: int) -> None:
        self.scheme = scheme
        self.port = port
        self.connections = 0

    def url(self, path: str = "/", *, host: str = "127.0.0.1") -> str:
        """An absolute URL on this peer."""
        return f"{self.scheme}://{host}:{self.port}{path}"


@asynccontextmanager
async def open_peer(script: Script, context: ssl.SSLContext | None) -> AsyncGenerator[Peer]:
    """Serves the script on loopback, over TLS if a context is given; closes all at the end."""
    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    address: tuple[str, int] = listeners[0].socket.getsockname()
    peer = Peer("https" if context else "http", address[1])
    async with trio.open_nursery() as nursery:
        handler = partial(_serve, peer, script, context)
        nursery.start_soon(partial(trio.serve_listeners, handler, listeners))
        try:
            yield peer
        finally:
            nursery.cancel_scope.cancel()


async def _serve(
    peer: Peer, script: Script, context: ssl.SSLContext | None, stream: trio.SocketStream
) -> None:
    connection = PeerConnection(stream, peer.connections)
    peer.connections += 1
    try:
        if context is not None:
            await connection.start_tls(context)
        await script(connection)
    except (trio.BrokenResourceError, trio.ClosedResourceError, trio.EndOfChannel):
        pass  # the client has left, or the script itself has cut the line
    finally:
        connection.cut()
