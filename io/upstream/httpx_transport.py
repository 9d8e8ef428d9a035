"""An httpx transport whose sockets are ours: httpcore's pool over `Dialer`.

httpx's own transport hides its sockets. Ours are dialled, proxied and counted like the other
client's, so both fail with the same words; a socket can be closed at once; and a reused connection
that ends before any response byte raises `StaleConnection`, which httpcore cannot tell from a
response cut in its head. Imported only when the first request needs it: httpx takes about 0.2 s.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Iterable
from typing import Any, cast

import httpcore
import httpx
import trio

from .address import parse_address
from .dialing import Dialer, Wire

FRESH = "fresh"
"""The request extension that asks for a connection which has never been used."""


class StaleConnection(Exception):
    """A reused connection ended before any byte of a response."""


class DiallingTransport(httpx.AsyncBaseTransport):
    """Sends requests over wires of the dialer; raises httpcore's errors and the dialer's."""

    def __init__(self, dialer: Dialer) -> None:
        self._dialer = dialer
        self._pools: dict[tuple[str, bool], httpcore.AsyncConnectionPool] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx.AsyncBaseTransport."""
        address = parse_address(str(request.url))
        target, headers = address.target, request.headers.raw
        proxy = self._dialer.choose_proxy(address)
        if proxy is not None and not address.is_secure:
            target, headers = address.absolute_target, [*headers, *proxy.headers]
        pool = self._pool(address.scheme, is_fresh=bool(request.extensions.get(FRESH)))
        response = await pool.handle_async_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=address.scheme, host=address.host, port=address.port, target=target
                ),
                headers=headers,
                content=_RequestBody(request.content),
                extensions=request.extensions,
            )
        )
        extensions: dict[str, Any] = cast("Any", response).extensions  # whose type is left open
        return httpx.Response(
            status_code=response.status,
            headers=response.headers,
            stream=_ResponseBody(response),
            extensions=extensions,
        )

    def idle_connections(self) -> int:
        """Counts the sockets that wait for reuse."""
        return sum(
            connection.is_idle() for pool in self._pools.values() for connection in pool.connections
        )

    async def aclose(self) -> None:
        """Closes idle connections."""
        for pool in self._pools.values():
            await pool.aclose()

    def _pool(self, scheme: str, *, is_fresh: bool) -> httpcore.AsyncConnectionPool:
        pool = self._pools.get((scheme, is_fresh))
        if pool is None:
            settings = self._dialer.settings
            pool = self._pools[scheme, is_fresh] = httpcore.AsyncConnectionPool(
                ssl_context=self._dialer.trust.context() if scheme == "https" else None,
                max_connections=settings.connections_max,
                max_keepalive_connections=0 if is_fresh else settings.idle_connections_max,
                keepalive_expiry=settings.idle_seconds_max,
                network_backend=_Backend(self._dialer, scheme),
            )
        return pool


class WireStream(httpcore.AsyncNetworkStream):
    """A wire as httpcore sees it; it knows when its connection is being reused."""

    def __init__(self, dialer: Dialer, wire: Wire, where: str) -> None:
        self._dialer = dialer
        self._wire = wire
        self._where = where
        self._is_reused = False
        self._is_heard = False

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Reads some bytes; raises StaleConnection, or ReadError as httpcore expects."""
        if self._wire.is_closed:
            raise httpcore.ReadError("the connection is closed")
        try:
            data = bytes(await self._wire.stream.receive_some(max_bytes))
        except trio.BrokenResourceError as error:
            self._check_stale()
            raise httpcore.ReadError("the connection was reset") from error
        if not data:
            self._check_stale()
        self._is_heard = True
        return data

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Writes all of it; raises WriteError, upon which httpcore looks for a response."""
        if self._is_heard:
            self._is_reused = True
            self._is_heard = False
        if not buffer:
            return
        try:
            await self._wire.stream.send_all(buffer)
        except trio.BrokenResourceError as error:
            raise httpcore.WriteError("the connection was reset") from error

    async def aclose(self) -> None:
        """Closes the socket without awaiting anything."""
        self.close()

    def close(self) -> None:
        """Closes the socket at once; safe to call again."""
        self._wire.close()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Starts TLS with the dialer's trust, of which the context given here is a part."""
        await self._dialer.secure(self._wire, parse_address(self._where))
        return self

    def get_extra_info(self, info: str) -> Any:
        """Answers the one question that matters here: whether an idle socket was closed."""
        return not self._wire.is_quiet() if info == "is_readable" else None

    def _check_stale(self) -> None:
        if self._is_reused and not self._is_heard:
            raise StaleConnection


class _Backend(httpcore.AsyncNetworkBackend):
    def __init__(self, dialer: Dialer, scheme: str) -> None:
        self._dialer = dialer
        self._scheme = scheme

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        where = f"{self._scheme}://{f'[{host}]' if ':' in host else host}:{port}"
        address = parse_address(where)
        wire = await self._dialer.open_path(address, self._dialer.choose_proxy(address))
        return WireStream(self._dialer, wire, where)


class _RequestBody:
    """A body in one piece; httpcore's own would leave a generator behind when a write fails."""

    def __init__(self, body: bytes) -> None:
        self._pieces = [body]

    def __aiter__(self) -> _RequestBody:
        return self

    async def __anext__(self) -> bytes:
        if not self._pieces:
            raise StopAsyncIteration
        return self._pieces.pop()


class _ResponseBody(httpx.AsyncByteStream):
    """Hands the response's iterator through: a generator of our own would be one more to end."""

    def __init__(self, response: httpcore.Response) -> None:
        self._response = response

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._response.aiter_stream()

    async def aclose(self) -> None:
        await self._response.aclose()
