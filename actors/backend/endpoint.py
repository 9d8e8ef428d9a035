"""The backend of an endpoint that is reached over HTTP, in a dialect of its own or several.

A client that speaks one of them is relayed to: the request is the client's bytes with the splices
that the dialect lists, the client's headers without its credentials, and the endpoint's own key;
the answer's bytes pass unchanged. Any other is translated to the endpoint's first dialect.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import attrs
import trio

from ...io.ports import Search, Upstream, UpstreamError, UpstreamRequest
from ...protocols.actor import Message, Ref
from ...protocols.anthropic.diet import ROOM_TOKENS
from ...protocols.anthropic.events import JSON_HEADERS
from ...protocols.anthropic.passage import AnthropicRelay
from ...protocols.conversation.request import Conversation
from ...protocols.dialect import Outgoing, UpstreamDialect, UpstreamNonsense
from ...protocols.dialects import SERVED, UPSTREAM, family, may_be_relayed, upstream_dialect
from ...protocols.embedding import ASK
from ...protocols.left_out import LeftOut
from ...protocols.passage import Passage
from ...protocols.preparation import as_messages, from_messages, prepared, shortened
from ...protocols.request import ServedRequest
from ...protocols.routing.probe import MODELS_PATHS, Probe
from ...protocols.scrub import Secrets
from ...protocols.settings_data import DialectPaths, placed
from ...protocols.sniffed_relay import SniffedRelay
from ...protocols.token_count import conversation_features, messages_features
from ...protocols.told import Told
from ...protocols.translation import Translation
from ...protocols.turn import Operation, Turn
from .backend import Backend
from .embedding import embed, no_embeddings
from .exchange import Exchange, KeyHeaders, NotOffered
from .probe import probe
from .refusals import read_body
from .server_tools import converse, no_search

IDENTITY = ((b"accept-encoding", b"identity"),)
COUNT_BYTES_MAX = 64 * 1024
COUNT_SECONDS_MAX = 30.0
"""How long an endpoint may take to count; then its tokens are estimated."""
NO_COUNT = (404, 405, 501)
"""How endpoints of Anthropic's dialect answer which have no path to count at."""
SURE_BYTES_PER_TOKEN = 2
"""A request with fewer bytes than this for each token of the window fits without counting."""


Credentials = Callable[[int], Awaitable[KeyHeaders]]
"""The endpoint's n-th key, ready to be sent. May wait for the user; may raise TurnRefused."""


class EndpointBackend(Backend):
    """Answers from `base_url`, which speaks `dialects`; the first is the one to translate to."""

    def __init__(
        self,
        endpoint: str,
        base_url: str,
        dialects: tuple[str, ...],
        credentials: Credentials,
        upstream: Upstream,
        conversations: Ref,
        *,
        key_refused: Callable[[int], None] = lambda _: None,
        window: Callable[[str], int] = lambda _: 0,
        search: Callable[[], Search | None] = no_search,
        left_out: LeftOut | None = None,
        secrets: Secrets | None = None,
        quirks: tuple[str, ...] = (),
        paths: DialectPaths = (),
    ) -> None:
        super().__init__(endpoint, conversations, secrets)
        assert dialects, "an endpoint speaks something"
        self._quirks = quirks
        self._paths = paths
        self._dialects = dialects
        self._window = window
        self._search = search
        self._left_out = left_out or LeftOut()
        self._base_url = base_url
        self._credentials = credentials
        self._key_refused = key_refused
        self._upstream = upstream

    def passage(self, turn: Turn, model: str) -> Passage:
        """A relay where the endpoint speaks the client's dialect, else a translation."""
        if turn.operation is Operation.EMBEDDINGS:
            return Told()
        served = SERVED[turn.request.dialect]
        if served.name == "anthropic" and "anthropic" in self._dialects:
            return AnthropicRelay(turn.id, turn.model, streamed=turn.streamed)
        writer = served.writer(turn.request, turn.id)
        peer = family(served.name)
        relayed = peer in self._dialects and may_be_relayed(served.name)
        if relayed and turn.operation is Operation.MESSAGES:
            return SniffedRelay(UPSTREAM[peer], writer, turn.id, streamed=turn.streamed)
        return Translation(writer)

    def handle(self, message: Message[Any], /) -> Any:
        """Answers whether the endpoint is there."""
        return self._probe(message.key) if isinstance(message, Probe) else super().handle(message)

    async def _probe(self, key: int | None) -> int:
        dialect = self._dialects[0]
        headers = () if key is None else (await self._credentials(key))(dialect)
        url = self._base_url + placed(self._paths, dialect, MODELS_PATHS[dialect])
        return await probe(self._upstream, url, headers + IDENTITY)

    async def answer(self, exchange: Exchange) -> None:
        """Sends the request and passes on what comes."""
        exchange.key_headers = await self._credentials(exchange.asked.key)
        exchange.key_refused = partial(self._key_refused, exchange.asked.key)
        match exchange.passage:
            case Told():
                await self._embed(exchange)
            case AnthropicRelay():
                await self._relay_anthropic(exchange)
            case SniffedRelay() if not self._may_overflow(exchange):
                await self._relay(exchange)
            case _:
                await self._translate(exchange)

    async def _embed(self, exchange: Exchange) -> None:
        dialect = next((name for name in self._dialects if name in ASK), "")
        if not dialect:
            raise no_embeddings(self.endpoint)
        await embed(exchange, self._upstream, dialect, partial(self._request, exchange, dialect))

    async def _relay_anthropic(self, exchange: Exchange) -> None:
        turn = exchange.turn
        request = turn.request
        if turn.operation is Operation.COUNT_TOKENS:
            await self._relay_count(exchange)
            return
        if self._may_overflow(exchange):

            async def count(counted: ServedRequest) -> int:
                return await self._count_anthropic(exchange, counted)

            request = await self.fit(exchange, request, count, self._window(exchange.model))
        await exchange.run(self._upstream, self._anthropic_request(exchange, turn, request))

    async def _relay_count(self, exchange: Exchange) -> None:
        """The endpoint's own count; where it has no path for that, an estimate."""
        turn, model = exchange.turn, exchange.model
        asked = self._anthropic_request(exchange, turn, turn.request)
        try:
            await exchange.run(self._upstream, asked, lacking=NO_COUNT)
        except NotOffered:
            tokens = self.estimator(model).estimate(messages_features(turn.request))
            await exchange.tell(JSON_HEADERS, SERVED["anthropic"].count_body(tokens))

    async def _relay(self, exchange: Exchange) -> None:
        turn = exchange.turn
        dialect = family(turn.request.dialect)
        outgoing = UPSTREAM[dialect].relayed(turn.request, exchange.model)
        await exchange.run(self._upstream, self._request(exchange, dialect, outgoing, turn))

    async def _translate(self, exchange: Exchange) -> None:
        """Asks in the endpoint's first dialect, and answers in the client's."""
        turn, model = exchange.turn, exchange.model
        dialect = self._dialects[0]
        served = SERVED[turn.request.dialect]
        conversation = served.conversation(turn.request)
        if turn.operation is Operation.COUNT_TOKENS:
            tokens = await self._count(exchange, prepared(conversation, dialect))
            await exchange.tell(JSON_HEADERS, served.count_body(tokens))
            return
        passage, peer = exchange.passage, self._peer(model)
        if not isinstance(passage, Translation):  # a relay whose request has to be shortened
            passage = exchange.passage = Translation(served.writer(turn.request, turn.id))
            passage.notice(exchange.asked.notice)
        if self._may_overflow(exchange):
            conversation = await self._fitted(exchange, conversation)

        async def ask(asked: Conversation, answer: str) -> None:
            shown = prepared(asked, dialect)
            features = conversation_features(shown)
            passage.estimated_tokens = self.estimator(model).estimate(features)
            exchange.features = features if answer == turn.id else None  # usage adds up then
            outgoing = peer.request(shown, model)
            if answer == turn.id:
                self._left_out.note(self.endpoint, (*shown.unknown, *outgoing.dropped))
            passage.expect(peer, shown, model, answer)
            await exchange.run(self._upstream, self._request(exchange, dialect, outgoing))

        if dialect == "anthropic":  # which runs its server tools itself
            await ask(conversation, turn.id)
        else:
            await converse(exchange, passage, conversation, ask, self._search())

    async def _fitted(self, exchange: Exchange, conversation: Conversation) -> Conversation:
        """The conversation, or a shorter one that fits the window; see Backend.fit."""

        async def count(request: ServedRequest) -> int:
            shown = prepared(from_messages(request), self._dialects[0])
            return await self._count(exchange, shown)

        whole = as_messages(conversation, exchange.turn.model)
        fitting = await self.fit(exchange, whole, count, self._window(exchange.model))
        return conversation if fitting is whole else shortened(conversation, fitting)

    async def _count(self, exchange: Exchange, conversation: Conversation) -> int:
        """Asks the endpoint to count; one that cannot gets an estimate."""
        dialect, model = self._dialects[0], exchange.model
        peer = self._peer(model)
        outgoing = peer.count_request(conversation, model)
        if outgoing is not None:
            try:
                return peer.counted(await self._ask(self._request(exchange, dialect, outgoing)))
            except (UpstreamError, UpstreamNonsense):
                pass  # an endpoint of this dialect that does not count
        return self.estimator(model).estimate(conversation_features(conversation))

    def _peer(self, model: str) -> UpstreamDialect:
        """What is spoken to a model where its client's request is translated."""
        return upstream_dialect(self._dialects[0], self._window(model), self._quirks)

    async def _ask(self, request: UpstreamRequest) -> bytes:
        """Asks for a count. Raises UpstreamError and UpstreamNonsense."""
        with trio.move_on_after(COUNT_SECONDS_MAX):
            async with self._upstream.open(request) as response:
                body = await read_body(response, COUNT_BYTES_MAX)
            if response.status != 200:
                raise UpstreamNonsense(f"status {response.status}")
            return body
        raise UpstreamNonsense(f"no count within {COUNT_SECONDS_MAX:.0f} s")

    def _may_overflow(self, exchange: Exchange) -> bool:
        """Whether it is worth counting: more bytes than surely fit the window, if it is known.

        A large window of an Anthropic endpoint is left to it: its refusal is the one that clients
        read best.
        """
        request, window = exchange.turn.request, self._window(exchange.model)
        relayed = request.dialect == "anthropic" and "anthropic" in self._dialects
        known = window > 0 and (window <= ROOM_TOKENS or not relayed)
        return known and len(request.body) > SURE_BYTES_PER_TOKEN * window

    async def _count_anthropic(self, exchange: Exchange, request: ServedRequest) -> int:
        """Asks the endpoint to count; one that cannot gets an estimate."""
        turn = attrs.evolve(exchange.turn, operation=Operation.COUNT_TOKENS)
        counted = self._anthropic_request(exchange, turn, request)
        try:
            return UPSTREAM["anthropic"].counted(await self._ask(counted))
        except (UpstreamError, UpstreamNonsense):
            features = messages_features(request)
            return self.estimator(exchange.model).estimate(features)

    def _anthropic_request(
        self, exchange: Exchange, turn: Turn, request: ServedRequest
    ) -> UpstreamRequest:
        """A relay to an Anthropic endpoint; counting has a path of its own."""
        outgoing = UPSTREAM["anthropic"].relayed(request, exchange.model)
        outgoing = attrs.evolve(outgoing, path=turn.operation.value)
        return self._request(exchange, "anthropic", outgoing, turn)

    def _request(
        self, exchange: Exchange, dialect: str, outgoing: Outgoing, relayed: Turn | None = None
    ) -> UpstreamRequest:
        """A request to the endpoint; what a client of its dialect has said goes along."""
        path, headers = outgoing.path, outgoing.headers
        if not any(name == b"content-type" for name, _ in headers):
            headers += JSON_HEADERS
        if relayed is not None:
            path = with_query(path, relayed.query.decode("ascii"))
            headers = relayed.headers
        return UpstreamRequest(
            method="POST",
            url=self._base_url + placed(self._paths, dialect, path),
            headers=headers + exchange.key_headers(dialect) + IDENTITY,
            body=outgoing.body,
        )


def with_query(path: str, query: str) -> str:
    """The path with a client's query behind it, less what the path says already."""
    said = {pair.partition("=")[0] for pair in path.partition("?")[2].split("&")}
    more = [pair for pair in query.split("&") if pair and pair.partition("=")[0] not in said]
    return f"{path}{'&' if '?' in path else '?'}{'&'.join(more)}" if more else path
