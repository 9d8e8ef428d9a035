"""A faulty endpoint on real sockets: it answers with its name, or fails in a way that is drawn.

Each exchange is written down, with the key, the marker of the client's turn and the moments, all
by one clock: so the judges of the storm can hold all endpoints together.
"""

from __future__ import annotations

import json
import random
import re
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from functools import partial

import attrs
import h11
import trio

FAULT_CHANCE = 0.2
REFUSALS = (401, 404, 429, 500, 500, 503, 529, 529)
FAULTS = (
    "refuses",
    "refuses",
    "cuts",
    "breaks off",
    "hangs",
    "slow",
    "garbage",
    "redirects",
    "says",
)
HANG_SECONDS = 5.0
_MARKER = re.compile(rb"<turn ([^>]{1,40})>")


@attrs.define(eq=False)
class Exchange:
    """A turn that an endpoint was asked; moments are of Trio's clock, -1.0 for never.

    `begun` if the head of an answer was sent, and no refusal.
    """

    endpoint: str
    marker: str
    key: str
    private: bool
    asked_seconds: float
    fault: str = ""
    status: int = 0
    begun: bool = False
    ended_seconds: float = -1.0


@attrs.define(eq=False)
class RoutingPeer:
    """One endpoint. Once `is_calm` it answers everything."""

    name: str
    host: str
    log: list[Exchange]
    randomness: random.Random
    port: int = 0
    is_calm: bool = False

    @property
    def base_url(self) -> str:
        """Where it is."""
        return f"http://{self.host}:{self.port}"

    async def serve(self, stream: trio.SocketStream) -> None:
        """Serves one connection."""
        connection = h11.Connection(h11.SERVER)
        async with stream:
            try:
                while await self._serve_request(stream, connection):
                    connection.start_next_cycle()
            except (trio.BrokenResourceError, trio.ClosedResourceError, h11.ProtocolError):
                pass

    async def _serve_request(self, stream: trio.SocketStream, connection: h11.Connection) -> bool:
        read = await _read(stream, connection)
        if read is None:
            return False
        request, body = read
        if request.method == b"GET":  # a probe
            await stream.send_all(_message(connection, 200, b"{}"))
            return True
        marker = _MARKER.findall(body)
        exchange = Exchange(
            self.name,
            marker[-1].decode() if marker else "",
            dict(request.headers).get(b"x-api-key", b"").decode(),
            b"PRIVATE" in body,
            trio.current_time(),
        )
        self.log.append(exchange)
        if not self.is_calm and self.randomness.random() < FAULT_CHANCE:
            exchange.fault = self.randomness.choice(FAULTS)
        try:
            return await self._answer(
                stream, connection, exchange, streamed=b'"stream": true' in body
            )
        finally:
            exchange.ended_seconds = trio.current_time()

    async def _answer(
        self,
        stream: trio.SocketStream,
        connection: h11.Connection,
        exchange: Exchange,
        *,
        streamed: bool,
    ) -> bool:
        match exchange.fault:
            case "refuses":
                exchange.status = self.randomness.choice(REFUSALS)
                error = {"type": "error", "error": {"type": "api_error", "message": "as drawn"}}
                body = json.dumps(error).encode()
                await stream.send_all(_message(connection, exchange.status, body))
                return True
            case "redirects":
                exchange.status = 307
                await stream.send_all(_message(connection, 307, b"", (b"location", b"http://x/")))
                return True
            case "garbage":
                await stream.send_all(b"\x16\x03 this is no HTTP")
                return False
            case "cuts":
                return False
            case "hangs":
                await trio.sleep(HANG_SECONDS)
                return False
            case _:
                exchange.status = 200
        if not streamed:
            exchange.begun = True
            await stream.send_all(_message(connection, 200, _whole(self.name, exchange.marker)))
            return True
        return await self._stream(stream, connection, exchange)

    async def _stream(
        self, stream: trio.SocketStream, connection: h11.Connection, exchange: Exchange
    ) -> bool:
        events = _events(self.name, exchange.marker)
        if exchange.fault == "says":
            events = [_event("error", error={"type": "overloaded_error", "message": "as drawn"})]
        elif exchange.fault == "breaks off":
            events = events[: self.randomness.randrange(1, len(events) - 1)]
        head = h11.Response(status_code=200, headers=[(b"content-type", b"text/event-stream")])
        exchange.begun = True
        await stream.send_all(connection.send(head) or b"")
        for event in events:
            await trio.sleep(0.2 if exchange.fault == "slow" else 0.01)
            await stream.send_all(connection.send(h11.Data(data=event)) or b"")
        if exchange.fault == "breaks off":
            return False
        await stream.send_all(connection.send(h11.EndOfMessage()) or b"")
        return True


@asynccontextmanager
async def open_peers(
    remote: list[str], here: list[str], seed: int
) -> AsyncGenerator[tuple[dict[str, RoutingPeer], list[Exchange]]]:
    """Starts endpoints. An address that is not the loopback's is remote to the server's settings;
    0.0.0.0 is one by which a machine reaches itself all the same."""
    log: list[Exchange] = []
    peers: dict[str, RoutingPeer] = {}
    async with trio.open_nursery() as nursery:
        for number, name in enumerate((*remote, *here)):
            host = "0.0.0.0" if name in remote else "127.0.0.1"
            peer = peers[name] = RoutingPeer(name, host, log, random.Random(seed + number))
            listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
            peer.port = listeners[0].socket.getsockname()[1]
            for listener in listeners:
                listener.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            nursery.start_soon(partial(trio.serve_listeners, peer.serve, listeners))
        yield peers, log
        nursery.cancel_scope.cancel()


async def _read(
    stream: trio.SocketStream, connection: h11.Connection
) -> tuple[h11.Request, bytes] | None:
    request, body = None, b""
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await stream.receive_some(65_536))
        elif isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            return request, body
        else:
            return None


def _message(
    connection: h11.Connection, status: int, body: bytes, *headers: tuple[bytes, bytes]
) -> bytes:
    length = (b"content-length", b"%d" % len(body))
    shape = [(b"content-type", b"application/json"), length, *headers]
    parts = (
        h11.Response(status_code=status, headers=shape),
        h11.Data(data=body),
        h11.EndOfMessage(),
    )
    return b"".join(connection.send(part) or b"" for part in parts)


def _whole(name: str, marker: str) -> bytes:
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [{"type": "text", "text": f"{name} answers {marker}"}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": 7, "output_tokens": 3},
    }
    return json.dumps(message).encode()


def _event(kind: str, **data: object) -> bytes:
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n".encode()


def _events(name: str, marker: str) -> list[bytes]:
    start = json.loads(_whole(name, marker)) | {"content": [], "stop_reason": None}
    text = {"type": "text_delta", "text": f"{name} answers {marker}"}
    return [
        _event("message_start", message=start),
        _event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        _event("content_block_delta", index=0, delta=text),
        _event("content_block_stop", index=0),
        _event(
            "message_delta",
            delta={"stop_reason": "end_turn", "stop_sequence": None},
            usage={"output_tokens": 3},
        ),
        _event("message_stop"),
    ]
