"""A virtual socket: Trio's socket type over the two ends of a virtual connection.

Only TCP, and only what Trio's streams, our connections and hypercorn's HTTP/1.1 ask of a socket.
Errors have the types and the numbers of Linux.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import trio

from . import seam
from .endpoint import (
    EADDRINUSE,
    EBADF,
    ECONNREFUSED,
    EHOSTUNREACH,
    ENOTCONN,
    EPIPE,
    ETIMEDOUT,
    Endpoint,
)
from .weather import Trouble

if TYPE_CHECKING:
    from .network import VirtualNetwork

Address = tuple[str, int]
LOOPBACK = "127.0.0.1"
NO_ADDRESS = ("0.0.0.0", 0)  # noqa: S104 what an unbound socket says of itself; nothing listens
AF_INET, SOCK_STREAM, SHUT_WR = 2, 1, 1
"""The same on every platform, as the options' numbers are not."""
ABORT_BYTES = b"\x01\0\0\0\0\0\0\0"
"""SO_LINGER's value for "on, 0 seconds", of which closing makes an RST."""
BACKLOG_MAX = 4_096
"""Linux's own limit for what `listen` may ask for."""
SYN_PAUSES_SECONDS = (1, 2, 4, 8, 16, 32, 64)
"""Between Linux's tries of a connection that nobody answers; then it times out."""


class VirtualSocket(seam.SocketType):
    """See the module. Made by the network, as Trio's socket factory."""

    def __init__(self, network: VirtualNetwork) -> None:
        super().__init__()
        self.name: Address = NO_ADDRESS
        self.endpoint: Endpoint | None = None
        self._network = network
        self._peer_name: Address | None = None
        self._aborts = False
        self._closed = False
        self._sent_fin = False
        self._accepted: trio.MemoryReceiveChannel[VirtualSocket] | None = None
        self._incoming: trio.MemorySendChannel[VirtualSocket] | None = None

    @property
    def family(self) -> Any:
        """Always IPv4."""
        return AF_INET

    @property
    def type(self) -> Any:
        """Always a stream."""
        return SOCK_STREAM

    @property
    def proto(self) -> int:
        """The default one."""
        return 0

    @property
    def did_shutdown_SHUT_WR(self) -> bool:  # noqa: N802 the name is Trio's
        """Whether our side has been ended by `shutdown`."""
        return self._sent_fin

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<virtual socket {self.name}>"

    def fileno(self) -> int:
        """-1 once closed; otherwise a number that no file has."""
        return -1 if self._closed else 1_000_000

    def getsockname(self) -> Address:
        """Where it is bound."""
        self._check_open()
        return self.name

    def getpeername(self) -> Address:
        """Whom it is connected with. Raises OSError."""
        self._check_open()
        if self._peer_name is None:
            raise OSError(ENOTCONN, "Transport endpoint is not connected")
        return self._peer_name

    def getsockopt(self, level: int, optname: int, buflen: int | None = None) -> Any:
        """Says whether it listens: Trio asks for SO_ACCEPTCONN alone."""
        return int(self._accepted is not None)

    def setsockopt(self, level: int, optname: int, value: Any, optlen: int | None = None) -> None:
        """Takes note of SO_LINGER, known by its value; no other option makes a difference here."""
        self._check_open()
        if isinstance(value, bytes):
            self._aborts = value == ABORT_BYTES

    async def bind(self, address: Any) -> None:
        """Takes an address; port 0 is any free one. Raises OSError."""
        await trio.lowlevel.checkpoint()
        self.bind_now(address)

    def bind_now(self, address: Any) -> None:
        """As `bind`, without a checkpoint."""
        self._check_open()
        name = (str(address[0]), int(address[1]) or self._network.draw_port())
        if name in self._network.listening:
            raise OSError(EADDRINUSE, "Address already in use")
        self.name = name

    def listen(self, backlog: int = 128) -> None:
        """Lets connections come in, one more than `backlog` of them before the first `accept`."""
        self._check_open()
        if self.name in self._network.listening:
            raise OSError(EADDRINUSE, "Address already in use")
        room = min(backlog, BACKLOG_MAX) + 1
        self._incoming, self._accepted = trio.open_memory_channel["VirtualSocket"](room)
        self._network.listening[self.name] = self

    async def accept(self) -> tuple[VirtualSocket, Address]:
        """Waits for the next connection."""
        await trio.lowlevel.checkpoint_if_cancelled()
        self._begin("accept", None)
        assert self._accepted is not None, "only a listening socket accepts"
        accepted = await self._accepted.receive()
        assert accepted._peer_name is not None
        return accepted, accepted._peer_name

    async def connect(self, address: Any) -> None:
        """Connects, in one round trip if all is well. Raises OSError."""
        name = (str(address[0]), int(address[1]))
        self._begin("connect", name)
        trouble = self._network.weather.trouble_at_connect(name[0])
        try:
            for pause_seconds in SYN_PAUSES_SECONDS:
                if await self._knock(name, trouble):
                    return
                await trio.sleep(pause_seconds)
                trouble = self._network.weather.trouble_at_connect(name[0], again=True)
        except OSError:
            raise
        except BaseException:
            self.close()  # a connection given up half-way is no connection
            raise
        raise TimeoutError(ETIMEDOUT, "Connection timed out")

    async def _knock(self, name: Address, trouble: Trouble | None) -> bool:
        """Tries once; False when nobody answers. Raises OSError for an answer that is a no."""
        await trio.sleep(self._network.draw_latency_seconds())
        if trouble is Trouble.UNREACHABLE or not self._network.knows(name[0]):
            raise OSError(EHOSTUNREACH, "No route to host")
        if trouble is Trouble.SILENT:
            return False
        listening = self._network.listening.get(name)
        refused = listening is None or trouble is Trouble.REFUSES
        answered = listening is not None and not refused and listening.greet(self)
        await trio.sleep(self._network.draw_latency_seconds())
        if refused:
            raise ConnectionRefusedError(ECONNREFUSED, "Connection refused")
        return answered

    def greet(self, client: VirtualSocket) -> bool:
        """Makes the two ends of a connection; False when too many wait to be accepted."""
        assert self._incoming is not None
        waiting = self._incoming.statistics()
        if waiting.current_buffer_used >= waiting.max_buffer_size:
            return False
        accepted = VirtualSocket(self._network)
        client.name, client._peer_name = (LOOPBACK, self._network.draw_port()), self.name
        accepted.name, accepted._peer_name = self.name, client.name
        client.endpoint, accepted.endpoint = self._network.connect(self.name[0])
        self._incoming.send_nowait(accepted)
        return True

    async def send(self, data: Any, flags: int = 0) -> int:
        """Sends at least a part of it. Raises OSError, or ClosedResourceError when closed."""
        self._begin("send", self._peer_name)
        if self.endpoint is None:
            raise BrokenPipeError(EPIPE, "Broken pipe")
        return await self.endpoint.send(data)

    async def recv(self, buflen: int, flags: int = 0, /) -> bytes:
        """Waits for bytes. Raises OSError, or ClosedResourceError when closed meanwhile."""
        self._begin("recv", self._peer_name)
        return await self._connected().receive(buflen)

    def shutdown(self, flag: int) -> None:
        """Ends our side; the other may go on."""
        assert flag == SHUT_WR, "only the writing side is ever shut alone"
        self._check_open()
        self._connected().send_fin()
        self._sent_fin = True

    def is_readable(self) -> bool:
        """Whether there is something to read, an end or an error included."""
        if self._closed:
            raise ValueError("file descriptor cannot be a negative integer (-1)")
        return self._connected().readable

    async def wait_writable(self) -> None:
        """Says yes: only a send finds out whether there is room."""
        await trio.lowlevel.checkpoint()
        self._check_open()

    def close(self) -> None:
        """Closes now; who waits here meanwhile gets ClosedResourceError."""
        if self._closed:
            return
        self._closed = True
        if self.endpoint is not None:
            self.endpoint.close(reset=self._aborts)
        if self._accepted is not None and self._incoming is not None:
            del self._network.listening[self.name]
            self._reset_waiting(self._accepted)
            self._accepted.close()
            self._incoming.close()

    def abort(self) -> None:
        """Closes by RST, as SO_LINGER with 0 seconds does."""
        self._aborts = True
        self.close()

    def _reset_waiting(self, accepted: trio.MemoryReceiveChannel[VirtualSocket]) -> None:
        while accepted.statistics().current_buffer_used:
            accepted.receive_nowait().abort()

    def _begin(self, operation: str, there: Address | None) -> None:
        self._check_open()
        self._network.before(operation, self, there)

    def _connected(self) -> Endpoint:
        if self.endpoint is None:
            raise OSError(ENOTCONN, "Transport endpoint is not connected")
        return self.endpoint

    def _check_open(self) -> None:
        if self._closed:
            raise OSError(EBADF, "Bad file descriptor")
