"""Making connections: name lookup, TCP, a proxy's tunnel and TLS, within one time limit.

Both clients dial here, so that they fail with the same words and their sockets are counted in one
place. A `Wire` is closed without awaiting: no farewell is sent, cancellation cannot get in between,
and the peer sees its socket closed at once. Sockets come from `trio.open_tcp_stream`, so a
simulated network set by `trio.socket.set_custom_socket_factory` lies below all of this.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

import trio

from ..ports import UpstreamUnreachable
from .address import Address
from .proxy import Proxy, choose_proxy, open_tunnel
from .settings import UpstreamSettings
from .tls import Trust


class Wire:
    """A connected socket with the layers on it; `stream` is the topmost."""

    __slots__ = ("_dialer", "_socket", "stream")

    def __init__(self, dialer: Dialer, stream: trio.SocketStream) -> None:
        self._dialer = dialer
        self._socket: trio.socket.SocketType | None = stream.socket
        self.stream: trio.abc.Stream = stream
        dialer.open_wires += 1

    @property
    def is_closed(self) -> bool:
        """Whether we have closed it."""
        return self._socket is None

    def is_quiet(self) -> bool:
        """Whether it is open and has nothing to say; an idle one that has was closed or is mad."""
        return self._socket is not None and not self._socket.is_readable()

    def close(self) -> None:
        """Closes the socket now, whatever lies on it; safe to call again."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
            self._dialer.open_wires -= 1


class Dialer:
    """Opens wires and counts them."""

    def __init__(self, settings: UpstreamSettings) -> None:
        self.settings = settings
        self.trust = Trust(settings.ca_file)
        self.open_wires = 0

    def choose_proxy(self, address: Address) -> Proxy | None:
        """Says through which proxy the peer is reached; raises UpstreamUnreachable."""
        return choose_proxy(self.settings, address)

    async def open_wire(self, address: Address, proxy: Proxy | None) -> Wire:
        """Connects to the peer, TLS included; raises UpstreamUnreachable."""
        with self.connect_limit(address):
            wire = await self._open_path(address, proxy)
            if address.is_secure:
                await self._secure(wire, address.host, address.origin)
        return wire

    async def open_path(self, address: Address, proxy: Proxy | None) -> Wire:
        """Connects so far that TLS with the peer, if any, can begin; raises UpstreamUnreachable."""
        with self.connect_limit(address):
            return await self._open_path(address, proxy)

    async def secure(self, wire: Wire, address: Address) -> None:
        """Starts TLS with the peer; closes the wire and raises UpstreamUnreachable if it fails."""
        with self.connect_limit(address):
            await self._secure(wire, address.host, address.origin)

    @contextmanager
    def connect_limit(self, address: Address) -> Generator[None]:
        """Turns more than `connect_seconds_max` into UpstreamUnreachable."""
        seconds = self.settings.connect_seconds_max
        try:
            with trio.fail_after(seconds):
                yield
        except trio.TooSlowError as error:
            raise UpstreamUnreachable(
                f"no connection to {address.origin} within {seconds:g} s; check the network, the"
                " address and the proxy settings"
            ) from error

    async def _open_path(self, address: Address, proxy: Proxy | None) -> Wire:
        if proxy is None:
            return await self._open_tcp(address.host, address.port, address.origin)
        wire = await self._open_tcp(proxy.host, proxy.port, f"the proxy {proxy.origin}")
        try:
            if proxy.scheme == "https":
                await self._secure(wire, proxy.host, f"the proxy {proxy.origin}")
            if address.is_secure:
                await open_tunnel(wire.stream, proxy, address)
        except BaseException:
            wire.close()
            raise
        return wire

    async def _open_tcp(self, host: str, port: int, where: str) -> Wire:
        try:
            stream = await trio.open_tcp_stream(host, port)
        except (OSError, ValueError) as error:
            raise UpstreamUnreachable(
                f"cannot connect to {where}: {_reason(error)}; check the address and that it is up"
            ) from error
        return Wire(self, stream)

    async def _secure(self, wire: Wire, host: str, where: str) -> None:
        try:
            wire.stream = await self.trust.start(wire.stream, host, where)
        except BaseException:
            wire.close()
            raise


def _reason(error: BaseException) -> str:
    """Digs the operating system's words out of what Trio made of several attempts."""
    cause = error.__cause__
    if isinstance(cause, ExceptionGroup):
        attempts = cast("ExceptionGroup[Exception]", cause).exceptions
        return "; ".join(dict.fromkeys(_reason(attempt) for attempt in attempts))
    if isinstance(cause, OSError):
        return _reason(cause)
    if isinstance(error, OSError) and (error.errno or 0) > 0:
        return os.strerror(error.errno or 0)
    return (isinstance(error, OSError) and error.strerror) or str(error)
