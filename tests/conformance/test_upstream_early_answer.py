"""Answers that come while a large request is still being sent; only `http11` listens meanwhile."""

from __future__ import annotations

import pytest
import trio
from understudy.io.ports import UpstreamRequest
from understudy.io.upstream.http11 import Http11Upstream
from understudy.io.upstream.settings import UpstreamSettings

from .upstream_peer import OK_HELLO, PeerConnection, open_peer
from .upstream_stage import Authority, fetch

LARGE_BODY = b"x" * 8_000_000
REFUSAL = b"HTTP/1.1 401 No\r\ncontent-length: 2\r\n\r\nno"


@pytest.mark.parametrize("is_secure", [False, True])
async def test_a_peer_that_refuses_and_stays_does_not_hold_us(
    authority: Authority, is_secure: bool
) -> None:
    left = trio.Event()

    async def script(connection: PeerConnection) -> None:
        await connection.read_head()
        await connection.send(REFUSAL)
        await left.wait()

    context = authority.server_context if is_secure else None
    upstream = Http11Upstream(UpstreamSettings(ca_file=str(authority.ca_file)))
    async with open_peer(script, context) as peer:
        request = UpstreamRequest("POST", peer.url(), (), LARGE_BODY)
        received = await fetch(upstream, request)
        left.set()
    assert (received.status, received.body) == (401, b"no")
    assert upstream.statistics().open_connections == 0


@pytest.mark.parametrize("is_secure", [False, True])
async def test_an_early_acceptance_does_not_stop_the_request(
    authority: Authority, is_secure: bool
) -> None:
    bodies: list[int] = []

    async def script(connection: PeerConnection) -> None:
        head = await connection.read_head()
        await connection.send(b"HTTP/1.1 100 Continue\r\n\r\n" + OK_HELLO)
        bodies.append(len(await connection.read_body(head)))
        await connection.wait_closed()

    context = authority.server_context if is_secure else None
    upstream = Http11Upstream(UpstreamSettings(ca_file=str(authority.ca_file)))
    async with open_peer(script, context) as peer:
        request = UpstreamRequest("POST", peer.url(), (), LARGE_BODY)
        assert (await fetch(upstream, request)).body == b"hello"
        await upstream.aclose()
        await trio.testing.wait_all_tasks_blocked(0.05)
    assert bodies == [len(LARGE_BODY)]
