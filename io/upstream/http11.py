"""The client on a turn's path: HTTP/1.1 on h11 and Trio, with a pool.

It exists beside `httpx_client` because of its price: a general client spends about a millisecond
of CPU on a request and wakes up for each chunk. Order of an exchange: a place among
`connections_max`, an idle connection or a new one, the request, the head; then the caller reads. A
connection goes back to the pool only if both sides have finished and nothing is left over; in
every other case, cancellation included, it is closed on the spot, without awaiting.
"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from functools import lru_cache
from types import TracebackType

import attrs
import h11
import trio

from ..ports import (
    Upstream,
    UpstreamBroken,
    UpstreamRequest,
    UpstreamResponse,
    UpstreamStatistics,
    UpstreamUnreachable,
)
from .address import Address, parse_address
from .connection import Connection, without_value
from .dialing import Dialer
from .pool import ConnectionPool
from .proxy import Proxy
from .settings import UpstreamSettings

ROUTES_CACHED_MAX = 256
"""URLs whose parts and proxy are remembered."""

METHODS_WITH_BODY = frozenset(("POST", "PUT", "PATCH"))
"""Methods whose empty body is announced by Content-Length: 0 (RFC 9110, 8.6)."""


@attrs.frozen
class Route:
    """A URL, and how it is reached; `key` tells which connections will do."""

    address: Address
    proxy: Proxy | None
    key: tuple[str, str, int, Proxy | None]
    host_header: bytes
    target: bytes
    proxy_headers: tuple[tuple[bytes, bytes], ...] = attrs.field(repr=False)


class Http11Upstream(Upstream):
    """See the module. Not to be shared between Trio runs."""

    def __init__(self, settings: UpstreamSettings | None = None) -> None:
        self._settings = settings = settings or UpstreamSettings()
        self._dialer = Dialer(settings)
        self._places = trio.Semaphore(settings.connections_max)
        self._pool = ConnectionPool(
            connections_max=settings.idle_connections_max, seconds_max=settings.idle_seconds_max
        )
        self._route = lru_cache(ROUTES_CACHED_MAX)(self._find_route)

    def open(self, request: UpstreamRequest) -> AbstractAsyncContextManager[UpstreamResponse]:
        """See Upstream.open. An exchange waits for a free place as long as for a connection."""
        return _Exchange(self, request)

    async def aclose(self) -> None:
        """See Upstream.aclose."""
        self._pool.close()
        await trio.lowlevel.checkpoint()

    def statistics(self) -> UpstreamStatistics:
        """See Upstream.statistics."""
        return UpstreamStatistics(
            open_connections=self._dialer.open_wires, idle_connections=len(self._pool)
        )

    async def enter(self, request: UpstreamRequest) -> tuple[Connection, h11.Response]:
        """Takes a place and carries the request out up to the head, leaving nothing if it fails.

        Raises UpstreamUnreachable or UpstreamBroken. The caller must `leave`.
        """
        route = self._route(request.url)
        message = _message(request, route)
        await self._take_place(route)
        try:
            connection = self._pool.take(route.key)
            if connection is not None:
                response = await self._try(connection, message, request.body)
                if response is not None:
                    return connection, response
            wire = await self._dialer.open_wire(route.address, route.proxy)
            connection = Connection(wire, route.key, route.address.origin)
            try:
                return connection, await connection.exchange(message, request.body)
            except BaseException:
                connection.close()
                raise
        except BaseException:
            self._places.release()
            raise

    def leave(self, connection: Connection) -> None:
        """Gives the place back, and the connection to the pool if it can be used again."""
        if connection.recycle():
            self._pool.put(connection)
        else:
            connection.close()
        self._places.release()

    async def _try(
        self, connection: Connection, message: h11.Request, body: bytes
    ) -> h11.Response | None:
        """Uses an idle connection; None when it was stale, so that nothing came back at all."""
        try:
            return await connection.exchange(message, body)
        except UpstreamBroken:
            connection.close()
            if connection.is_heard:
                raise
            return None
        except BaseException:
            connection.close()
            raise

    async def _take_place(self, route: Route) -> None:
        try:
            self._places.acquire_nowait()
        except trio.WouldBlock:
            seconds = self._settings.connect_seconds_max
            with trio.move_on_after(seconds):
                await self._places.acquire()
                return
            raise UpstreamUnreachable(
                f"all {self._settings.connections_max} connections stayed in use for {seconds:g} s,"
                f" so none was free for {route.address.origin}; send fewer requests at a time"
            ) from None

    def _find_route(self, url: str) -> Route:
        address = parse_address(url)
        proxy = self._dialer.choose_proxy(address)
        is_forwarded = proxy is not None and not address.is_secure
        return Route(
            address=address,
            proxy=proxy,
            key=(address.scheme, address.host, address.port, proxy),
            host_header=address.host_header,
            target=address.absolute_target if is_forwarded else address.target,
            proxy_headers=tuple(proxy.headers) if proxy is not None and is_forwarded else (),
        )


class _Exchange(AbstractAsyncContextManager[UpstreamResponse]):
    """One exchange as a block; a class, as a generator would cost more and could be abandoned."""

    __slots__ = ("_connection", "_request", "_upstream")

    def __init__(self, upstream: Http11Upstream, request: UpstreamRequest) -> None:
        self._upstream = upstream
        self._request = request

    async def __aenter__(self) -> UpstreamResponse:
        self._connection, head = await self._upstream.enter(self._request)
        return Http11Response(self._connection, head)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._upstream.leave(self._connection)


class Http11Response(UpstreamResponse):
    """The response on a connection; not usable after its block was left."""

    __slots__ = ("_connection", "headers", "status")

    def __init__(self, connection: Connection, head: h11.Response) -> None:
        self._connection = connection
        self.status = head.status_code
        self.headers = tuple(head.headers)

    async def receive(self) -> bytes:
        """See UpstreamResponse.receive."""
        return await self._connection.receive()


def _message(request: UpstreamRequest, route: Route) -> h11.Request:
    headers = [*request.headers, *route.proxy_headers]
    names = {name for name, _ in headers}
    if b"host" not in names:
        headers.insert(0, (b"host", route.host_header))
    has_length = b"content-length" in names or b"transfer-encoding" in names
    if not has_length and (request.body or request.method in METHODS_WITH_BODY):
        headers.append((b"content-length", b"%d" % len(request.body)))
    try:
        return h11.Request(method=request.method, target=route.target, headers=headers)
    except h11.LocalProtocolError as error:
        raise UpstreamUnreachable(
            f"the request to {route.address.origin} cannot be sent: {without_value(error)}; check"
            " its method, its URL and its headers"
        ) from error
