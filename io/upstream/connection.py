"""One HTTP/1.1 connection: a wire and the h11 state machine of the exchange it carries.

All that one read of the socket yielded is parsed at once, so a read costs one wake-up however many
chunks it held, and the end of a body is known as soon as it is here. A chunked body is read beside
h11 (`chunked`), which stays at its head; the next exchange gets a new h11. While a large body is
being sent the connection listens: a peer that refuses early (401, 413) often closes without reading
the rest, and what it said is lost if it is only looked for after the failed write.
"""

from __future__ import annotations

import re

import h11
import trio

from ..ports import UpstreamBroken, UpstreamUnreachable
from .chunked import ChunkedBody, ChunkError
from .dialing import Wire

RESPONSE_HEAD_BYTES_MAX = 64 * 1024
"""A response's status line and headers, a chunk's header, or the trailers."""

READ_BYTES = 64 * 1024
"""The most that one read takes from the socket."""

JOINED_BODY_BYTES_MAX = 64 * 1024
"""A request body up to this goes out with its head in one write; a larger one is sent listening."""

EARLY_RESPONSE_BYTES_MAX = 1024 * 1024
"""What is read of a response while its request is still being sent."""

CHUNKED = (b"transfer-encoding", b"chunked")
"""As h11 leaves it: any other transfer coding it has refused."""
METHODS_WITHOUT_BODY = (b"HEAD", b"CONNECT")
STATUSES_WITHOUT_BODY = (204, 304)
"""Of responses that end with their head, whatever it says (RFC 9112, section 6.3)."""


class Connection:
    """Carries one exchange after another."""

    __slots__ = (
        "_chunked",
        "_failure",
        "_is_torn",
        "_may_have_body",
        "_pieces",
        "_protocol",
        "_receive_some",
        "_send_all",
        "_where",
        "_wire",
        "has_ended",
        "head",
        "idle_since",
        "is_heard",
        "route",
    )

    def __init__(self, wire: Wire, route: object, where: str) -> None:
        self.route = route
        self.idle_since = 0.0
        self._wire = wire
        self._where = where
        self._receive_some = wire.stream.receive_some
        self._send_all = wire.stream.send_all
        self._protocol = new_protocol()
        self._reset()

    def _reset(self) -> None:
        self.head: h11.Response | None = None
        self.has_ended = False
        self.is_heard = False
        self._failure: str | None = None
        self._is_torn = False
        self._pieces: list[bytes] = []
        self._may_have_body = True
        self._chunked: ChunkedBody | None = None

    async def exchange(self, request: h11.Request, body: bytes) -> h11.Response:
        """Sends the request and returns the response's head; 1xx responses are passed over.

        Raises UpstreamBroken; `is_heard` then says whether any byte of a response was read.
        """
        self._may_have_body = request.method not in METHODS_WITHOUT_BODY
        head, framed_body = self._start(request, body)
        if len(framed_body) <= JOINED_BODY_BYTES_MAX:
            await self._send(head + framed_body)
        else:
            await self._send_listening(head, framed_body)
        while self.head is None:
            await self._read()
        return self.head

    async def receive(self) -> bytes:
        """Waits for body bytes; b"" once the body has ended. Raises UpstreamBroken."""
        if self._pieces or self.has_ended:
            await trio.lowlevel.checkpoint()
        while not self._pieces and not self.has_ended:
            await self._read()
        pieces = self._pieces
        self._pieces = []
        return b"".join(pieces)

    def recycle(self) -> bool:
        """Makes it ready for another exchange; says False when it cannot carry one."""
        protocol = self._protocol
        if self._is_torn or not self.has_ended or protocol.our_state is not h11.DONE:
            return False
        if self._chunked is not None:
            if self._chunked.rest:
                return False
            self._protocol = new_protocol()
        elif protocol.their_state is h11.DONE and protocol.trailing_data == (b"", False):
            protocol.start_next_cycle()
        else:
            return False
        self._reset()
        return True

    def is_quiet(self) -> bool:
        """Whether an idle connection looks usable: open, and with nothing to read."""
        return self._wire.is_quiet()

    def close(self) -> None:
        """Closes the socket at once; safe to call again."""
        self._wire.close()

    def _start(self, request: h11.Request, body: bytes) -> tuple[bytes, bytes]:
        protocol = self._protocol
        try:
            head = protocol.send(request)
            pieces = protocol.send_with_data_passthrough(h11.Data(data=body)) if body else None
            end = protocol.send(h11.EndOfMessage())
        except h11.LocalProtocolError as error:
            raise UpstreamUnreachable(
                f"the request to {self._where} cannot be sent: {error}; check its headers"
            ) from error
        framed_body = b"".join(pieces or ())  # which copies nothing when there is only one
        return head, framed_body + end if end else framed_body

    async def _send(self, data: bytes) -> None:
        try:
            await self._send_all(data)
        except trio.BrokenResourceError:
            # The peer may have answered before it closed; the reads that follow will tell.
            self._is_torn = True

    async def _send_listening(self, head: bytes, body: bytes) -> None:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._listen, nursery.cancel_scope)
            await self._send(head)
            await self._send(body)
            if not self._is_torn:  # else the listener reads on until it meets the end
                nursery.cancel_scope.cancel()

    async def _listen(self, sending: trio.CancelScope) -> None:
        received_bytes = 0
        while received_bytes < EARLY_RESPONSE_BYTES_MAX and not self.has_ended:
            received_bytes += await self._take()
            if self._failure is not None:
                sending.cancel()
                return
        if self.has_ended and self.head is not None and self.head.status_code >= 300:
            # A whole refusal: the peer will not read the rest. After a 2xx it may well.
            self._is_torn = True
            sending.cancel()

    async def _read(self) -> None:
        if self._failure is not None:
            raise UpstreamBroken(self._failure)
        await self._take()

    async def _take(self) -> int:
        """Reads the socket once and parses all of it; a failure is noted, not raised."""
        try:
            data = await self._receive_some(READ_BYTES)
        except trio.BrokenResourceError:
            self._fail("the connection was reset")
            return 0
        if data:
            self.is_heard = True
        elif self.head is None:
            self._fail("the peer closed the connection without a whole response head")
            return 0
        try:
            if self._chunked is not None:
                self._take_chunks(self._chunked, bytes(data))  # TLS reads may be bytearray
            else:
                self._protocol.receive_data(bytes(data))
                self._parse()
        except h11.RemoteProtocolError as error:
            self._fail(without_value(error))
        except ChunkError as error:
            self._fail(str(error))
        return len(data)

    def _take_chunks(self, chunked: ChunkedBody, data: bytes) -> None:
        if not data:
            raise ChunkError("the peer closed the connection in the middle of a body")
        chunked.receive_data(data, self._pieces)
        self.has_ended = chunked.ended

    def _parse(self) -> None:
        next_event = self._protocol.next_event
        while True:
            event = next_event()
            if isinstance(event, h11.Data):
                self._pieces.append(event.data)
            elif event is h11.NEED_DATA:
                return
            elif isinstance(event, h11.EndOfMessage):
                self.has_ended = True
                return
            elif isinstance(event, h11.Response):
                self.head = event
                if self._may_have_body and is_chunked(event):
                    self._chunked = ChunkedBody()
                    read_ahead, _closed = self._protocol.trailing_data
                    if read_ahead:
                        self._take_chunks(self._chunked, read_ahead)
                    return
            elif event is h11.PAUSED:
                raise h11.RemoteProtocolError("the peer switched to another protocol")

    def _fail(self, reason: str) -> None:
        self._is_torn = True
        self._failure = (
            f"{self._where} broke off: {reason}; it may have acted on the request, so look before"
            " sending it again"
        )


def is_chunked(response: h11.Response) -> bool:
    """Whether the head says that chunks follow."""
    return CHUNKED in response.headers and response.status_code not in STATUSES_WITHOUT_BODY


def new_protocol() -> h11.Connection:
    """The state of an exchange that has not begun."""
    return h11.Connection(h11.CLIENT, max_incomplete_event_size=RESPONSE_HEAD_BYTES_MAX)


def without_value(error: h11.ProtocolError) -> str:
    """What h11 says, up to the value that it quotes: that may be a key, or part of an answer."""
    return re.split(r" (?:b['\"]|bytearray)", str(error))[0]
