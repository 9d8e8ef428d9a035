"""ASGI applications of a few lines, for the connection's tests."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import attrs
import trio
from hypercorn.typing import (
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPResponseBodyEvent,
    HTTPResponseStartEvent,
    Scope,
)

OK_START: HTTPResponseStartEvent = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-length", b"2")],
}
STREAM_START: HTTPResponseStartEvent = {
    "type": "http.response.start",
    "status": 200,
    "headers": [(b"content-type", b"text/event-stream")],
}


def body(data: bytes, *, more: bool = False) -> HTTPResponseBodyEvent:
    """A body event."""
    return {"type": "http.response.body", "body": data, "more_body": more}


async def read_body(receive: ASGIReceiveCallable) -> bytes:
    """Reads a request's body to its end."""
    data = b""
    while True:
        event = await receive()
        assert event["type"] == "http.request", event
        data += event["body"]
        if not event["more_body"]:
            return data


async def answer_ok(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """Answers 200 and `ok`."""
    await read_body(receive)
    await send(OK_START)
    await send(body(b"ok"))


async def silence(send: ASGISendCallable) -> None:
    """Sends nothing, not even a head."""
    await trio.sleep_forever()


async def silence_after_head(send: ASGISendCallable) -> None:
    """Sends the head and one event, then nothing."""
    await send(STREAM_START)
    await send(body(b"data: 1\n\n", more=True))
    await trio.sleep_forever()


async def stream(send: ASGISendCallable) -> None:
    """Sends an event every 2 ms."""
    await send(STREAM_START)
    while True:
        await send(body(b"data: 1\n\n", more=True))
        await trio.sleep(0.002)


@attrs.define
class Witness:
    """Runs a handler for every request and notes how and when it ended.

    Arguments: `handler` gets `send`; the request's body has been read.
    """

    handler: Callable[[ASGISendCallable], Awaitable[None]]
    started: trio.Event = attrs.field(factory=trio.Event)
    ended: trio.Event = attrs.field(factory=trio.Event)
    ended_at: float = 0.0
    ending: str = ""

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """The ASGI application."""
        await read_body(receive)
        self.started.set()
        try:
            await self.handler(send)
            self.ending = "returned"
        except BaseException as error:
            self.ending = type(error).__name__
            raise
        finally:
            self.ended_at = trio.current_time()
            self.ended.set()
