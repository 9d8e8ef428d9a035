"""A client of one request at a time, which sees exactly what came over its socket."""

from __future__ import annotations

import json
import struct
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import attrs
import h11
import trio
from trio.socket import SO_LINGER, SOL_SOCKET

TOKEN = "token-of-this-server"
BEARER = (("authorization", f"Bearer {TOKEN}"),)

HeaderPairs = tuple[tuple[str, str], ...]


@attrs.frozen
class Answer:
    """A response that came to its end."""

    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        """The body as JSON."""
        assert self.headers["content-type"] == "application/json", self.headers
        return json.loads(self.body)

    def error(self) -> tuple[str, str]:
        """The type and message of an error in the dialect."""
        found = self.json()
        assert found["type"] == "error"
        assert found["request_id"] == self.headers["request-id"]
        return found["error"]["type"], found["error"]["message"]


class Client:
    """One connection."""

    def __init__(self, stream: trio.SocketStream, port: int) -> None:
        self.stream = stream
        self.port = port
        self._h11 = h11.Connection(h11.CLIENT)

    async def start(
        self,
        method: str,
        target: str,
        headers: HeaderPairs = BEARER,
        body: bytes = b"",
        *,
        length: int | None = None,
    ) -> None:
        """Sends a request; `length` announces a body of another size than is sent."""
        pairs = dict(headers)
        pairs.setdefault("host", f"127.0.0.1:{self.port}")
        if "transfer-encoding" not in pairs:
            pairs.setdefault("content-length", str(len(body) if length is None else length))
        encoded = [(name.encode(), value.encode("latin-1")) for name, value in pairs.items()]
        request = h11.Request(method=method, target=target, headers=encoded)
        data = self._h11.send(request)
        assert data is not None
        await self.stream.send_all(data)
        if length is None and "transfer-encoding" not in pairs:
            await self.send_body(body)
            self._h11.send(h11.EndOfMessage())

    async def send_body(self, body: bytes) -> None:
        """Sends body bytes, as a chunk if the request said so."""
        if body:
            await self.stream.send_all(self._h11.send(h11.Data(data=body)) or b"")

    async def event(self) -> h11.Event:
        """The next event of the response."""
        while True:
            event = self._h11.next_event()
            if isinstance(event, h11.Event):
                return event
            assert event is h11.NEED_DATA, event
            self._h11.receive_data(await self.stream.receive_some())

    async def answer(self) -> Answer:
        """The whole response; h11.RemoteProtocolError if it ends early by FIN."""
        response = await self.event()
        assert isinstance(response, h11.Response), response
        headers = {name.decode(): value.decode() for name, value in response.headers}
        body = b""
        while isinstance(event := await self.event(), h11.Data):
            body += event.data
        assert isinstance(event, h11.EndOfMessage), event
        return Answer(response.status_code, headers, body)

    def next_request(self) -> None:
        """Makes the connection ready for its next request."""
        self._h11.start_next_cycle()

    def reset(self) -> None:
        """Leaves by RST."""
        self.stream.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
        self.stream.socket.close()


@asynccontextmanager
async def connect(port: int) -> AsyncGenerator[Client]:
    """Opens a connection to the server."""
    stream = await trio.open_tcp_stream("127.0.0.1", port)
    try:
        yield Client(stream, port)
    finally:
        stream.socket.close()
