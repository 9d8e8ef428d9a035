"""The virtual network's troubles: each is met as a real one is, ends, and strikes where it may.

What it does without trouble is held against real sockets in `tests/conformance/test_tcp.py`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from errno import ECONNREFUSED, EHOSTUNREACH, ETIMEDOUT
from functools import partial
from random import Random
from socket import EAI_AGAIN, EAI_NONAME, gaierror

import pytest
import trio
from trio.testing import MockClock
from understudy.simulations.upstream import HANG
from understudy.simulations.world.chance import Chance
from understudy.simulations.world.endpoint import WINDOW_BYTES
from understudy.simulations.world.network import VirtualNetwork
from understudy.simulations.world.path import Path
from understudy.simulations.world.peer import Ending, VirtualPeer
from understudy.simulations.world.scheduler import source
from understudy.simulations.world.socket import SYN_PAUSES_SECONDS, VirtualSocket
from understudy.simulations.world.weather import Trouble

HOST, PORT = "work.test", 9000
LATENCY_SECONDS = 0.01
SITES = ("knows no name", "refuses", "unreachable", "slow", "stalls", "resets")

Pair = tuple[VirtualSocket, VirtualSocket]


def make_network(chance: Chance | None = None) -> VirtualNetwork:
    """A network whose latency is the same for each segment."""
    latency_seconds = (LATENCY_SECONDS, LATENCY_SECONDS)
    network = VirtualNetwork(Random(1), latency_seconds=latency_seconds, chance=chance)
    network.install()
    return network


async def connect(network: VirtualNetwork, host: str = HOST) -> Pair:
    """A client's socket and the server's."""
    with network.listen(host, PORT) as listening:
        client = await network.open_connected(host, PORT)
        server, _ = await listening.accept()
    return client, server


async def send(socket: VirtualSocket, data: bytes) -> None:
    """Sends all of it."""
    while data:
        data = data[await socket.send(data) :]


async def read(socket: VirtualSocket, size: int) -> bytes:
    """Exactly so many bytes."""
    data = b""
    while len(data) < size:
        data += await socket.recv(size - len(data))
    return data


async def failure(operation: Callable[[], Awaitable[object]]) -> OSError:
    """The error that an operation raises."""
    with pytest.raises(OSError) as caught:  # noqa: PT011 the caller looks at it
        await operation()
    return caught.value


async def test_hosts_that_somebody_listened_at_are_known_for_good(
    autojump_clock: MockClock,
) -> None:
    network = make_network()
    error = await failure(partial(trio.open_tcp_stream, HOST, PORT))
    assert (type(error), error.errno) == (gaierror, EAI_NONAME)
    network.listen(HOST, PORT).close()
    error = await failure(partial(network.open_connected, HOST, PORT))
    assert error.errno == ECONNREFUSED


async def test_an_address_that_nobody_has_is_not_reached(autojump_clock: MockClock) -> None:
    error = await failure(partial(make_network().open_connected, "10.0.0.1", PORT))
    assert error.errno == EHOSTUNREACH
    assert trio.current_time() < 1


@pytest.mark.parametrize(
    ("trouble", "number"), [(Trouble.NO_NAME, EAI_NONAME), (Trouble.TRY_AGAIN, EAI_AGAIN)]
)
async def test_a_lookup_fails_for_a_while(
    trouble: Trouble, number: int, autojump_clock: MockClock
) -> None:
    network = make_network()
    with network.listen(HOST, PORT):
        network.weather.hinder(HOST, trouble, 5)
        error = await failure(partial(trio.open_tcp_stream, HOST, PORT))
        assert (type(error), error.errno) == (gaierror, number)
        await trio.sleep(5)
        async with await trio.open_tcp_stream(HOST, PORT):
            assert network.open_connections == 1


@pytest.mark.parametrize(
    ("trouble", "number"),
    [(Trouble.REFUSES, ECONNREFUSED), (Trouble.UNREACHABLE, EHOSTUNREACH)],
)
async def test_a_connection_fails_at_once_for_a_while(
    trouble: Trouble, number: int, autojump_clock: MockClock
) -> None:
    network = make_network()
    with network.listen(HOST, PORT):
        network.weather.hinder(HOST, trouble, 5)
        error = await failure(partial(network.open_connected, HOST, PORT))
        assert error.errno == number
        assert trio.current_time() < 1
        await trio.sleep(5)
        (await network.open_connected(HOST, PORT)).close()


async def test_a_silent_host_is_tried_again_and_given_up_in_the_end(
    autojump_clock: MockClock,
) -> None:
    network = make_network()
    with network.listen(HOST, PORT):
        network.weather.hinder(HOST, Trouble.SILENT, 5)
        (await network.open_connected(HOST, PORT)).close()
        assert 5 < trio.current_time() < 8
        network.weather.hinder(HOST, Trouble.SILENT, 1_000)
        began_seconds = trio.current_time()
        error = await failure(partial(network.open_connected, HOST, PORT))
        assert error.errno == ETIMEDOUT
        tries_seconds = trio.current_time() - began_seconds
        assert tries_seconds == pytest.approx(sum(SYN_PAUSES_SECONDS), abs=1)


async def test_a_slow_path_delays_what_is_sent_meanwhile(autojump_clock: MockClock) -> None:
    network = make_network()
    client, server = await connect(network)
    with client, server:
        [path] = network.paths(HOST)
        path.slow_down(10, 2)
        began_seconds = trio.current_time()
        await send(client, b"slow")
        assert await read(server, 4) == b"slow"
        assert trio.current_time() - began_seconds == pytest.approx(2 + LATENCY_SECONDS)
        await trio.sleep(10)
        began_seconds = trio.current_time()
        await send(client, b"fast")
        assert await read(server, 4) == b"fast"
        assert trio.current_time() - began_seconds == pytest.approx(LATENCY_SECONDS)


async def test_a_stall_holds_both_ways_back_and_loses_nothing(autojump_clock: MockClock) -> None:
    network = make_network()
    client, server = await connect(network)
    arrived: list[float] = []

    async def take(socket: VirtualSocket, wanted: bytes) -> None:
        assert await read(socket, len(wanted)) == wanted
        arrived.append(trio.current_time())

    with client, server:
        await send(client, b"on its way, ")
        [path] = network.paths(HOST)
        path.stall(30)
        ends_seconds = trio.current_time() + 30
        async with trio.open_nursery() as nursery:
            nursery.start_soon(take, server, b"on its way, and after it")
            nursery.start_soon(take, client, b"and back")
            await trio.sleep(1)
            await send(client, b"and after it")
            await send(server, b"and back")
    assert arrived == pytest.approx([ends_seconds] * 2)


async def test_a_broken_path_resets_both_ends_when_it_is_time(autojump_clock: MockClock) -> None:
    network = make_network()
    client, server = await connect(network)
    with client, server:
        await send(client, b"before")
        [path] = network.paths(HOST)
        path.reset(after_seconds=3)
        breaks_seconds = trio.current_time() + 3
        assert await read(server, 6) == b"before"
        for socket in (client, server):
            with pytest.raises(ConnectionResetError):
                await socket.recv(1)
            assert trio.current_time() == pytest.approx(breaks_seconds)
            with pytest.raises(BrokenPipeError):
                await socket.send(b"x")
    assert network.open_sockets == 0


async def test_what_is_on_its_way_is_lost_when_the_path_breaks(autojump_clock: MockClock) -> None:
    network = make_network()
    client, server = await connect(network)
    with client, server:
        await send(client, b"lost")
        network.paths(HOST)[0].reset()
        with pytest.raises(ConnectionResetError):
            await server.recv(4)


async def test_healing_ends_every_trouble(autojump_clock: MockClock) -> None:
    network = make_network()
    client, server = await connect(network)
    with client, server, network.listen(HOST, PORT + 1):
        for trouble in Trouble:
            network.weather.hinder(HOST, trouble, 1_000)
        [path] = network.paths(HOST)
        path.stall(1_000)
        path.reset(after_seconds=900)
        await send(client, b"held")
        await trio.sleep(1)
        network.heal()
        began_seconds = trio.current_time()
        assert await read(server, 4) == b"held"
        async with await trio.open_tcp_stream(HOST, PORT + 1):
            assert trio.current_time() - began_seconds < 1
        await trio.sleep(1_000)
        await send(client, b"whole")
        assert await read(server, 5) == b"whole"


async def test_connections_are_found_by_their_host(autojump_clock: MockClock) -> None:
    network = make_network()
    hosts = (HOST, "home.test", HOST)
    pairs = [await connect(network, host) for host in hosts]
    paths = [pair[0].endpoint.path for pair in pairs if pair[0].endpoint]
    assert network.paths(HOST) == [paths[0], paths[2]]
    assert network.open_connections == 3
    pairs[0][0].close()
    assert network.open_connections == 3, "its other end is open"
    for pair in pairs:
        for socket in pair:
            socket.close()
    assert network.open_connections == network.open_sockets == 0
    assert network.paths(HOST) == list[Path]()


async def test_a_peer_that_stops_resets_and_refuses_and_may_serve_again(
    autojump_clock: MockClock,
) -> None:
    network = make_network()
    peer = VirtualPeer(network, lambda _body: [HANG])
    async with trio.open_nursery() as nursery:
        await nursery.start(peer.serve, HOST, PORT)
        client = await network.open_connected(HOST, PORT)
        await send(client, b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n")
        await trio.sleep(1)
        peer.stop()
        with client, pytest.raises(ConnectionResetError):
            await client.recv(1)
        error = await failure(partial(network.open_connected, HOST, PORT))
        assert error.errno == ECONNREFUSED
        assert [exchange.ending for exchange in peer.exchanges] == [Ending.CUT]
        await nursery.start(peer.serve, HOST, PORT)
        (await network.open_connected(HOST, PORT)).close()
        peer.stop()
    assert network.open_sockets == 0


def always(site: str, opportunities: int = 400) -> Chance:
    """A chance that has started, of which only one site strikes, and always."""
    only = {f"network.{site}#{number}" for number in range(1, opportunities)}
    chance = Chance(1, only)
    chance.start()
    return chance


async def talk(network: VirtualNetwork, host: str) -> None:
    """One short exchange; fails as it may."""
    with network.listen(host, PORT) as listening, trio.move_on_after(200):
        async with await trio.open_tcp_stream(host, PORT) as stream:
            accepted, _ = await listening.accept()
            with accepted:
                for _ in range(20):
                    await stream.send_all(b"x" * 100)
                    await read(accepted, 100)


@pytest.mark.parametrize("site", SITES)
async def test_chance_strikes_remote_hosts_alone(site: str, autojump_clock: MockClock) -> None:
    chance = always(site)
    network = make_network(chance)
    await talk(network, "127.0.0.1")
    assert chance.struck == []
    try:
        await talk(network, HOST)
    except (OSError, trio.BrokenResourceError):
        assert site not in ("slow", "stalls"), "these lose nothing"
    assert chance.struck
    assert {name.partition("#")[0] for name in chance.struck} == {f"network.{site}"}


@pytest.mark.parametrize("site", SITES)
async def test_nothing_strikes_before_chance_has_started(
    site: str, autojump_clock: MockClock
) -> None:
    chance = Chance(1, always(site).only)
    await talk(make_network(chance), HOST)
    assert chance.struck == []


async def test_what_waits_to_arrive_is_bounded_by_the_window(autojump_clock: MockClock) -> None:
    """Towards an end that is held back, and towards one that has closed."""
    network = make_network()
    client, server = await connect(network)
    with client, server:
        network.paths(HOST)[0].stall(1_000)
        assert WINDOW_BYTES - 100 < await bytes_taken(client) <= WINDOW_BYTES
    client, server = await connect(network)
    server.close()
    with client:
        network.paths(HOST)[0].stall(1_000)
        assert WINDOW_BYTES - 100 < await bytes_taken(client) <= WINDOW_BYTES


async def bytes_taken(socket: VirtualSocket) -> int:
    """How much can be sent while nothing arrives."""
    taken = 0
    with trio.move_on_after(1):
        while taken < 10 * WINDOW_BYTES:
            taken += await socket.send(b"x" * 100)
    return taken


def test_the_same_seed_draws_the_same_troubles() -> None:
    def struck(seed: int) -> list[str]:
        chance = Chance(seed)
        chance.start()

        async def run() -> None:
            network = VirtualNetwork(source(seed, "network"), chance=chance)
            network.install()
            for number in range(10):
                try:
                    await talk(network, f"host-{number}.test")
                except (OSError, trio.BrokenResourceError):
                    continue

        trio.run(run, clock=MockClock(autojump_threshold=0))
        return chance.struck

    found = [struck(seed) for seed in range(10)]
    assert found == [struck(seed) for seed in range(10)]
    assert {name.partition("#")[0] for names in found for name in names} == {
        f"network.{site}" for site in SITES
    }
