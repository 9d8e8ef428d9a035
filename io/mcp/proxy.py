"""`understudy mcp`: a client's pipes on one side, the running server's `/mcp` on the other.

Messages pass as they are, in both eras and both directions; what the tools are is the server's
business alone. Each request is a POST of its own, whose answers are written as they come. A client
that cancels a request of the newer era has its POST dropped, which ends the tool; in the older era
the notification goes on to the session. When the pipe ends, everything does.

A session of the older era that the server has forgotten, because it was started anew, is begun
again with the client's own `initialize`: a client at a pipe would not know how.

The token goes only to a port that was found to be the server's. Another user's program may have
taken the port since: so each request looks first who listens there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, suppress
from typing import Final, Protocol

import attrs
import trio

from ...protocols.mcp.messages import (
    CANCELLED,
    INITIALIZE,
    INITIALIZED,
    PARSE_ERROR,
    EventMessages,
    Id,
    McpMessage,
    NoMessage,
    answers,
    error_message,
    negotiated_version,
    one_line,
    read_message,
)
from ..ports import (
    Headers,
    Upstream,
    UpstreamError,
    UpstreamRequest,
    UpstreamResponse,
    UpstreamUnreachable,
)
from .target import ProxyRefused, Target, body_of, header_of

LINE_BYTES_MAX: Final = 64 * 1024 * 1024
"""Of one message from the client."""
REQUESTS_MAX: Final = 256
"""At a time; one more is answered with an error."""
CANCEL_PAUSES_SECONDS: Final = (0.0, 0.2, 1.0)
CANCEL_SECONDS_MAX: Final = 3.0
"""From a client's word to the end of its request, whatever the server does."""
FAREWELL_SECONDS: Final = 1.0
"""What ending a session may take."""
LISTEN_PAUSE_SECONDS: Final = 1.0
"""Before a lost stream for news is opened again; twice as long after each try that fails."""
LISTEN_PAUSE_SECONDS_MAX: Final = 60.0
READ_BYTES: Final = 64 * 1024
GONE: Final = 404
FAILED: Final = 400
"""The first status that says so."""
CONTENT: Final[Headers] = (
    (b"content-type", b"application/json"),
    (b"accept", b"application/json, text/event-stream"),
)
TOO_MANY: Final = f"more than {REQUESTS_MAX} requests at once"
SAME_ID: Final = "a request with this id is not answered yet"
NO_SESSION: Final = "the server begins no session; start this client anew"
UNANSWERED: Final = (
    "the server has ended this request without an answer: it stops, or was started anew. What the "
    "request has changed by then stands, so look before you ask again"
)
FOREIGN: Final = "another user's program listens where the server did, and was told nothing"


class LineReader(Protocol):
    """Where a client's bytes come from."""

    async def receive_some(self, max_bytes: int | None = None) -> bytes | bytearray:
        """The next bytes; b"" at the end."""
        ...


def _set_event() -> trio.Event:
    event = trio.Event()
    event.set()
    return event


def _is_never_foreign(_: Target) -> bool:
    return False


@attrs.define(eq=False)
class StdioProxy:
    """`find` finds the server: at first, and when it does not answer. `write` passes one line to
    the client. `is_foreign` tells whether another user listens there by now."""

    upstream: Upstream
    find: Callable[[], Awaitable[Target]]
    write: Callable[[bytes], Awaitable[None]]
    is_foreign: Callable[[Target], bool] = _is_never_foreign
    session: bytes = b""
    """The id of the older era's session; b"" without one."""
    _life: trio.CancelScope = attrs.field(factory=trio.CancelScope)
    _target: Target | None = None
    _version: str = ""
    _initialize: McpMessage | None = None
    _requests: dict[Id, trio.CancelScope] = attrs.field(factory=dict[Id, trio.CancelScope])
    _writing: trio.Lock = attrs.field(factory=trio.Lock)
    _beginning: trio.Lock = attrs.field(factory=trio.Lock)
    _settled: trio.Event = attrs.field(factory=_set_event)
    """Set when nothing that changes the session is on its way."""

    async def run(self, lines: LineReader) -> None:
        """Passes messages on until the client's pipe ends."""
        try:
            async with trio.open_nursery() as nursery:
                self._life = nursery.cancel_scope
                await self._read(lines, nursery)
                self._life.cancel("the client has ended")
        finally:
            deadline = trio.current_time() + FAREWELL_SECONDS
            with trio.CancelScope(shield=True, deadline=deadline), suppress(UpstreamError):
                await self._end_session()

    async def _read(self, lines: LineReader, nursery: trio.Nursery) -> None:
        held = bytearray()
        while data := await lines.receive_some(READ_BYTES):
            held += data
            if b"\n" in data:  # else a long message would be looked through for each piece of it
                *whole, held = held.split(b"\n")
                for line in whole:
                    await self._hear(bytes(line), nursery)
            if len(held) > LINE_BYTES_MAX:
                await self._say(error_message(None, "the message is too large", PARSE_ERROR))
                return

    async def _hear(self, line: bytes, nursery: trio.Nursery) -> None:
        """Takes one message, and waits for nothing but the client: its end must be seen."""
        if not line.strip():
            return
        try:
            message = read_message(line)
        except NoMessage as error:
            await self._say(error_message(None, str(error), PARSE_ERROR))
            return
        if message.cancels is not None and message.cancels in self._requests:
            nursery.start_soon(self._cancel, message, message.cancels)
        elif message.method in (INITIALIZE, INITIALIZED):
            before, self._settled = self._settled, trio.Event()
            nursery.start_soon(self._settle, message, before, self._settled, nursery)
        elif not message.is_request:
            nursery.start_soon(self._follow, message, self._settled)
        elif message.id is not None:
            await self._take(message, message.id, nursery)

    async def _take(self, message: McpMessage, id_: Id, nursery: trio.Nursery) -> None:
        """Takes a request. It is known at once: what cancels it may stand in the next line."""
        refused = SAME_ID if id_ in self._requests else ""
        if refused or len(self._requests) >= REQUESTS_MAX:
            await self._say(error_message(id_, refused or TOO_MANY))
            return
        self._requests[id_] = scope = trio.CancelScope()
        nursery.start_soon(self._answer, message, id_, scope, self._settled)

    async def _settle(
        self, message: McpMessage, before: trio.Event, after: trio.Event, nursery: trio.Nursery
    ) -> None:
        """Passes on what changes the session; what comes after it waits until that is done."""
        await before.wait()
        try:
            if message.method == INITIALIZE:
                self._initialize = message
            await self._pass_on(message)
        finally:
            after.set()
        if message.method == INITIALIZED:
            nursery.start_soon(self._listen)

    async def _follow(self, message: McpMessage, settled: trio.Event) -> None:
        """Passes a message on, once the session is as it was when the client has sent it."""
        if not message.version:
            await settled.wait()
        await self._pass_on(message)

    async def _answer(
        self, message: McpMessage, id_: Id, scope: trio.CancelScope, settled: trio.Event
    ) -> None:
        """Passes a request on, until it is answered or cancelled."""
        with scope:
            try:
                await self._follow(message, settled)
            finally:
                del self._requests[id_]

    async def _cancel(self, message: McpMessage, id_: Id) -> None:
        """Ends a request: by dropping it or, in a session, by the client's own word.

        That word may come there before the request does, and be passed over: it is said again. One
        that is not over after CANCEL_SECONDS_MAX is dropped in either era.
        """
        scope = self._requests.get(id_)
        if scope is None:  # it is answered by now
            return
        with trio.move_on_after(CANCEL_SECONDS_MAX if self.session else 0):
            for pause_seconds in CANCEL_PAUSES_SECONDS:
                await trio.sleep(pause_seconds)
                if self._requests.get(id_) is not scope:
                    return
                await self._pass_on(message)
            await trio.sleep_forever()
        scope.cancel("the client has cancelled it")

    async def _pass_on(self, message: McpMessage) -> None:
        """Posts a message, and writes what comes back; a request is answered in any case."""
        try:
            try:
                await self._try(message)
            except UpstreamUnreachable:  # nothing has come there: it may have moved
                self._target = None
                await self._try(message)
        except (UpstreamError, ProxyRefused, NoMessage) as error:
            if isinstance(error, UpstreamError):  # it may have ended: found anew, and proved
                self._target = None
            if message.is_request:
                await self._say(error_message(message.id, str(error)))

    async def _try(self, message: McpMessage) -> None:
        """Posts a message; in a new session, where it belongs to one that is lost.

        Raises ProxyRefused, or what the upstream raises.
        """
        target = await self._found()
        lost = self.session
        if not self._lacks_session(message) and await self._post(target, message):
            return
        if not await self._begin_again(target, lost) or not await self._post(target, message):
            raise ProxyRefused(NO_SESSION)

    def _lacks_session(self, message: McpMessage) -> bool:
        """Whether a message belongs to a session that the client has begun, and the server not."""
        is_of_session = not message.version and message.method != INITIALIZE
        return is_of_session and not self.session and self._initialize is not None

    async def _found(self) -> Target:
        """Where the server is. Raises ProxyRefused."""
        if self._target is None:
            self._target = await self.find()
        return self._target

    def _open(
        self, target: Target, method: str, headers: Headers, body: bytes = b""
    ) -> AbstractAsyncContextManager[UpstreamResponse]:
        """One exchange with the server, which is shown the token. Raises ProxyRefused."""
        if self.is_foreign(target):
            self._target = None
            raise ProxyRefused(FOREIGN)
        request = UpstreamRequest(method, target.url, (*target.headers, *headers), body)
        return self.upstream.open(request)

    async def _post(self, target: Target, message: McpMessage) -> bool:
        """False if the session is not known any more, and nothing was written."""
        headers = (*CONTENT, *message.headers, *self._session_headers(message))
        async with self._open(target, "POST", headers, message.raw) as response:
            if response.status == GONE and self.session and not message.version:
                return False
            if message.method == INITIALIZE:
                self.session = header_of(response, b"mcp-session-id")
            await self._write_answers(message, response)
        return True

    def _session_headers(self, message: McpMessage) -> Headers:
        if message.version or not self.session or message.method == INITIALIZE:
            return ()
        return self._headers_in(self.session)

    def _headers_in(self, session: bytes) -> Headers:
        version = (b"mcp-protocol-version", self._version.encode())
        return (b"mcp-session-id", session), version

    async def _write_answers(self, message: McpMessage, response: UpstreamResponse) -> None:
        kind = header_of(response, b"content-type")
        if kind.startswith(b"text/event-stream"):
            await self._write_events(message, response)
            return
        body = await body_of(response)
        if message.is_request:
            await self._say(self._answer_of(message, response.status, body))

    async def _write_events(self, message: McpMessage, response: UpstreamResponse) -> None:
        events, is_answered = EventMessages(), not message.is_request
        while data := await response.receive():
            for each in events.receive_data(data):
                self._note(message, each)
                is_answered = is_answered or answers(each, message)
                await self._say(each)
        if not is_answered:
            await self._say(error_message(message.id, UNANSWERED))

    def _answer_of(self, message: McpMessage, status: int, body: bytes) -> bytes:
        """What a request is answered: the server's own message, or what it was refused with."""
        if answers(body, message):
            self._note(message, body)
            return body
        words = body[:1_000].decode("utf-8", "replace").strip()
        return error_message(message.id, f"the server answers with status {status}: {words}")

    def _note(self, message: McpMessage, answer: bytes) -> None:
        if message.method == INITIALIZE and (version := negotiated_version(answer)):
            self._version = version

    async def _begin_again(self, target: Target, lost: bytes) -> bool:
        """Begins a session in the place of one that the server has forgotten.

        The lost one stays ours until the new one is whole: whatever fails here is tried again.
        """
        async with self._beginning:
            if self._initialize is None or self.session != lost:
                return self._initialize is not None
            session, version = await self._begin(target, self._initialize)
            if not session:
                return False
            self._version = version or self._version
            headers = (*CONTENT, *self._headers_in(session))
            async with self._open(target, "POST", headers, _TOLD) as response:
                if response.status >= FAILED:
                    return False
            self.session = session
            return True

    async def _begin(self, target: Target, initialize: McpMessage) -> tuple[bytes, str]:
        """The id of a new session and its revision; b"" and "" if there is none."""
        async with self._open(target, "POST", CONTENT, initialize.raw) as response:
            session = header_of(response, b"mcp-session-id")
            body = await body_of(response)
        answers = (body, *EventMessages().receive_data(body))  # as it is, or as an event
        versions = [negotiated_version(each) for each in answers]
        return session, next(filter(None, versions), "")

    async def _listen(self) -> None:
        """Passes on what the server says unasked, for as long as the client lives."""
        pause_seconds = LISTEN_PAUSE_SECONDS
        while True:
            with suppress(UpstreamError, ProxyRefused, NoMessage):
                if await self._hear_news():
                    pause_seconds = LISTEN_PAUSE_SECONDS
            self._target = None  # the stream has ended, and so may have the server
            await trio.sleep(pause_seconds)
            pause_seconds = min(2 * pause_seconds, LISTEN_PAUSE_SECONDS_MAX)

    async def _hear_news(self) -> bool:
        """Whether there was a stream of news, which has ended. A lost session is begun again."""
        target = await self._found()
        session = self.session
        headers = (CONTENT[1], *self._session_headers(_NEWS))
        if session:
            async with self._open(target, "GET", headers) as response:
                if header_of(response, b"content-type").startswith(b"text/event-stream"):
                    await self._write_events(_NEWS, response)
                    return True
                if response.status != GONE:
                    return False
        await self._begin_again(target, session)
        return False

    async def _end_session(self) -> None:
        if self.session:
            with suppress(ProxyRefused):
                target = await self._found()
                async with self._open(target, "DELETE", self._session_headers(_NEWS)):
                    pass

    async def _say(self, message: bytes) -> None:
        async with self._writing:
            try:
                await self.write(one_line(message))
            except (trio.BrokenResourceError, trio.ClosedResourceError):
                self._life.cancel("the client hears no more")


_NEWS: Final = McpMessage(b"", CANCELLED)
"""Stands for no message, where only the session's headers are wanted."""
_TOLD: Final = b'{"jsonrpc":"2.0","method":"notifications/initialized"}'
"""What ends the beginning of a session."""
