"""`/mcp`: the official SDK's server, mounted by path under our own door and our own limits.

Nothing of it is imported before somebody asks for it: the SDK and what it brings cost 0.6 s and
57 MB, and most servers are never asked. It is then imported in a thread, for the turns in flight
must not wait. `run` owns the tasks of all sessions, and belongs into a nursery of the composition
root: the lifespan of a mounted application would never be entered.

Two eras are served. From 2026-07-28 on a request is all there is: a client that drops it cancels
the tool. Before, a session holds the tools, a dropped request changes nothing, and
`notifications/cancelled` ends them. Streams that are open for news alone end when the server stops;
calls get the same grace as turns. A request of a session whose id is still in use is refused: the
SDK would forget the one before it, and nothing could end its tool.
Source: the MCP specification, "Transports", of 2025-11-25 and 2026-07-28.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from typing import Final

import attrs
import msgspec
import trio

from ..serving.body import BODY_BYTES_MAX, BodyBudget, BodyTooLarge, ClientLeft, NoRoom
from ..serving.crash import contained_crashes
from ..serving.response import Exchange
from .answer import McpAnswer, Sessions
from .desk import Desk

log = logging.getLogger("understudy.mcp")

PATH: Final = "/mcp"
CONFORMANCE_VARIABLE: Final = "UNDERSTUDY_MCP_CONFORMANCE"
"""Where it is set, the fixtures of the protocol's conformance suite are served, and no tool."""
SESSIONS_MAX: Final = 1_000
SESSION_IDLE_SECONDS: Final = 1_800.0
"""After which a session of the older era is forgotten; its client begins another one."""
START_SECONDS_MAX: Final = 30.0
"""How long a request waits for the SDK to be imported."""
METHODS: Final = ("DELETE", "GET", "POST")
LISTENS: Final = b"subscriptions/listen"
"""The method of a request that is open for news alone, as its header `mcp-method` says."""

NOT_THERE: Final = "the MCP server could not be started; the log of `understudy serve` says why"
ID_IN_USE: Final = "a request of this session with this id is not answered yet; give it another id"
INVALID_REQUEST: Final = -32600

LAST_WITH_SESSIONS: Final = b"2025-11-25"
"""The last revision of the protocol that has sessions; they are days, and compare as such."""

SESSION: Final = b"mcp-session-id"

Build = Callable[[], Sessions]
Asked = tuple[bytes, str]
"""A session, and the id of one of its requests."""


@attrs.define(eq=False)
class McpMount:
    """Answers what is asked of `/mcp`. `build` makes the SDK's part; it may import for long."""

    build: Build
    budget: BodyBudget = attrs.field(factory=BodyBudget)
    _wanted: trio.Event = attrs.field(factory=trio.Event)
    _ready: trio.Event = attrs.field(factory=trio.Event)
    _sessions: Sessions | None = None
    _listening: set[McpAnswer] = attrs.field(factory=set[McpAnswer])
    _asked: set[Asked] = attrs.field(factory=set[Asked])
    """The requests of sessions that are not answered yet."""
    _stopping: bool = False

    async def run(self) -> None:
        """Holds the sessions until it is cancelled; starts nothing before the first request, and
        after a crash nothing before the next one."""
        while True:
            await self._wanted.wait()
            try:
                with contained_crashes("the MCP server"):
                    await self._hold()
            finally:
                self._sessions = None
                self._ready.set()
            self._wanted, self._ready = trio.Event(), trio.Event()

    async def _hold(self) -> None:
        sessions = await trio.to_thread.run_sync(self.build)
        async with sessions.run():
            self._sessions = sessions
            self._ready.set()
            await trio.sleep_forever()

    def stop(self) -> None:
        """The server stops: ends the streams that wait for news alone."""
        self._stopping = True
        for answer in self._listening:
            answer.leave()

    async def __call__(self, exchange: Exchange) -> None:
        """Answers a request that has been admitted."""
        if exchange.scope["method"] not in METHODS:
            allow = ((b"allow", ", ".join(METHODS).encode()),)
            await exchange.answer_error(405, f"{PATH} takes {', '.join(METHODS)}", headers=allow)
            return
        try:
            async with self.budget.body(exchange.headers, exchange.receive) as body:
                sessions = await self._wait_sessions()
                if sessions is None:
                    await exchange.answer_error(
                        503, NOT_THERE, kind="api_error", retry_after_seconds=1
                    )
                else:
                    await self._take(exchange, sessions, body)
        except BodyTooLarge:
            limit = BODY_BYTES_MAX // 2**20
            await exchange.answer_error(413, f"the request body is larger than {limit} MiB")
        except NoRoom:
            words = "too many large requests at once; try again"
            await exchange.answer_error(503, words, retry_after_seconds=1)
        except ClientLeft:
            log.debug("%s left before its request was complete", exchange.id)

    async def _wait_sessions(self) -> Sessions | None:
        self._wanted.set()
        with trio.move_on_after(START_SECONDS_MAX):
            await self._ready.wait()
        return self._sessions

    async def _take(self, exchange: Exchange, sessions: Sessions, body: bytes) -> None:
        """Has a request answered, unless one with its id is not answered yet."""
        asked = asked_of(exchange, body)
        if asked is None:
            await self._follow(exchange, sessions, body)
        elif asked in self._asked:
            error = {"code": INVALID_REQUEST, "message": ID_IN_USE}
            told = {"jsonrpc": "2.0", "id": None, "error": error}
            await exchange.answer_json(told, status=400)
        else:
            self._asked.add(asked)
            try:
                await self._follow(exchange, sessions, body)
            finally:
                self._asked.remove(asked)

    async def _follow(self, exchange: Exchange, sessions: Sessions, body: bytes) -> None:
        """Has the SDK answer. A stream that waits for news ends as a stream does, not by a cut."""
        answer = McpAnswer(exchange, body)
        if is_listening(exchange):
            self._listening.add(answer)
            if self._stopping:
                answer.leave()
        try:
            if has_session(exchange):
                await answer.outlive(sessions)
            else:
                await answer.follow(sessions)
        finally:
            self._listening.discard(answer)
        await answer.end()


def mount_of(desk: Desk) -> McpMount:
    """The mount of our tools, or of the conformance suite's where the environment asks for them."""

    def build() -> Sessions:
        from .server import make_server, open_sessions  # the SDK

        if os.environ.get(CONFORMANCE_VARIABLE):
            from .conformance import open_fixtures

            return open_fixtures()
        return open_sessions(make_server(desk))

    return McpMount(build)


def asked_of(exchange: Exchange, body: bytes) -> Asked | None:
    """The session of a request and its id; None of what is no request, or of no session."""
    session = exchange.headers.get(SESSION)
    if session is None or exchange.scope["method"] != "POST" or not has_session(exchange):
        return None
    try:
        message = msgspec.json.decode(body, type=_Numbered)
    except (msgspec.MsgspecError, RecursionError):
        return None  # the SDK says what is wrong with it
    is_request = bool(message.method) and message.id is not None
    return (session, str(message.id)) if is_request else None


@attrs.frozen
class _Numbered:
    """What is read of a message; the SDK takes `1` and `"1"` for the same id."""

    method: str = ""
    id: int | str | None = None


def is_listening(exchange: Exchange) -> bool:
    """Whether a request is open for news alone, in either era."""
    listens = exchange.headers.get(b"mcp-method") == LISTENS
    return exchange.scope["method"] == "GET" or listens


def has_session(exchange: Exchange) -> bool:
    """Whether a request is of the older era, in which a session outlives its requests."""
    version = exchange.headers.get(b"mcp-protocol-version")
    return version is None or version <= LAST_WITH_SESSIONS
