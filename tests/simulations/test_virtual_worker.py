"""The simulated worker: its model, memory, pipes and disk keep their word, and can be told amiss.

That it keeps its port's promises is in `tests/conformance/`.
"""

from __future__ import annotations

from array import array
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import pytest
import trio
from trio.testing import MockClock
from understudy.io.engines.worker_process import START_SECONDS, WorkerProcess
from understudy.io.ports import EngineError, EngineSpec, UpstreamBroken, UpstreamRequest
from understudy.protocols.engine.frames import FrameBuffer
from understudy.protocols.engine.messages import (
    Ask,
    Chat,
    Ended,
    FromWorker,
    Piece,
    Started,
    ToolShape,
    decode_from_worker,
    encode,
)
from understudy.simulations.worker.disk import STATE_BYTES_PER_TOKEN, Disk, DiskError
from understudy.simulations.worker.drawn_life import FAULTS, GARBAGE, drawn_worker_lives
from understudy.simulations.worker.judge import answers_complaints
from understudy.simulations.worker.life import WELL, WorkerLife
from understudy.simulations.worker.memory import BadBatch, Memory, NoCells
from understudy.simulations.worker.model import SimulatedModel
from understudy.simulations.worker.pipe import PIPE_BYTES, Pipe
from understudy.simulations.worker.template import prompt_tokens
from understudy.simulations.worker.vocabulary import ASSISTANT, END, text_of, tokens_of
from understudy.simulations.worker.voices import VOICES
from understudy.simulations.worker.workers import SimulatedWorkers
from understudy.simulations.world.chance import Chance

MODEL = SimulatedModel("small.gguf")
SPEC = EngineSpec("small", "small.gguf", 2048, slots=4)
TOOLS = [ToolShape("Bash", "Runs it.", {"type": "object"})]


def chat(question: str, *before: tuple[str, str], tools: bool = False) -> Chat:
    messages = [{"role": role, "content": text} for role, text in before]
    asked = {"role": "user", "content": question}
    return Chat([*messages, asked], TOOLS if tools else [])


def prompt(question: str, *before: tuple[str, str], tools: bool = False) -> list[int]:
    return prompt_tokens(chat(question, *before, tools=tools), MODEL.mind().voice)


def memory_of(tokens: Sequence[int]) -> Memory:
    memory = Memory(MODEL.root, 4, 10_000)
    for position, token in enumerate(tokens):
        memory.put(0, position, token)
    return memory


def said(memory: Memory, sequence: int = 0) -> str:
    """What the model says, token by token, into its own memory."""
    mind, tokens = MODEL.mind(), list[int]()
    while (token := mind.next_token(memory.cells(sequence))) != END:
        memory.put(sequence, len(memory.cells(sequence)), token)
        tokens.append(token)
        if len(tokens) > 1_000:
            break
    return text_of(tokens)


# The model and its memory.


@pytest.mark.parametrize("text", ["", "Canary 12.", "漢字 und 🙂, né?\n\n{}", " a  b"])
def test_a_text_is_its_tokens(text: str) -> None:
    assert text_of(tokens_of(text)) == text


def test_the_tokens_of_a_beginning_are_the_first_tokens() -> None:
    whole = tokens_of("Who are you? Nobody, as ever.")
    assert tokens_of("Who are you?") == whole[: len(tokens_of("Who are you?"))]


@pytest.mark.parametrize("wish", ["talk", "long", "brief", "tool", "tools", "unheard-of"])
def test_a_sound_memory_says_what_is_meant(wish: str) -> None:
    tokens = prompt(f"[{wish} #1]", tools=True)
    assert said(memory_of(tokens)) == MODEL.mind().answer_to(tokens).text


def test_a_conversation_that_goes_on_begins_as_it_was() -> None:
    first = prompt("[talk #1]")
    answer = MODEL.mind().answer_to(first).text
    second = prompt("[talk #2]", ("user", "[talk #1]"), ("assistant", answer))
    assert second[: len(first)] == first
    assert second[len(first) :][: len(tokens_of(answer))] == tokens_of(answer)


def test_a_call_is_shown_as_it_was_said() -> None:
    for voice in VOICES.values():
        mind = SimulatedModel("x", format=voice.format).mind()
        tokens = prompt_tokens(chat("[tool #1]", tools=True), voice)
        meant = mind.answer_to(tokens)
        [call] = meant.calls
        function = {"name": call.name, "arguments": dict(call.arguments)}
        called = {"role": "assistant", "content": "", "tool_calls": [{"function": function}]}
        asked: list[dict[str, Any]] = [{"role": "user", "content": "[tool #1]"}, called]
        again = prompt_tokens(Chat(asked, TOOLS), voice)
        assert again[: len(tokens)] == tokens
        assert text_of(again[len(tokens) :]).startswith(meant.text)


def test_other_prompts_templates_and_formats_are_other_answers() -> None:
    tokens = prompt("[talk #1]")
    models = [MODEL, SimulatedModel("other.gguf"), SimulatedModel("small.gguf", "other")]
    answers = {model.mind().answer_to(tokens).text for model in models}
    answers |= {MODEL.mind().answer_to(prompt("[talk #2]")).text}
    assert len(answers) == 4


def test_a_fork_says_the_same_and_a_wrong_one_another_thing() -> None:
    tokens = prompt("[talk #1]")
    memory = memory_of(tokens)
    memory.fork(0, 1, len(tokens))
    other = prompt("[talk #2]")
    for position, token in enumerate(other):
        memory.put(2, position, token)
    memory.fork(2, 3, len(tokens) - 1)
    memory.put(3, len(tokens) - 1, ASSISTANT)
    assert said(memory, 1) == MODEL.mind().answer_to(tokens).text
    assert said(memory, 3) != MODEL.mind().answer_to(tokens).text


def test_one_bad_cell_anywhere_is_another_answer() -> None:
    tokens = prompt("[talk #1] of somebody")
    state = memory_of(tokens).state(0)
    for at in range(len(tokens)):
        digests = [digest ^ (number == at) for number, digest in enumerate(state.digests)]
        memory = Memory(MODEL.root, 1, 1_000)
        memory.restore(0, type(state)(state.tokens, tuple(digests)))
        assert said(memory) != MODEL.mind().answer_to(tokens).text


def test_a_memory_whose_cells_do_not_hang_together_babbles() -> None:
    memory = memory_of(prompt("[talk #1]"))
    for position, token in enumerate(tokens_of("Canary"), len(memory.cells(0))):
        memory.put(0, position, token)
    state = memory.state(0)
    memory.restore(0, type(state)(state.tokens, (*state.digests[:-1], 1)))
    assert " gl" in text_of([MODEL.mind().next_token(memory.cells(0))])


def test_a_memory_is_as_strict_as_the_real_one() -> None:
    memory = Memory(1, 2, 3)
    memory.put(0, 0, ASSISTANT)
    for sequence, position in ((0, 0), (0, 2), (1, 1), (2, 0)):
        with pytest.raises(BadBatch):
            memory.put(sequence, position, ASSISTANT)
    with pytest.raises(BadBatch, match="has no 2 tokens"):
        memory.fork(0, 1, 2)
    memory.fork(0, 1, 1)
    with pytest.raises(BadBatch, match="holds tokens"):
        memory.fork(0, 1, 1)
    assert memory.used == 1, "a fork takes no cells"
    memory.put(0, 1, ASSISTANT)
    memory.put(1, 1, ASSISTANT)
    with pytest.raises(NoCells):
        memory.put(1, 2, ASSISTANT)
    memory.cut(0, 0)
    assert memory.used == 2, "those that are shared stay"
    memory.cut(1, 0)
    assert memory.used == 0


# Its pipes and its disk.


async def test_a_pipe_splits_and_loses_nothing(autojump_clock: MockClock) -> None:
    pipe, data, pieces = Pipe(Random(3)), bytes(range(256)) * 300, list[bytes]()
    async with trio.open_nursery() as nursery:
        nursery.start_soon(pipe.send, data)
        while sum(map(len, pieces)) < len(data):
            pieces.append(await pipe.receive(5_000))
    assert b"".join(pieces) == data
    assert len({len(piece) for piece in pieces}) > 2


async def test_a_pipe_holds_so_much_and_closes(autojump_clock: MockClock) -> None:
    pipe = Pipe(Random(1))
    with trio.move_on_after(10) as patience:
        await pipe.send(bytes(PIPE_BYTES + 1))
    assert patience.cancelled_caught
    pipe.close_writing()
    received = 0
    while piece := await pipe.receive():
        received += len(piece)
    assert received == PIPE_BYTES
    other = Pipe(Random(1))
    other.close_reading()
    with pytest.raises(trio.BrokenResourceError):
        await other.send(b"x")


def test_a_disk_gives_back_what_was_written_or_fails() -> None:
    tokens = prompt("[talk #1]")
    state, raw = memory_of(tokens).state(0), array("i", tokens).tobytes()
    key, disk = "0" * 32, Disk()
    assert disk.write(key, raw, state) == disk.file_bytes > STATE_BYTES_PER_TOKEN * len(tokens)
    assert disk.load(key, raw) == state
    assert disk.tokens(key) == raw
    with pytest.raises(DiskError, match="other tokens"):
        disk.load(key, raw[4:])
    disk.files[key] = disk.files[key][:-1]
    with pytest.raises(DiskError):
        disk.load(key, raw)


@pytest.mark.parametrize("what", ["fail to be written", "fail to be read", "are spoiled"])
def test_each_fault_of_the_disk_is_noticed(what: str) -> None:
    tokens = prompt("[talk #1]")
    state, raw = memory_of(tokens).state(0), array("i", tokens).tobytes()
    chance = Chance(1, {f"state files.{what}#1"})
    chance.start()
    disk = Disk(chance)

    def write_and_read() -> None:
        disk.write("0" * 32, raw, state)
        disk.load("0" * 32, raw)

    with pytest.raises(DiskError):
        write_and_read()
    assert chance.struck


# The worker, behind the real line.


@asynccontextmanager
async def open_worker(*lives: WorkerLife) -> AsyncGenerator[tuple[SimulatedWorkers, WorkerProcess]]:
    workers = SimulatedWorkers(1, lives or (WELL,))
    async with workers.open(SPEC) as process:
        assert isinstance(process, WorkerProcess)
        yield workers, process


async def ask(process: WorkerProcess, question: Ask) -> list[FromWorker]:
    """All messages of an answer."""
    frames, messages = FrameBuffer(), list[FromWorker]()
    request = UpstreamRequest("POST", f"{process.base_url}/ask", (), encode(question))
    upstream = process.upstream
    assert upstream is not None, "a worker's is its own"
    async with upstream.open(request) as response:
        assert response.status == 200
        while data := await response.receive():
            frames.receive_data(data)
            while (payload := frames.next_payload()) is not None:
                messages.append(decode_from_worker(payload))
    return messages


def text_in(messages: Sequence[FromWorker]) -> str:
    return "".join(message.text for message in messages if isinstance(message, Piece))


async def test_it_says_what_its_model_means(autojump_clock: MockClock) -> None:
    async with open_worker() as (workers, process):
        messages = await ask(process, Ask(0, chat("[talk #1]")))
        again = await ask(process, Ask(0, chat("[talk #1]")))
    started, *_, ended = messages
    assert isinstance(started, Started)
    assert isinstance(ended, Ended)
    assert text_in(messages) == text_in(again) == MODEL.mind().answer_to(prompt("[talk #1]")).text
    assert ended.reason == "stop"
    assert list(answers_complaints(workers)) == []
    assert workers.running == 0


async def test_an_answer_ends_where_it_is_to(autojump_clock: MockClock) -> None:
    async with open_worker() as (workers, process):
        messages = await ask(process, Ask(0, chat("[tools #1]", tools=True), answer_tokens_max=20))
    ended = messages[-1]
    assert isinstance(ended, Ended)
    assert (ended.reason, ended.output_tokens, ended.whole) == ("length", 20, False)
    assert list(answers_complaints(workers)) == []


async def test_esc_frees_it_within_a_step(autojump_clock: MockClock) -> None:
    life = WorkerLife(step_seconds=60.0)
    async with open_worker(life) as (workers, process):
        with trio.move_on_after(30):
            await ask(process, Ask(0, chat("[talk #1]")))
        assert workers.children[0].worker.working == 0
        assert trio.current_time() < 33


@pytest.mark.parametrize("garbage", GARBAGE)
async def test_garbage_ends_it(garbage: bytes, autojump_clock: MockClock) -> None:
    life = WorkerLife(garbage_pieces=3, garbage=garbage)
    async with open_worker(life) as (workers, process):
        with pytest.raises(UpstreamBroken, match="wrote nonsense"):
            await ask(process, Ask(0, chat("[long #1]")))
        assert workers.children[0].has_ended


@pytest.mark.parametrize(
    ("life", "words"),
    [
        (WorkerLife(failure="it is no model"), "it is no model"),
        (WorkerLife(load_seconds=3 * START_SECONDS), "no progress"),
        (WorkerLife(crash_seconds=-1.0), "SIGSEGV"),
    ],
)
async def test_a_load_that_fails(life: WorkerLife, words: str, autojump_clock: MockClock) -> None:
    with pytest.raises(EngineError, match=words):
        async with open_worker(life):
            raise AssertionError("opened")


async def test_one_that_does_not_go_is_ended(autojump_clock: MockClock) -> None:
    async with open_worker(WorkerLife(exit_seconds=1e9)) as (workers, _):
        pass
    assert "SIGKILL" in workers.children[0].ending()


@pytest.mark.parametrize("fault", FAULTS)
def test_chance_draws_each_fault_by_its_name(fault: str) -> None:
    chance = Chance(1, {f"worker.{fault}#2"})
    draw = drawn_worker_lives(chance)
    assert draw() == WELL, "nothing strikes before it has started"
    chance.start()
    lives = [draw() for _ in range(3)]
    assert [life == WELL for life in lives] == [True, False, True]
    assert chance.struck == [f"worker.{fault}#2"]
