"""Turns for an engine that is an HTTP server of Anthropic's dialect: llama.cpp's own.

Its clients of that dialect are relayed to, in a body of our making (protocols/anthropic/local.py);
all others, and those who want server tools, are translated. Every question is counted exactly, put
on a diet if it must be, and only then committed: our head and `message_start` say the true number
of input tokens while the engine still reads the prompt.
"""

from __future__ import annotations

import re

import msgspec

from ...io.ports import EngineProcess, EngineSpec, Upstream, UpstreamRequest
from ...protocols.anthropic.events import JSON_HEADERS
from ...protocols.anthropic.local import local_body
from ...protocols.anthropic.passage import AnthropicRelay
from ...protocols.conversation.request import Conversation
from ...protocols.dialects import UPSTREAM
from ...protocols.passage import Passage
from ...protocols.preparation import as_messages, prepared
from ...protocols.request import ServedRequest
from ...protocols.translation import Translation
from ...protocols.turn import Operation, Turn, TurnRefused
from .engine_form import COUNT_BYTES_MAX, EngineForm, Fit, tell_count, translation_of
from .exchange import Exchange
from .refusals import read_body

HEALTH = "/health"
NOT_ANTHROPIC = "llama-server"
"""It speaks Anthropic's dialect, but has none of what the API behind it does by itself."""
SERVER_TOOLS = re.compile(rb'"type"\s*:\s*"(?:tool_search_tool_|web_search_20)')


class ServerForm(EngineForm[ServedRequest]):
    """What is said to llama.cpp's server. A question is a request in Anthropic's form."""

    def __init__(
        self, spec: EngineSpec, upstream: Upstream, fit: Fit, answer_tokens_max: int
    ) -> None:
        self._spec = spec
        self._upstream = upstream
        self._fit = fit
        self._answer_tokens_max = answer_tokens_max

    def passage(self, turn: Turn) -> Passage:
        """A relay where the client speaks the server's dialect and wants no more than it has."""
        if turn.request.dialect == "anthropic" and not SERVER_TOOLS.search(turn.request.body):
            return AnthropicRelay(turn.id, turn.model, streamed=turn.streamed)
        return translation_of(turn)

    def relayed(self, turn: Turn) -> ServedRequest:
        """The client's own request."""
        return turn.request

    def translated(self, exchange: Exchange, asked: Conversation, answer: str) -> ServedRequest:
        """The conversation as a request of the server's dialect."""
        assert isinstance(exchange.passage, Translation), "a relay is not translated"
        shown = prepared(asked, NOT_ANTHROPIC)
        exchange.passage.expect(UPSTREAM["anthropic"], shown, exchange.model, answer)
        return as_messages(shown, exchange.turn.model)

    async def admit(
        self, exchange: Exchange, question: ServedRequest, process: EngineProcess
    ) -> UpstreamRequest | None:
        """See EngineForm. The exchange is committed once its input is counted."""
        operation = exchange.turn.operation
        if operation is Operation.COUNT_TOKENS:
            body = self._body(question)
            if exchange.passage.relays:
                return _request(process, operation, body)
            await tell_count(exchange, await self._count(exchange, process, body))
            return None

        body = b""

        async def count(counted: ServedRequest) -> int:
            nonlocal body
            body = self._body(counted)
            return await self._count(exchange, process, body)

        await self._fit(exchange, question, count, self._spec.context_tokens)
        exchange.commit()
        return _request(process, operation, body)  # what was counted last is what fits

    async def embed(self, exchange: Exchange, process: EngineProcess) -> None:
        """See EngineForm: the server is started without."""
        raise AssertionError("the server makes no vectors")

    def sign_of_life(self, process: EngineProcess) -> UpstreamRequest:
        """Its health check."""
        return UpstreamRequest("GET", process.base_url + HEALTH, process.headers)

    def _body(self, request: ServedRequest) -> bytes:
        sees = bool(self._spec.projector)
        return local_body(request, self._spec.name, self._answer_tokens_max, sees_images=sees)

    async def _count(self, exchange: Exchange, process: EngineProcess, body: bytes) -> int:
        request = _request(process, Operation.COUNT_TOKENS, body)
        async with self._upstream.open(request) as response:
            answer = await read_body(response, COUNT_BYTES_MAX)
        try:
            return int(msgspec.json.decode(answer)["input_tokens"])
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
            said = answer[:200].decode("utf-8", "replace")
            words = f"{exchange.endpoint} cannot read this request: {said}"
            raise TurnRefused(400, "invalid_request_error", words) from None


def _request(process: EngineProcess, operation: Operation, body: bytes) -> UpstreamRequest:
    url = process.base_url + operation.value
    return UpstreamRequest("POST", url, process.headers + JSON_HEADERS, body)
