"""A scripted Anthropic Messages upstream on a loopback socket, and a record of what it saw.

Sockets are read all the time, also while a response streams or nothing is said: the moment a
peer closes, by FIN or by RST, is recorded with the request it ended. All times are seconds of
`time.monotonic`, which all processes of a machine share. Nothing is ever written to a file: a
client's requests hold its own prompts.

Alone: `cd tests && python -m real.scripted_upstream --port 9000`.
"""

from __future__ import annotations

import argparse
import collections
import errno
import functools
import json
import math
import socket
import struct
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Literal

import attrs
import h11
import trio

from . import scenarios, scenarios_failing
from .scenario import read_turn
from .scripted_reply import Cut, Json, Reply

READ_BYTES = 65536
HEAD_BYTES_MAX = 65536
TCP_CLOSE = 7
RESET_ON_CLOSE = struct.pack("ii", 1, 0)
SCENARIOS = {**scenarios.SCENARIOS, **scenarios_failing.SCENARIOS}


def how_closed(stream: trio.SocketStream) -> Literal["fin", "rst"]:
    """Tells how a peer closed whose end of data was read just now.

    A send that meets an RST takes the error away from the read beside it, which then sees a plain
    end; Linux still knows that the connection is gone and not merely half closed.
    """
    tcp_info: int | None = getattr(socket, "TCP_INFO", None)
    if tcp_info is None:
        return "fin"
    state = stream.socket.getsockopt(socket.IPPROTO_TCP, tcp_info, 1)[0]
    return "rst" if state == TCP_CLOSE else "fin"


class PeerClosedError(Exception):
    """The peer closed the connection while it was being answered."""


@attrs.frozen
class Close:
    """When and how the peer closed."""

    at: float
    how: Literal["fin", "rst"]


@attrs.define(eq=False)
class RecordedRequest:
    """One request and its end; `close` stays None when the whole answer went out."""

    connection: int
    method: str
    target: str
    headers: dict[str, str]
    body: bytes = attrs.field(repr=False)
    arrived: float
    scenario: str = ""
    status: int | None = None
    finished: bool = False
    close: Close | None = None
    body_started: trio.Event = attrs.field(factory=trio.Event, repr=False)
    ended: trio.Event = attrs.field(factory=trio.Event, repr=False)

    @property
    def json(self) -> Json:
        """The body as JSON; an empty body is an empty object."""
        parsed: Json = json.loads(self.body or b"{}")
        return parsed

    @property
    def streaming(self) -> bool:
        """Whether the request asked for a stream."""
        return bool(self.json.get("stream"))


@attrs.define(eq=False)
class ScriptedUpstream:
    """The server; `requests` is in order of arrival."""

    port: int
    requests: list[RecordedRequest] = attrs.field(factory=list[RecordedRequest])
    failing: tuple[int, str] | None = None
    """The status and the error type that every request for a message gets from now on."""
    open_connections: int = 0
    connections_seen: int = 0
    _attempts: collections.Counter[str] = attrs.field(factory=collections.Counter[str])
    _changed: trio.Event = attrs.field(factory=trio.Event)

    @property
    def base_url(self) -> str:
        """The address for a client's settings."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def message_requests(self) -> list[RecordedRequest]:
        """The requests for messages, without token counts and model lists."""
        return [one for one in self.requests if one.target.split("?")[0] == "/v1/messages"]

    async def wait_for_message(
        self, fits: Callable[[RecordedRequest], bool], *, after: int = 0
    ) -> RecordedRequest:
        """Waits for a message request that fits, passing over the first `after` ones."""
        while True:
            changed = self._changed
            for request in self.message_requests[after:]:
                if fits(request):
                    return request
            await changed.wait()

    def record(self, request: RecordedRequest) -> None:
        """Adds a request and wakes who waits for one."""
        self.requests.append(request)
        self._changed.set()
        self._changed = trio.Event()

    def next_attempt(self, scenario: str) -> int:
        """Counts a scenario's requests, from 0."""
        self._attempts[scenario] += 1
        return self._attempts[scenario] - 1

    async def serve(self, stream: trio.SocketStream) -> None:
        """Serves one connection until either side closes it."""
        self.open_connections += 1
        self.connections_seen += 1
        connection = _Connection(self, stream, self.connections_seen)
        try:
            async with trio.open_nursery() as nursery:
                nursery.start_soon(connection.watch, nursery.cancel_scope)
                await connection.answer_all()
                nursery.cancel_scope.cancel()
        finally:
            stream.socket.close()
            self.open_connections -= 1


@attrs.define(eq=False)
class _Connection:
    """One connection: `watch` reads, `answer_all` speaks; it is the `Wire` of its replies."""

    _upstream: ScriptedUpstream
    _stream: trio.SocketStream
    _number: int
    _protocol: h11.Connection = attrs.field(
        factory=functools.partial(
            h11.Connection, h11.SERVER, max_incomplete_event_size=HEAD_BYTES_MAX
        )
    )
    _arrived: trio.Event = attrs.field(factory=trio.Event)
    _current: RecordedRequest | None = None
    _closed: Close | None = None

    async def watch(self, cancel_scope: trio.CancelScope) -> None:
        """Reads until the peer closes, then ends whatever is being answered."""
        while True:
            try:
                data = await self._stream.receive_some(READ_BYTES)
            except trio.BrokenResourceError:
                self._note_close("rst")
                break
            if not data:
                self._note_close(how_closed(self._stream))
                break
            self._protocol.receive_data(data)
            self._arrived.set()
            self._arrived = trio.Event()
        cancel_scope.cancel()

    def _note_close(self, how: Literal["fin", "rst"]) -> None:
        self._closed = self._closed or Close(time.monotonic(), how)
        if self._current is not None:
            self._end_unanswered(self._current, self._closed)

    def _end_unanswered(self, request: RecordedRequest, close: Close) -> None:
        if not request.ended.is_set():
            request.close = close
            request.ended.set()

    async def answer_all(self) -> None:
        """Answers request after request while the connection may be kept."""
        try:
            while await self._answer_next():
                self._protocol.start_next_cycle()
        except PeerClosedError:
            pass

    async def _answer_next(self) -> bool:
        head = await self._next_event()
        assert isinstance(head, h11.Request), head
        pieces: list[bytes] = []
        while not isinstance(event := await self._next_event(), h11.EndOfMessage):
            assert isinstance(event, h11.Data), event
            pieces.append(bytes(event.data))
        request = RecordedRequest(
            connection=self._number,
            method=head.method.decode(),
            target=head.target.decode(),
            headers={name.decode(): value.decode("latin-1") for name, value in head.headers},
            body=b"".join(pieces),
            arrived=time.monotonic(),
        )
        self._current = request
        if self._closed is not None:
            self._end_unanswered(request, self._closed)
        await self._route(request)
        return self._protocol.our_state is h11.DONE

    async def _next_event(self) -> h11.Event:
        while True:
            arrived = self._arrived
            event = self._protocol.next_event()
            if event is h11.NEED_DATA:
                await arrived.wait()
                continue
            assert isinstance(event, h11.Event), event
            return event

    async def _route(self, request: RecordedRequest) -> None:
        path = request.target.split("?")[0]
        body = request.json if request.method == "POST" else {}
        reply = Reply(self, bool(body.get("stream")), str(body.get("model")))
        if path == "/v1/messages":
            turn = read_turn(body, self._upstream.next_attempt)
            request.scenario = turn.text
            self._upstream.record(request)
            scenario = SCENARIOS.get(turn.name)
            if self._upstream.failing is not None:
                await reply.error(*self._upstream.failing, "as scripted")
            elif scenario is None:
                message = f"no scenario {turn.name!r}; there are: {' '.join(sorted(SCENARIOS))}"
                await reply.error(400, "invalid_request_error", message)
            else:
                await scenario(reply, turn)
            return
        self._upstream.record(request)
        if path == "/v1/messages/count_tokens":
            await reply.json(200, {"input_tokens": max(1, len(request.body) // 4)})
        elif request.method == "HEAD":  # as the client asks whether anybody is there
            await self.send_head(404, {"content-length": "0"})
            await self.end_body()
        else:
            await reply.error(404, "not_found_error", f"nothing is at {path}")

    async def send_head(self, status: int, headers: Mapping[str, str]) -> None:
        """See `Wire`."""
        assert self._current is not None
        self._current.status = status
        await self._send(h11.Response(status_code=status, headers=list(headers.items())))

    async def send_body(self, data: bytes) -> None:
        """See `Wire`."""
        assert self._current is not None
        await self._send(h11.Data(data=data))
        self._current.body_started.set()

    async def end_body(self) -> None:
        """See `Wire`."""
        assert self._current is not None
        await self._send(h11.EndOfMessage())
        self._current.finished = True
        self._current.ended.set()

    async def cut(self, how: Cut) -> None:
        """See `Wire`."""
        assert self._current is not None
        if how == "eof":
            await self._send(h11.EndOfMessage())
            self._current.ended.set()
            return
        self._current.ended.set()
        if how == "rst":
            self._stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        raise PeerClosedError

    async def _send(self, event: h11.Event) -> None:
        data = self._protocol.send(event)
        try:
            await self._stream.send_all(data or b"")
        except trio.BrokenResourceError as error:
            cause = error.__cause__
            reset = isinstance(cause, OSError) and cause.errno in (errno.ECONNRESET, errno.EPIPE)
            self._note_close("rst" if reset else "fin")
            raise PeerClosedError from error


@asynccontextmanager
async def open_scripted_upstream(port: int = 0) -> AsyncGenerator[ScriptedUpstream]:
    """Serves on 127.0.0.1 (port 0: any free one) while the block runs."""
    listeners = await trio.open_tcp_listeners(port, host="127.0.0.1")
    upstream = ScriptedUpstream(listeners[0].socket.getsockname()[1])
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.serve_listeners, upstream.serve, listeners)
        yield upstream
        nursery.cancel_scope.cancel()


async def _serve_alone(port: int) -> None:
    async with open_scripted_upstream(port) as upstream:
        print(f"ready {upstream.base_url}", flush=True)
        await trio.sleep(math.inf)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="A scripted Anthropic Messages upstream.")
    parser.add_argument("--port", type=int, default=0, help="0 takes any free port")
    try:
        trio.run(_serve_alone, parser.parse_args().port)
    except KeyboardInterrupt:
        print("stopped")
