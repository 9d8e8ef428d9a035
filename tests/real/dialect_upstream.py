"""A scripted upstream of one of the dialects in `scripted_dialects`, on a loopback socket.

It answers each request with the step of its script whose turn it is, and keeps what it saw. What
is no request for an answer gets a 404 in words that name the path. With a `hold` it stops before
or in the middle of each answer and waits until its peer leaves.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Literal
from urllib.parse import urlsplit

import attrs
import h11
import trio

from .script import Script, step_for
from .scripted_dialects import ScriptedDialect
from .scripted_reply import Json

READ_BYTES = 65536

Hold = Literal["", "before", "middle"]


@attrs.frozen
class SeenRequest:
    """One request; `body` is {} where none came."""

    method: str
    target: str
    headers: dict[str, str]
    body: Json = attrs.field(repr=False)

    @property
    def path(self) -> str:
        """The target without its query."""
        return urlsplit(self.target).path


@attrs.define(eq=False)
class DialectUpstream:
    """The server; `requests` is in order of arrival.

    `left` has the moments, of `time.monotonic`, at which peers left answers that were held.
    """

    dialect: ScriptedDialect
    script: Script
    port: int = 0
    requests: list[SeenRequest] = attrs.field(factory=list[SeenRequest])
    hold: Hold = ""
    left: list[float] = attrs.field(factory=list[float])

    @property
    def base_url(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def asked(self) -> list[SeenRequest]:
        """The requests for an answer."""
        return [one for one in self.requests if self.dialect.answers(one.path)]

    async def serve(self, stream: trio.SocketStream) -> None:
        """Answers one connection's requests until the peer closes it."""
        protocol = h11.Connection(h11.SERVER)
        try:
            while (request := await self._receive(stream, protocol)) is not None:
                self.requests.append(request)
                await self._answer(stream, protocol, request)
                if protocol.our_state is not h11.DONE:
                    break
                protocol.start_next_cycle()
        except trio.BrokenResourceError:
            pass
        finally:
            await stream.aclose()

    async def _receive(
        self, stream: trio.SocketStream, protocol: h11.Connection
    ) -> SeenRequest | None:
        head: h11.Request | None = None
        body = b""
        while True:
            event = protocol.next_event()
            if event is h11.NEED_DATA:
                protocol.receive_data(await stream.receive_some(READ_BYTES))
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage) and head is not None:
                headers = {name.decode(): value.decode() for name, value in head.headers}
                parsed = json.loads(body or b"{}")
                return SeenRequest(head.method.decode(), head.target.decode(), headers, parsed)
            else:
                return None

    async def _answer(
        self, stream: trio.SocketStream, protocol: h11.Connection, request: SeenRequest
    ) -> None:
        status, kind = 200, "application/json"
        if not self.dialect.answers(request.path):
            status = 404
            said = [json.dumps({"error": {"message": f"nothing is at {request.path}"}}).encode()]
        else:
            step = step_for(self.script, self.dialect.results(request.body))
            if self.dialect.streams(request.path, request.body):
                kind = "text/event-stream"
                said = self.dialect.stream(step)
            else:
                said = [json.dumps(self.dialect.body(step)).encode()]
        head = h11.Response(status_code=status, headers=[("content-type", kind)])
        events = [head, *(h11.Data(data=one) for one in said), h11.EndOfMessage()]
        stop = {"": len(events), "before": 0, "middle": len(events) // 2}[self.hold]
        for event in events[:stop]:
            await stream.send_all(protocol.send(event) or b"")
        if stop < len(events):
            await self._wait_for_the_end(stream)

    async def _wait_for_the_end(self, stream: trio.SocketStream) -> None:
        with suppress(trio.BrokenResourceError):
            while await stream.receive_some(READ_BYTES):
                pass
        self.left.append(time.monotonic())


@asynccontextmanager
async def open_dialect_upstream(
    dialect: ScriptedDialect, script: Script
) -> AsyncGenerator[DialectUpstream]:
    """Serves on a free port of 127.0.0.1 while the block runs."""
    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    upstream = DialectUpstream(dialect, script, listeners[0].socket.getsockname()[1])
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.serve_listeners, upstream.serve, listeners)
        yield upstream
        nursery.cancel_scope.cancel()
