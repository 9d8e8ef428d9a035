"""The `Upstream` port: connections that are kept, used again, found stale, or proxied."""

from __future__ import annotations

import base64
import ssl

import attrs
import pytest
import trio
from understudy.io.ports import (
    Upstream,
    UpstreamBroken,
    UpstreamStatistics,
    UpstreamUnreachable,
)

from .upstream_peer import OK_HELLO, Peer, PeerConnection, always_hello, open_peer
from .upstream_stage import Stage, fetch, get, post

POISONED = OK_HELLO + b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\npoison"
"""A response that nobody asked for follows the one that was."""


async def ask_twice(upstream: Upstream, peer: Peer) -> None:
    for _ in range(2):
        assert (await fetch(upstream, post(peer.url(), b"ask"))).body == b"hello"


async def test_a_connection_is_used_again(stage: Stage) -> None:
    async with stage.both(always_hello) as (upstream, peer):
        for _ in range(3):
            await ask_twice(upstream, peer)
            assert upstream.statistics() == UpstreamStatistics(1, 1)
        assert peer.connections == 1


async def test_an_open_response_is_no_idle_connection(stage: Stage) -> None:
    async with stage.both(always_hello) as (upstream, peer):
        async with upstream.open(get(peer.url())):
            assert upstream.statistics() == UpstreamStatistics(1, 0)
            await fetch(upstream, get(peer.url()))
            assert upstream.statistics() == UpstreamStatistics(2, 1)
        assert peer.connections == 2


@pytest.mark.parametrize(
    "answer",
    [
        OK_HELLO.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"),
        OK_HELLO.replace(b"HTTP/1.1", b"HTTP/1.0"),
        POISONED,
    ],
)
async def test_a_connection_that_cannot_be_used_again_is_not(stage: Stage, answer: bytes) -> None:
    if answer == POISONED and not stage.adapter.sees_surplus:
        pytest.skip("this adapter takes what follows a response for the next one")

    async def script(connection: PeerConnection) -> None:
        while True:
            await connection.answer(answer)

    async with stage.both(script) as (upstream, peer):
        await ask_twice(upstream, peer)
        assert peer.connections == 2


async def test_an_idle_connection_that_was_closed_is_not_used(stage: Stage) -> None:
    closed = trio.Event()

    async def script(connection: PeerConnection) -> None:
        await connection.answer()
        if connection.number == 0:
            connection.cut()
            closed.set()

    async with stage.both(script) as (upstream, peer):
        await fetch(upstream, get(peer.url()))
        await closed.wait()
        assert (await fetch(upstream, get(peer.url()))).body == b"hello"
        assert peer.connections == 2


@pytest.mark.parametrize("resets", [False, True])
@pytest.mark.parametrize("size", [3, 200_000])
async def test_a_stale_connection_is_replaced_once_unseen(
    stage: Stage, resets: bool, size: int
) -> None:
    async def script(connection: PeerConnection) -> None:
        await connection.answer()
        if connection.number == 0:
            await connection.read_request()
            connection.reset() if resets else connection.cut()

    async with stage.both(script) as (upstream, peer):
        await fetch(upstream, get(peer.url()))
        assert (await fetch(upstream, post(peer.url(), b"x" * size))).body == b"hello"
        assert peer.connections == 2


async def test_each_request_may_meet_a_stale_connection(stage: Stage) -> None:
    async def script(connection: PeerConnection) -> None:
        await connection.answer()
        await connection.read_request()

    async with stage.both(script) as (upstream, peer):
        for _ in range(6):
            assert (await fetch(upstream, get(peer.url()))).body == b"hello"


async def test_a_second_failure_is_not_hidden(stage: Stage) -> None:
    async def script(connection: PeerConnection) -> None:
        if connection.number < 2:
            await connection.answer()
        await connection.read_request()

    async with stage.both(script) as (upstream, peer):
        async with upstream.open(get(peer.url())) as response:
            await fetch(upstream, get(peer.url()))
            while await response.receive():
                pass
        assert upstream.statistics().idle_connections == 2
        with pytest.raises(UpstreamBroken):
            await fetch(upstream, get(peer.url()))
        assert peer.connections == 3


async def test_a_reused_connection_that_has_said_something_is_not_replaced(stage: Stage) -> None:
    async def script(connection: PeerConnection) -> None:
        await connection.answer()
        await connection.answer(b"HTTP/1.1 200")

    async with stage.both(script) as (upstream, peer):
        await fetch(upstream, get(peer.url()))
        with pytest.raises(UpstreamBroken):
            await fetch(upstream, get(peer.url()))
        assert peer.connections == 1


async def test_idle_connections_have_a_limit(stage: Stage) -> None:
    settings = attrs.evolve(stage.settings(), idle_connections_max=2)
    barrier = trio.Event()

    async def script(connection: PeerConnection) -> None:
        await connection.read_request()
        if connection.number == 4:
            barrier.set()
        await barrier.wait()
        await connection.send(OK_HELLO)
        await connection.wait_closed()

    async with stage.peer(script) as peer, stage.upstream(settings) as upstream:
        async with trio.open_nursery() as nursery:
            for _ in range(5):
                nursery.start_soon(fetch, upstream, get(peer.url()))
        assert upstream.statistics() == UpstreamStatistics(2, 2)


async def test_an_idle_connection_expires(stage: Stage) -> None:
    settings = attrs.evolve(stage.settings(), idle_seconds_max=0.0)
    async with stage.peer(always_hello) as peer, stage.upstream(settings) as upstream:
        await ask_twice(upstream, peer)
        assert peer.connections == 2


async def test_connections_in_use_have_a_limit(stage: Stage) -> None:
    settings = attrs.evolve(stage.settings(), connections_max=1, connect_seconds_max=0.1)
    async with stage.peer(always_hello) as peer, stage.upstream(settings) as upstream:
        async with upstream.open(get(peer.url())):
            with pytest.raises(UpstreamUnreachable, match="all 1 connections stayed in use"):
                await fetch(upstream, get(peer.url()))
        assert (await fetch(upstream, get(peer.url()))).body == b"hello"


async def test_a_failed_exchange_gives_its_place_back(stage: Stage) -> None:
    async def script(connection: PeerConnection) -> None:
        if connection.number % 2 == 0:
            await connection.read_request()
        else:
            await connection.answer(OK_HELLO.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"))

    settings = attrs.evolve(stage.settings(), connections_max=1, connect_seconds_max=0.5)
    async with stage.peer(script) as peer, stage.upstream(settings) as upstream:
        for _ in range(2):
            with pytest.raises(UpstreamBroken):
                await fetch(upstream, get(peer.url()))
            with pytest.raises(UpstreamUnreachable):
                await fetch(upstream, get(f"{stage.scheme}://127.0.0.1:1/"))
            assert (await fetch(upstream, get(peer.url()))).body == b"hello"


async def test_http_1_1_is_agreed_on(stage: Stage) -> None:
    protocols: list[object] = []

    async def script(connection: PeerConnection) -> None:
        protocols.append(connection.agreed_protocol())
        await connection.answer()

    secure = attrs.evolve(stage, scheme="https")
    async with secure.both(script) as (upstream, peer):
        await fetch(upstream, get(peer.url()))
    assert protocols == ["http/1.1"]


class ForwardingProxy:
    """A small HTTP proxy: tunnels to, or answers for, the one peer it knows."""

    def __init__(self, peer: Peer, refusal: bytes = b"") -> None:
        self._peer = peer
        self._refusal = refusal
        self.heads: list[bytes] = []

    async def script(self, connection: PeerConnection) -> None:
        self.heads.append(await connection.read_head())
        if self._refusal:
            await connection.send(self._refusal)
        elif not self.heads[-1].startswith(b"CONNECT "):
            await connection.send(OK_HELLO)
        else:
            await self._tunnel(connection)

    async def _tunnel(self, connection: PeerConnection) -> None:
        async with await trio.open_tcp_stream("127.0.0.1", self._peer.port) as there:
            await connection.send(b"HTTP/1.1 200 Connected\r\n\r\n")
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_pump, there, connection.stream)
                await _pump(connection.stream, there)
                nursery.cancel_scope.cancel()


async def _pump(source: trio.abc.Stream, sink: trio.abc.Stream) -> None:
    try:
        while data := await source.receive_some():
            await sink.send_all(data)
    except trio.BrokenResourceError:
        pass


AUTHORIZATION = b"Proxy-Authorization: Basic " + base64.b64encode(b"user:pass word")


@pytest.mark.parametrize("proxy_speaks_tls", [False, True])
async def test_a_peer_is_reached_through_a_proxy(stage: Stage, proxy_speaks_tls: bool) -> None:
    context: ssl.SSLContext | None = stage.authority.server_context if proxy_speaks_tls else None
    async with stage.peer(always_hello) as peer:
        proxy = ForwardingProxy(peer)
        async with open_peer(proxy.script, context) as proxy_peer:
            url = proxy_peer.url("", host="user:pass%20word@127.0.0.1")
            settings = attrs.evolve(stage.settings(), http_proxy=url, https_proxy=url)
            async with stage.upstream(settings) as upstream:
                received = await fetch(upstream, get(peer.url("/p?q", host="peer.test")))
        assert received.body == b"hello"
        line = proxy.heads[0].split(b"\r\n")[0]
        if stage.is_secure:
            assert line == b"CONNECT peer.test:%d HTTP/1.1" % peer.port
        else:
            assert line == b"GET http://peer.test:%d/p?q HTTP/1.1" % peer.port
        assert AUTHORIZATION.lower() in proxy.heads[0].lower()


async def test_loopback_goes_to_no_proxy(stage: Stage) -> None:
    settings = attrs.evolve(
        stage.settings(), http_proxy="http://127.0.0.1:1", https_proxy="http://127.0.0.1:1"
    )
    async with stage.peer(always_hello) as peer, stage.upstream(settings) as upstream:
        assert (await fetch(upstream, get(peer.url()))).body == b"hello"


async def test_a_proxy_that_is_down_is_named_without_its_password(stage: Stage) -> None:
    async with stage.peer(always_hello) as gone:
        pass
    url = f"http://user:secret@127.0.0.1:{gone.port}"
    settings = attrs.evolve(stage.settings(), http_proxy=url, https_proxy=url)
    async with stage.upstream(settings) as upstream:
        with pytest.raises(UpstreamUnreachable, match=r"cannot connect to the proxy") as caught:
            await fetch(upstream, get(f"{stage.scheme}://peer.test/"))
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("refusal", "words"),
    [
        (b"HTTP/1.1 407 Who\r\ncontent-length: 0\r\n\r\n", "status 407; put a user"),
        (b"HTTP/1.1 403 No\r\ncontent-length: 0\r\n\r\n", "status 403; allow the host"),
        (b"nonsense\r\n\r\n", "broke off when asked"),
    ],
)
async def test_a_proxy_that_refuses_a_tunnel(stage: Stage, refusal: bytes, words: str) -> None:
    async with stage.peer(always_hello) as peer:
        proxy = ForwardingProxy(peer, refusal)
        async with open_peer(proxy.script, None) as proxy_peer:
            url = proxy_peer.url("", host="user:secret@127.0.0.1")
            settings = attrs.evolve(stage.settings(), https_proxy=url)
            async with stage.upstream(settings) as upstream:
                with pytest.raises(UpstreamUnreachable, match=words) as caught:
                    await fetch(upstream, get(f"https://peer.test:{peer.port}/"))
    assert "secret" not in str(caught.value)
