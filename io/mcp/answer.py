"""One request at `/mcp` as the SDK sees it: an ASGI scope without our token, and its two channels.

Who drops a request of the newer era cancels it, as our connections do with every request. In the
older era the session goes on: the SDK wants to hear of the client's leaving, and forgets a session
whose opening request is cancelled though the client has its answer already. There it is left in
peace, for as long as it takes to hear.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any, Final, Protocol

import attrs
import trio

from ..serving.response import Exchange

LEAVE_SECONDS_MAX: Final = 2.0
"""How long the SDK may take to hear that a client has left."""
ANSWER_SECONDS_MAX: Final = 86_400.0
"""How long an answer of the older era may last: its client opens another stream then."""
CREDENTIALS: Final = frozenset((b"authorization", b"cookie", b"x-api-key", b"x-goog-api-key"))
"""Headers that hold what is for our door alone."""
PATH: Final = "/mcp"

Event = dict[str, Any]
Receive = Callable[[], Awaitable[Event]]
Send = Callable[[Event], Awaitable[None]]


class Sessions(Protocol):
    """What is used of the SDK's session manager."""

    def run(self) -> AbstractAsyncContextManager[None]:
        """Owns the tasks of all sessions."""
        ...

    async def handle_request(self, scope: Any, receive: Any, send: Any, /) -> None:
        """Answers one request."""
        ...


@attrs.define(eq=False)
class McpAnswer:
    """The answer to one request, whose whole body has come."""

    exchange: Exchange
    body: bytes
    _given: bool = False
    _begun: bool = False
    _ended: bool = False
    _left: trio.Event = attrs.field(factory=trio.Event)
    _scope: trio.CancelScope = attrs.field(factory=trio.CancelScope)

    @property
    def scope(self) -> Event:
        """The ASGI scope."""
        state: Event = {}
        path = {"path": PATH, "raw_path": PATH.encode(), "query_string": b"", "state": state}
        headers = [pair for pair in self.exchange.scope["headers"] if pair[0] not in CREDENTIALS]
        return {**self.exchange.scope, **path, "headers": headers}

    async def follow(self, sessions: Sessions) -> None:
        """Has it answered; leaving cancels that."""
        with self._scope:
            await sessions.handle_request(self.scope, self.receive, self.send)

    async def outlive(self, sessions: Sessions) -> None:
        """Has it answered; leaving is told, and heard within LEAVE_SECONDS_MAX."""
        async with trio.open_nursery() as nursery:
            nursery.start_soon(self._tell_leaving)
            deadline = trio.current_time() + ANSWER_SECONDS_MAX  # `leave` brings it forward
            self._scope = trio.CancelScope(shield=True, deadline=deadline)
            with self._scope:
                await sessions.handle_request(self.scope, self.receive, self.send)
            nursery.cancel_scope.cancel("it is answered")

    def leave(self) -> None:
        """The client has left, or the server stops."""
        self._left.set()
        patience_seconds = LEAVE_SECONDS_MAX if self._scope.shield else 0.0
        deadline = trio.current_time() + patience_seconds
        self._scope.deadline = min(self._scope.deadline, deadline)

    async def receive(self) -> Event:
        """The body, and then the client's leaving."""
        if not self._given:
            self._given = True
            return {"type": "http.request", "body": self.body, "more_body": False}
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, event: Event) -> None:
        """Passes on what the SDK answers. Of one that has been left nobody hears."""
        if self._left.is_set():
            return
        sent: Any = event
        try:
            await self.exchange.send(sent)
            if _begins_stream(event):  # whose head would wait for its first event
                await self.exchange.body(b"", more=True)
        except (trio.BrokenResourceError, trio.ClosedResourceError):
            self.leave()
            return
        self._begun = True
        if event["type"] == "http.response.body" and not event.get("more_body"):
            self._ended = True
            self._left.set()

    async def end(self) -> None:
        """Ends an answer that was left from here."""
        if not self._begun:
            await self.exchange.answer_error(503, "the server stops", retry_after_seconds=1)
        elif not self._ended:
            await self.exchange.body(b"", more=False)

    async def _tell_leaving(self) -> None:
        try:
            await trio.sleep_forever()
        finally:
            self.leave()


def _begins_stream(event: Event) -> bool:
    """Whether an event begins a stream of events, which may be silent for long."""
    kinds = (value for name, value in event.get("headers", ()) if name == b"content-type")
    return any(kind.startswith(b"text/event-stream") for kind in kinds)
