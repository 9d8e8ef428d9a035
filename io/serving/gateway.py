"""The routes: from an HTTP request to a turn, and from a turn's items back to bytes.

A bare ASGI application, because it is on the way of every byte; pages are quart-trio's, imported
when the first one is asked for. Serving knows actors only as refs. The client's leaving cancels
the handler (see connection.py), which leaves the stream, which closes the turn: that is Esc.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable
from typing import cast

import attrs
import trio
from hypercorn.typing import (
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPScope,
    Scope,
)

from ...protocols.actor import ActorError, Ref, Stream, Unavailable
from ...protocols.anthropic.identity import identify
from ...protocols.anthropic.models import models_page
from ...protocols.anthropic.request import MessagesRequest, parse_request
from ...protocols.records import TurnRecord
from ...protocols.request import BadRequest
from ...protocols.turn import (
    Cut,
    Head,
    Headers,
    ListModels,
    Operation,
    StartTurn,
    Turn,
    TurnItem,
    TurnRefused,
)
from .body import BODY_BYTES_MAX, BodyBudget, BodyTooLarge, ClientLeft, NoRoom
from .door import Denied, Door, redacted
from .response import Exchange
from .status import StatusBoard

log = logging.getLogger("understudy.serving")

NOT_FORWARDED = frozenset(
    b"accept-encoding authorization connection content-length cookie expect forwarded host"
    b" keep-alive origin proxy-authorization proxy-connection referer te trailer"
    b" transfer-encoding upgrade via x-api-key x-forwarded-for x-forwarded-host"
    b" x-forwarded-proto x-goog-api-key".split()
)
"""The client's headers that end here: credentials for us, and what concerns this hop alone."""

Handler = Callable[[Exchange], Awaitable[None]]


def new_request_id() -> str:
    """An id that nobody can guess; the client is shown it with every answer."""
    return f"req_{secrets.token_hex(12)}"


@attrs.define(eq=False)
class Gateway:
    """The ASGI application. `session` finds the session of a conversation."""

    door: Door
    router: Ref
    session: Callable[[str], Ref]
    status: StatusBoard
    budget: BodyBudget = attrs.field(factory=BodyBudget)
    new_id: Callable[[], str] = new_request_id
    _pages: Callable[[Exchange], Awaitable[None]] | None = None

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Answers one request, whatever it is."""
        assert scope["type"] == "http", "the connection speaks HTTP alone"
        exchange = Exchange(self.new_id(), scope, dict(scope["headers"]), receive, send)
        try:
            await self._answer(exchange, scope)
        except Denied as error:
            log.info("denied %s %r", scope["method"], redacted(scope["path"]))
            await exchange.answer_error(403, str(error))

    async def _answer(self, exchange: Exchange, scope: HTTPScope) -> None:
        path, method = scope["path"], scope["method"]
        if path == "/healthz":
            await exchange.answer_json({"status": "ok"})
            return
        if path.startswith("/open/") and method == "GET":
            await self._open(exchange, path.removeprefix("/open/"))
            return
        if path in ("/", "/status.json"):
            self.door.admit_page(path, exchange.headers)
        else:
            path = self.door.admit(path, exchange.headers).path
        routes: dict[str, tuple[str, Handler]] = {
            "/v1/messages": ("POST", self._messages),
            "/v1/messages/count_tokens": ("POST", self._count_tokens),
            "/v1/models": ("GET", self._models),
            "/status.json": ("GET", self._status),
            "/link": ("POST", self._link),
            "/": ("GET", self._page),
        }
        allowed, handler = routes.get(path.rstrip("/") or "/", ("", None))
        if handler is None:
            words = f"there is nothing at {method} {redacted(path)[:200]}; see GET / for what is"
            await exchange.answer_error(404, words)
        elif method != allowed and not (method == "HEAD" and allowed == "GET"):
            await exchange.answer_error(
                405,
                f"{path} takes {allowed}",
                kind="not_found_error",
                headers=((b"allow", allowed.encode()),),
            )
        else:
            await handler(exchange)

    async def _messages(self, exchange: Exchange) -> None:
        await self._turn(exchange, Operation.MESSAGES)

    async def _count_tokens(self, exchange: Exchange) -> None:
        await self._turn(exchange, Operation.COUNT_TOKENS)

    async def _turn(self, exchange: Exchange, operation: Operation) -> None:
        try:
            async with self.budget.body(exchange.headers, exchange.receive) as body:
                turn = new_turn(exchange, operation, parse_request(body))
                async with self.session(turn.conversation).open_stream(StartTurn(turn)) as stream:
                    await deliver(exchange, stream)
        except BadRequest as error:
            await exchange.answer_error(400, str(error))
        except BodyTooLarge:
            limit = BODY_BYTES_MAX // 2**20
            await exchange.answer_error(413, f"the request body is larger than {limit} MiB")
        except (NoRoom, Unavailable) as error:
            words = str(error) or "too many large requests at once; try again"
            await exchange.answer_error(503, words, retry_after_seconds=1)
        except ClientLeft:
            log.debug("%s left before its request was complete", exchange.id)

    async def _models(self, exchange: Exchange) -> None:
        await exchange.answer_json(models_page(await self.router.ask(ListModels())))

    async def _status(self, exchange: Exchange) -> None:
        await exchange.answer_json(await self.status.read())

    async def _link(self, exchange: Exchange) -> None:
        await exchange.answer_json({"path": self.door.new_link()})

    async def _open(self, exchange: Exchange, code: str) -> None:
        self.door.check_host(exchange.headers)
        cookie = self.door.open_link(code)
        await exchange.answer(303, b"", ((b"location", b"/"), (b"set-cookie", cookie.encode())))

    async def _page(self, exchange: Exchange) -> None:
        if self._pages is None:
            from .pages import Pages  # quart costs 0.3 s and 15 MB, and most never look

            self._pages = Pages(self.status)
        await self._pages(exchange)


def new_turn(exchange: Exchange, operation: Operation, request: MessagesRequest) -> Turn:
    """Makes the turn of a request."""
    identity = identify(exchange.headers, request)
    return Turn(
        id=exchange.id,
        conversation=identity.conversation,
        named=identity.named,
        agent=identity.agent,
        operation=operation,
        request=request,
        query=exchange.scope["query_string"],
        headers=forwarded_headers(cast(Headers, exchange.scope["headers"])),
    )


def forwarded_headers(headers: Headers) -> Headers:
    """The client's headers that an endpoint of its own dialect is to see."""
    ours = {value for name, value in headers if name == b"connection" and value != b"keep-alive"}
    hop = {name.strip().lower() for value in ours for name in value.split(b",")}
    return tuple(
        (bytes(name), bytes(value))
        for name, value in headers
        if name not in NOT_FORWARDED and name not in hop
    )


async def deliver(exchange: Exchange, stream: Stream[TurnItem, TurnRecord]) -> None:
    """Passes a turn's items to the client. A break after the head cuts the connection."""
    try:
        head = await stream.receive()
    except TurnRefused as refusal:
        await exchange.answer_error(
            refusal.status,
            refusal.message,
            kind=refusal.kind,
            retry_after_seconds=refusal.retry_after_seconds,
        )
        return
    except Unavailable as error:
        await exchange.answer_error(503, str(error), retry_after_seconds=1)
        return
    except (ActorError, trio.EndOfChannel) as error:
        log.error("%s failed: %r", exchange.id, error)
        await exchange.answer_error(500, "the turn failed inside Understudy; its log says more")
        return
    assert isinstance(head, Head), "a turn's first item is its head"
    await exchange.start(head.status, head.headers)
    try:
        async for item in stream:
            if isinstance(item, bytes):
                await exchange.body(item, more=True)
            elif isinstance(item, Cut):
                log.info("%s was cut: %s", exchange.id, item.why)
                exchange.connection.abort()
                return
    except ActorError as error:
        log.error("%s broke off: %r", exchange.id, error)
        exchange.connection.abort()
        return
    await exchange.body(b"", more=False)
