"""The parent's side of a worker, held against one that misbehaves in each way there is."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import psutil
import pytest
import trio
from understudy.io.engines import worker_line, worker_process
from understudy.io.engines.llama_direct import LlamaDirect
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.io.engines.worker_call import BUFFER_BYTES_MAX
from understudy.io.engines.worker_line import JOIN_SECONDS
from understudy.io.ports import (
    EngineError,
    EngineProcess,
    EngineSpec,
    Upstream,
    UpstreamBroken,
    UpstreamRequest,
    UpstreamResponse,
    UpstreamUnreachable,
)
from understudy.protocols.engine.frames import FrameBuffer
from understudy.protocols.engine.messages import (
    Ask,
    Chat,
    Count,
    Counted,
    Ended,
    FromWorker,
    Piece,
    Started,
    decode_from_worker,
    encode,
)

from .scripted_worker import REPLY

SPEC = EngineSpec(name="scripted", file=MODEL_FILE, context_tokens=2048, state_bytes=1)
PROGRAM = Path(__file__).with_name("scripted_worker.py")
WAIT_SECONDS = 15


@pytest.fixture(autouse=True)
def in_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine makes its folder of state in the current one."""
    monkeypatch.chdir(tmp_path)


def engine(misbehaviour: str = "", start_seconds: float = 10.0) -> LlamaDirect:
    command = (sys.executable, "-P", str(PROGRAM), misbehaviour)
    return LlamaDirect(Path("state"), command=command, start_seconds=start_seconds)


@asynccontextmanager
async def running(misbehaviour: str = "") -> AsyncGenerator[EngineProcess]:
    """A scripted worker that is ready; afterwards nothing of it is left."""
    with trio.fail_after(WAIT_SECONDS):
        async with engine(misbehaviour).open(SPEC) as process:
            yield process
    assert not psutil.Process().children(recursive=True)


def upstream_of(process: EngineProcess) -> Upstream:
    assert process.upstream is not None
    return process.upstream


def asking(text: str = "hello") -> UpstreamRequest:
    chat = Chat([{"role": "user", "content": text}])
    return UpstreamRequest("POST", "worker://local/ask", (), encode(Ask(0, chat)))


def counting(text: str) -> UpstreamRequest:
    return UpstreamRequest(
        "POST", "worker://local/count", (), encode(Count(0, Chat([], prompt=text)))
    )


async def read(response: UpstreamResponse, messages: list[FromWorker]) -> None:
    """Reads the response to its end; what came stays in `messages`, whatever happens."""
    frames = FrameBuffer()
    while data := await response.receive():
        frames.receive_data(data)
        while (payload := frames.next_payload()) is not None:
            messages.append(decode_from_worker(payload))
    assert frames.is_empty


async def ask(
    process: EngineProcess, request: UpstreamRequest, messages: list[FromWorker] | None = None
) -> list[FromWorker]:
    messages = [] if messages is None else messages
    async with upstream_of(process).open(request) as response:
        assert response.status == 200
        await read(response, messages)
    return messages


def text_of(messages: list[FromWorker]) -> str:
    return "".join(message.text for message in messages if isinstance(message, Piece))


async def open_nothing(engine: LlamaDirect, spec: EngineSpec = SPEC) -> None:
    async with engine.open(spec):
        raise AssertionError("opened")


async def test_an_answer_comes_as_the_frames_of_its_messages() -> None:
    async with running() as process:
        messages = await ask(process, asking("to be or not"))
        assert isinstance(messages[0], Started)
        assert messages[0].input_tokens == 4
        assert text_of(messages) == "".join(REPLY)
        assert isinstance(messages[-1], Ended)
        assert upstream_of(process).statistics().open_connections == 0


async def test_requests_beside_each_other_are_kept_apart() -> None:
    async def count(number: int) -> None:
        [counted] = await ask(process, counting("word " * number))
        assert isinstance(counted, Counted)
        assert counted.tokens == number

    async def answer() -> None:
        assert text_of(await ask(process, asking())) == "".join(REPLY)

    async with running() as process, trio.open_nursery() as nursery:
        for number in range(1, 150):
            nursery.start_soon(count, number)
            if not number % 10:
                nursery.start_soon(answer)


async def test_a_prompt_larger_than_the_pipe_comes_whole() -> None:
    async with running() as process:
        [counted] = await ask(process, counting("word " * 1_000_000))
        assert isinstance(counted, Counted)
        assert counted.tokens == 1_000_000


async def test_a_refusal_is_a_response_with_its_status() -> None:
    async with (
        running() as process,
        upstream_of(process).open(asking("refuse this")) as response,
    ):
        assert response.status == 400
        assert await response.receive() == (
            b'{"kind":"invalid_request_error","message":"this is refused"}'
        )
        assert await response.receive() == b""


async def test_progress_of_a_load_is_told() -> None:
    told: list[tuple[str, float]] = []
    command = (sys.executable, "-P", str(PROGRAM), "")
    direct = LlamaDirect(None, lambda name, far: told.append((name, far)), command=command)
    async with direct.open(SPEC) as process:
        assert process.ready is not None
        assert process.ready.build == "scripted"
    assert told == [("scripted", 0.5), ("scripted", 1.0)]


async def test_a_load_that_goes_on_may_take_its_time() -> None:
    with trio.fail_after(WAIT_SECONDS):
        async with engine("load slowly", start_seconds=0.7).open(SPEC) as process:
            assert await ask(process, counting("x"))


@pytest.mark.parametrize(
    ("misbehaviour", "words"),
    [
        ("load in vain", r"scripted \(.*\) could not start: it is cut short; fetch it again$"),
        ("load and exit", r"could not start: it exited with status 7\nno more memory"),
        ("load and crash", r"could not start: it was ended by SIGSEGV\nggml\.c:123: it broke"),
        ("load and say no frame", r"could not start: it was killed: it wrote nonsense: a frame of"),
        ("load and close", r"could not start: it was killed: it closed its pipe and went on"),
        ("load and stop", r"was not ready: no progress within 1 s, nothing loaded"),
        ("load never", r"was not ready: no progress within 1 s, 25% loaded"),
    ],
)
async def test_a_load_that_fails_says_how(misbehaviour: str, words: str) -> None:
    with trio.fail_after(WAIT_SECONDS), pytest.raises(EngineError, match=words):
        await open_nothing(engine(misbehaviour, start_seconds=1))
    assert not psutil.Process().children(recursive=True)


@pytest.mark.parametrize(
    ("misbehaviour", "words"),
    [
        ("crash", "engine scripted was ended by SIGSEGV\nggml.c:123: it broke"),
        ("no frame", "engine scripted was killed: it wrote nonsense: a frame of"),
        ("no message", "engine scripted was killed: it wrote nonsense: "),
        ("too much", "engine scripted was killed: it wrote nonsense: a frame of 2147483648 bytes"),
        ("stranger", "it wrote nonsense: a message about request 999, which is not in flight"),
        ("close", "engine scripted was killed: it closed its pipe and went on"),
    ],
)
async def test_an_answer_that_breaks_off_says_why(misbehaviour: str, words: str) -> None:
    async with running(misbehaviour) as process:
        messages = list[FromWorker]()
        with pytest.raises(UpstreamBroken) as broken:
            await ask(process, asking(), messages)
        assert words in str(broken.value)
        assert text_of(messages) == REPLY[0] + REPLY[1], "what had come was of use"
        assert words in await process.wait()
        with pytest.raises(UpstreamUnreachable, match="engine scripted was"):
            await ask(process, asking())


async def test_a_word_after_the_last_one_is_nonsense() -> None:
    async with running("after the end") as process:
        assert isinstance((await ask(process, asking()))[-1], Ended)
        assert "which is not in flight" in await process.wait()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT])
async def test_a_signal_from_outside_is_named(number: signal.Signals) -> None:
    async with running("slowly") as process:
        async with upstream_of(process).open(asking()) as response:
            await response.receive()
            os.kill(process.process_id, number)
            with pytest.raises(UpstreamBroken, match=number.name):
                await read(response, [])
        assert number.name in await process.wait()


async def test_who_leaves_has_stopped_the_computation() -> None:
    async with running("forever") as process:
        for _ in range(20):
            async with upstream_of(process).open(asking()) as response:
                await response.receive()
            assert upstream_of(process).statistics().open_connections == 0
        assert isinstance((await ask(process, counting("x")))[0], Counted)


async def test_who_is_cancelled_leaves_as_well() -> None:
    async with running("forever") as process:
        with trio.move_on_after(0.05) as scope:
            await ask(process, asking())
        assert scope.cancelled_caught
        assert upstream_of(process).statistics().open_connections == 0


async def test_others_go_on_when_one_leaves() -> None:
    async with running("slowly") as process, upstream_of(process).open(asking()) as staying:
        await staying.receive()
        async with upstream_of(process).open(asking()) as leaving:
            await leaving.receive()
        for _ in range(10):
            assert await staying.receive()


@pytest.mark.parametrize("misbehaviour", ["stall", "stop", "flood"])
async def test_a_worker_that_does_not_stop_is_killed(
    misbehaviour: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker_line, "DRAIN_SECONDS_MIN", 0.5)
    async with running(misbehaviour) as process:
        start = trio.current_time()
        async with upstream_of(process).open(asking()) as response:
            await response.receive()
        assert trio.current_time() - start < JOIN_SECONDS + 0.5, "nobody waits longer for it"
        assert upstream_of(process).statistics().open_connections == 1, "it is draining"
        words = await process.wait()
        assert "did not stop within 0.5 s of being told to" in words
        assert trio.current_time() - start >= 0.5
        assert upstream_of(process).statistics().open_connections == 0


async def test_a_worker_with_slow_steps_is_given_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_line, "DRAIN_SECONDS_MIN", 0.2)
    async with running("slow steps") as process:
        async with upstream_of(process).open(asking()) as response:
            await response.receive()
        assert "did not stop within 1 s" in await process.wait()


async def test_a_slow_reader_is_broken_off_and_nobody_waits_for_it() -> None:
    async with running("forever") as process:
        async with upstream_of(process).open(asking()) as slow:
            await slow.receive()
            assert isinstance((await ask(process, counting("x")))[0], Counted)
            with pytest.raises(UpstreamBroken, match=f"{BUFFER_BYTES_MAX} bytes of the answer"):
                await read(slow, [])
        assert upstream_of(process).statistics().open_connections == 0


async def test_a_worker_that_does_not_read_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_line, "SEND_SECONDS", 0.3)
    async with running("deaf") as process, upstream_of(process).open(asking()) as response:
        with pytest.raises(UpstreamUnreachable, match=r"was killed: it read nothing for 0\.3 s"):
            await ask(process, counting("word " * 100_000))
        with pytest.raises(UpstreamBroken, match="read nothing"):
            await read(response, [])


async def test_what_was_not_sent_yet_is_never_sent() -> None:
    async with (
        running("deaf") as process,
        upstream_of(process).open(asking()),
        trio.open_nursery() as nursery,
    ):
        nursery.start_soon(ask, process, counting("word " * 1_000_000))
        await trio.sleep(0.05)
        with trio.move_on_after(0.01):
            await ask(process, counting("never sent"))
        assert upstream_of(process).statistics().open_connections == 2
        nursery.cancel_scope.cancel()


async def test_who_leaves_a_count_stops_nobody() -> None:
    async with running("slowly") as process, upstream_of(process).open(asking()) as answer:
        await answer.receive()
        for _ in range(10):
            with trio.CancelScope() as scope:
                scope.cancel()
                await ask(process, counting("x"))
        os.kill(process.process_id, signal.SIGSTOP)
        with trio.move_on_after(0.1):
            await ask(process, counting("x"))
        assert upstream_of(process).statistics().open_connections == 2, "it may still come"
        os.kill(process.process_id, signal.SIGCONT)
        while upstream_of(process).statistics().open_connections == 2:
            await answer.receive()


async def test_a_large_log_does_not_block_it() -> None:
    async with running("log much") as process:
        assert text_of(await ask(process, asking())) == "".join(REPLY)


async def test_a_log_that_is_closed_does_not_matter() -> None:
    async with running("close log") as process:
        assert text_of(await ask(process, asking())) == "".join(REPLY)


async def test_leaving_has_it_save_what_it_remembers() -> None:
    async with running() as process:
        pass
    assert (await process.wait()).endswith("saved")


async def test_a_worker_that_cannot_save_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_process, "SAVE_SECONDS", 0.2)
    async with running("stall") as process:
        with trio.move_on_after(0.05):
            await ask(process, asking())
    assert "SIGTERM" in await process.wait()


async def test_where_nothing_is_kept_nothing_is_saved() -> None:
    command = (sys.executable, "-P", str(PROGRAM), "")
    async with LlamaDirect(command=command).open(attrs.evolve(SPEC, state_bytes=0)) as process:
        pass
    assert "saved" not in await process.wait()


async def test_no_key_reaches_it_and_it_is_a_session_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "secret")
    async with running() as process:
        assert "ANTHROPIC_API_KEY" not in psutil.Process(process.process_id).environ()
        assert os.getsid(process.process_id) == process.process_id
