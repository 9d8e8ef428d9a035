"""The `Upstream` port: leaving early closes the peer's socket at once, wherever the client is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import attrs
import pytest
import trio
from understudy.io.ports import Upstream, UpstreamRequest

from .upstream_peer import OK_HELLO, Peer, PeerConnection, always_hello
from .upstream_stage import Stage, fetch, get, post, read_body

CLOSED_SECONDS_MAX = 0.25
"""It takes about a millisecond; the rest is for a busy machine."""

LARGE_BODY = b"x" * 8_000_000


class Watch:
    """Wraps a script's first part and then times the client's close."""

    def __init__(self, before: Callable[[PeerConnection], Awaitable[object]]) -> None:
        self._before = before
        self.reached = trio.Event()
        self.closed = trio.Event()
        self._left_at = 0.0
        self._closed_at = 0.0

    async def script(self, connection: PeerConnection) -> None:
        try:
            await self._before(connection)
            self.reached.set()
            await connection.wait_closed()
        finally:
            self._closed_at = trio.current_time()
            self.closed.set()

    def leave(self, scope: trio.CancelScope | None = None) -> None:
        """Starts the clock; the client is to leave now."""
        self._left_at = trio.current_time()
        if scope is not None:
            scope.cancel()

    async def expect_closed(self, upstream: Upstream) -> None:
        """The peer sees the close in time, and nothing is left here."""
        assert upstream.statistics().open_connections == 0
        with trio.fail_after(5):
            await self.closed.wait()
        assert 0 < self._left_at <= self._closed_at < self._left_at + CLOSED_SECONDS_MAX


async def cancel_when_reached(
    stage: Stage, watch: Watch, make_request: Callable[[Peer], UpstreamRequest]
) -> None:
    async with stage.peer(watch.script) as peer, stage.upstream() as upstream:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(fetch, upstream, make_request(peer))
            with trio.fail_after(5):
                await watch.reached.wait()
            await trio.testing.wait_all_tasks_blocked()
            watch.leave(nursery.cancel_scope)
        await watch.expect_closed(upstream)


async def test_cancelled_before_the_head(stage: Stage) -> None:
    watch = Watch(PeerConnection.read_request)
    await cancel_when_reached(stage, watch, lambda peer: get(peer.url()))


async def test_cancelled_within_the_head(stage: Stage) -> None:
    watch = Watch(partial(PeerConnection.answer, data=OK_HELLO[:12]))
    await cancel_when_reached(stage, watch, lambda peer: get(peer.url()))


async def test_cancelled_within_the_body(stage: Stage) -> None:
    watch = Watch(partial(PeerConnection.answer, data=OK_HELLO[:-2]))
    await cancel_when_reached(stage, watch, lambda peer: get(peer.url()))


async def test_cancelled_while_a_large_body_is_being_sent(stage: Stage) -> None:
    watch = Watch(PeerConnection.read_head)
    await cancel_when_reached(stage, watch, lambda peer: post(peer.url(), LARGE_BODY))


async def test_cancelled_on_a_reused_connection(stage: Stage) -> None:
    async def twice(connection: PeerConnection) -> None:
        await connection.answer()
        await connection.read_request()

    watch = Watch(twice)
    async with stage.peer(watch.script) as peer, stage.upstream() as upstream:
        await fetch(upstream, get(peer.url()))
        async with trio.open_nursery() as nursery:
            nursery.start_soon(fetch, upstream, get(peer.url()))
            await watch.reached.wait()
            watch.leave(nursery.cancel_scope)
        await watch.expect_closed(upstream)
        assert peer.connections == 1


async def test_cancelled_during_the_handshake(stage: Stage) -> None:
    watch = Watch(lambda connection: connection.stream.receive_some(1))
    plain = attrs.evolve(stage, scheme="http")
    async with plain.peer(watch.script) as peer, stage.upstream() as upstream:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(fetch, upstream, get(f"https://127.0.0.1:{peer.port}/"))
            await watch.reached.wait()
            watch.leave(nursery.cancel_scope)
        await watch.expect_closed(upstream)


class SilentResolver(trio.abc.HostnameResolver):
    """Never finds a host."""

    def __init__(self) -> None:
        self.asked = trio.Event()

    async def getaddrinfo(  # type: ignore[override]  # it never answers
        self, *arguments: object, **options: object
    ) -> list[object]:
        self.asked.set()
        await trio.sleep_forever()

    async def getnameinfo(
        self, sockaddr: tuple[str, int] | tuple[str, int, int, int], flags: int
    ) -> tuple[str, str]:
        raise AssertionError("nobody asks for names")


async def test_cancelled_while_the_name_is_looked_up(stage: Stage) -> None:
    resolver = SilentResolver()
    trio.socket.set_custom_hostname_resolver(resolver)
    async with stage.upstream() as upstream, trio.open_nursery() as nursery:
        nursery.start_soon(fetch, upstream, get(f"{stage.scheme}://peer.test/"))
        await resolver.asked.wait()
        nursery.cancel_scope.cancel()


async def test_leaving_the_block_early_closes(stage: Stage) -> None:
    watch = Watch(partial(PeerConnection.answer, data=OK_HELLO[:-2]))
    async with stage.peer(watch.script) as peer, stage.upstream() as upstream:
        async with upstream.open(get(peer.url())) as response:
            assert await response.receive() == b"hel"
            watch.leave()
        await watch.expect_closed(upstream)


async def test_leaving_the_block_without_reading_closes(stage: Stage) -> None:
    watch = Watch(partial(PeerConnection.answer, data=OK_HELLO[:-5]))
    async with stage.peer(watch.script) as peer, stage.upstream() as upstream:
        async with upstream.open(get(peer.url())) as response:
            assert response.status == 200
            watch.leave()
        await watch.expect_closed(upstream)


async def fail_within(upstream: Upstream, peer: Peer, watch: Watch) -> None:
    async with upstream.open(get(peer.url())) as response:
        await response.receive()
        watch.leave()
        raise KeyError


async def test_an_error_in_the_block_closes_and_goes_on(stage: Stage) -> None:
    watch = Watch(partial(PeerConnection.answer, data=OK_HELLO[:-2]))
    async with stage.peer(watch.script) as peer, stage.upstream() as upstream:
        with pytest.raises(KeyError):
            await fail_within(upstream, peer, watch)
        await watch.expect_closed(upstream)


async def test_a_peer_that_does_not_read_cannot_hold_us(stage: Stage) -> None:
    sent = trio.Event()

    async def flood(connection: PeerConnection) -> None:
        await connection.answer(b"HTTP/1.1 200 OK\r\n\r\n")
        sent.set()
        while True:
            await connection.send(b"x" * 65536)

    async with stage.both(flood) as (upstream, peer):
        with trio.fail_after(5):
            async with upstream.open(get(peer.url())) as response:
                await sent.wait()
                await response.receive()
        assert upstream.statistics().open_connections == 0


async def test_after_many_aborts_the_next_request_works(stage: Stage) -> None:
    async def script(connection: PeerConnection) -> None:
        if connection.number < 20:
            await connection.answer(OK_HELLO[:-2])
            await connection.wait_closed()
        else:
            await always_hello(connection)

    async with stage.both(script) as (upstream, peer):
        for _ in range(20):
            with trio.CancelScope() as scope:
                async with upstream.open(get(peer.url())) as response:
                    await response.receive()
                    scope.cancel()
                    await read_body(response)
        assert upstream.statistics().open_connections == 0
        assert (await fetch(upstream, get(peer.url()))).body == b"hello"
