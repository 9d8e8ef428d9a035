"""A client made of one socket: it sends a Messages request and can leave in either bad way.

No HTTP library stands between a test and the moment its FIN or RST goes out.
"""

from __future__ import annotations

import json
import socket
import struct
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Literal

import attrs
import h11
import trio

from .client import TOKEN

READ_BYTES = 65536

Leave = Literal["fin", "rst"]


def messages_request(
    model: str,
    scenario: str,
    *,
    stream: bool,
    padding_bytes: int = 0,
    session: str = "",
    note: str = "",
) -> bytes:
    """A whole POST /v1/messages as bytes; `note` is text beside the scenario.

    Without a session, the messages are all that says which conversation this is.
    """
    content = f"{'x' * padding_bytes} {note} SCN={scenario}"
    body = json.dumps(
        {
            "model": model,
            "max_tokens": 1000,
            "stream": stream,
            "messages": [{"role": "user", "content": content}],
        }
    ).encode()
    session_header = f"x-claude-code-session-id: {session}\r\n" if session else ""
    head = (
        "POST /v1/messages?beta=true HTTP/1.1\r\nhost: 127.0.0.1\r\n"
        "content-type: application/json\r\nanthropic-version: 2023-06-01\r\n"
        f"{session_header}authorization: Bearer {TOKEN}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@attrs.define(eq=False)
class PlainClient:
    """One connection; `received` is what came back so far."""

    stream: trio.SocketStream
    received: bytearray = attrs.field(factory=bytearray, repr=False)

    async def send(self, request: bytes) -> None:
        """Sends the bytes as they are."""
        await self.stream.send_all(request)

    async def wait_for(self, piece: bytes) -> None:
        """Reads until the piece has come; fails when the peer closes first."""
        while piece not in self.received:
            data = await self.stream.receive_some(READ_BYTES)
            assert data, f"closed before {piece!r} came; got {bytes(self.received[-500:])!r}"
            self.received += data

    async def read_response(self) -> tuple[int, bytes]:
        """Reads one whole response and returns its status and body; b"" for a cut-off body."""
        parser = h11.Connection(h11.CLIENT)
        parser.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
        parser.send(h11.EndOfMessage())
        if self.received:
            parser.receive_data(bytes(self.received))
        status = 0
        body = bytearray()
        while True:
            try:
                event = parser.next_event()
            except h11.RemoteProtocolError:
                return status, b""
            if event is h11.NEED_DATA:
                try:
                    parser.receive_data(await self.stream.receive_some(READ_BYTES))
                except trio.BrokenResourceError:
                    return status, b""
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                self.received.clear()
                return status, bytes(body)

    def leave(self, how: Leave) -> float:
        """Closes by RST, or sends FIN and stays readable; returns the moment right before."""
        now = time.monotonic()
        if how == "rst":
            linger = struct.pack("ii", 1, 0)
            self.stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.stream.socket.close()
        else:
            self.stream.socket.shutdown(socket.SHUT_WR)
        return now


@asynccontextmanager
async def open_plain_client(port: int) -> AsyncGenerator[PlainClient]:
    """Connects to 127.0.0.1 and closes on the way out, if nothing else has."""
    stream = await trio.open_tcp_stream("127.0.0.1", port)
    try:
        yield PlainClient(stream)
    finally:
        stream.socket.close()
