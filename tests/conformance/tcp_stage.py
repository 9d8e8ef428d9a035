"""The networks under test, and short ways to use their sockets."""

from __future__ import annotations

import struct
from collections.abc import Awaitable, Callable

import attrs
import trio
from trio.socket import SO_LINGER, SOL_SOCKET, SocketType

NO_LINGER = struct.pack("ii", 1, 0)
ARRIVAL_SECONDS = 0.01
"""More than either network takes to deliver."""
MUCH = b"x" * 16_777_216

Pair = tuple[SocketType, SocketType]
Address = tuple[str, int]


@attrs.frozen
class Network:
    """One of the two; its sockets are asked for as our code asks for them."""

    kind: type[SocketType]

    def socket(self) -> SocketType:
        made = trio.socket.socket()
        assert isinstance(made, self.kind)
        return made

    async def listen(self, backlog: int = 128) -> SocketType:
        listening = self.socket()
        await listening.bind(("127.0.0.1", 0))
        listening.listen(backlog)
        return listening

    async def pair(self) -> Pair:
        """A client's socket and the server's."""
        listening = await self.listen()
        client = self.socket()
        await client.connect(listening.getsockname())
        server, peer = await listening.accept()
        assert peer == server.getpeername() == client.getsockname()
        listening.close()
        return client, server


async def read(socket: SocketType, size: int) -> bytes:
    """Exactly so many bytes."""
    data = b""
    while len(data) < size:
        piece = await socket.recv(size - len(data))
        assert piece, "the end came first"
        data += piece
    return data


async def send(socket: SocketType, data: bytes) -> None:
    unsent = memoryview(data)
    while unsent:
        unsent = unsent[await socket.send(unsent) :]


def abort(socket: SocketType) -> None:
    """Closes by RST."""
    socket.setsockopt(SOL_SOCKET, SO_LINGER, NO_LINGER)
    socket.close()


async def arrival() -> None:
    await trio.sleep(ARRIVAL_SECONDS)


async def close_during(
    socket: SocketType, operation: Callable[[], Awaitable[object]], close: Callable[[], None]
) -> BaseException | None:
    """What an operation that waits raises when something is closed meanwhile."""
    raised: list[BaseException] = []

    async def wait() -> None:
        try:
            await operation()
        except (OSError, trio.ClosedResourceError) as error:
            raised.append(error)

    async with trio.open_nursery() as nursery:
        nursery.start_soon(wait)
        await arrival()
        close()
    return raised[0] if raised else None
