"""The engine, made of virtual time: processes that load, answer like llama.cpp's server, and die.

Each start of a process lives a `Life` from the list it was given, the last one again and again. A
process is a peer of the simulated upstream at an address of its own, with a key of its own: it
counts tokens, and answers messages in the server's way (`message_start` says 0 input tokens, the
prompt is read after it, then the deltas come). A request longer than the window is refused.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from math import inf
from typing import Any

import attrs
import msgspec
import trio

from ..io.ports import Engine, EngineError, EngineProcess, EngineSpec, Headers, UpstreamRequest
from ..protocols.anthropic import events
from ..protocols.turn import Operation
from .upstream import HANG, Peer, Script, SendBytes, SendHead, SimulatedUpstream, Step, Wait

REPLY = ("Good", " evening", ", all", ".")
FIRST_PORT = 40_001


def count_tokens(body: bytes) -> int:
    """How many tokens the simulated model sees: one for four bytes of system, tools, messages."""
    request: dict[str, Any] = msgspec.json.decode(body)
    read = [request.get(key) for key in ("system", "tools", "messages")]
    return len(msgspec.json.encode(read)) // 4


@attrs.frozen
class Life:
    """What one start of the engine's process does; all times in virtual seconds.

    `failure` ends it instead of becoming ready; `crash_seconds` counts from ready. `stop_seconds`
    is how long it takes to go when it is told to: one that ignores that is ended by force then.
    `reap_seconds` is how long one that has crashed is still there. `silent` reads the prompt for
    ever.
    """

    load_seconds: float = 2.0
    failure: str = ""
    crash_seconds: float = inf
    count_seconds: float = 0.01
    prefill_seconds: float = 0.5
    token_seconds: float = 0.02
    stop_seconds: float = 0.1
    reap_seconds: float = 0.0
    silent: bool = False
    reply: tuple[str, ...] = REPLY


@attrs.define(eq=False)
class SimulatedProcess(EngineProcess):
    """A running process; `stopped_seconds` is when it was reaped, -1.0 before."""

    spec: EngineSpec
    life: Life
    number: int
    peer: Peer
    base_url: str
    headers: Headers
    stopped_seconds: float = -1.0
    _ending: str = "was ended by SIGSEGV"

    async def wait(self) -> str:
        """See EngineProcess.wait."""
        await self.peer.wait_until(inf)
        return f"engine {self.spec.name} {self._ending}"

    def kill(self) -> None:
        """See EngineProcess.kill."""
        self._end("was ended by SIGKILL")

    async def stop(self) -> None:
        """Ends it in its own time, if it has not ended, and reaps it."""
        seconds = self.life.reap_seconds if self.peer.gone else self.life.stop_seconds
        bound = trio.current_time() + seconds
        with trio.CancelScope(shield=True, deadline=bound):
            await trio.sleep_forever()
        self._end("exited with status 0")
        self.stopped_seconds = trio.current_time()

    def _end(self, how: str) -> None:
        if not self.peer.gone:
            self._ending = how
            self.peer.stop()

    @property
    def process_id(self) -> int:
        """See EngineProcess.process_id."""
        return self.number


class SimulatedEngine(Engine):
    """Starts processes that the `upstream` reaches. `processes` are all that became ready."""

    def __init__(
        self,
        upstream: SimulatedUpstream,
        lives: Sequence[Life] = (Life(),),
        *,
        count: Callable[[bytes], int] = count_tokens,
    ) -> None:
        self.starts = 0
        self.processes: list[SimulatedProcess] = []
        self._upstream = upstream
        self._lives = lives
        self._count = count

    @property
    def running(self) -> int:
        """How many processes have not been reaped."""
        return sum(process.stopped_seconds < 0 for process in self.processes)

    def open(self, spec: EngineSpec) -> AbstractAsyncContextManager[EngineProcess]:
        """See Engine.open."""
        return self._open(spec)

    @asynccontextmanager
    async def _open(self, spec: EngineSpec) -> AsyncGenerator[EngineProcess]:
        life = self._lives[min(self.starts, len(self._lives) - 1)]
        self.starts += 1
        await trio.sleep(life.load_seconds)
        if life.failure:
            raise EngineError(f"engine {spec.name} ({spec.file}) could not start: {life.failure}")
        process = self._start(spec, life)
        self.processes.append(process)
        try:
            yield process
        finally:
            await process.stop()

    def _start(self, spec: EngineSpec, life: Life) -> SimulatedProcess:
        base_url = f"http://127.0.0.1:{FIRST_PORT + len(self.processes)}"
        headers: Headers = ((b"authorization", b"Bearer simulated-%d" % self.starts),)

        def respond(request: UpstreamRequest) -> Script:
            if not set(headers) <= set(request.headers):
                return _refusal(401, "invalid API key")
            return self._answer(spec, life, request)

        peer = self._upstream.listen(base_url, respond)
        peer.ends_seconds = trio.current_time() + life.crash_seconds
        return SimulatedProcess(spec, life, self.starts, peer, base_url, headers)

    def _answer(self, spec: EngineSpec, life: Life, request: UpstreamRequest) -> Iterator[Step]:
        tokens = self._count(request.body)
        if request.url.endswith(Operation.COUNT_TOKENS.value):
            yield Wait(life.count_seconds)
            yield from _json_answer({"input_tokens": tokens})
        elif tokens > spec.context_tokens:
            words = f"request ({tokens} tokens) exceeds the available context size"
            yield from _refusal(400, words)
        elif msgspec.json.decode(request.body).get("stream"):
            yield from _events(life, tokens)
        else:
            yield Wait(life.prefill_seconds + life.token_seconds * len(life.reply))
            yield HANG if life.silent else Wait(0)
            yield from _json_answer(_message(life, tokens))


def _events(life: Life, tokens: int) -> Iterator[Step]:
    """A streamed answer, an event for each token."""
    yield SendHead()
    yield SendBytes(events.message_start("msg_engine", "engine", 0))
    yield HANG if life.silent else Wait(life.prefill_seconds)
    block = {"type": "text", "text": ""}
    yield _event("content_block_start", {"index": 0, "content_block": block})
    for token in life.reply:
        yield Wait(life.token_seconds)
        yield SendBytes(events.text_delta(0, token))
    yield _event("content_block_stop", {"index": 0})
    usage = {"input_tokens": tokens, "output_tokens": len(life.reply)}
    ending = {"stop_reason": "end_turn", "stop_sequence": None}
    yield _event("message_delta", {"delta": ending, "usage": usage})
    yield _event("message_stop", {})


def _event(kind: str, data: dict[str, Any]) -> SendBytes:
    return SendBytes(events.event(kind, {"type": kind, **data}))


def _message(life: Life, tokens: int) -> dict[str, Any]:
    return {
        "id": "msg_engine",
        "type": "message",
        "role": "assistant",
        "model": "engine",
        "content": [{"type": "text", "text": "".join(life.reply)}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": tokens, "output_tokens": len(life.reply)},
    }


def _json_answer(value: Any, status: int = 200) -> Iterator[Step]:
    body = msgspec.json.encode(value)
    length = (b"content-length", b"%d" % len(body))
    yield SendHead(status, (*events.JSON_HEADERS, length))
    yield SendBytes(body)


def _refusal(status: int, words: str) -> Iterator[Step]:
    error = {"type": events.ERROR_KINDS[status], "message": words}
    return _json_answer({"type": "error", "error": error}, status)
