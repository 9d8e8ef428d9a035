"""Which idle connection is used, and when one is dropped; in virtual time."""

from __future__ import annotations

import trio
import trio.testing
from understudy.io.upstream.connection import Connection
from understudy.io.upstream.pool import ConnectionPool

from .wires import make_wire


class Line:
    """A connection whose peer the test plays."""

    def __init__(self, route: str) -> None:
        self.wire, self.peer = make_wire()
        self.connection = Connection(self.wire, route, "https://peer.test")

    def __enter__(self) -> Line:
        return self

    def __exit__(self, *reason: object) -> None:
        self.connection.close()
        self.peer.close()


async def test_the_newest_of_the_same_route_is_taken() -> None:
    pool = ConnectionPool(connections_max=8, seconds_max=30)
    with Line("a") as first, Line("a") as second, Line("b") as other:
        for line in (first, second, other):
            pool.put(line.connection)
        assert pool.take("a") is second.connection
        assert pool.take("a") is first.connection
        assert pool.take("a") is None
        assert len(pool) == 1


async def test_one_whose_peer_spoke_or_left_is_closed_instead() -> None:
    pool = ConnectionPool(connections_max=8, seconds_max=30)
    with Line("a") as quiet, Line("a") as loud, Line("a") as gone:
        for line in (quiet, loud, gone):
            pool.put(line.connection)
        await loud.peer.send(b"408")
        gone.peer.close()
        assert pool.take("a") is quiet.connection
        assert loud.wire.is_closed
        assert gone.wire.is_closed
        assert not quiet.wire.is_closed


async def test_the_oldest_gives_way() -> None:
    pool = ConnectionPool(connections_max=1, seconds_max=30)
    with Line("a") as old, Line("b") as new:
        pool.put(old.connection)
        pool.put(new.connection)
        assert (len(pool), old.wire.is_closed, new.wire.is_closed) == (1, True, False)


async def test_whoever_comes_drops_the_expired_of_every_route(
    autojump_clock: trio.testing.MockClock,
) -> None:
    pool = ConnectionPool(connections_max=8, seconds_max=30)
    with Line("a") as old, Line("b") as new:
        pool.put(old.connection)
        await trio.sleep(20)
        pool.put(new.connection)
        await trio.sleep(9.9)
        assert pool.take("none") is None
        assert len(pool) == 2
        await trio.sleep(0.1)
        assert pool.take("none") is None
        assert (old.wire.is_closed, new.wire.is_closed) == (True, False)
        pool.close()
        assert (len(pool), new.wire.is_closed) == (0, True)
