"""An endpoint on the virtual network: an HTTP/1.1 server that follows a script, byte for byte.

It can misbehave below HTTP: `Cut` ends the connection after so many bytes of the response, head
and chunk framing included, by FIN or by RST; `SendRaw` sends what no server should. Every exchange
is written down with the moment and the way of its end: there a scenario sees when Esc arrived.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum

import attrs
import h11
import trio

from ..upstream import SendBytes, SendHead, Step, Wait
from .network import VirtualNetwork
from .socket import VirtualSocket

READ_BYTES = 65_536
TASK = "peer:connection"
"""The name of the task that serves a connection."""


@attrs.frozen
class SendRaw:
    """The peer sends bytes that are no HTTP of its own making, and then goes away."""

    data: bytes


@attrs.frozen
class Cut:
    """The connection ends after so many bytes of the response, by RST or by FIN."""

    after_bytes: int
    reset: bool = False


PeerStep = Step | SendRaw
Respond = Callable[[bytes], Sequence[PeerStep]]


class Ending(Enum):
    """How an exchange came to its end, as the peer saw it."""

    OPEN = "open"
    COMPLETE = "complete"
    LEFT = "left"
    CUT = "cut"


@attrs.define(eq=False)
class PeerExchange:
    """A request's body and what became of it; `left_seconds` is virtual, -1.0 for never."""

    body: bytes
    sent_bytes: int = 0
    ending: Ending = Ending.OPEN
    left_seconds: float = -1.0


class _Gone(Exception):
    """The exchange is over; its ending says how."""


@attrs.define(eq=False)
class VirtualPeer:
    """Answers each request's body with the steps that `respond` gives for it."""

    network: VirtualNetwork
    respond: Respond
    cut: Cut | None = None
    exchanges: list[PeerExchange] = attrs.field(factory=list[PeerExchange])

    async def serve(
        self, host: str, port: int, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Serves until cancelled."""
        listening = await self.network.open_listening(host, port)
        with listening:
            async with trio.open_nursery() as nursery:
                task_status.started()
                while True:
                    accepted, _ = await listening.accept()
                    nursery.start_soon(self._converse, accepted, name=TASK)

    async def _converse(self, socket: VirtualSocket) -> None:
        connection = h11.Connection(h11.SERVER)
        with socket:
            while (body := await _read_request(socket, connection)) is not None:
                exchange = PeerExchange(body)
                self.exchanges.append(exchange)
                async with trio.open_nursery() as nursery:
                    nursery.start_soon(_watch, socket, connection, exchange, nursery.cancel_scope)
                    await self._answer(socket, connection, exchange)
                    nursery.cancel_scope.cancel("the answer has ended")
                if exchange.ending is not Ending.COMPLETE:
                    return
                connection.start_next_cycle()

    async def _answer(
        self, socket: VirtualSocket, connection: h11.Connection, exchange: PeerExchange
    ) -> None:
        try:
            for step in self.respond(exchange.body):
                match step:
                    case Wait(seconds):
                        await trio.sleep(seconds)
                    case SendHead(status, headers):
                        head = h11.Response(status_code=status, headers=list(headers))
                        await self._send(socket, exchange, connection.send(head))
                    case SendBytes(data):
                        await self._send(socket, exchange, connection.send(h11.Data(data=data)))
                    case SendRaw(data):
                        await self._send(socket, exchange, data)
                        exchange.ending = Ending.CUT
                        return
                    case _:
                        raise AssertionError(f"not a step of this peer: {step}")
            await self._send(socket, exchange, connection.send(h11.EndOfMessage()))
            exchange.ending = Ending.COMPLETE
        except _Gone:
            pass

    async def _send(
        self, socket: VirtualSocket, exchange: PeerExchange, data: bytes | None
    ) -> None:
        data, cut = data or b"", self.cut
        left_bytes = len(data) if cut is None else cut.after_bytes - exchange.sent_bytes
        whole, data = len(data) <= left_bytes, data[:left_bytes]
        try:
            while data:
                sent = await socket.send(data)
                exchange.sent_bytes += sent
                data = data[sent:]
        except OSError:
            _leave(exchange)
            raise _Gone from None
        if not whole:
            assert cut is not None
            exchange.ending = Ending.CUT
            if cut.reset:
                socket.abort()
            raise _Gone


async def _read_request(socket: VirtualSocket, connection: h11.Connection) -> bytes | None:
    """The body of the next request, or None when no more will come."""
    body = b""
    while True:
        try:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await socket.recv(READ_BYTES))
        except (OSError, h11.RemoteProtocolError):  # cut inside a request, or between two
            return None
        if event is h11.NEED_DATA:
            continue
        if isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return body
        elif not isinstance(event, h11.Request):
            return None


async def _watch(
    socket: VirtualSocket,
    connection: h11.Connection,
    exchange: PeerExchange,
    answering: trio.CancelScope,
) -> None:
    """Reads while the answer goes out, as a server must to learn that its client has left."""
    try:
        while data := await socket.recv(READ_BYTES):
            connection.receive_data(data)
    except (OSError, trio.ClosedResourceError):
        pass
    if exchange.ending is Ending.OPEN:
        _leave(exchange)
    answering.cancel("the client has left")


def _leave(exchange: PeerExchange) -> None:
    exchange.ending = Ending.LEFT
    exchange.left_seconds = trio.current_time()
