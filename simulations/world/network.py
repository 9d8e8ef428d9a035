"""A virtual network behind Trio's own seam: the code above opens sockets as it always does.

Installed inside a run, it lasts as long as the run: `trio.open_tcp_stream`, `open_tcp_listeners`
and `trio.socket.socket` then use it. Latency and the sizes of writes are drawn from the seed.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from random import Random
from typing import Any

import trio

from . import seam
from .endpoint import Endpoint
from .socket import AF_INET, SOCK_STREAM, Address, VirtualSocket

FIRST_PORT = 49_152
SPLIT_CHANCE = 0.3
"""How often a write is cut short."""


class VirtualNetwork(trio.abc.SocketFactory, trio.abc.HostnameResolver):
    """All listening sockets and all connections. One-way latency is between the two bounds."""

    def __init__(
        self, random: Random, *, latency_seconds: tuple[float, float] = (0.000_2, 0.002)
    ) -> None:
        self.listening: dict[tuple[str, int], VirtualSocket] = {}
        self.before: Callable[[str, Address, Address | None], None] = _nothing
        """Told of each connect, accept, send and recv, with the socket's own address and its
        peer's, before it is done; it may raise OSError instead."""
        self._random = random
        self._latency_seconds = latency_seconds
        self._ports = count(FIRST_PORT)
        self._open: dict[Endpoint, None] = {}

    def install(self) -> None:
        """Puts this network in the place of the real one, for this run of Trio."""
        seam.set_custom_socket_factory(self)
        seam.set_custom_hostname_resolver(self)

    @property
    def open_sockets(self) -> int:
        """Connected sockets that are not closed; a connection counts twice."""
        return len(self._open)

    def socket(
        self,
        family: Any = None,
        type: Any = None,  # noqa: A002 the name is Trio's
        proto: int = 0,
    ) -> VirtualSocket:
        """Makes a socket; Trio calls this."""
        return VirtualSocket(self)

    async def getaddrinfo(
        self,
        host: bytes | None,
        port: bytes | str | int | None,
        family: int = 0,
        type: int = 0,  # noqa: A002 the name is Trio's
        proto: int = 0,
        flags: int = 0,
    ) -> Any:
        """Every name is the address of a host of that name; Trio calls this."""
        await trio.lowlevel.checkpoint()
        name = "127.0.0.1" if host is None else host.decode()
        return [(AF_INET, SOCK_STREAM, 6, "", (name, int(port or 0)))]

    async def getnameinfo(self, sockaddr: Any, flags: int) -> tuple[str, str]:
        """The reverse; Trio calls this."""
        await trio.lowlevel.checkpoint()
        return str(sockaddr[0]), str(sockaddr[1])

    async def open_listening(self, host: str, port: int) -> VirtualSocket:
        """Listens at an address. Raises OSError."""
        opened = VirtualSocket(self)
        await opened.bind((host, port))
        opened.listen()
        return opened

    async def open_connected(self, host: str, port: int) -> VirtualSocket:
        """Connects with an address. Raises OSError."""
        opened = VirtualSocket(self)
        await opened.connect((host, port))
        return opened

    def connect(self) -> tuple[Endpoint, Endpoint]:
        """Makes the two ends of a connection."""
        one, other = Endpoint(self), Endpoint(self)
        one.peer, other.peer = other, one
        self._open[one] = self._open[other] = None
        return one, other

    def forget(self, endpoint: Endpoint) -> None:
        """Takes note that an end was closed."""
        self._open.pop(endpoint, None)

    def draw_latency_seconds(self) -> float:
        """How long a segment takes."""
        return self._random.uniform(*self._latency_seconds)

    def draw_size(self, bytes_max: int) -> int:
        """How much of a write is taken at once: mostly all."""
        if bytes_max > 1 and self._random.random() < SPLIT_CHANCE:
            return self._random.randint(1, bytes_max)
        return bytes_max

    def draw_port(self) -> int:
        """A free port."""
        return next(self._ports)


def _nothing(_operation: str, _here: Address, _there: Address | None) -> None:
    """Lets everything be done."""
