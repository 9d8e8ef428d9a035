"""What our code relies on in TCP, over real loopback sockets and over the virtual network alike.

The real ones come first: they say what is right. Times are real here, and short.
"""

from __future__ import annotations

import struct
from collections.abc import Awaitable, Callable
from random import Random

import attrs
import pytest
import trio
from trio.socket import SHUT_WR, SO_LINGER, SOL_SOCKET, SocketType
from understudy.simulations.world.network import VirtualNetwork
from understudy.simulations.world.socket import VirtualSocket

NO_LINGER = struct.pack("ii", 1, 0)
ARRIVAL_SECONDS = 0.01
"""More than either network takes to deliver."""
MUCH = b"x" * 16_777_216

Pair = tuple[SocketType, SocketType]


@attrs.frozen
class Network:
    """One of the two; its sockets are asked for as our code asks for them."""

    kind: type[SocketType]

    def socket(self) -> SocketType:
        made = trio.socket.socket()
        assert isinstance(made, self.kind)
        return made

    async def listen(self) -> SocketType:
        listening = self.socket()
        await listening.bind(("127.0.0.1", 0))
        listening.listen()
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


@pytest.fixture(params=["real", "virtual"])
async def network(request: pytest.FixtureRequest) -> Network:
    """Puts the virtual network in place, or leaves the real one there."""
    if request.param == "real":
        with trio.socket.socket() as real:
            return Network(type(real))
    VirtualNetwork(Random(1)).install()
    return Network(VirtualSocket)


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


async def test_bytes_arrive_in_order_both_ways(network: Network) -> None:
    client, server = await network.pair()
    data = bytes(range(256)) * 8
    with client, server:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(send, client, data)
            nursery.start_soon(send, server, data[::-1])
            assert await read(server, len(data)) == data
            assert await read(client, len(data)) == data[::-1]


async def test_a_sender_waits_for_a_reader(network: Network) -> None:
    client, server = await network.pair()
    with client, server:
        with trio.move_on_after(ARRIVAL_SECONDS) as patience:
            await send(client, MUCH)
        assert patience.cancelled_caught
        assert await read(server, 65_536) == MUCH[:65_536]


async def test_a_half_closed_connection_still_carries_the_answer(network: Network) -> None:
    client, server = await network.pair()
    with client, server:
        client.shutdown(SHUT_WR)
        client.shutdown(SHUT_WR)
        assert client.did_shutdown_SHUT_WR
        assert await server.recv(10) == b""
        await send(server, b"answer")
        assert await read(client, 6) == b"answer"
        with pytest.raises(BrokenPipeError):
            await client.send(b"more")


async def test_a_closed_peer_is_an_end_and_then_a_broken_pipe(network: Network) -> None:
    client, server = await network.pair()
    with client:
        server.close()
        assert await client.recv(10) == b""
        assert await client.recv(10) == b""
        assert await client.send(b"x") == 1
        await arrival()
        with pytest.raises(BrokenPipeError):
            await client.send(b"x")
        assert await client.recv(10) == b""


async def test_a_reset_is_told_once_after_what_came_before_it(network: Network) -> None:
    client, server = await network.pair()
    with client:
        await send(server, b"data")
        abort(server)
        await arrival()
        assert client.is_readable()
        assert await read(client, 4) == b"data"
        with pytest.raises(ConnectionResetError):
            await client.recv(10)
        assert await client.recv(10) == b""
        with pytest.raises(BrokenPipeError):
            await client.send(b"x")
        with pytest.raises(OSError, match="not connected"):
            client.shutdown(SHUT_WR)


async def test_a_send_may_be_told_of_the_reset_first(network: Network) -> None:
    client, server = await network.pair()
    with client:
        abort(server)
        await arrival()
        with pytest.raises(ConnectionResetError):
            await client.send(b"x")
        assert await client.recv(10) == b""


async def test_closing_with_unread_bytes_resets(network: Network) -> None:
    client, server = await network.pair()
    with client:
        await send(client, b"unread")
        await arrival()
        server.close()
        await arrival()
        with pytest.raises(ConnectionResetError):
            await client.recv(10)


async def test_a_waiting_reader_is_woken_by_bytes_an_end_and_a_reset(network: Network) -> None:
    client, server = await network.pair()
    with client, server:
        assert (
            await close_during(client, lambda: client.recv(1), lambda: server.shutdown(SHUT_WR))
            is None
        )
    client, server = await network.pair()
    with client:
        error = await close_during(client, lambda: client.recv(1), lambda: abort(server))
        assert isinstance(error, ConnectionResetError)


async def test_our_own_close_wakes_a_waiting_reader_and_sender(network: Network) -> None:
    client, _server = await network.pair()
    error = await close_during(client, lambda: client.recv(1), client.close)
    assert isinstance(error, trio.ClosedResourceError)
    with _server:
        client, server = await network.pair()
        with server:
            error = await close_during(client, lambda: send(client, MUCH), client.close)
            assert isinstance(error, trio.ClosedResourceError)


async def test_a_waiting_sender_is_woken_by_a_reset(network: Network) -> None:
    client, server = await network.pair()
    with client:
        error = await close_during(client, lambda: send(client, MUCH), server.close)
        assert isinstance(error, ConnectionResetError)


async def test_a_closed_socket_is_a_bad_descriptor(network: Network) -> None:
    client, server = await network.pair()
    with server:
        client.close()
        client.close()
        assert client.fileno() == -1
        for operation in (lambda: client.recv(1), lambda: client.send(b"x")):
            with pytest.raises(OSError, match="Bad file descriptor"):
                await operation()
        with pytest.raises(OSError, match="Bad file descriptor"):
            client.shutdown(SHUT_WR)
        with pytest.raises(ValueError, match="-1"):
            client.is_readable()


async def test_an_idle_connection_is_not_readable_until_something_comes(network: Network) -> None:
    client, server = await network.pair()
    with client:
        assert not client.is_readable()
        await send(server, b"x")
        await arrival()
        assert client.is_readable()
        assert await client.recv(1) == b"x"
        assert not client.is_readable()
        server.close()
        await arrival()
        assert client.is_readable()


async def test_listening_in_use_refused_and_closed(network: Network) -> None:
    listening = await network.listen()
    address = listening.getsockname()
    with network.socket() as second, pytest.raises(OSError, match="in use"):
        await second.bind(address)
    error = await close_during(listening, listening.accept, listening.close)
    assert isinstance(error, trio.ClosedResourceError)
    with network.socket() as client:
        with pytest.raises(ConnectionRefusedError):
            await client.connect(address)
        with pytest.raises(OSError, match="not connected"):
            client.getpeername()


async def test_a_cancelled_read_takes_nothing(network: Network) -> None:
    client, server = await network.pair()
    with client, server:
        with trio.move_on_after(ARRIVAL_SECONDS) as patience:
            await client.recv(10)
        assert patience.cancelled_caught
        await send(server, b"whole")
        assert await read(client, 5) == b"whole"
