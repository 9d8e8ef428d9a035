"""A virtual network behind Trio's own seam: the code above opens sockets as it always does.

Installed inside a run, it lasts as long as the run: `trio.open_tcp_stream`, `open_tcp_listeners`
and `trio.socket.socket` then use it. Latency and the sizes of writes are drawn from the seed.

A host is its name, and has that name as its address. Whoever listens at a name makes it known for
good; other names than those and the loopback's do not resolve. What goes wrong is the `weather`'s
to say, and each `Path`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from random import Random
from typing import Any

import trio

from . import seam
from .chance import Chance
from .endpoint import EAI_AGAIN, EAI_NONAME, Endpoint
from .path import Path
from .socket import AF_INET, LOOPBACK, SOCK_STREAM, VirtualSocket
from .weather import Trouble, Weather, is_loopback

FIRST_PORT = 49_152
SPLIT_CHANCE = 0.3
"""How often a write is cut short."""


class VirtualNetwork(trio.abc.SocketFactory, trio.abc.HostnameResolver):
    """All listening sockets and all connections. One-way latency is between the two bounds."""

    def __init__(
        self,
        random: Random,
        *,
        latency_seconds: tuple[float, float] = (0.000_2, 0.002),
        chance: Chance | None = None,
    ) -> None:
        self.listening: dict[tuple[str, int], VirtualSocket] = {}
        self.before: Callable[[str, VirtualSocket, tuple[str, int] | None], None] = _nothing
        """Told of each connect, accept, send and recv with the peer's address, before it is done;
        it may raise OSError instead."""
        self.weather = Weather(chance)
        self._known_hosts: dict[str, None] = {}
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

    @property
    def open_connections(self) -> int:
        """Connections of which at least one end is not closed."""
        return len(dict.fromkeys(end.path for end in self._open))

    def paths(self, host: str) -> list[Path]:
        """The open connections with a host, the oldest first."""
        return list(dict.fromkeys(end.path for end in self._open if end.path.host == host))

    def heal(self) -> None:
        """Ends every trouble, so that what is on its way arrives and hosts are reached again."""
        self.weather.heal()
        for path in dict.fromkeys(end.path for end in self._open):
            path.heal()

    def knows(self, host: str) -> bool:
        """Whether there is such a host."""
        return is_loopback(host) or host in self._known_hosts

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
        """The name of a known host is its address. Raises gaierror; Trio calls this."""
        await trio.sleep(self.draw_latency_seconds())
        name = "localhost" if host is None else host.decode().lower()
        trouble = self.weather.trouble_at_lookup(name)
        if trouble is Trouble.TRY_AGAIN:
            raise seam.gaierror(EAI_AGAIN, "Temporary failure in name resolution")
        if trouble is Trouble.NO_NAME or not self.knows(name):
            raise seam.gaierror(EAI_NONAME, "Name or service not known")
        address = LOOPBACK if is_loopback(name) else name
        return [(AF_INET, SOCK_STREAM, 6, "", (address, int(port or 0)))]

    async def getnameinfo(self, sockaddr: Any, flags: int) -> tuple[str, str]:
        """The reverse; Trio calls this."""
        await trio.lowlevel.checkpoint()
        return str(sockaddr[0]), str(sockaddr[1])

    def listen(self, host: str, port: int) -> VirtualSocket:
        """Listens at an address, at once, and makes its host known. Raises OSError."""
        opened = VirtualSocket(self)
        opened.bind_now((host, port))
        opened.listen()
        if not is_loopback(host):
            self._known_hosts[host] = None
        return opened

    async def open_listening(self, host: str, port: int) -> VirtualSocket:
        """Listens at an address, as a checkpoint. Raises OSError."""
        await trio.lowlevel.checkpoint()
        return self.listen(host, port)

    async def open_connected(self, host: str, port: int) -> VirtualSocket:
        """Connects with an address. Raises OSError."""
        opened = VirtualSocket(self)
        await opened.connect((host, port))
        return opened

    def connect(self, host: str) -> tuple[Endpoint, Endpoint]:
        """Makes the two ends of a connection with a host: the client's and the host's."""
        path = Path(self, host)
        one, other = Endpoint(path), Endpoint(path)
        one.peer, other.peer = other, one
        path.ends = one, other
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


def _nothing(_operation: str, _socket: VirtualSocket, _there: tuple[str, int] | None) -> None:
    """Lets everything be done."""
