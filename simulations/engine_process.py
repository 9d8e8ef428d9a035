"""A process of the simulated engine: it answers as llama.cpp's server does, and dies as it may.

It counts tokens, and answers messages in the server's way (`message_start` says 0 input tokens, the
prompt is read after it, then the deltas come). A request longer than the window is refused. Its
slots are real: a further request waits for one, and one whose client has left may stay busy. After
a streamed answer it hangs up, although it has promised to keep the connection; after another it
keeps its word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from math import inf
from typing import Any, Protocol

import attrs
import msgspec
import trio

from ..io.ports import EngineProcess, EngineSpec, Headers, UpstreamRequest
from ..protocols.anthropic import events
from ..protocols.turn import Operation
from .upstream import HANG, HangUp, Respond, Script, SendBytes, SendHead, Step, Wait, WaitFor

REPLY = ("Good", " evening", ", all", ".")
KEEP_ALIVE: Headers = ((b"keep-alive", b"timeout=5, max=100"),)
"""What the server promises, with streamed answers too."""
HEALTH = "/health"


def count_tokens(body: bytes) -> int:
    """How many tokens the simulated model sees: one for four bytes of system, tools, messages."""
    request: dict[str, Any] = msgspec.json.decode(body)
    read = [request.get(key) for key in ("system", "tools", "messages")]
    return len(msgspec.json.encode(read)) // 4


class Listening(Protocol):
    """Someone who answers at an address."""

    def stop(self) -> None:
        """Refuses connections from now on, and breaks those that there are."""
        ...


@attrs.frozen
class Life:
    """What one start of the engine's process does; all times in virtual seconds.

    `failure` ends it instead of becoming ready. From ready on are counted: `crash_seconds`, and
    `hang_seconds`, after which it answers nothing any more. `crash_tokens` of an answer are said
    before it crashes in the middle of it. `ignores_esc_seconds` is how long a slot stays busy whose
    client has left. `stop_seconds` is how long it takes to go when it is told to: one that ignores
    that is ended by force then. `reap_seconds` is how long one that has crashed is still there.
    `silent` reads the prompt for ever.
    """

    load_seconds: float = 2.0
    failure: str = ""
    crash_seconds: float = inf
    crash_tokens: float = inf
    hang_seconds: float = inf
    ignores_esc_seconds: float = 0.0
    count_seconds: float = 0.01
    prefill_seconds: float = 0.5
    prefill_token_seconds: float = 0.0
    token_seconds: float = 0.02
    stop_seconds: float = 0.1
    reap_seconds: float = 0.0
    silent: bool = False
    reply: tuple[str, ...] = REPLY


class Slots:
    """How many requests a process works on at once."""

    def __init__(self, count: int) -> None:
        self._busy_until = [-inf] * count
        self._changed = trio.lowlevel.ParkingLot()

    @property
    def busy(self) -> int:
        """How many are working, or have not noticed yet that they need not."""
        return sum(seconds > trio.current_time() for seconds in self._busy_until)

    @property
    def working(self) -> int:
        """How many work for a client that is there."""
        return self._busy_until.count(inf)

    async def take(self) -> int:
        """Waits for a slot, and makes it busy."""
        await trio.lowlevel.checkpoint()
        while min(self._busy_until) > trio.current_time():
            with trio.move_on_at(min(self._busy_until)):
                await self._changed.park()
        slot = self._busy_until.index(min(self._busy_until))
        self._busy_until[slot] = inf
        return slot

    def give_back(self, slot: int, after_seconds: float) -> None:
        """It becomes free, now or later."""
        self._busy_until[slot] = trio.current_time() + after_seconds
        self._changed.unpark_all()


class SimulatedProcess(EngineProcess):
    """A running process; `stopped_seconds` is when it was reaped, -1.0 before."""

    def __init__(
        self, spec: EngineSpec, life: Life, number: int, port: int, count: Callable[[bytes], int]
    ) -> None:
        self.base_url = f"http://127.0.0.1:{port}"
        self.headers: Headers = ((b"authorization", b"Bearer simulated-%d" % number),)
        self.slots = Slots(spec.slots)
        self.spec = spec
        self.stopped_seconds = -1.0
        self._life = life
        self._number = number
        self._count = count
        self._ready_seconds = trio.current_time()
        self._ending = ""
        self._ended = trio.Event()
        self._listening: Listening | None = None

    async def wait(self) -> str:
        """See EngineProcess.wait."""
        await self._ended.wait()
        return f"engine {self.spec.name} {self._ending}"

    def kill(self) -> None:
        """See EngineProcess.kill."""
        self._end("was ended by SIGKILL")

    @property
    def process_id(self) -> int:
        """See EngineProcess.process_id."""
        return self._number

    def start(self, listen: Callable[[str, Respond], Listening]) -> None:
        """Listens, from now on."""
        self._listening = listen(self.base_url, self._respond)

    @property
    def task(self) -> str:
        """The name of the task that `run` shall have."""
        return f"engine:{self.spec.name}"

    async def run(self) -> None:
        """Crashes when its time has come."""
        await trio.sleep_until(self._ready_seconds + self._life.crash_seconds)
        self._crash()

    async def stop(self) -> None:
        """Ends it in its own time, if it has not ended, and reaps it."""
        life = self._life
        seconds = life.reap_seconds if self._ended.is_set() else life.stop_seconds
        bound = trio.current_time() + seconds
        with trio.CancelScope(shield=True, deadline=bound):
            await trio.sleep_forever()
        self._end("exited with status 0")
        self.stopped_seconds = trio.current_time()

    def _crash(self) -> None:
        self._end("was ended by SIGSEGV")

    def _end(self, how: str) -> None:
        if not self._ended.is_set():
            self._ending = how
            self._ended.set()
            assert self._listening is not None, "it has been started"
            self._listening.stop()

    def _respond(self, request: UpstreamRequest) -> Script:
        if request.url.endswith(HEALTH):
            return self._work(0, _json_answer({"status": "ok"}))
        if not set(self.headers) <= set(request.headers):
            return _refusal(401, "invalid API key")
        tokens = self._count(request.body)
        if request.url.endswith(Operation.COUNT_TOKENS.value):
            return self._work(self._life.count_seconds, _json_answer({"input_tokens": tokens}))
        if tokens > self.spec.context_tokens:
            words = f"request ({tokens} tokens) exceeds the available context size"
            return _refusal(400, words)
        if msgspec.json.decode(request.body).get("stream"):
            return self._stream(tokens)
        return self._in_a_slot(self._whole(tokens))

    def _work(self, seconds: float, then: Iterable[Step] = ()) -> Iterator[Step]:
        """Something that takes so long, and what follows; a process that hangs goes no further."""
        yield Wait(seconds)
        if trio.current_time() >= self._ready_seconds + self._life.hang_seconds:
            yield HANG
        yield from then

    def _in_a_slot(self, steps: Iterator[Step]) -> Iterator[Step]:
        """Waits for a slot first, and gives it back, later if the client has left meanwhile."""
        taken: list[int] = []

        async def take() -> None:
            taken.append(await self.slots.take())

        after_seconds = self._life.ignores_esc_seconds
        try:
            yield WaitFor(take)
            yield from steps
            after_seconds = 0.0
        finally:
            for slot in taken:
                self.slots.give_back(slot, after_seconds)

    def _read_prompt(self, tokens: int) -> Iterator[Step]:
        life = self._life
        yield from self._work(life.prefill_seconds + life.prefill_token_seconds * tokens)
        yield HANG if life.silent else Wait(0)

    def _say(self) -> Iterator[str | Step]:
        """The tokens of the reply, each after its time."""
        for number, token in enumerate(self._life.reply):
            if number >= self._life.crash_tokens:
                self._crash()
                yield HANG
            yield from self._work(self._life.token_seconds)
            yield token

    def _stream(self, tokens: int) -> Iterator[Step]:
        """A streamed answer, an event for each token."""
        yield from self._in_a_slot(self._events(tokens))
        yield HangUp()

    def _events(self, tokens: int) -> Iterator[Step]:
        yield SendHead(headers=(*events.STREAM_HEADERS, *KEEP_ALIVE))
        yield SendBytes(events.message_start("msg_engine", "engine", 0))
        yield from self._read_prompt(tokens)
        block = {"type": "text", "text": ""}
        yield _event("content_block_start", {"index": 0, "content_block": block})
        for said in self._say():
            yield SendBytes(events.text_delta(0, said)) if isinstance(said, str) else said
        yield _event("content_block_stop", {"index": 0})
        ending = {"stop_reason": "end_turn", "stop_sequence": None}
        yield _event("message_delta", {"delta": ending, "usage": _usage(self._life, tokens)})
        yield _event("message_stop", {})

    def _whole(self, tokens: int) -> Iterator[Step]:
        """An answer that is not streamed."""
        yield from self._read_prompt(tokens)
        for said in self._say():
            if not isinstance(said, str):
                yield said
        yield from _json_answer(_message(self._life, tokens))


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
        "usage": _usage(life, tokens),
    }


def _usage(life: Life, tokens: int) -> dict[str, int]:
    return {"input_tokens": tokens, "output_tokens": len(life.reply)}


def _json_answer(value: Any, status: int = 200) -> Iterator[Step]:
    body = msgspec.json.encode(value)
    length = (b"content-length", b"%d" % len(body))
    yield SendHead(status, (*events.JSON_HEADERS, length, *KEEP_ALIVE))
    yield SendBytes(body)


def _refusal(status: int, words: str) -> Iterator[Step]:
    error = {"type": events.ERROR_KINDS[status], "message": words}
    return _json_answer({"type": "error", "error": error}, status)
