"""One request and its response: the `receive` and `send` that an ASGI application is given.

The body is held here as received, without bound: the connection's reader asks `buffered_bytes`
and stops reading while it is too much, so `put` never waits and the reader can always watch for
the client's leaving. What has arrived is handed over in one piece.

The head is held back until the first body event, as ASGI asks (HTTP, "Response Start"): it then
shares one segment with the body, and a crash before it can still become a 500. An empty body
event with `more_body` sends the head alone.

The chunks of a stream are framed here, past hypercorn and h11: the bytes between a head and an end
change no state of theirs, and a stream is mostly such bytes. The head and the end are theirs.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import trio
from hypercorn.typing import (
    ASGIReceiveEvent,
    ASGISendEvent,
    HTTPResponseStartEvent,
    HTTPScope,
)

STATUSES_WITHOUT_BODY = (204, 304)


class Cycle:
    """One turn of h11's request/response cycle.

    Arguments: `encode` turns an ASGI event into bytes on the connection, `put_out` takes bytes that
    are encoded already, and `flush` sends all of them.
    """

    def __init__(
        self,
        scope: HTTPScope,
        encode: Callable[[ASGISendEvent | None], Awaitable[None]],
        put_out: Callable[[bytes], None],
        flush: Callable[[], Awaitable[None]],
    ) -> None:
        self.scope = trio.CancelScope()
        self.buffered_bytes = 0
        self.request_ended = False
        self.response_begun = False
        """The head has been encoded: no other answer can be given."""
        self.response_ended = False
        """The response is encoded to its end."""
        self.complete = False
        """The response has been sent to its end: the client's leaving is no loss to it."""
        self._takes_chunks = scope["http_version"] == "1.1" and scope["method"] != "HEAD"
        self._chunked = False
        """The response is sent in chunks, and is between its head and its end."""
        self._encode = encode
        self._put_out = put_out
        self._flush = flush
        self._chunks: list[bytes] = []
        self._end_delivered = False
        self._start: HTTPResponseStartEvent | None = None
        self._arrival = trio.lowlevel.ParkingLot()
        self._room = trio.lowlevel.ParkingLot()

    async def put(self, event: ASGIReceiveEvent) -> None:
        """Takes what hypercorn has for the application; never waits."""
        if event["type"] == "http.request":
            if event["body"]:
                self._chunks.append(event["body"])
                self.buffered_bytes += len(event["body"])
            self.request_ended = not event["more_body"]
            self._arrival.unpark_all()
        else:
            self.end()

    def end(self) -> None:
        """Notes that the application will say, or is to hear, no more."""
        self.response_ended = True
        self._room.unpark_all()
        self._arrival.unpark_all()

    async def wait_room(self) -> None:
        """Waits until the application has taken the body received so far, or needs it no more."""
        while self.buffered_bytes and not self.response_ended:
            await self._room.park()

    async def receive(self) -> ASGIReceiveEvent:
        """ASGI's `receive`: all of the body that has arrived, in one event."""
        await trio.lowlevel.checkpoint_if_cancelled()
        while not self.response_ended:
            if self._chunks or (self.request_ended and not self._end_delivered):
                return self._take_body()
            await self._arrival.park()
        return {"type": "http.disconnect"}

    def _take_body(self) -> ASGIReceiveEvent:
        body = b"".join(self._chunks)
        self._chunks.clear()
        self.buffered_bytes = 0
        self._end_delivered = self.request_ended
        self._room.unpark_all()
        return {"type": "http.request", "body": body, "more_body": not self.request_ended}

    async def send(self, event: ASGISendEvent) -> None:
        """ASGI's `send`; returns once the kernel has taken the bytes.

        A cancelled `send` cuts the connection, for the client then has part of an event. Raises
        trio.BrokenResourceError or trio.ClosedResourceError when the connection is gone and the
        caller shielded from the cancellation which then comes, or the handler aborted it itself.
        """
        if event["type"] == "http.response.start" and self._start is None:
            self._start = event
            return
        if self._start is not None and not self.response_begun:
            await self._encode(self._start)
            self.response_begun = True
            self._chunked = self._takes_chunks and is_chunked(self._start)
        if not self._put_chunk(event):
            await self._encode(event)
        await self._flush()
        self.complete = self.response_ended

    def _put_chunk(self, event: ASGISendEvent) -> bool:
        """Puts out a chunk, if the event is one of a response in the middle."""
        middle = self._chunked and not self.response_ended
        if not middle or event["type"] != "http.response.body" or not event.get("more_body"):
            return False
        if data := event.get("body"):
            self._put_out(b"%x\r\n%b\r\n" % (len(data), data))
        return True


def is_chunked(start: HTTPResponseStartEvent) -> bool:
    """Whether h11 sends a response with this head in chunks, to a client of HTTP/1.1."""
    sized = any(name == b"content-length" for name, _ in start["headers"])
    return not sized and start["status"] not in STATUSES_WITHOUT_BODY
