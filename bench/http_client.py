"""Raw HTTP/1.1 on plain asyncio for the load client: no HTTP library, so that it costs little.

`Target` says what is measured and how to ask it; `Control` speaks to the mock upstream's own
routes. Every connection carries its own `X-Claude-Code-Session-Id`: a gateway may well end a
request when a newer copy of it comes in the same conversation, and here all requests are copies.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bodies import MESSAGES, Dialect

ANSWER_SECONDS_MAX = 60.0
Sink = Callable[[bytes], None]


class LoadError(Exception):
    """A peer did not answer as it must; the message says what it did."""


class Connection(asyncio.Protocol):
    """One keep-alive connection, one request at a time; body bytes go to a sink as they come."""

    def __init__(self) -> None:
        self.closed = False
        self.head = bytearray()
        self.answered: asyncio.Future[int] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Fails the request that is under way, if any."""
        self.closed = True
        if self.answered is not None and not self.answered.done():
            self.answered.set_exception(LoadError(f"closed early: {exc!r} {bytes(self.head)!r}"))

    async def send(self, request: bytes, sink: Sink) -> None:
        """Sends a request and waits for the whole answer; raises LoadError unless it is a 200."""
        status = await asyncio.wait_for(self.start(request, sink), ANSWER_SECONDS_MAX)
        if status != 200:
            raise LoadError(f"status {status}: {bytes(self.head)!r}")

    def start(self, request: bytes, sink: Sink) -> asyncio.Future[int]:
        """Sends a request; the future gets the status when the whole answer is there."""
        self.head.clear()
        self.in_body = False
        self.tail = b""
        self.sink = sink
        self.answered = asyncio.get_running_loop().create_future()
        self.transport.write(request)
        return self.answered

    def data_received(self, data: bytes) -> None:
        """Follows an answer just closely enough to see its end."""
        if not self.in_body:
            self.head += data
            head_bytes = self.head.find(b"\r\n\r\n")
            if head_bytes < 0:
                return
            data = bytes(self.head[head_bytes + 4 :])
            self.start_body(bytes(self.head[:head_bytes]).lower())
        self.sink(data)
        if self.chunked:
            self.tail = (self.tail + data)[-7:]
            ended = self.tail == b"\r\n0\r\n\r\n"
        else:
            self.body_bytes_left -= len(data)
            ended = self.body_bytes_left <= 0
        if ended and self.answered is not None and not self.answered.done():
            self.answered.set_result(int(self.head[9:12]))

    def start_body(self, head: bytes) -> None:
        """Reads from a head how long its body is."""
        self.in_body = True
        self.chunked = b"\r\ntransfer-encoding: chunked" in head
        self.body_bytes_left = 0
        if not self.chunked:
            length_at = head.index(b"\r\ncontent-length:") + 17
            self.body_bytes_left = int(head[length_at:].split(b"\r\n", 1)[0])


def ignore(data: bytes) -> None:
    """A sink for bytes that nobody looks at."""


@dataclass(frozen=True)
class Target:
    """What is measured: where it listens, what it speaks, which model id it knows, its key."""

    base_url: str
    model: str = "mock"
    key: str = "key"
    dialect: Dialect = MESSAGES

    @asynccontextmanager
    async def connected(self) -> AsyncGenerator[Connection]:
        """Opens a connection and closes it at the end."""
        parts = urlsplit(self.base_url)
        assert parts.hostname is not None
        assert parts.port is not None
        loop = asyncio.get_running_loop()
        transport, connection = await loop.create_connection(Connection, parts.hostname, parts.port)
        try:
            yield connection
        finally:
            transport.close()

    def request(self, *, streamed: bool, large: bool = False) -> bytes:
        """Encodes a request with a session id of its own, to be used on one connection."""
        body = self.dialect.make_body(self.model, streamed, large)
        accept = "text/event-stream" if streamed else "application/json"
        lines = [
            f"POST {self.dialect.path} HTTP/1.1",
            f"host: {urlsplit(self.base_url).netloc}",
            "content-type: application/json",
            f"content-length: {len(body)}",
            f"accept: {accept}",
            f"x-api-key: {self.key}",
            "anthropic-version: 2023-06-01",
            f"x-claude-code-session-id: {uuid.uuid4()}",
        ]
        return "\r\n".join([*lines, "", ""]).encode() + body


class Control:
    """The mock upstream's own routes."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self._target = Target(base_url)

    async def behave(self, tokens: int = 200, **seconds: float) -> None:
        """Sets how the mock answers: `token_seconds`, `hold_seconds`; what is not named is 0."""
        settings = {"tokens": tokens, "token_seconds": 0.0, "hold_seconds": 0.0, **seconds}
        async with self._target.connected() as connection:
            await self.ask(connection, "POST /_ctl", settings)

    async def ask(self, connection: Connection, route: str, body: object = None) -> Any:
        """Sends one request and returns the JSON of the answer."""
        encoded = b"" if body is None else json.dumps(body).encode()
        head = f"{route} HTTP/1.1\r\nhost: mock\r\ncontent-length: {len(encoded)}\r\n\r\n"
        received = bytearray()
        await connection.send(head.encode() + encoded, received.extend)
        return json.loads(received)

    @asynccontextmanager
    async def watched(self) -> AsyncGenerator[Callable[[], Awaitable[dict[str, Any]]]]:
        """Clears the log and yields a function that fetches its last entry, or {}."""
        async with self._target.connected() as connection:
            await self.ask(connection, "POST /_log")

            async def last_exchange() -> dict[str, Any]:
                log = await self.ask(connection, "GET /_log")
                return log[-1] if log else {}

            yield last_exchange
