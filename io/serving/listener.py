"""The accept loop: who may connect, how many, and how it all comes to an end.

`trio.serve_listeners` accepts; it waits and goes on when descriptors run out. Every connection
has a supervisor of its own here, so that nothing of one connection reaches another.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import trio
from hypercorn.config import Config
from hypercorn.trio.worker_context import WorkerContext
from hypercorn.typing import ASGIFramework
from trio.socket import SHUT_WR

from .connection import RECEIVE_BYTES, Connection
from .crash import contained_crashes
from .limits import ServingLimits

REFUSAL_TEXT = b"Too many connections: close some or try again later.\n"
REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: %d\r\n"
    b"retry-after: 1\r\nconnection: close\r\n\r\n%b"
) % (len(REFUSAL_TEXT), REFUSAL_TEXT)


@attrs.frozen
class ServerStatistics:
    """`open_connections` and `requests_in_flight` are now, `refused_connections` ever."""

    open_connections: int
    requests_in_flight: int
    refused_connections: int


class Server:
    """Connections of one ASGI application. Made by `serve_connections`."""

    def __init__(self, app: ASGIFramework, limits: ServingLimits) -> None:
        self._app = app
        self._limits = limits
        self._config = hypercorn_config(limits)
        self._context = WorkerContext(None)
        self._connections: dict[Connection, None] = {}
        self._refusals = 0
        self._refused_connections = 0
        self._accepting = trio.CancelScope()
        self._serving = trio.CancelScope()
        self._stopping = False

    def statistics(self) -> ServerStatistics:
        """Counts what is open and what was refused."""
        return ServerStatistics(
            open_connections=len(self._connections),
            requests_in_flight=sum(len(each.cycles) for each in self._connections),
            refused_connections=self._refused_connections,
        )

    def stop_accepting(self, *, grace_seconds: float) -> None:
        """Closes the listeners and the idle connections, and the server in the end.

        Requests in flight may finish for `grace_seconds` from the first call; then they are
        cancelled and their connections cut. `serve_connections` returns when all have ended.
        """
        if self._stopping:
            return
        self._stopping = True
        self._config.keep_alive_max_requests = 0  # answers from now on say `connection: close`
        self._accepting.cancel("the server stops")
        self._serving.deadline = trio.current_time() + grace_seconds
        for connection in self._connections:
            connection.stop()

    async def serve(
        self, listeners: Sequence[trio.SocketListener], task_status: trio.TaskStatus[Server]
    ) -> None:
        """Accepts and serves until stopped; closes the listeners in any case."""
        with self._serving:
            async with trio.open_nursery() as nursery:
                with self._accepting:
                    task_status.started(self)
                    await trio.serve_listeners(
                        self._handle, list(listeners), handler_nursery=nursery
                    )

    async def _handle(self, stream: trio.SocketStream) -> None:
        if self._stopping:
            return
        if len(self._connections) >= self._limits.connections:
            self._refused_connections += 1
            await self._refuse(stream)
            return
        connection = Connection(stream, self._app, self._config, self._context, self._limits)
        self._connections[connection] = None
        try:
            with contained_crashes("a connection"):
                await connection.run()
        finally:
            del self._connections[connection]

    async def _refuse(self, stream: trio.SocketStream) -> None:
        """Answers 503, then reads on unheard: unread bytes would destroy the answer."""
        if self._refusals >= self._limits.refusals:
            return
        self._refusals += 1
        try:
            with trio.move_on_after(self._limits.linger_seconds):
                await stream.socket.send(REFUSAL)
                stream.socket.shutdown(SHUT_WR)
                while await stream.socket.recv(RECEIVE_BYTES):
                    pass
        except OSError:
            pass  # the client has gone
        finally:
            self._refusals -= 1


def hypercorn_config(limits: ServingLimits) -> Config:
    """Makes hypercorn's configuration: no logs of its own, no `server` header."""
    config = Config()
    config.accesslog = None
    config.errorlog = None
    config.include_server_header = False
    config.h11_max_incomplete_size = limits.header_bytes
    config.keep_alive_max_requests = limits.requests_per_connection
    return config


async def serve_connections(
    app: ASGIFramework,
    listeners: Sequence[trio.SocketListener],
    limits: ServingLimits,
    *,
    task_status: trio.TaskStatus[Server] = trio.TASK_STATUS_IGNORED,
) -> None:
    """Serves `app` on `listeners`, which it closes, until the server it has started is stopped.

    `nursery.start` returns the `Server`. No exception of a handler or a client comes out of it;
    an accept error other than want of resources does, as OSError.
    """
    await Server(app, limits).serve(listeners, task_status)
