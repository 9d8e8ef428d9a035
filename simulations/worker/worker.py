"""The loop of a simulated worker: what the real one does, in virtual time, with the same parts.

It reads its pipe between two steps, has the scheduler decide, does its operations on the memory,
computes the batch, and tells what came of it. The scheduler, the store's policy, frames, messages
and the handshake of the page are the real ones. The model, its memory, the disk and how long
anything takes are not.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from random import Random

import attrs
import trio

from ...protocols.engine import messages as m
from ...protocols.engine.frames import FrameBuffer, frame
from ...protocols.engine.page import is_set, settle
from ...protocols.engine.prefix_store import PrefixStore
from ...protocols.engine.slots import DoesNotFit, Slots
from ...protocols.engine.step import Costs, Limits, Operation, Restore, Save, Start, Step
from .answering import Answering
from .disk import STATE_BYTES_PER_TOKEN, Disk, DiskError
from .flag_page import FlagPage
from .life import WorkerLife
from .machine import Machine
from .memory import BadBatch, Memory, NoCells
from .model import BUILD, SimulatedModel
from .pipe import Pipe
from .template import prompt_tokens
from .vocabulary import END, text_of

PREFILL_TOKENS = 64
"""How many tokens of prompts a step reads."""
TAIL_TOKENS = 8
"""Of the prompt, told when an answer begins."""
STOPPED_STEPS_MAX = 100
"""In a row: more, and nobody can mean it."""
CRASH_BYTES = 6
"""Of the frame in whose middle it crashes."""


class Crash(Exception):
    """The process dies here; the message says how."""


class _Exit(Exception):
    """The process has been told to go."""


@attrs.define(eq=False)
class Worker:
    """See the module. `stdin` and `stdout` are its pipes, named as the process has them."""

    model: SimulatedModel
    life: WorkerLife
    disk: Disk
    page: FlagPage
    stdin: Pipe
    stdout: Pipe
    random: Random
    answers: list[Answering] = attrs.field(factory=list[Answering])
    """All that it was asked, in order."""
    complaints: list[str] = attrs.field(factory=list[str])
    """What the product has had it do and should not."""
    _buffer: FrameBuffer = attrs.field(factory=FrameBuffer)
    _open: dict[int, Answering] = attrs.field(factory=dict[int, Answering])
    _saves: list[int] = attrs.field(factory=list[int])
    _seen: int = 0
    _pieces: int = 0
    _rests: bool = False
    _stopped_steps: int = 0
    _machine: Machine | None = None
    _slots: Slots = attrs.field(init=False)
    _store: PrefixStore = attrs.field(init=False)

    @property
    def working(self) -> int:
        """How many questions have no last message yet."""
        return len(self._open)

    @property
    def computed_tokens(self) -> int:
        """How many tokens it has computed in its life."""
        return self._machine.computed_tokens if self._machine else 0

    async def run(self) -> None:
        """Lives until it is told to go. Raises Crash."""
        try:
            machine = await self._load(await self._first_message())
            while True:
                await self._read_pipe()
                await self._work(machine)
        except _Exit:
            await trio.sleep(self.life.exit_seconds)
        except trio.BrokenResourceError:
            raise Crash("was ended by SIGPIPE") from None

    async def _first_message(self) -> m.Load:
        while (payload := self._buffer.next_payload()) is None:
            await self._receive()
        message = m.decode_to_worker(payload)
        assert isinstance(message, m.Load), "the first message to a worker"
        return message

    async def _load(self, load: m.Load) -> Machine:
        life, model = self.life, self.model
        if life.failure:
            await trio.sleep(life.load_seconds)
            await self._tell(m.LoadFailed(life.failure))
            raise _Exit
        for fraction in (0.0, 0.5):
            await self._tell(m.Loading(fraction))
            await trio.sleep(life.load_seconds / 2)
        costs = Costs(state_bytes_per_token=STATE_BYTES_PER_TOKEN)
        self._store = PrefixStore(model.identity, costs, load.state_bytes)
        self._find_files()
        limits = Limits(load.context_tokens, load.cells, load.slots, load.sequences)
        self._slots = Slots(limits, costs, self._store if load.state_bytes else None)
        self._machine = Machine(
            Memory(model.root, load.sequences, load.cells),
            model.mind(),
            self.disk,
            life,
            self.page,
            self.random,
            trio.current_time() + life.hang_seconds,
        )
        await self._tell(self._ready(load))
        return self._machine

    def _find_files(self) -> None:
        """Lists the model's folder. Bad files go, and those of another template or build.

        A file whose tokens are spoiled looks like one of those.
        """
        for key, data in [*self.disk.files.items()]:
            try:
                tokens = self.disk.tokens(key)
            except DiskError:
                self.disk.delete(key)
                continue
            own = self._store.key_of(tokens) == key
            if not own or not self._store.found(tokens, len(data)):
                self.disk.delete(key)

    def _ready(self, load: m.Load) -> m.Ready:
        return m.Ready(
            self.model.format,
            load.context_tokens,
            load.cells,
            STATE_BYTES_PER_TOKEN,
            PREFILL_TOKENS,
            self.life.step_seconds + self.life.row_seconds * PREFILL_TOKENS,
            BUILD,
            self._store.prefixes,
        )

    async def _read_pipe(self) -> None:
        """Takes what has come; waits while there is nothing to do, or while the flag is set for
        somebody of whom nothing has been read yet."""
        await self._take(self.stdin.receive_nowait())
        while self._rests or (is_set(self.page) and not settle(self.page, self._seen)):
            await self._receive()

    async def _receive(self) -> None:
        data = await self.stdin.receive()
        if not data:
            raise _Exit
        await self._take(data)

    async def _take(self, data: bytes) -> None:
        self._buffer.receive_data(data)
        if self._machine is None:
            return
        while (payload := self._buffer.next_payload()) is not None:
            self._rests = False
            await self._handle(m.decode_to_worker(payload))

    async def _handle(self, message: m.ToWorker) -> None:
        match message:
            case m.Ask():
                await self._begin(message)
            case m.Cancel():
                self._seen = max(self._seen, message.generation)
                self._slots.cancel(message.request)
                await self._end(message.request, m.CANCELLED)
            case m.Count():
                await self._tell(m.Counted(message.request, len(self._prompt(message.chat))))
            case m.Render():
                tokens = self._prompt(message.chat)
                told = m.Rendered(message.request, text_of(tokens), tokens.tobytes())
                await self._tell(told)
            case m.Save():
                self._saves.append(message.request)
            case m.Load():
                raise AssertionError("a worker loads one model")
            case m.Embed():
                words = "this model answers questions and does nothing else"
                await self._tell(m.Refused(message.request, 400, "invalid_request_error", words))

    def _prompt(self, chat: m.Chat) -> array[int]:
        assert self._machine is not None, "it is loaded"
        return array("i", prompt_tokens(chat, self._machine.mind.voice))

    async def _begin(self, ask: m.Ask) -> None:
        assert self._machine is not None, "it is loaded"
        prompt = self._prompt(ask.chat)
        try:
            self._slots.admit(ask.request, prompt, ask.answer_tokens_max)
        except DoesNotFit as error:
            refused = m.Refused(ask.request, 400, "invalid_request_error", str(error))
            await self._tell(refused)
            return
        answer = Answering(ask, prompt, self._machine.mind.answer_to(prompt))
        self._open[ask.request] = answer
        self.answers.append(answer)

    async def _work(self, machine: Machine) -> None:
        """The next step; with nothing to compute, the next prefix that is worth a file."""
        step = self._slots.next_step(PREFILL_TOKENS)
        if step is not None:
            await self._take_step(machine, step)
            return
        operations = self._slots.next_save()
        if operations:
            await self._operate(machine, operations)
            return
        for request in self._saves:
            await self._tell(m.Saved(request, self._store.prefixes, self._store.bytes))
        self._saves.clear()
        self._rests = True

    async def _take_step(self, machine: Machine, step: Step) -> None:
        for ending in step.endings:
            await self._end(ending.request, ending.reason)
        await self._operate(machine, step.operations)
        for start in step.starts:
            await self._start(start)
        if step.rows and not await self._compute(machine, step):
            self._slots.aborted(step, machine.held(step))
            return
        self._slots.decoded(step)
        for sample in step.samples:
            token = machine.next_token(step.sequences[sample.row])
            await self._say(sample.request, token)

    async def _compute(self, machine: Machine, step: Step) -> bool:
        """Computes a batch, as far as it gets; false if it was stopped."""
        try:
            done = await machine.compute(step)
        except (BadBatch, NoCells) as error:
            self.complaints.append(f"a batch that cannot be computed: {error}")
            raise Crash("was ended by SIGABRT") from None
        self._stopped_steps = 0 if done else self._stopped_steps + 1
        if self._stopped_steps > STOPPED_STEPS_MAX:
            self.complaints.append(f"{self._stopped_steps} steps were stopped in a row")
            raise Crash("was ended by SIGKILL")
        return done

    async def _operate(self, machine: Machine, operations: Sequence[Operation]) -> None:
        for operation in operations:
            try:
                file_bytes = await machine.operate(operation)
            except BadBatch as error:
                self.complaints.append(f"an operation that cannot be done: {error}")
                raise Crash("was ended by SIGABRT") from None
            except DiskError:
                if isinstance(operation, Restore):
                    self.disk.delete(operation.key)
                    self._slots.not_restored(operation.sequence)
                elif isinstance(operation, Save):
                    self._store.not_saved(operation.key)
            else:
                if isinstance(operation, Save):
                    self._store.saved(operation.key, file_bytes)

    async def _start(self, start: Start) -> None:
        answer = self._open[start.request]
        tail = text_of(answer.prompt[-TAIL_TOKENS:])
        answer.started = m.Started(
            start.request,
            self.model.format,
            start.input_tokens,
            start.kept_tokens,
            start.restored_tokens,
            tail,
        )
        await self._tell(answer.started)

    async def _say(self, request: int, token: int) -> None:
        """A token of an answer, or its end."""
        if token == END:
            self._slots.finish(request)
            await self._end(request, m.STOP)
            return
        reason = self._slots.chose(request, token)
        if request not in self._open:
            self.complaints.append("an answer was computed for nobody")
            return
        piece = self._open[request].say(token)
        if piece is not None:
            await self._tell(piece)
            await self._misbehave()
        if reason is not None:
            await self._end(request, reason)

    async def _end(self, request: int, reason: str) -> None:
        answer = self._open.pop(request, None)
        if answer is not None:
            answer.ended_seconds = trio.current_time()
            await self._tell(answer.end(reason))

    async def _tell(self, message: m.FromWorker) -> None:
        await self.stdout.send(frame(m.encode(message)))

    async def _misbehave(self) -> None:
        """After a piece: what the life has in store for this moment."""
        self._pieces += 1
        if self._pieces == self.life.garbage_pieces:
            await self.stdout.send(self.life.garbage)
        if self._pieces == self.life.crash_pieces:
            await self.stdout.send(frame(m.encode(m.Reading(0, 0)))[:CRASH_BYTES])
            raise Crash("was ended by SIGSEGV")
