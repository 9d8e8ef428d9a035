"""A client that is only a socket, and the server it talks to."""

from __future__ import annotations

import struct

import attrs
import trio
from trio.socket import SO_LINGER, SO_RCVBUF, SOL_SOCKET
from understudy.io.serving.listener import Server

REQUEST = b"POST /turn HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n{}"
OK = b"\r\n\r\nok"


class Peer:
    """One connection to the server, from the client's end."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self.stream = stream
        self.received = b""

    async def send(self, data: bytes = REQUEST) -> None:
        """Sends bytes as they are."""
        await self.stream.send_all(data)

    async def receive_until(self, end: bytes) -> bytes:
        """Receives until `end` has come, and returns what came up to it and with it."""
        while end not in self.received:
            data = await self.stream.receive_some()
            assert data, f"the connection ended after {self.received[-200:]!r}"
            self.received += data
        head, _, self.received = self.received.partition(end)
        return head + end

    async def receive_all(self) -> bytes:
        """Receives until the clean end; trio.BrokenResourceError when the connection is cut."""
        while data := await self.stream.receive_some():
            self.received += data
        return self.received

    def reset(self) -> None:
        """Leaves by RST, as Claude Code does at Esc."""
        self.stream.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.stream.socket.close()

    def leave(self) -> None:
        """Leaves by FIN."""
        self.stream.socket.close()


@attrs.define
class Served:
    """A server under test; `ended` is set when `serve_connections` has returned."""

    server: Server
    port: int
    scope: trio.CancelScope
    ended: trio.Event
    peers: list[Peer] = attrs.Factory(list[Peer])

    async def connect(self, *, receive_buffer_bytes: int = 0) -> Peer:
        """Opens a connection; a small receive buffer makes a reader that stalls soon."""
        socket = trio.socket.socket()
        if receive_buffer_bytes:
            socket.setsockopt(SOL_SOCKET, SO_RCVBUF, receive_buffer_bytes)
        self.peers.append(Peer(trio.SocketStream(socket)))
        await socket.connect(("127.0.0.1", self.port))
        return self.peers[-1]
