"""An endpoint on the virtual network: an HTTP/1.1 server that follows a script, byte for byte.

It can misbehave below HTTP: `Cut` ends the connection after so many bytes of the response, head
and chunk framing included, by FIN or by RST; `SendRaw` sends what no server should. Every exchange
is written down, with what was said and with the moment and the way of its end: there a scenario
sees when Esc arrived, and the inspection what the client and the ledger must agree with. As an
operating system does for a process that ends, `stop` resets what is open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from enum import Enum
from math import inf

import attrs
import h11
import trio

from ...io.ports import Headers
from ..dialects.asked import Problem
from ..dialects.meaning import Meaning, is_stand_in
from ..upstream import HangUp, SendBytes, SendHead, Step, Wait, WaitFor, abandon
from .chronicle import Tell, tell_nobody
from .marker import marker_of
from .network import VirtualNetwork
from .socket import VirtualSocket

READ_BYTES = 65_536
PROBED = (SendHead(404, ((b"content-length", b"0"),)),)
"""The answer to a question without a body: the endpoint is there, and has nothing at this path."""
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


@attrs.frozen
class ClosesIdle:
    """After this answer the connection waits so long for another request, and is then closed."""

    seconds: float


@attrs.frozen
class Misbehaves:
    """From here on the answer is not what an endpoint should say; `kind` names the fault."""

    kind: str


@attrs.frozen
class Reports:
    """The endpoint has told the usage that the ledger must have, by these bytes before."""

    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0


@attrs.frozen
class Tolerates:
    """What comes is not wrong, but another than was asked for: a relay passes it on as it is."""

    kind: str


@attrs.frozen
class Reads:
    """The endpoint has read the request, and this is wrong with it."""

    problems: tuple[Problem, ...]


@attrs.frozen
class Means:
    """From here on the endpoint says this."""

    meaning: Meaning


@attrs.frozen
class Ends:
    """With the next bytes the answer is complete: what follows is framing, or said once more."""


Note = Misbehaves | Tolerates | Reads | Means | Ends | Reports
"""Nothing is sent: the exchange takes note of what is said before or after."""
PeerStep = Step | SendRaw | Cut | ClosesIdle | Note
Respond = Callable[[bytes], Iterable[PeerStep]]


class Ending(Enum):
    """How an exchange came to its end, as the peer saw it."""

    OPEN = "open"
    COMPLETE = "complete"
    LEFT = "left"
    CUT = "cut"


@attrs.define(eq=False)
class PeerExchange:
    """A request and what became of it; moments are virtual, -1.0 for never.

    `said` is the body that was sent, or was on its way when the connection ended. `meaning` is
    what it was to mean, where that is known, and `has_ended` whether all of it was sent;
    `problems` are what the endpoint found in the request.
    """

    body: bytes
    marker: str = ""
    host: str = ""
    headers: Headers = attrs.field(default=(), repr=False)
    asked_seconds: float = attrs.field(factory=trio.current_time)
    sent_bytes: int = 0
    head_bytes: int = 0
    """So much of what is sent comes before the body; 0 while there is no head."""
    status: int = 0
    retry_after: bytes = b""
    said: bytearray = attrs.field(factory=bytearray, repr=False)
    faults: list[str] = attrs.field(factory=list[str])
    oddities: list[str] = attrs.field(factory=list[str])
    dialect: str = "anthropic"
    meaning: Meaning | None = None
    problems: tuple[Problem, ...] = ()
    has_ended: bool = False
    reported: Reports | None = None
    cut: Cut | None = None
    idle_seconds: float = inf
    ending: Ending = Ending.OPEN
    left_seconds: float = -1.0
    complete_seconds: float = -1.0

    @property
    def has_begun(self) -> bool:
        """Whether an answer, and no refusal, was begun: whoever relays it has committed to it."""
        return self.status == 200 and 0 < self.head_bytes <= self.sent_bytes

    @property
    def is_continued(self) -> bool:
        """Whether the model is to be asked again with what a stand-in has found."""
        calls = self.meaning.calls if self.meaning is not None and self.has_ended else ()
        return any(is_stand_in(call) for call in calls)


class _Gone(Exception):
    """The exchange is over; its ending says how."""


@attrs.define(eq=False)
class VirtualPeer:
    """Answers each request's body with the steps that `respond` gives for it."""

    network: VirtualNetwork
    respond: Respond
    cut: Cut | None = None
    idle_seconds: float = inf
    """How long a connection may wait for its next request."""
    exchanges: list[PeerExchange] = attrs.field(factory=list[PeerExchange])
    tell: Tell = tell_nobody
    dialect: str = "anthropic"
    host: str = ""
    looked_at: Callable[[], Iterable[PeerStep]] = lambda: PROBED
    """What a GET is answered with: a probe of whether it is there, or a question for its models."""
    _open: dict[VirtualSocket, None] = attrs.field(factory=dict[VirtualSocket, None])
    _listening: VirtualSocket | None = None
    _scope: trio.CancelScope = attrs.field(factory=trio.CancelScope)

    async def serve(
        self, host: str, port: int, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Serves until cancelled."""
        self.host = host
        self.take(await self.network.open_listening(host, port))
        await self.accept(task_status=task_status)

    def take(self, listening: VirtualSocket) -> None:
        """Takes a socket that listens already; `accept` is to follow."""
        self._listening = listening

    async def accept(
        self, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
    ) -> None:
        """Serves until cancelled, or until `stop`."""
        listening = self._listening
        assert listening is not None, "it has taken a socket"
        with listening, self._scope:
            async with trio.open_nursery() as nursery:
                task_status.started()
                while True:
                    accepted, _ = await listening.accept()
                    nursery.start_soon(self._converse, accepted, name=TASK)
        self._scope = trio.CancelScope()

    def stop(self) -> None:
        """Refuses connections from now on, and resets those that there are; it may serve again."""
        self._scope.cancel("the peer has stopped")
        if self._listening is not None:
            self._listening.close()
        for socket in list(self._open):
            socket.abort()
        for exchange in self.exchanges:
            if exchange.ending is Ending.OPEN:
                exchange.ending = Ending.CUT

    def steps(self, request: h11.Request, body: bytes) -> Iterable[PeerStep]:
        """The steps that answer any request: a turn, or a probe of whether it is there."""
        return self.looked_at() if request.method == b"GET" else self.script(request, body)

    def script(self, request: h11.Request, body: bytes) -> Iterable[PeerStep]:
        """The steps that answer a turn."""
        return self.respond(body)

    async def _converse(self, socket: VirtualSocket) -> None:
        self._open[socket] = None
        try:
            with socket:
                await self._serve_requests(socket)
        finally:
            del self._open[socket]

    async def _serve_requests(self, socket: VirtualSocket) -> None:
        connection = h11.Connection(h11.SERVER)
        idle_seconds = self.idle_seconds
        while True:
            received = None
            with trio.move_on_after(idle_seconds):
                received = await _read_request(socket, connection)
            if received is None:
                return
            request, body = received
            exchange = PeerExchange(
                body,
                marker_of(body),
                self.host,
                tuple((bytes(name), bytes(value)) for name, value in request.headers),
                dialect=self.dialect,
                cut=self.cut,
                idle_seconds=self.idle_seconds,
            )
            self.exchanges.append(exchange)
            self.tell("is asked")
            async with trio.open_nursery() as nursery:
                nursery.start_soon(_watch, socket, connection, exchange, nursery.cancel_scope)
                stays = await self._answer(socket, connection, exchange, request)
                nursery.cancel_scope.cancel("the answer has ended")
            self.tell(f"has it {exchange.ending.value}")
            if exchange.ending is not Ending.COMPLETE or not stays:
                return
            connection.start_next_cycle()
            idle_seconds = exchange.idle_seconds

    async def _answer(
        self,
        socket: VirtualSocket,
        connection: h11.Connection,
        exchange: PeerExchange,
        request: h11.Request,
    ) -> bool:
        """Takes the steps of an answer; says whether the connection stays."""
        stays, steps = True, iter(self.steps(request, exchange.body))
        try:
            for step in steps:
                match step:
                    case Wait(seconds):
                        await trio.sleep(seconds)
                    case WaitFor(done):
                        await done()
                    case SendHead(status, headers):
                        exchange.status = status
                        exchange.retry_after = dict(headers).get(b"retry-after", b"")
                        head = h11.Response(status_code=status, headers=list(headers))
                        data = connection.send(head) or b""
                        exchange.head_bytes = exchange.sent_bytes + len(data)
                        await _send(socket, exchange, data)
                    case SendBytes(data):
                        exchange.said += data
                        await _send(socket, exchange, connection.send(h11.Data(data=data)))
                    case SendRaw(data):
                        await _send(socket, exchange, data)
                        exchange.ending = Ending.CUT
                        return False
                    case HangUp():
                        stays = False
                    case Cut():
                        exchange.cut = step
                    case ClosesIdle(seconds):
                        exchange.idle_seconds = seconds
                    case Misbehaves(kind):
                        exchange.faults.append(kind)
                    case Reports():
                        exchange.reported = step
                    case Tolerates(kind):
                        exchange.oddities.append(kind)
                    case Reads(problems):
                        exchange.problems = problems
                    case Means(meaning):
                        exchange.meaning = meaning
                    case Ends():
                        exchange.has_ended = True
                    case _:
                        raise AssertionError(f"not a step of this peer: {step}")
            await _send(socket, exchange, connection.send(h11.EndOfMessage()))
            exchange.ending = Ending.COMPLETE
            exchange.complete_seconds = trio.current_time()
        except _Gone:
            pass
        finally:
            abandon(steps)
        return stays


async def _send(socket: VirtualSocket, exchange: PeerExchange, data: bytes | None) -> None:
    data, cut = data or b"", exchange.cut
    left_bytes = len(data) if cut is None else cut.after_bytes - exchange.sent_bytes
    whole, unsent = len(data) <= left_bytes, memoryview(data)[:left_bytes]
    try:
        while unsent:
            sent = await socket.send(unsent)
            exchange.sent_bytes += sent
            unsent = unsent[sent:]
    except (OSError, trio.ClosedResourceError):
        _leave(exchange)
        raise _Gone from None
    if not whole:
        assert cut is not None
        exchange.ending = Ending.CUT
        if cut.reset:
            socket.abort()
        raise _Gone


async def _read_request(
    socket: VirtualSocket, connection: h11.Connection
) -> tuple[h11.Request, bytes] | None:
    """The next request and its body, or None when no more will come."""
    request, body = None, b""
    while True:
        try:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await socket.recv(READ_BYTES))
        except (OSError, trio.ClosedResourceError, h11.RemoteProtocolError):
            return None
        if event is h11.NEED_DATA:
            continue
        if isinstance(event, h11.Request):
            request = event
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage) and request is not None:
            return request, body
        else:
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
    _leave(exchange)
    answering.cancel("the client has left")


def _leave(exchange: PeerExchange) -> None:
    if exchange.ending is Ending.OPEN:
        exchange.ending = Ending.LEFT
        exchange.left_seconds = trio.current_time()
