"""A real socket below, and above it a stream that says what a test wants, cut where it wants."""

from __future__ import annotations

from collections.abc import Iterable

import trio
from understudy.io.upstream.dialing import Dialer, Wire
from understudy.io.upstream.settings import UpstreamSettings


class PiecewiseStream(trio.abc.Stream):
    """Yields the pieces one read at a time, then the end; swallows what is sent."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)

    async def receive_some(self, max_bytes: int | None = None) -> bytes:
        await trio.lowlevel.checkpoint()
        return next(self._pieces, b"")

    async def send_all(self, data: bytes | bytearray | memoryview) -> None:
        await trio.lowlevel.checkpoint()

    async def wait_send_all_might_not_block(self) -> None:
        await trio.lowlevel.checkpoint()

    async def aclose(self) -> None:
        await trio.lowlevel.checkpoint()


def make_wire(pieces: Iterable[bytes] = ()) -> tuple[Wire, trio.socket.SocketType]:
    """A wire that says the pieces, and the other end of its socket."""
    ours, theirs = trio.socket.socketpair()
    wire = Wire(Dialer(UpstreamSettings()), trio.SocketStream(ours))
    wire.stream = PiecewiseStream(pieces)
    return wire, theirs
