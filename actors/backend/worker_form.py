"""Turns for an engine whose processes are workers of our own: always translated, never relayed.

A worker counts an input when it admits it and says so before it reads any of it (`Started`): that
commits the answer, with the true number. So only a question that may not fit is counted beforehand.
"""

from __future__ import annotations

import attrs

from ...io.ports import EngineProcess, EngineSpec, Upstream, UpstreamRequest
from ...protocols.conversation.request import Conversation
from ...protocols.dialect import Outgoing, UpstreamNonsense
from ...protocols.embedding import vectors_body, wish_of
from ...protocols.engine.dialect import WORKER
from ...protocols.engine.embedding import embed_request, read_embedded
from ...protocols.left_out import LeftOut
from ...protocols.passage import Passage
from ...protocols.preparation import as_messages, prepared, shortened
from ...protocols.request import ServedRequest
from ...protocols.told import Told
from ...protocols.translation import Translation
from ...protocols.turn import Operation, Turn, TurnRefused
from .embedding import VECTORS_BYTES_MAX
from .engine_form import COUNT_BYTES_MAX, EngineForm, Fit, tell_count, translation_of
from .exchange import Exchange
from .refusals import read_body, refused

SURE_BYTES_PER_TOKEN = 2
"""A question with fewer bytes than this for each token of the window fits without counting."""


@attrs.frozen
class WorkerQuestion:
    """A conversation, made ready, and what makes ids of its answer unique."""

    shown: Conversation
    answer: str


class WorkerForm(EngineForm[WorkerQuestion]):
    """What is said to a worker."""

    embeds = True

    def __init__(
        self, spec: EngineSpec, fit: Fit, answer_tokens_max: int, left_out: LeftOut
    ) -> None:
        self._spec = spec
        self._fit = fit
        self._answer_tokens_max = answer_tokens_max
        self._left_out = left_out

    def passage(self, turn: Turn) -> Passage:
        """A translation, whatever the client speaks."""
        return translation_of(turn)

    def relayed(self, turn: Turn) -> WorkerQuestion:
        """Nothing is."""
        raise AssertionError("no client speaks a worker's dialect")

    def translated(self, exchange: Exchange, asked: Conversation, answer: str) -> WorkerQuestion:
        """The conversation with all resolved that a model cannot know."""
        return WorkerQuestion(self._limited(prepared(asked, WORKER.name)), answer)

    async def admit(
        self, exchange: Exchange, question: WorkerQuestion, process: EngineProcess
    ) -> UpstreamRequest | None:
        """See EngineForm."""
        shown, model = question.shown, exchange.model
        if exchange.turn.operation is Operation.COUNT_TOKENS:
            await tell_count(exchange, await self._count(exchange, shown, process))
            return None
        assert isinstance(exchange.passage, Translation), "no answer of a worker is relayed"
        outgoing = WORKER.request(shown, model)
        fitting = await self._fitted(exchange, shown, len(outgoing.body), process)
        if fitting is not shown:
            shown, outgoing = fitting, WORKER.request(fitting, model)
        if question.answer == exchange.turn.id:
            self._left_out.note(exchange.endpoint, (*shown.unknown, *outgoing.dropped))
        exchange.passage.expect(WORKER, shown, model, question.answer)
        return _request(process, outgoing)

    async def embed(self, exchange: Exchange, process: EngineProcess) -> None:
        """See EngineForm."""
        asked = exchange.turn.request
        wish = wish_of(asked)
        body = await self._ask(exchange, embed_request(wish), process, VECTORS_BYTES_MAX)
        try:
            vectors = read_embedded(body, wish)
        except UpstreamNonsense as error:
            raise TurnRefused(502, "api_error", f"{exchange.endpoint}: {error}") from None
        exchange.input_tokens = vectors.tokens
        await exchange.tell(Told.headers, vectors_body(asked, vectors))

    def sign_of_life(self, process: EngineProcess) -> UpstreamRequest:
        """The count of one word, which a worker makes between two steps."""
        return _request(process, WORKER.sign_of_life())

    def _limited(self, conversation: Conversation) -> Conversation:
        """The conversation with an answer that is no longer than this endpoint allows."""
        limit = self._answer_tokens_max
        wished = conversation.sampling.max_tokens
        if not limit or (wished and wished <= limit):
            return conversation
        sampling = attrs.evolve(conversation.sampling, max_tokens=limit)
        return attrs.evolve(conversation, sampling=sampling)

    async def _fitted(
        self, exchange: Exchange, shown: Conversation, size_bytes: int, process: EngineProcess
    ) -> Conversation:
        """The conversation itself, or a shorter one that fits the window; see Backend.fit."""
        window = self._spec.context_tokens
        if process.ready is not None:
            window = min(window, process.ready.context_tokens)
        if size_bytes <= SURE_BYTES_PER_TOKEN * window:
            return shown
        tokens = await self._count(exchange, shown, process)
        if tokens < window:
            return shown
        whole = as_messages(shown, exchange.turn.model)

        async def count(request: ServedRequest) -> int:
            if request is whole:
                return tokens
            return await self._count(exchange, _shown(shown, request), process)

        return _shown(shown, await self._fit(exchange, whole, count, window))

    async def _count(self, exchange: Exchange, shown: Conversation, process: EngineProcess) -> int:
        outgoing = WORKER.count_request(shown, exchange.model)
        body = await self._ask(exchange, outgoing, process, COUNT_BYTES_MAX)
        try:
            return WORKER.counted(body)
        except UpstreamNonsense as error:
            raise TurnRefused(502, "api_error", f"{exchange.endpoint}: {error}") from None

    async def _ask(
        self, exchange: Exchange, outgoing: Outgoing, process: EngineProcess, limit_bytes: int
    ) -> bytes:
        """The whole answer to something small. Raises UpstreamError and TurnRefused."""
        async with _upstream(process).open(_request(process, outgoing)) as response:
            body = await read_body(response, limit_bytes)
        if response.status != 200:
            failure = WORKER.failure(response.status, response.headers, body)
            words = f"{exchange.endpoint}: {failure.message}"
            raise refused(attrs.evolve(failure, message=words))
        return body


def _shown(whole: Conversation, request: ServedRequest) -> Conversation:
    return prepared(shortened(whole, request), WORKER.name)


def _upstream(process: EngineProcess) -> Upstream:
    assert process.upstream is not None, "a worker has an upstream of its own"
    return process.upstream


def _request(process: EngineProcess, outgoing: Outgoing) -> UpstreamRequest:
    return UpstreamRequest("POST", process.base_url + outgoing.path, (), outgoing.body)
