"""A transparent tap on a TCP connection, which logs every close on one clock.

It stands between two peers on loopback and passes bytes on. A FIN is passed on as a FIN with the
other direction left open, an RST as an RST. Of the bytes only the port in the client's Host
header is changed, from the tap's to the server's, because a server may check it. What a peer did
and when is kept in `closes`; all taps of a test and its scripted upstream share `time.monotonic`,
so that the difference of two closes is the time that what lies between them took.
"""

from __future__ import annotations

import itertools
import socket
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Literal

import attrs
import trio

from .scripted_upstream import RESET_ON_CLOSE, how_closed

READ_BYTES = 65536
MESSAGE_START = b"event: message_start"

Side = Literal["client", "server"]


@attrs.frozen
class TappedClose:
    """A side's FIN or RST as it arrived at the tap; `connection` counts from 1."""

    connection: int
    side: Side
    how: Literal["fin", "rst"]
    at: float


@attrs.define(eq=False)
class Tap:
    """A listening tap; put `base_url` where the server's address would be."""

    port: int
    server_port: int
    closes: list[TappedClose] = attrs.field(factory=list[TappedClose])
    answers_begun: int = 0
    """How many streamed answers the server has opened."""
    _numbers: itertools.count[int] = attrs.field(factory=lambda: itertools.count(1))

    @property
    def _host(self) -> tuple[bytes, bytes]:
        """The tap's host and port, and the server's, as headers have them."""
        return f"127.0.0.1:{self.port}".encode(), f"127.0.0.1:{self.server_port}".encode()

    @property
    def base_url(self) -> str:
        """The address of the tap."""
        return f"http://127.0.0.1:{self.port}"

    def first_close(self, side: Side, *, since: float) -> TappedClose | None:
        """The first close by that side at or after the moment `since`."""
        fitting = [one for one in self.closes if one.side == side and one.at >= since]
        return min(fitting, key=lambda one: one.at, default=None)

    async def serve(self, client: trio.SocketStream) -> None:
        """Passes one connection's bytes both ways until both directions have ended."""
        number = next(self._numbers)
        try:
            server = await trio.open_tcp_stream("127.0.0.1", self.server_port)
        except OSError:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            client.socket.close()
            return
        try:
            async with trio.open_nursery() as nursery:
                scope = nursery.cancel_scope
                nursery.start_soon(self._pass_on, number, "client", client, server, scope)
                nursery.start_soon(self._pass_on, number, "server", server, client, scope)
        finally:
            client.socket.close()
            server.socket.close()

    async def _pass_on(
        self,
        number: int,
        side: Side,
        source: trio.SocketStream,
        target: trio.SocketStream,
        scope: trio.CancelScope,
    ) -> None:
        try:
            while data := await source.receive_some(READ_BYTES):
                self.answers_begun += data.count(MESSAGE_START) if side == "server" else 0
                with suppress(trio.BrokenResourceError):  # the target's own direction logs that
                    await target.send_all(data.replace(*self._host) if side == "client" else data)
            how: Literal["fin", "rst"] = how_closed(source)
        except trio.BrokenResourceError:
            how = "rst"
        self.closes.append(TappedClose(number, side, how, time.monotonic()))
        if how == "rst":
            target.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            scope.cancel()
            return
        with suppress(trio.BrokenResourceError):
            await target.send_eof()


@asynccontextmanager
async def open_tap(server_port: int) -> AsyncGenerator[Tap]:
    """Listens on 127.0.0.1 before the server at `server_port` while the block runs."""
    listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
    tap = Tap(listeners[0].socket.getsockname()[1], server_port)
    async with trio.open_nursery() as nursery:
        nursery.start_soon(trio.serve_listeners, tap.serve, listeners)
        yield tap
        nursery.cancel_scope.cancel()
