"""What our code relies on in TCP, over real loopback sockets and over the virtual network alike.

The real ones come first: they say what is right. Times are real here, and short.
"""

from __future__ import annotations

from random import Random
from socket import EAI_NONAME, gaierror

import pytest
import trio
from trio.socket import (
    AF_INET,
    AI_NUMERICHOST,
    SHUT_WR,
    SOCK_STREAM,
    SocketType,
)
from understudy.simulations.world.network import VirtualNetwork
from understudy.simulations.world.socket import VirtualSocket

from .tcp_stage import (
    ARRIVAL_SECONDS,
    MUCH,
    Network,
    abort,
    arrival,
    close_during,
    read,
    send,
)

BACKLOG = 2
TRIES = 10


@pytest.fixture(params=["real", "virtual"])
async def network(request: pytest.FixtureRequest) -> Network:
    """Puts the virtual network in place, or leaves the real one there."""
    if request.param == "real":
        with trio.socket.socket() as real:
            return Network(type(real))
    VirtualNetwork(Random(1)).install()
    return Network(VirtualSocket)


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


async def test_a_full_window_opens_again_and_nothing_is_lost(network: Network) -> None:
    client, server = await network.pair()
    data = bytes(range(251)) * 4_000
    with client, server:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(send, client, data)
            await arrival()
            assert await read(server, 1) == data[:1]
            await arrival()
            assert await read(server, len(data) - 1) == data[1:]


async def test_what_was_sent_comes_before_the_end(network: Network) -> None:
    client, server = await network.pair()
    with client, server:
        await send(client, b"the last words")
        client.shutdown(SHUT_WR)
        assert await read(server, 14) == b"the last words"
        assert await server.recv(10) == b""
        assert await server.recv(10) == b""


async def test_both_sides_may_half_close_one_after_the_other(network: Network) -> None:
    client, server = await network.pair()
    with client, server:
        client.shutdown(SHUT_WR)
        assert await server.recv(10) == b""
        await send(server, b"answer")
        server.shutdown(SHUT_WR)
        assert await read(client, 6) == b"answer"
        assert await client.recv(10) == b""
        with pytest.raises(BrokenPipeError):
            await server.send(b"more")


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


async def test_a_sender_is_told_of_a_reset_in_the_middle_of_its_work(network: Network) -> None:
    client, server = await network.pair()

    async def fail() -> None:
        with pytest.raises(ConnectionResetError):
            await send(client, MUCH)
        with pytest.raises(BrokenPipeError):
            await client.send(b"x")

    with client:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(fail)
            await read(server, 100_000)
            abort(server)


async def test_who_sends_to_one_that_has_closed_is_stopped(network: Network) -> None:
    """By the window or by the reset, but soon: it cannot go on for ever."""
    client, server = await network.pair()
    with client:
        server.close()
        await arrival()
        with pytest.raises((BrokenPipeError, ConnectionResetError)):
            await send(client, MUCH)


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


async def test_a_name_that_nobody_has_is_not_found(network: Network) -> None:
    with pytest.raises(gaierror) as caught:
        await trio.socket.getaddrinfo("nowhere.test", 80, flags=AI_NUMERICHOST)  # asks no server
    assert caught.value.errno == EAI_NONAME
    assert isinstance(caught.value, OSError)
    [found, *_] = await trio.socket.getaddrinfo("localhost", 80, AF_INET, SOCK_STREAM)
    assert found[4] == ("127.0.0.1", 80)


async def test_only_so_many_connections_wait_to_be_accepted(network: Network) -> None:
    listening = await network.listen(BACKLOG)
    connected: list[SocketType] = []

    async def connect() -> None:
        client = network.socket()
        await client.connect(listening.getsockname())
        connected.append(client)

    async with trio.open_nursery() as nursery:
        for _ in range(TRIES):
            nursery.start_soon(connect)
        await trio.sleep(5 * ARRIVAL_SECONDS)
        assert BACKLOG <= len(connected) < TRIES
        nursery.cancel_scope.cancel()
    for _ in connected:
        server, _ = await listening.accept()
        server.close()
    for client in connected:
        assert await client.recv(1) == b""
        client.close()
    listening.close()


async def test_who_has_left_before_it_was_accepted_has_still_spoken(network: Network) -> None:
    listening = await network.listen()
    client = network.socket()
    await client.connect(listening.getsockname())
    await send(client, b"hello")
    client.close()
    await arrival()
    server, _ = await listening.accept()
    with server, listening:
        assert await read(server, 5) == b"hello"
        assert await server.recv(1) == b""


async def test_connections_that_nobody_accepted_are_reset(network: Network) -> None:
    listening = await network.listen()
    with network.socket() as client:
        await client.connect(listening.getsockname())
        listening.close()
        with pytest.raises(ConnectionResetError):
            await client.recv(1)


async def test_a_cancelled_read_takes_nothing(network: Network) -> None:
    client, server = await network.pair()
    with client, server:
        with trio.move_on_after(ARRIVAL_SECONDS) as patience:
            await client.recv(10)
        assert patience.cancelled_caught
        await send(server, b"whole")
        assert await read(client, 5) == b"whole"
