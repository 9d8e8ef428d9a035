"""The adapters under test, and what a test needs around one: certificates and short ways to ask."""

from __future__ import annotations

import ssl
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, cast

import attrs
import trio
import trustme
from understudy.io.ports import Upstream, UpstreamRequest, UpstreamResponse, UpstreamStatistics
from understudy.io.upstream.http11 import Http11Upstream
from understudy.io.upstream.httpx_client import HttpxUpstream
from understudy.io.upstream.settings import UpstreamSettings

from .upstream_peer import Peer, Script, open_peer


@attrs.frozen
class Adapter:
    """An implementation of the port, and where the suite must ask less of it.

    `network` is entered around each test: a simulated network is installed there.
    """

    name: str
    make: Callable[[UpstreamSettings], Upstream]
    joins_chunks: bool = True
    hears_early_answer_over_tls: bool = True
    sees_surplus: bool = True
    network: Callable[[], AbstractContextManager[object]] = nullcontext


ADAPTERS = (
    Adapter("http11", Http11Upstream),
    Adapter(
        "httpx",
        HttpxUpstream,
        joins_chunks=False,
        hears_early_answer_over_tls=False,
        sees_surplus=False,
    ),
)


class Authority:
    """A CA of the tests' own, the peer's certificate, and the bundle on disk."""

    def __init__(self, folder: Path) -> None:
        authority = trustme.CA()
        self.ca_file = folder / "ca.pem"
        authority.cert_pem.write_to_path(self.ca_file)
        self.server_context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self.server_context.set_alpn_protocols(["h2", "http/1.1"])
        certificate = authority.issue_cert("127.0.0.1", "peer.test")
        cast("Any", certificate).configure_cert(self.server_context)  # its type needs PyOpenSSL


@attrs.frozen
class Stage:
    """An adapter, and plain TCP or TLS."""

    adapter: Adapter
    scheme: str
    authority: Authority

    @property
    def is_secure(self) -> bool:
        """Whether peers speak TLS."""
        return self.scheme == "https"

    def settings(self) -> UpstreamSettings:
        """Settings that trust the tests' CA."""
        return UpstreamSettings(ca_file=str(self.authority.ca_file))

    @asynccontextmanager
    async def upstream(self, settings: UpstreamSettings | None = None) -> AsyncGenerator[Upstream]:
        """Opens the adapter and, at the end, sees that it left no socket behind."""
        upstream = self.adapter.make(settings or self.settings())
        try:
            yield upstream
        finally:
            await upstream.aclose()
        assert upstream.statistics() == UpstreamStatistics(0, 0)

    @asynccontextmanager
    async def peer(self, script: Script) -> AsyncGenerator[Peer]:
        """Opens a peer that follows the script."""
        context = self.authority.server_context if self.is_secure else None
        async with open_peer(script, context) as peer:
            yield peer

    @asynccontextmanager
    async def both(self, script: Script) -> AsyncGenerator[tuple[Upstream, Peer]]:
        """Opens a peer and a client with the usual settings."""
        async with self.peer(script) as peer, self.upstream() as upstream:
            yield upstream, peer


@attrs.frozen
class Received:
    """A whole response."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...]
    body: bytes


def get(url: str) -> UpstreamRequest:
    """A GET without headers."""
    return UpstreamRequest("GET", url, ())


def post(url: str, body: bytes) -> UpstreamRequest:
    """A POST without headers of its own."""
    return UpstreamRequest("POST", url, (), body)


async def read_body(response: UpstreamResponse) -> bytes:
    """Reads to the end."""
    body = b""
    while piece := await response.receive():
        body += piece
    return body


async def fetch(upstream: Upstream, request: UpstreamRequest) -> Received:
    """Carries one request out to the end; ten seconds are more than any test needs."""
    with trio.fail_after(10):
        async with upstream.open(request) as response:
            body = await read_body(response)
            return Received(response.status, response.headers, body)
