"""The backend of an endpoint that speaks the client's own dialect: it relays.

The request is the client's bytes with the splices of `relayed_body`, the client's headers without
its credentials, and the endpoint's own key. The answer's bytes pass unchanged.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import msgspec

from ...io.ports import Upstream, UpstreamError, UpstreamRequest
from ...protocols.actor import Ref
from ...protocols.anthropic.diet import ROOM_TOKENS
from ...protocols.anthropic.request import MessagesRequest, relayed_body
from ...protocols.turn import Headers, Operation, Turn
from .backend import Backend
from .exchange import Exchange, read_body

IDENTITY = ((b"accept-encoding", b"identity"),)
COUNT_BYTES_MAX = 64 * 1024
SURE_BYTES_PER_TOKEN = 2
"""A request with fewer bytes than this for each token of the window fits without counting."""
BYTES_PER_TOKEN = 3.5


class RelayBackend(Backend):
    """Relays to `base_url`. `credentials` gives the headers with the key, or refuses the turn."""

    def __init__(
        self,
        endpoint: str,
        base_url: str,
        credentials: Callable[[], Headers],
        upstream: Upstream,
        conversations: Ref,
        *,
        context_tokens: int = 0,
    ) -> None:
        super().__init__(endpoint, conversations)
        self._context_tokens = context_tokens
        self._base_url = base_url
        self._credentials = credentials
        self._upstream = upstream

    async def answer(self, exchange: Exchange) -> None:
        """Sends the spliced request and passes on what comes."""
        turn = exchange.turn
        request = turn.request
        if self._may_overflow(request) and turn.operation is Operation.MESSAGES:

            async def count(counted: MessagesRequest) -> int:
                return await self._count(exchange, counted)

            request = await self.fit(exchange, count, self._context_tokens)
        await exchange.run(self._upstream, self._request(turn, exchange.model, request))

    def _may_overflow(self, request: MessagesRequest) -> bool:
        """Whether it is worth counting: a small window, and more bytes than surely fit."""
        small = 0 < self._context_tokens <= ROOM_TOKENS
        return small and len(request.body) > SURE_BYTES_PER_TOKEN * self._context_tokens

    async def _count(self, exchange: Exchange, request: MessagesRequest) -> int:
        """Asks the endpoint to count; one that cannot gets an estimate by size."""
        turn = attrs.evolve(exchange.turn, operation=Operation.COUNT_TOKENS)
        counted = self._request(turn, exchange.model, request)
        try:
            async with self._upstream.open(counted) as response:
                answer = await read_body(response, COUNT_BYTES_MAX)
            return int(msgspec.json.decode(answer)["input_tokens"])
        except (UpstreamError, msgspec.MsgspecError, KeyError, TypeError, ValueError):
            return int(len(request.body) / BYTES_PER_TOKEN)

    def _request(self, turn: Turn, model: str, request: MessagesRequest) -> UpstreamRequest:
        query = f"?{turn.query.decode('ascii')}" if turn.query else ""
        return UpstreamRequest(
            method="POST",
            url=f"{self._base_url}{turn.operation.value}{query}",
            headers=turn.headers + self._credentials() + IDENTITY,
            body=relayed_body(request, model),
        )
