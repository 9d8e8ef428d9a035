"""The floor: a bare ASGI pass-through on hypercorn and Trio; a gateway is held against it.

It does what no gateway on this stack can do without: hypercorn's TCPServer takes the request, the
body goes to the upstream over a pooled h11 connection, and whatever one upstream read yields goes
to the client in one send. A client that leaves closes the upstream connection. Nothing else: no
token, no routing, no look at any body, no limits, no guard against hypercorn's own hazards; plain
HTTP only. So it is lean and honest, and no server to be used.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from functools import partial
from urllib.parse import urlsplit

import h11
import trio
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.config import Config
from hypercorn.trio.tcp_server import TCPServer
from hypercorn.trio.worker_context import WorkerContext
from hypercorn.typing import (
    ASGIReceiveCallable,
    ASGISendCallable,
    ConnectionState,
    HTTPResponseBodyEvent,
    HTTPResponseStartEvent,
    HTTPScope,
    Scope,
)

READ_BYTES_MAX = 64 * 1024
KEEP_ALIVE_SECONDS = 300
RequestHeaders = list[tuple[bytes, bytes]]
HOP_BY_HOP = {b"connection", b"keep-alive", b"transfer-encoding", b"content-length", b"host"}


class UpstreamConnection:
    """One keep-alive connection to the upstream."""

    def __init__(self, stream: trio.SocketStream) -> None:
        self.stream = stream
        self.state = h11.Connection(h11.CLIENT)

    async def send(self, request: h11.Request, body: bytes) -> None:
        """Sends a whole request in one write."""
        parts = (self.state.send(request), self.state.send(h11.Data(body)))
        end = self.state.send(h11.EndOfMessage())
        await self.stream.send_all(b"".join(part for part in (*parts, end) if part))

    async def receive_head(self) -> h11.Response:
        """Waits for the response's head; passes over 1xx."""
        while True:
            event = self.state.next_event()
            if isinstance(event, h11.Response):
                return event
            if event is h11.NEED_DATA:
                await self.read()
            elif isinstance(event, h11.ConnectionClosed):
                raise trio.BrokenResourceError("the upstream closed the connection")

    async def receive_body(self) -> tuple[bytes, bool]:
        """Waits for body bytes; returns all that one read yielded, and whether more will come."""
        parts: list[bytes | bytearray] = []
        while True:
            event = self.state.next_event()
            if isinstance(event, h11.Data):
                parts.append(event.data)
            elif isinstance(event, h11.EndOfMessage):
                return b"".join(parts), False
            elif event is not h11.NEED_DATA:
                raise trio.BrokenResourceError(f"unexpected in a body: {event!r}")
            elif parts:
                return b"".join(parts), True
            else:
                await self.read()

    async def read(self) -> None:
        """Reads the socket once."""
        self.state.receive_data(await self.stream.receive_some(READ_BYTES_MAX))

    def reusable(self) -> bool:
        """Makes the connection ready for another request, if both sides allow it."""
        if self.state.our_state is h11.DONE and self.state.their_state is h11.DONE:
            self.state.start_next_cycle()
            return True
        return False


class Floor:
    """The ASGI application."""

    def __init__(self, upstream_url: str) -> None:
        parts = urlsplit(upstream_url)
        assert parts.hostname is not None
        assert parts.port is not None
        self.host, self.port = parts.hostname, parts.port
        self.idle: list[UpstreamConnection] = []

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Relays one request; a disconnect of the client ends it."""
        assert scope["type"] == "http"
        body = await receive_body(receive)
        async with trio.open_nursery() as nursery:
            nursery.start_soon(cancel_on_disconnect, receive, nursery.cancel_scope)
            await self.relay(scope, body, send)
            nursery.cancel_scope.cancel()

    async def relay(self, scope: HTTPScope, body: bytes, send: ASGISendCallable) -> None:
        """Forwards the request and sends the answer as it comes."""
        connection = await self.connect()
        try:
            headers = [*kept(scope["headers"]), (b"host", f"{self.host}:{self.port}".encode())]
            headers.append((b"content-length", str(len(body)).encode()))
            target = scope["raw_path"] + b"?" + scope["query_string"]
            request = h11.Request(method=scope["method"], target=target, headers=headers)
            await connection.send(request, body)
            response = await connection.receive_head()
            await send(response_start(response))
            data, more = await connection.receive_body()
            while more:
                await send(response_body(data, more))
                data, more = await connection.receive_body()
        except BaseException:
            await trio.aclose_forcefully(connection.stream)
            raise
        # Before the last send: hypercorn reports a finished response as a disconnect, too.
        await self.release(connection)
        await send(response_body(data, more))

    async def connect(self) -> UpstreamConnection:
        """Takes an idle connection or opens one."""
        if self.idle:
            return self.idle.pop()
        return UpstreamConnection(await trio.open_tcp_stream(self.host, self.port))

    async def release(self, connection: UpstreamConnection) -> None:
        """Keeps a connection for the next request, or closes it."""
        if connection.reusable():
            self.idle.append(connection)
        else:
            await trio.aclose_forcefully(connection.stream)


async def receive_body(receive: ASGIReceiveCallable) -> bytes:
    """Collects the request's body."""
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b"".join(parts)
        parts.append(message["body"])
        if not message["more_body"]:
            return b"".join(parts)


async def cancel_on_disconnect(receive: ASGIReceiveCallable, scope: trio.CancelScope) -> None:
    """Cancels the relay when the client leaves."""
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


def kept(headers: Iterable[tuple[bytes, bytes]]) -> RequestHeaders:
    """Leaves out the headers that belong to one connection."""
    return [(name, value) for name, value in headers if name not in HOP_BY_HOP]


def response_start(response: h11.Response) -> HTTPResponseStartEvent:
    """Makes the ASGI message of a response's head."""
    headers = [(n, v) for n, v in response.headers if n == b"content-length" or n not in HOP_BY_HOP]
    return {
        "type": "http.response.start",
        "status": response.status_code,
        "headers": headers,
        "trailers": False,
    }


def response_body(data: bytes, more: bool) -> HTTPResponseBodyEvent:
    """Makes the ASGI message of body bytes."""
    return {"type": "http.response.body", "body": data, "more_body": more}


async def serve(upstream_url: str, port: int) -> None:
    """Serves on a loopback port (0 = any) until killed; prints `ready http://127.0.0.1:PORT`."""
    config = Config()
    config.errorlog = None
    config.keep_alive_timeout = KEEP_ALIVE_SECONDS
    listeners = await trio.open_tcp_listeners(port, host="127.0.0.1")
    server = partial(
        TCPServer,
        ASGIWrapper(Floor(upstream_url)),
        config,
        WorkerContext(None),
        ConnectionState({}),
    )
    print(f"ready http://127.0.0.1:{listeners[0].socket.getsockname()[1]}", flush=True)
    await trio.serve_listeners(server, listeners)


def main() -> None:
    """Runs the floor as a program."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("upstream_url")
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    trio.run(serve, arguments.upstream_url, arguments.port)


if __name__ == "__main__":
    main()
