"""The routes: from an HTTP request to a turn, and from a turn's items back to bytes.

A bare ASGI application, because it is on the way of every byte; pages are quart-trio's, imported
when the first one is asked for. Serving knows actors only as refs. The client's leaving cancels
the handler (see connection.py), which leaves the stream, which closes the turn: that is Esc.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from functools import partial
from typing import Any, cast

import attrs
import trio
from hypercorn.typing import (
    ASGIReceiveCallable,
    ASGISendCallable,
    HTTPScope,
    Scope,
)

from ...protocols.actor import ActorError, Ref, Stream, Unavailable
from ...protocols.advice.ranking import Advise
from ...protocols.anthropic.events import JSON_HEADERS
from ...protocols.dialects import SERVED
from ...protocols.embedding import parse_wish
from ...protocols.identity import identify
from ...protocols.listing import found_card, model_page, models_page
from ...protocols.ollama.models import running_body, version_body
from ...protocols.ollama.served import asks_to_load, load_answer
from ...protocols.openai_responses.errors import PreviousResponseNotFound
from ...protocols.openai_responses.final_response import FinalResponse
from ...protocols.openai_responses.reasoning import NAME as RESPONSES
from ...protocols.openai_responses.shelf import Shelf
from ...protocols.records import TurnRecord
from ...protocols.request import (
    MODEL_CHARACTERS_MAX,
    BadRequest,
    ServedRequest,
    parse_body,
    typed_member,
)
from ...protocols.switching.history_marks import HistoryMarks
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
from .door import Denied, Door, NoToken, redacted, split_path
from .forwarded import forwarded_headers, forwarded_query
from .key_desk import KeyDesk
from .recommendation import answer_recommendation, no_advice
from .response import Exchange
from .routes import Kind, Route, dialect_of, find_route
from .status import StatusBoard
from .statusline import answer_conversation
from .telemetry import answer_usage, answer_why

log = logging.getLogger("understudy.serving")

Handler = Callable[[Exchange, Route], Awaitable[None]]

PAGES = ("/", "/status.json", "/docs", "/openapi.json")
"""What a person's browser reads, which shows a cookie of ours instead of the token."""

OLLAMA_FORMS = ("ollama", "ollama-generate")
CHALLENGE = ((b"www-authenticate", b'Bearer realm="understudy", error="invalid_token"'),)


def new_request_id() -> str:
    """An id that nobody can guess; the client is shown it with every answer."""
    return f"req_{secrets.token_hex(12)}"


@attrs.define(eq=False)
class Gateway:
    """The ASGI application. `session` finds the session of a conversation, and `marks` which
    one it is where the client does not say."""

    door: Door
    router: Ref
    session: Callable[[str], Ref]
    status: StatusBoard
    marks: HistoryMarks
    budget: BodyBudget = attrs.field(factory=BodyBudget)
    new_id: Callable[[], str] = new_request_id
    desk: KeyDesk = attrs.field(factory=KeyDesk)
    advise: Advise = no_advice
    mcp: Callable[[Exchange], Awaitable[None]] | None = None
    """Answers `/mcp`, whatever the method; without one there is nothing."""
    _shelf: Shelf = attrs.field(factory=Shelf)
    _pages: Callable[[Exchange, str], Awaitable[None]] | None = None
    _handlers: Mapping[Kind, Handler] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._handlers = {
            Kind.TURN: self._turn,
            Kind.MODELS: self._models,
            Kind.MODEL: self._model,
            Kind.RUNNING: partial(self._same, running_body(())),
            Kind.VERSION: partial(self._same, version_body()),
            Kind.STATUS: self._status,
            Kind.USAGE: self._usage,
            Kind.WHY: self._why,
            Kind.CONVERSATION: partial(answer_conversation, self.router, self.status.conversations),
            Kind.RECOMMEND: self._recommend,
            Kind.LINK: self._link,
            Kind.KEYS_CHANGED: self.desk.changed,
            Kind.KEYS_UNLOCK: self.desk.unlock,
            Kind.PAGE: partial(self._page, "/"),
            Kind.DOCS: partial(self._page, "/docs"),
            Kind.OPENAPI: self._openapi,
            Kind.MCP: self._mcp,
        }

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Answers one request, whatever it is."""
        assert scope["type"] == "http", "the connection speaks HTTP alone"
        dialect = dialect_of(split_path(scope["path"])[1])
        exchange = self.exchange(scope, receive, send, dialect)
        try:
            await self._answer(exchange, scope)
        except Denied as error:
            await deny(exchange, error)

    def exchange(
        self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable, dialect: str
    ) -> Exchange:
        """A request that is answered in this dialect, by `follow` once it has been admitted."""
        headers = dict(scope["headers"])
        return Exchange(self.new_id(), scope, headers, receive, send, SERVED[dialect])

    async def _answer(self, exchange: Exchange, scope: HTTPScope) -> None:
        path, method = scope["path"], scope["method"]
        if path == "/healthz":
            await exchange.answer_json({"status": "ok"})
            return
        if path.startswith("/open/") and method == "GET":
            await self._open(exchange, path.removeprefix("/open/"))
            return
        if path in PAGES:
            self.door.admit_page(path, exchange.headers)
        else:
            path = self.door.admit(path, exchange.headers, scope["query_string"]).path
        await self.follow(exchange, method, path, find_route(path))

    async def follow(self, exchange: Exchange, method: str, path: str, route: Route | None) -> None:
        """Answers a request that has been admitted."""
        if route is None or (route.kind is Kind.MCP and self.mcp is None):
            words = f"there is nothing at {method} {redacted(path)[:200]}; see GET / for what is"
            await exchange.answer_error(404, words)
        elif not takes(route, method):
            await exchange.answer_error(
                405,
                f"{path} takes {route.method}",
                kind="not_found_error",
                headers=((b"allow", route.method.encode()),),
            )
        else:
            await self._handlers[route.kind](exchange, route)

    async def _turn(self, exchange: Exchange, route: Route) -> None:
        try:
            async with self.budget.body(exchange.headers, exchange.receive) as body:
                request = self._request(exchange, route, body)
                if request.dialect in OLLAMA_FORMS and asks_to_load(request):
                    await exchange.answer(200, load_answer(request), JSON_HEADERS)
                    return
                turn = new_turn(exchange, route.operation, request, self.marks)
                shelved = FinalResponse(turn.streamed) if is_kept(turn) else None
                async with self.session(turn.conversation).open_stream(StartTurn(turn)) as stream:
                    await deliver(exchange, stream, shelved)
                if shelved is not None and shelved.found:
                    self._shelf.keep(body, shelved.found, trio.current_time())
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

    def _request(self, exchange: Exchange, route: Route, body: bytes) -> ServedRequest:
        """Reads a request as far as routing needs. Raises BadRequest."""
        if route.operation is Operation.EMBEDDINGS:
            return parse_wish(route.dialect, body, route.target)
        target = route.target
        if target.streamed and b"alt=sse" not in exchange.scope["query_string"].split(b"&"):
            target = attrs.evolve(target, array=True)
        if route.dialect == RESPONSES:
            with suppress(PreviousResponseNotFound):  # the endpoint may have kept it
                body = self._shelf.expand(body, trio.current_time())
            if len(body) > BODY_BYTES_MAX:
                raise BodyTooLarge
        return SERVED[route.dialect].parse(body, target)

    async def _models(self, exchange: Exchange, route: Route) -> None:
        cards = await self.router.ask(ListModels())
        await exchange.answer_json(models_page(route.dialect, cards))

    async def _model(self, exchange: Exchange, route: Route) -> None:
        try:
            name = route.target.model or await self._model_in_body(exchange)
        except BadRequest as error:
            await exchange.answer_error(400, str(error))
            return
        card = found_card(name, await self.router.ask(ListModels()))
        if card is None:
            words = f"there is no model {name[:MODEL_CHARACTERS_MAX]!r} here"
            await exchange.answer_error(404, words)
            return
        await exchange.answer_json(model_page(route.dialect, card))

    async def _model_in_body(self, exchange: Exchange) -> str:
        """The model that a body names. Raises BadRequest."""
        try:
            async with self.budget.body(exchange.headers, exchange.receive) as body:
                found = parse_body(body)
                key = "model" if found.raw("model") else "name"
                name: str = typed_member(found, key, str, "a string, the id of a model")
                return name
        except (BodyTooLarge, NoRoom, ClientLeft):
            raise BadRequest("model: the body is too large, or did not come whole") from None

    async def _same(self, told: Any, exchange: Exchange, _route: Route) -> None:
        await exchange.answer_json(told)

    async def _status(self, exchange: Exchange, _route: Route) -> None:
        await exchange.answer_json(await self.status.read())

    async def _usage(self, exchange: Exchange, _route: Route) -> None:
        await answer_usage(exchange, self.status.conversations)

    async def _why(self, exchange: Exchange, _route: Route) -> None:
        await answer_why(exchange, self.status.conversations)

    async def _recommend(self, exchange: Exchange, _route: Route) -> None:
        await answer_recommendation(exchange, self.advise)

    async def _link(self, exchange: Exchange, _route: Route) -> None:
        await exchange.answer_json({"path": self.door.new_link()})

    async def _open(self, exchange: Exchange, code: str) -> None:
        self.door.check_host(exchange.headers)
        cookie = self.door.open_link(code)
        await exchange.answer(303, b"", ((b"location", b"/"), (b"set-cookie", cookie.encode())))

    async def _page(self, path: str, exchange: Exchange, _route: Route) -> None:
        if self._pages is None:
            from .pages import Pages  # quart costs 0.3 s and 15 MB, and most never look

            self._pages = Pages(self.status.version)
        await self._pages(exchange, path)

    async def _mcp(self, exchange: Exchange, _route: Route) -> None:
        assert self.mcp is not None, "without one the route is not there"
        await self.mcp(exchange)

    async def _openapi(self, exchange: Exchange, _route: Route) -> None:
        from .openapi import describe_routes  # like the pages, most never look

        await exchange.answer_json(describe_routes(self.status.version, self.status.address))


def takes(route: Route, method: str) -> bool:
    """Whether a path takes this method; at `/mcp` that is for the protocol to say."""
    is_head = method == "HEAD" and route.method == "GET"
    return method == route.method or is_head or route.kind is Kind.MCP


async def deny(exchange: Exchange, why: Denied) -> None:
    """Turns a request away; the log knows no token that it may have shown.

    Clients of MCP take a 403 for a defect, and a 401 for what it is.
    """
    path = exchange.scope["path"]
    log.info("denied %s %r", exchange.scope["method"], redacted(path))
    route = find_route(split_path(path)[1])
    if route is not None and route.kind is Kind.MCP and isinstance(why, NoToken):
        await exchange.answer_error(401, str(why), headers=CHALLENGE)
    else:
        await exchange.answer_error(403, str(why))


def is_kept(turn: Turn) -> bool:
    """Whether a later request may go on from the answer by its id alone."""
    return turn.request.dialect == RESPONSES and turn.operation is Operation.MESSAGES


def new_turn(
    exchange: Exchange, operation: Operation, request: ServedRequest, marks: HistoryMarks
) -> Turn:
    """Makes the turn of a request."""
    identity = identify(exchange.headers, request, marks)
    return Turn(
        id=exchange.id,
        conversation=identity.conversation,
        named=identity.named,
        agent=identity.agent,
        operation=operation,
        request=request,
        query=forwarded_query(exchange.scope["query_string"]),
        headers=forwarded_headers(cast(Headers, exchange.scope["headers"])),
    )


async def deliver(
    exchange: Exchange,
    stream: Stream[TurnItem, TurnRecord],
    shelved: FinalResponse | None = None,
) -> None:
    """Passes a turn's items to the client. A break after the head cuts the connection.

    `shelved` reads along, for the answer that a later request may go on from.
    """
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
                if shelved is not None:
                    shelved.receive_data(item)
                await exchange.body(item, more=True)
            elif isinstance(item, Cut):
                log.info("%s was cut: %s", exchange.id, item.why)
                exchange.connection.abort()
                return
    except ActorError as error:
        log.error("%s broke off: %r", exchange.id, error)
        exchange.connection.abort()
        return
    if shelved is not None:
        shelved.receive_end()
    await exchange.body(b"", more=False)
