"""One accepted TCP connection: our socket handling around hypercorn's HTTP/1.1.

One task, the reader, watches the read side at all times: while a handler streams, before its
first byte and while it is silent. The client's FIN or RST cancels the handlers whose response is
not yet sent. Handlers run in tasks of their own and do the sending. Hypercorn's own `TCPServer`
is not used: it shields its sends from cancellation, spends two more tasks and three more wakes
on a request, and stops reading when a client pipelines.

Invariants: hypercorn's code runs between two suspensions, since `_emit` only collects bytes, so
the reader and the handlers never interleave inside it. The socket is closed the moment the
connection is known to be lost. An incomplete response ends in RST, never in FIN: the client must
not take a cut for an end.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, cast

import trio
from hypercorn.app_wrappers import ASGIWrapper
from hypercorn.config import Config
from hypercorn.events import Closed, Event, RawData, Updated
from hypercorn.trio.worker_context import WorkerContext
from hypercorn.typing import (
    AppWrapper,
    ASGIFramework,
    ASGIReceiveEvent,
    ASGISendEvent,
    ConnectionState,
    HTTPScope,
    Scope,
    TaskGroup,
)
from trio.socket import AF_INET, AF_INET6, SHUT_WR, SO_LINGER, SOL_SOCKET

from .crash import contained_crashes
from .cycle import Cycle
from .door import redacted
from .http11 import Http11
from .limits import ServingLimits

RECEIVE_BYTES = 64 * 1024
"""Asked of the socket at once."""

NO_LINGER = struct.pack("ii", 1, 0)

CRASH_ANSWER = (
    b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class IncompleteResponse(Exception):
    """A handler returned before its response was complete."""


class Connection:
    """A client's connection. A handler finds its own in `scope["state"]["connection"]`.

    Arguments: `stream` is closed by `run`; `config` and `context` are hypercorn's and shared by
    all connections of a server.
    """

    def __init__(
        self,
        stream: trio.SocketStream,
        app: ASGIFramework,
        config: Config,
        context: WorkerContext,
        limits: ServingLimits,
    ) -> None:
        self.cycles: dict[Cycle, None] = {}
        """The requests whose handlers have not returned, oldest first."""
        self.closed = False
        self._socket = stream.socket
        self._app = app
        self._limits = limits
        self._stopping = False
        self._closing = False
        """The last answer has been encoded; what the client still sends is not heard."""
        self._outgoing: list[bytes] = []
        self._send_lock = trio.Lock()
        self._head_deadline = math.inf
        self._patience = trio.CancelScope(
            deadline=trio.current_time() + limits.first_request_seconds
        )
        """Around the reader: how long the client may send nothing, whatever it is to send."""
        self._nursery: trio.Nursery | None = None
        self._receiving: Cycle | None = None
        self._protocol = Http11(
            ASGIWrapper(app),
            config,
            context,
            cast(TaskGroup, self),  # HTTP asks nothing of it but `spawn_app`
            ConnectionState({"connection": self}),
            False,
            self._address(self._socket.getpeername),
            self._address(self._socket.getsockname),
            self._emit,
        )

    async def run(self) -> None:
        """Serves the connection until it has ended, and closes it in any case."""
        try:
            async with trio.open_nursery() as nursery:
                self._nursery = nursery
                await self._read()
                nursery.cancel_scope.deadline = min(
                    nursery.cancel_scope.deadline,
                    trio.current_time() + self._limits.completion_seconds,
                )
        finally:
            self.close()

    def abort(self) -> None:
        """Cuts the connection now, by RST: the client sees a cut, never a clean end.

        The handler itself goes on, for at most `completion_seconds`, until it sends again.
        """
        if not self.closed:
            with suppress(OSError):
                self._socket.setsockopt(SOL_SOCKET, SO_LINGER, NO_LINGER)
            self.close()

    def close(self) -> None:
        """Closes the socket now; what was sent still reaches the client."""
        self.closed = True
        self._socket.close()
        self._patience.cancel("the connection is closed")  # the reader may be waiting for room

    def stop(self) -> None:
        """Ends the connection after the requests in flight, at once if there are none."""
        self._stopping = True
        if not self._closing and all(cycle.complete for cycle in self.cycles):
            self.close()

    async def spawn_app(
        self,
        app: AppWrapper,
        config: Config,
        scope: Scope,
        send: Callable[[ASGISendEvent | None], Awaitable[None]],
    ) -> Callable[[ASGIReceiveEvent], Awaitable[None]]:
        """Starts a request's handler; hypercorn calls this, with what it knows of the request."""
        assert self._nursery is not None, "requests are read only while running"
        cycle = Cycle(cast(HTTPScope, scope), send, self._put_out, self._flush)
        self.cycles[cycle] = None
        self._receiving = cycle
        self._nursery.start_soon(self._answer, cycle, cast(HTTPScope, scope))
        return cycle.put

    async def _answer(self, cycle: Cycle, scope: HTTPScope) -> None:
        try:
            with cycle.scope:
                with contained_crashes(
                    f"the handler of {scope['method']} {redacted(scope['path'])!r}"
                ):
                    await self._app(scope, cycle.receive, cycle.send)
                    if not (cycle.complete or self.closed):
                        raise IncompleteResponse
                if not (cycle.complete or cycle.response_begun or self.closed):
                    await self._answer_crash(cycle)
        finally:
            if not cycle.complete:
                self.abort()
            del self.cycles[cycle]

    async def _answer_crash(self, cycle: Cycle) -> None:
        cycle.end()
        self._closing = True
        self._outgoing.append(CRASH_ANSWER)
        await self._flush()
        cycle.complete = True

    async def _read(self) -> None:
        with suppress(trio.ClosedResourceError):
            with self._patience:
                while data := await self._receive():
                    if not self._closing:
                        await self._hear(data)
                self._lose("the client closed the connection")
            if not self.closed:
                await self._give_up()

    async def _receive(self) -> bytes:
        try:
            return await self._socket.recv(RECEIVE_BYTES)
        except OSError:
            return b""  # reset by the client

    async def _hear(self, data: bytes) -> None:
        await self._protocol.receive(data)
        if self._outgoing:
            await self._flush()
        self._set_patience()
        cycle = self._receiving
        if cycle is None:
            return
        if cycle.buffered_bytes >= self._limits.read_ahead_bytes:
            self._patience.deadline = math.inf
            await cycle.wait_room()
            self._set_patience()
        elif (
            not self._protocol.idle
            and self._protocol.read_ahead_bytes > self._limits.read_ahead_bytes
        ):
            self._lose("the client sent too much behind a request in flight")

    def _set_patience(self) -> None:
        if self._closing:
            return
        now = trio.current_time()
        if not self._protocol.idle:
            assert self._receiving is not None
            self._head_deadline = math.inf
            ended = self._receiving.request_ended
            deadline = math.inf if ended else now + self._limits.body_stall_seconds
        elif self._protocol.read_ahead_bytes:
            self._head_deadline = min(self._head_deadline, now + self._limits.header_seconds)
            deadline = self._head_deadline
        else:
            deadline = now + self._limits.keep_alive_seconds
        if deadline != self._patience.deadline:
            self._patience.deadline = deadline

    async def _give_up(self) -> None:
        """Ends the connection: the client's time to send something is over."""
        if not self._protocol.idle and not self._closing:
            self._lose("the client sent no more of its request")
        elif self._protocol.read_ahead_bytes and not self._closing:
            await self._protocol.time_out()
            await self._flush()
        self.close()

    def _lose(self, reason: str) -> None:
        """Closes what the client has left, and cancels the handlers that still answer it."""
        lost = [cycle for cycle in self.cycles if not cycle.complete]
        if lost:
            self.abort()
        self.close()
        for cycle in lost:
            cycle.scope.cancel(reason)

    async def _emit(self, event: Event) -> None:
        """Takes what hypercorn has for the connection: bytes to send, its end, its idleness."""
        if isinstance(event, RawData):
            if event.data:
                self._put_out(event.data)
        elif isinstance(event, Closed):
            self._closing = True
            for cycle in self.cycles:
                if not cycle.response_ended:
                    cycle.complete = True  # the answer given in its place is
                    cycle.scope.cancel("the client broke HTTP/1.1")
            if self._protocol.response_cut:
                self.abort()
        elif isinstance(event, Updated) and event.idle and not self._stopping:
            await self._protocol.resume()

    def _put_out(self, data: bytes) -> None:
        self._outgoing.append(data)

    async def _flush(self) -> None:
        """Sends what has been encoded, and ends the connection if that was its last."""
        try:
            self._send_lock.acquire_nowait()  # `acquire` would cost a wake
        except trio.WouldBlock:
            await self._send_lock.acquire()
        try:
            data, self._outgoing = b"".join(self._outgoing), []
            if self.closed:
                raise trio.ClosedResourceError
            if data:
                await self._transmit(data)
            else:
                await trio.lowlevel.checkpoint_if_cancelled()
        except trio.Cancelled:
            self.abort()
            raise
        except (OSError, trio.BrokenResourceError, trio.ClosedResourceError):
            self._lose("the client took no more of a response")
            await trio.lowlevel.checkpoint()
            raise trio.ClosedResourceError("the client's connection is closed") from None
        finally:
            self._send_lock.release()
        if self._closing or (self._stopping and self._protocol.idle):
            self._finish()
        elif self._protocol.idle:
            self._set_patience()

    async def _transmit(self, data: bytes) -> None:
        stall_seconds = self._limits.stall_seconds
        with trio.move_on_after(stall_seconds) as patience:
            sent = await self._socket.send(data)
            while sent < len(data):
                patience.deadline = trio.current_time() + stall_seconds
                sent += await self._socket.send(memoryview(data)[sent:])
        if patience.cancelled_caught:
            raise trio.BrokenResourceError("the client accepts no bytes")

    def _finish(self) -> None:
        """Says farewell: at once, or with FIN first while the client may still be sending."""
        self._closing = True
        if self.closed or self._socket.did_shutdown_SHUT_WR:
            return
        if self._protocol.quiet:
            self.close()
            return
        with suppress(OSError):
            self._socket.shutdown(SHUT_WR)
        self._patience.deadline = trio.current_time() + self._limits.linger_seconds

    def _address(self, name: Callable[[], Any]) -> tuple[str, int] | None:
        if self._socket.family not in (AF_INET, AF_INET6):
            return None
        try:
            host, port = name()[:2]
        except OSError:
            return None  # the client has gone already
        return str(host), int(port)
