"""The backend of a model on this machine: an engine process of our own, started on demand.

The engine serves HTTP on a loopback port; it is started by the first turn, watched, and started
anew by the next turn after it has ended. A turn waits for it with the client kept alive, is counted
exactly, put on a diet if it must be, and only then committed: our head and `message_start` say the
true number of input tokens while the engine still reads the prompt. An engine that hangs is killed:
it answers its health check however busy it is, so silence there means that nothing will come.

Leaving a turn closes its connection; the engine then stops at the end of the batch it is in
(`batch_tokens` is small for that reason).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from math import inf

import msgspec
import trio

from ...io.ports import (
    Engine,
    EngineError,
    EngineProcess,
    EngineSpec,
    Search,
    Upstream,
    UpstreamError,
    UpstreamRequest,
)
from ...protocols.actor import Ref
from ...protocols.anthropic.events import JSON_HEADERS
from ...protocols.anthropic.local import local_body
from ...protocols.anthropic.passage import AnthropicRelay
from ...protocols.conversation.request import Conversation
from ...protocols.dialects import SERVED, UPSTREAM
from ...protocols.passage import Passage
from ...protocols.preparation import as_messages, prepared
from ...protocols.request import ServedRequest
from ...protocols.told import Told
from ...protocols.translation import Translation
from ...protocols.turn import Operation, Turn, TurnRefused
from .backend import Backend
from .embedding import no_embeddings
from .exchange import Exchange, read_body
from .server_tools import converse, no_search

WAITING_TURNS_MAX = 16
RETRY_AFTER_SECONDS = 5
RESTART_PAUSE_SECONDS = 1.0
COUNT_BYTES_MAX = 64 * 1024
REAP_SECONDS = 1.0
"""From the last word of a process that ends to the news that it has ended."""
WATCH_SECONDS = 10.0
"""Between two looks at an engine that turns are waiting for."""
PROBE_SECONDS = 5.0
"""What a look waits for an answer."""
SILENT_PROBES_MAX = 3
"""So many looks in a row without an answer, and the process is killed. A computer that is out of
breath may miss one."""
HEALTH = "/health"
NOT_ANTHROPIC = "llama-server"
"""It speaks Anthropic's dialect, but has none of what the API behind it does by itself."""
SERVER_TOOLS = re.compile(rb'"type"\s*:\s*"(?:tool_search_tool_|web_search_20)')


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
    ) -> None:
        super().__init__(endpoint, conversations)
        self._spec = spec
        self._answer_tokens_max = answer_tokens_max
        self._search = search
        self._engine = engine
        self._upstream = upstream
        self._slots = trio.Semaphore(spec.slots)
        self._process: EngineProcess | None = None
        self._tended = False
        self._ended_seconds = -inf
        self._failed_starts = 0
        self._failure = ""
        self._changed = trio.Event()

    def passage(self, turn: Turn, model: str) -> Passage:
        """The engine speaks Anthropic's dialect; any other is translated, and so is a request
        with server tools, which the engine has not."""
        if turn.operation is Operation.EMBEDDINGS:
            return Told()
        if turn.request.dialect == "anthropic" and not SERVER_TOOLS.search(turn.request.body):
            return AnthropicRelay(turn.id, turn.model, streamed=turn.streamed)
        return Translation(SERVED[turn.request.dialect].writer(turn.request, turn.id))

    async def answer(self, exchange: Exchange) -> None:
        """Waits for a slot and the engine, counts, and passes on what the model says."""
        passage, turn = exchange.passage, exchange.turn
        if isinstance(passage, Told):
            raise no_embeddings(self.endpoint)
        if self._slots.statistics().tasks_waiting >= WAITING_TURNS_MAX:
            busy = f"{self.endpoint} is busy: {WAITING_TURNS_MAX} turns are waiting already"
            raise TurnRefused(429, "rate_limit_error", busy, RETRY_AFTER_SECONDS)
        failed_starts = self._failed_starts
        async with self._slots:
            if not isinstance(passage, Translation):
                await self._ask(exchange, turn.request, failed_starts)
                return
            conversation = SERVED[turn.request.dialect].conversation(turn.request)

            async def ask(asked: Conversation, answer: str) -> None:
                shown = prepared(asked, NOT_ANTHROPIC)
                passage.expect(UPSTREAM["anthropic"], shown, exchange.model, answer)
                await self._ask(exchange, as_messages(shown, turn.model), failed_starts)

            await converse(exchange, passage, conversation, ask, self._search())

    async def _ask(self, exchange: Exchange, request: ServedRequest, failed_starts: int) -> None:
        """Asks the engine; the request is in Anthropic's form."""
        process, body = await self._admitted(exchange, request, failed_starts)
        if body is not None:
            asked = self._request(process, exchange.turn.operation, body)
            await exchange.run(self._upstream, asked, silence_seconds_max=inf)  # see `_watch`

    async def _admitted(
        self, exchange: Exchange, request: ServedRequest, failed_starts: int
    ) -> tuple[EngineProcess, bytes | None]:
        """A process that has counted the turn, and the body for it; None if that was all.

        One that has just ended breaks its connections before its parent is told. Who meets it so
        has been answered nothing yet, and goes on to the next one.
        """
        while True:
            process = await self._running(failed_starts)
            try:
                return process, await self._prepare(exchange, request, process)
            except UpstreamError as error:
                with trio.move_on_after(REAP_SECONDS):
                    while self._process is process:
                        await self._changed.wait()
                if self._process is process:
                    words = f"{self.endpoint}: {error}"
                    raise TurnRefused(503, "overloaded_error", words) from None

    async def _running(self, failed_starts: int) -> EngineProcess:
        """The engine's process; starts it if there is none.

        Raises TurnRefused if a start has failed since there were so many `failed_starts`: all
        that were waiting for it are told, and only a turn that comes after them tries again.
        """
        while self._process is None:
            if self._failed_starts > failed_starts:
                raise TurnRefused(500, "api_error", f"{self.endpoint}: {self._failure}")
            if not self._tended:
                self._tended = True
                self.background.start_soon(self._tend, name=f"{self.endpoint}:engine")
            await self._changed.wait()
        return self._process

    async def _tend(self) -> None:
        """Runs one process from its start until it is reaped, and says what has changed."""
        try:
            pause = self._ended_seconds + RESTART_PAUSE_SECONDS - trio.current_time()
            await trio.sleep(max(0.0, pause))
            async with self._engine.open(self._spec) as process:
                self._process = process
                self._note_change()
                async with trio.open_nursery() as watching:
                    watching.start_soon(self._watch, process, name=f"{self.endpoint}:watch")
                    await process.wait()
                    self._process = None
                    watching.cancel_scope.cancel("the engine's process has ended")
        except EngineError as error:
            self._failure = str(error)
            self._failed_starts += 1
        finally:
            self._process, self._tended = None, False
            self._ended_seconds = trio.current_time()
            self._note_change()

    async def _watch(self, process: EngineProcess) -> None:
        """Kills a process that turns wait for in vain: they are told, the next one starts anew."""
        silent_probes = 0
        while silent_probes < SILENT_PROBES_MAX:
            await self.busy.wait()
            await trio.sleep(WATCH_SECONDS)
            nobody_waits = not self._exchanges
            alive = nobody_waits or await self._is_alive(process)
            silent_probes = 0 if alive else silent_probes + 1
        process.kill()

    async def _is_alive(self, process: EngineProcess) -> bool:
        request = UpstreamRequest("GET", process.base_url + HEALTH, process.headers)
        with trio.move_on_after(PROBE_SECONDS), suppress(UpstreamError):
            async with self._upstream.open(request):
                return True
        return False

    def _note_change(self) -> None:
        self._changed.set()
        self._changed = trio.Event()

    async def _prepare(
        self, exchange: Exchange, request: ServedRequest, process: EngineProcess
    ) -> bytes | None:
        """The engine's request body; commits the exchange once its input is counted.

        None if the count was all that was asked, and has been told.
        """
        if exchange.turn.operation is Operation.COUNT_TOKENS:
            body = self._body(request)
            if exchange.passage.relays:
                return body
            tokens = await self._count(process, body)
            counted = SERVED[exchange.turn.request.dialect].count_body(tokens)
            await exchange.tell(JSON_HEADERS, counted)
            return None

        body = b""

        async def count(counted: ServedRequest) -> int:
            nonlocal body
            body = self._body(counted)
            return await self._count(process, body)

        await self.fit(exchange, request, count, self._spec.context_tokens)
        exchange.commit()
        return body  # what was counted last is what fits

    def _body(self, request: ServedRequest) -> bytes:
        return local_body(request, self._spec.name, self._answer_tokens_max)

    async def _count(self, process: EngineProcess, body: bytes) -> int:
        request = self._request(process, Operation.COUNT_TOKENS, body)
        async with self._upstream.open(request) as response:
            answer = await read_body(response, COUNT_BYTES_MAX)
        try:
            return int(msgspec.json.decode(answer)["input_tokens"])
        except (msgspec.MsgspecError, KeyError, TypeError, ValueError):
            said = answer[:200].decode("utf-8", "replace")
            raise TurnRefused(
                400, "invalid_request_error", f"{self.endpoint} cannot read this request: {said}"
            ) from None

    def _request(
        self, process: EngineProcess, operation: Operation, body: bytes
    ) -> UpstreamRequest:
        url = process.base_url + operation.value
        return UpstreamRequest("POST", url, process.headers + JSON_HEADERS, body)
