"""The client for rare calls: httpx, with the manners of the `Upstream` port.

It is the second opinion on the port: other people's client, held to the same suite. What differs
from `http11`: a read comes as one piece per chunk; an answer that a peer gives over TLS before it
resets a request half-sent may be lost; and bytes that follow a response in the same read are taken
for the next one, so it is for peers we trust to keep HTTP's framing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import TYPE_CHECKING

import trio

from ..ports import (
    Upstream,
    UpstreamBroken,
    UpstreamError,
    UpstreamRequest,
    UpstreamResponse,
    UpstreamStatistics,
    UpstreamUnreachable,
)
from .address import parse_address
from .dialing import Dialer
from .settings import UpstreamSettings

if TYPE_CHECKING:
    import httpx

    from .httpx_transport import DiallingTransport

CLOSE_SECONDS_MAX = 1.0
"""Bookkeeping in httpx after the socket was closed; it waits for nobody."""


class HttpxUpstream(Upstream):
    """See the module. Not to be shared between Trio runs."""

    def __init__(self, settings: UpstreamSettings | None = None) -> None:
        self._dialer = Dialer(settings or UpstreamSettings())
        self._transport: DiallingTransport | None = None
        self._client: httpx.AsyncClient | None = None

    def open(self, request: UpstreamRequest) -> AbstractAsyncContextManager[UpstreamResponse]:
        """See Upstream.open. An exchange waits for a free place as long as for a connection."""
        return _Exchange(self, request)

    async def aclose(self) -> None:
        """See Upstream.aclose."""
        if self._transport is not None:
            await self._transport.aclose()
        await trio.lowlevel.checkpoint()

    def statistics(self) -> UpstreamStatistics:
        """See Upstream.statistics."""
        return UpstreamStatistics(
            open_connections=self._dialer.open_wires,
            idle_connections=0 if self._transport is None else self._transport.idle_connections(),
        )

    async def send(self, request: UpstreamRequest) -> httpx.Response:
        """Sends the request, a second time over a new connection if the first was stale.

        Raises UpstreamUnreachable or UpstreamBroken.
        """
        import httpcore
        import httpx

        from .httpx_transport import FRESH, StaleConnection

        origin = parse_address(request.url).origin
        seconds = self._dialer.settings.connect_seconds_max
        extensions = {"timeout": {"pool": seconds}}
        try:
            try:
                return await self._send_once(request, extensions)
            except StaleConnection:
                return await self._send_once(request, {**extensions, FRESH: True})
        except httpcore.PoolTimeout as error:
            raise UpstreamUnreachable(
                f"all {self._dialer.settings.connections_max} connections stayed in use for"
                f" {seconds:g} s, so none was free for {origin}; send fewer requests at a time"
            ) from error
        except (httpcore.LocalProtocolError, httpx.InvalidURL) as error:
            raise UpstreamUnreachable(
                f"the request to {origin} cannot be sent; check its method, its URL and its headers"
            ) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, httpx.HTTPError) as error:
            raise broken(origin, error) from error

    async def _send_once(
        self, request: UpstreamRequest, extensions: Mapping[str, object]
    ) -> httpx.Response:
        import httpx

        if self._client is None:
            from .httpx_transport import DiallingTransport

            self._transport = DiallingTransport(self._dialer)
            self._client = httpx.AsyncClient(transport=self._transport, trust_env=False)
        return await self._client.send(
            httpx.Request(
                request.method,
                request.url,
                headers=list(request.headers),
                content=request.body,
                extensions=dict(extensions),
            ),
            stream=True,
        )


def broken(origin: str, error: Exception) -> UpstreamBroken:
    """Says what httpx met, in the words of the port."""
    return UpstreamBroken(
        f"{origin} broke off: {error}; it may have acted on the request, so look before sending it"
        " again"
    )


class HttpxResponse(UpstreamResponse):
    """The response; not usable after its block was left."""

    def __init__(self, response: httpx.Response) -> None:
        self.status = response.status_code
        self.headers = tuple((name.lower(), value) for name, value in response.headers.raw)
        self._origin = parse_address(str(response.request.url)).origin
        self._response = response
        self._pieces: AsyncIterator[bytes] | None = None
        self._error: UpstreamError | None = None
        self._has_ended = False

    async def receive(self) -> bytes:
        """See UpstreamResponse.receive."""
        await trio.lowlevel.checkpoint()
        if self._error is not None:
            raise self._error
        return b"" if self._has_ended else await self._next_piece()

    async def _next_piece(self) -> bytes:
        import httpcore

        if self._pieces is None:
            self._pieces = self._response.aiter_raw()
        try:
            return await anext(self._pieces)
        except StopAsyncIteration:
            self._has_ended = True
            return b""
        except (httpcore.NetworkError, httpcore.ProtocolError) as error:
            self._has_ended = True
            self._error = broken(self._origin, error)
            raise self._error from error

    async def abandon(self) -> None:
        """Closes the socket if the body has not ended, then lets httpx find that out.

        The generators in httpx and httpcore are run into the closed socket, so that each ends here
        and none is left for the garbage collector.
        """
        import httpcore

        if not self._has_ended and self._pieces is not None:
            self._response.extensions["network_stream"].close()
            try:
                async for _ in self._pieces:
                    pass
            except (httpcore.NetworkError, httpcore.ProtocolError):
                pass
        await self._response.aclose()


class _Exchange(AbstractAsyncContextManager[UpstreamResponse]):
    def __init__(self, upstream: HttpxUpstream, request: UpstreamRequest) -> None:
        self._upstream = upstream
        self._request = request

    async def __aenter__(self) -> UpstreamResponse:
        self._response = HttpxResponse(await self._upstream.send(self._request))
        return self._response

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with trio.move_on_after(CLOSE_SECONDS_MAX, shield=True):
            await self._response.abandon()
