"""The backend of a model on this machine: an engine process of our own, started on demand.

The first turn has the process started (`engine_keeper`); a turn waits for it with the client kept
alive, but for the time in which it is not known whether there will be memory for the model: a
refusal keeps its status, so that the client knows when to come again. What is said to it is its
form's business (`engine_form`): one for an HTTP server, one for a worker. A worker either answers
or makes vectors, so a model that is asked for both has two.

Leaving a turn leaves its request, and the engine stops computing: a worker at once, a server at the
end of the batch it is in (`batch_tokens` is small for that reason).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from math import inf
from typing import Any

import attrs
import trio

from ...io.ports import (
    Engine,
    EngineError,
    EngineProcess,
    EngineSpec,
    Search,
    Upstream,
    UpstreamError,
)
from ...protocols.actor import Message, Ref, Refusal
from ...protocols.advice.contender import FindNeed
from ...protocols.conversation.request import Conversation
from ...protocols.dialects import SERVED
from ...protocols.engine.board import EngineBoard
from ...protocols.engine.control import Loaded, LoadModel, Unloaded, UnloadModel
from ...protocols.engine.dialect import WORKER
from ...protocols.left_out import LeftOut
from ...protocols.passage import Passage
from ...protocols.resources.need import MemoryNeed
from ...protocols.told import Told
from ...protocols.translation import Translation
from ...protocols.turn import Operation, Turn, TurnRefused
from .backend import Backend
from .embedding import no_embeddings
from .engine_form import EngineForm
from .engine_keeper import EngineKeeper
from .exchange import Exchange
from .memory_lease import LeaseTerms
from .process_use import CutOff
from .server_form import ServerForm
from .server_tools import converse, no_search
from .worker_form import WorkerForm

WAITING_TURNS_MAX = 16
RETRY_AFTER_SECONDS = 5
PROBE_SECONDS = 5.0
"""What a look at an engine that is silent waits for an answer."""
VECTORS_IDLE_SECONDS = 300.0
"""How long a process that makes vectors stays without being asked for any."""

Put = Callable[[Exchange, EngineProcess], Awaitable[None]]


class EngineBackend(Backend):
    """Answers from a model in a process of its own."""

    def __init__(
        self,
        endpoint: str,
        spec: EngineSpec,
        engine: Engine,
        upstream: Upstream,
        conversations: Ref,
        *,
        answer_tokens_max: int = 0,
        search: Callable[[], Search | None] = no_search,
        board: EngineBoard | None = None,
        left_out: LeftOut | None = None,
        resources: Ref | None = None,
        terms: Callable[[], LeaseTerms] = LeaseTerms,
    ) -> None:
        super().__init__(endpoint, conversations)
        board = board or EngineBoard()
        self._need = partial(engine.need, spec)
        self._search = search
        self._upstream = upstream
        self._slots = trio.Semaphore(spec.slots)
        self._form: EngineForm[Any] = ServerForm(spec, upstream, self.fit, answer_tokens_max)
        if engine.dialect == WORKER.name:
            left_out = left_out or LeftOut()
            self._form = WorkerForm(spec, self.fit, answer_tokens_max, left_out)
        self._keeper = EngineKeeper(
            endpoint, spec, engine, self._is_alive, board, resources=resources, terms=terms
        )
        self._vectors = EngineKeeper(
            f"{endpoint}:vectors",
            attrs.evolve(spec, embeddings=True, state_bytes=0),
            engine,
            self._is_alive,
            board,
            resources=resources,
            terms=lambda: attrs.evolve(terms(), pinned=False),
            idle_seconds_max=VECTORS_IDLE_SECONDS,
        )

    async def start(self) -> None:
        """See Backend.start."""
        await super().start()
        self._keeper.background = self._vectors.background = self.background

    def handle(self, message: Message[Any], /) -> Any:
        """Loads and unloads the model by a person's word, and says what it would take."""
        match message:
            case LoadModel(_, pin):
                return self._load(pin=pin)
            case UnloadModel():
                answers = self._keeper.unload()
                return Unloaded(answers is not None, answers or 0)
            case FindNeed():
                return self._find_need()
        return super().handle(message)

    async def _load(self, *, pin: bool) -> Loaded:
        return Loaded(await self._keeper.load(pin=pin))

    def passage(self, turn: Turn, model: str) -> Passage:
        """See EngineForm.passage; vectors are told."""
        return Told() if turn.operation is Operation.EMBEDDINGS else self._form.passage(turn)

    async def _find_need(self) -> MemoryNeed:
        try:
            return await self._need()
        except EngineError as error:  # the file is not there, or is no model
            raise Refusal(str(error)) from None

    async def answer(self, exchange: Exchange) -> None:
        """Waits for a slot and the engine, and passes on what the model says."""
        passage, turn = exchange.passage, exchange.turn
        if isinstance(passage, Told) and not self._form.embeds:
            raise no_embeddings(self.endpoint)
        if self._slots.statistics().tasks_waiting >= WAITING_TURNS_MAX:
            busy = f"{self.endpoint} is busy: {WAITING_TURNS_MAX} turns are waiting already"
            raise TurnRefused(429, "rate_limit_error", busy, RETRY_AFTER_SECONDS)
        keeper = self._vectors if isinstance(passage, Told) else self._keeper
        failed_starts = keeper.failed_starts
        exchange.is_undecided = lambda: keeper.is_queueing
        async with self._slots:
            if isinstance(passage, Told):
                await self._put(exchange, keeper, failed_starts, self._form.embed)
                return
            if not isinstance(passage, Translation):
                await self._ask(exchange, self._form.relayed(turn), failed_starts)
                return
            conversation = SERVED[turn.request.dialect].conversation(turn.request)

            async def ask(asked: Conversation, answer: str) -> None:
                question = self._form.translated(exchange, asked, answer)
                await self._ask(exchange, question, failed_starts)

            await converse(exchange, passage, conversation, ask, self._search())

    async def _ask(self, exchange: Exchange, question: Any, failed_starts: int) -> None:
        """Puts a question to the engine and passes on its answer."""

        async def put(exchange: Exchange, process: EngineProcess) -> None:
            request = await self._form.admit(exchange, question, process)
            if request is not None:
                upstream = process.upstream or self._upstream
                # The keeper looks after silence.
                await exchange.run(upstream, request, silence_seconds_max=inf, again=True)

        await self._put(exchange, self._keeper, failed_starts, put)

    async def _put(
        self, exchange: Exchange, keeper: EngineKeeper, failed_starts: int, put: Put
    ) -> None:
        """Puts something to a process, and to the next if this one has gone meanwhile.

        One that has just ended breaks its connections before its parent is told. Who meets it so
        has been answered nothing yet, and goes on to the next one. Who is cut off is told why.
        """
        while True:
            use = await keeper.running(failed_starts)
            try:
                with use.in_use():
                    await put(exchange, use.process)
                return
            except CutOff as cut:
                await exchange.cut_off(str(cut))
                return
            except UpstreamError as error:
                if not await keeper.wait_gone(use):
                    words = f"{self.endpoint}: {error}"
                    raise TurnRefused(503, "overloaded_error", words) from None

    async def _is_alive(self, process: EngineProcess) -> bool:
        request = self._form.sign_of_life(process)
        upstream = process.upstream or self._upstream
        with trio.move_on_after(PROBE_SECONDS), suppress(UpstreamError):
            async with upstream.open(request):
                return True
        return False
