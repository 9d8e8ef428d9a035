"""The real client on a worker of ours: tokens arrive one by one, and Esc stops it at once.

The worker has no connection to look at. When it stops is read from the operating system: the moment
after which its processor time, counted in nanoseconds, does not grow any more.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import AsyncIterator
from importlib.util import find_spec
from pathlib import Path

import attrs
import psutil
import pytest
import trio
from understudy.protocols.grammar.validation import problems as problems_of

from .client import TOKEN, ClientHome, run_print
from .conftest import DIRECT, Target
from .gguf_model import SHAPES, write_model
from .measured import bound_milliseconds, describe
from .plain_client import open_plain_client
from .scripted_reply import Json
from .tap import Tap, open_tap
from .terminal import Terminal, input_line, open_terminal
from .understudy_process import UnderstudyProcess, open_understudy

pytestmark = [
    pytest.mark.skipif(
        find_spec("llama_cpp") is None,
        reason="llama-cpp-python is not installed: pip install understudy[llama]",
    ),
    pytest.mark.skipif(DIRECT, reason="the worker is Understudy's own"),
]

MODEL = "rehearsal/rehearsal"
SETTINGS = """
[engines]
worker = "direct"
state_gibibytes = 0
"""
ENDLESS = """
[[endpoint]]
name = "local"
engine = "llama.cpp"
file = "{file}"
models = ["m100"]
context_tokens = 16384
"""
WORKER = "understudy.io.engines.llama_worker"
RUNNING = "esc to interrupt"
ANSWER_SECONDS_MAX = 180.0
REPETITIONS = 20
NOTE_WORDS = 1500
POLL_SECONDS = 0.002
STOP_SECONDS_MAX = 10.0
READ_SECONDS = 0.05
"""So much processor time goes into reading before Esc is pressed."""
CALL_TOKENS_MAX = 250
QUIET_SECONDS = 0.15
"""A worker that has used none for so long is idle."""


@attrs.frozen
class Direct:
    """Understudy with its embedded model in a worker, and a tap before it."""

    understudy: UnderstudyProcess
    tap: Tap
    home: ClientHome

    def worker(self) -> psutil.Process:
        """The process of the model."""
        (found,) = [one for one in self.understudy.children() if WORKER in one.cmdline()]
        return found


@pytest.fixture
async def direct(tmp_path: Path, client_home: ClientHome) -> AsyncIterator[Direct]:
    """Understudy with its embedded model alone."""
    async with (
        open_understudy(tmp_path / "server", SETTINGS) as understudy,
        open_tap(understudy.port) as tap,
    ):
        yield Direct(understudy, tap, client_home)


async def test_answer_is_streamed(direct: Direct) -> None:
    result = await run_print(
        "Hello, who are you?",
        home=direct.home,
        base_url=direct.tap.base_url,
        model=MODEL,
        output_format="stream-json",
        timeout_seconds=ANSWER_SECONDS_MAX,
    )
    assert not result.is_error, result.text
    assert len(result.partial_texts) > 1
    assert result.last["usage"]["input_tokens"] > 0
    assert result.last["usage"]["output_tokens"] > 0
    print(f"\nworker: {result.seconds:.1f} s, {len(result.partial_texts)} text deltas")
    print(f"worker: {result.text[:200]!r}")


@attrs.frozen
class Abort:
    """One Esc, in seconds: key press to worker idle, and of it, from the client's RST on."""

    total: float
    share: float


async def test_escape_in_mid_prefill_stops_the_worker(direct: Direct, tmp_path: Path) -> None:
    async with open_terminal(
        tmp_path, home=direct.home, base_url=direct.tap.base_url, model=MODEL
    ) as terminal:
        await terminal.submit("hello")
        await terminal.wait_for(
            lambda screen: "●" in screen and RUNNING not in screen, ANSWER_SECONDS_MAX
        )
        aborts = [await _abort_prefill(direct, terminal, one) for one in range(REPETITIONS)]
    report("prefill", aborts)


def report(where: str, aborts: list[Abort]) -> None:
    """Prints what was measured, and holds it to the bound."""
    bound = bound_milliseconds("ESCAPE", 200)
    totals, shares = [one.total for one in aborts], [one.share for one in aborts]
    print(f"\nEsc mid-{where}: key press to worker idle: {describe(totals)}")
    print(f"Esc mid-{where}: of it, from the client's RST on: {describe(shares)}")
    assert statistics.median(totals) * 1000 < bound, sorted(totals)


async def _abort_prefill(direct: Direct, terminal: Terminal, number: int) -> Abort:
    """Presses Esc while the worker reads a long prompt that it has not seen."""
    note = direct.home.project / f"note{number}.txt"
    note.write_text(" ".join(f"w{number}x{index}" for index in range(NOTE_WORDS)))
    prompt = f"@{note.name} what is this"
    worker, begun = direct.worker(), direct.tap.answers_begun
    await terminal.submit(prompt)
    with trio.fail_after(STOP_SECONDS_MAX):
        while direct.tap.answers_begun == begun:
            await trio.sleep(POLL_SECONDS)
        used = used_seconds(worker)
        while used_seconds(worker) < used + READ_SECONDS:
            await trio.sleep(POLL_SECONDS)
    abort = await _escape(direct, terminal, worker)
    # A prompt comes back into the input line only when nothing of an answer has come.
    await terminal.wait_for(lambda screen: input_line(screen) == prompt)
    return abort


async def test_escape_in_mid_answer_stops_the_worker(
    tmp_path: Path, client_home: ClientHome
) -> None:
    """A model of random weights, which comes to no end by itself."""
    file = tmp_path / "m100.gguf"
    write_model(file, SHAPES["m100"])
    async with (
        open_understudy(tmp_path / "server", SETTINGS + ENDLESS.format(file=file)) as understudy,
        open_tap(understudy.port) as tap,
        open_terminal(
            tmp_path,
            home=client_home,
            base_url=tap.base_url,
            model="local/m100",
            extra_arguments=["--tools", "Read", "--system-prompt", "You talk."],
        ) as terminal,
    ):
        direct = Direct(understudy, tap, client_home)
        aborts = [await _abort_answer(direct, terminal, one) for one in range(REPETITIONS)]
    report("answer", aborts)


async def _abort_answer(direct: Direct, terminal: Terminal, number: int) -> Abort:
    """Presses Esc when the answer has begun."""
    begun = direct.tap.answers_begun
    await terminal.submit(f"say {number}")
    with trio.fail_after(ANSWER_SECONDS_MAX):
        while direct.tap.answers_begun == begun:
            await trio.sleep(POLL_SECONDS)
        # What says that it has begun comes before its prompt is read; the screen shows its text.
        await terminal.wait_for(lambda screen: "●" in screen.rpartition(f"say {number}")[2])
    abort = await _escape(direct, terminal, direct.worker())
    await terminal.wait_for(lambda screen: RUNNING not in screen)
    return abort


async def _escape(direct: Direct, terminal: Terminal, worker: psutil.Process) -> Abort:
    """Presses Esc, and waits until the worker uses no processor time any more."""
    key = await terminal.press("Escape")
    used, moment = used_seconds(worker), time.monotonic()
    with trio.fail_after(STOP_SECONDS_MAX):
        while time.monotonic() - moment < QUIET_SECONDS:
            await trio.sleep(POLL_SECONDS)
            before, used = used, used_seconds(worker)
            if used > before:
                moment = time.monotonic()
    client = direct.tap.first_close("client", since=key.before)
    screen = await terminal.screen()
    assert client is not None, f"the turn ended before Esc reached the client:\n{screen}"
    return Abort(moment - key.before, moment - client.at)


def used_seconds(process: psutil.Process) -> float:
    """The processor time of all its threads."""
    tasks = Path(f"/proc/{process.pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text().split()[0]) for task in tasks) / 1e9


async def test_calls_of_the_client_s_own_tools_are_valid(direct: Direct, target: Target) -> None:
    """Its tools as it sends them: the model that ships with us calls each, as it must, and what it
    says is a call only if it is whole and valid."""
    await target.ask("SCN=text:hello")
    sent: list[Json] = target.upstream.message_requests[0].json["tools"]
    tools = [tool for tool in sent if not tool.get("defer_loading")]
    assert len(tools) > 5
    whole = 0
    for tool in tools:
        for call in await calls_of(direct, tool):
            problems = problems_of(tool["input_schema"], call["input"])
            assert not problems, (call, problems)
            assert call["name"] == tool["name"]
            whole += 1
    print(f"\n{whole} whole calls of {len(tools)} tools, all valid")
    assert whole


async def calls_of(direct: Direct, tool: Json) -> list[Json]:
    """The calls in an answer that must be a call of this tool; none if it was cut off."""
    body = json.dumps(
        {
            "model": MODEL,
            "max_tokens": CALL_TOKENS_MAX,
            "temperature": 0,
            "messages": [{"role": "user", "content": "Hello, who are you?"}],
            "tools": [tool],
            "tool_choice": {
                "type": "tool",
                "name": tool["name"],
                "disable_parallel_tool_use": True,
            },
        }
    ).encode()
    head = (
        "POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"anthropic-version: 2023-06-01\r\nauthorization: Bearer {TOKEN}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    async with open_plain_client(direct.understudy.port) as client:
        await client.send(head.encode() + body)
        status, said = await client.read_response()
    assert status == 200, said
    answer = json.loads(said)
    calls = [block for block in answer["content"] if block["type"] == "tool_use"]
    assert answer["stop_reason"] == ("tool_use" if calls else "max_tokens"), (tool, answer)
    return calls
