"""The real client in one long session on a worker of ours: what has been read is not read again.

Twenty turns with a prompt of over 12,000 tokens, and in between all that could lose it: `/compact`,
another model and back, prompts of others that need its room, and the ends of worker and server. Of
every turn is printed what was computed and what was remembered, as the server's own books have it.
"""

from __future__ import annotations

import json
import os
import signal
import urllib.request
from contextlib import AsyncExitStack
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import attrs
import psutil
import pytest
import trio

from .client import TOKEN, ClientHome
from .client_session import ClientSession, open_session
from .conftest import DIRECT
from .gguf_model import Shape, write_model
from .gguf_variants import let_end
from .llama_worker_process import idle_seconds
from .plain_client import open_plain_client
from .scripted_reply import Json
from .scripted_upstream import ScriptedUpstream
from .tap import open_tap
from .understudy_process import UnderstudyProcess, open_understudy

pytestmark = [
    pytest.mark.skipif(
        find_spec("llama_cpp") is None,
        reason="llama-cpp-python is not installed: pip install understudy[llama]",
    ),
    pytest.mark.skipif(DIRECT, reason="the worker is Understudy's own"),
]

MODEL = "local/m"
OTHER = "work/claude-x"
WINDOW_TOKENS = 16_384
CELLS = 2 * WINDOW_TOKENS
PROMPT_TOKENS_MIN = 12_000
TURNS = 20
OTHERS_SENTENCES = 1300
TRIAL_TOKENS_MAX = 200
"""The client tries a model that it is switched to with a request of a few words."""
STATUS_SECONDS_MAX = 30.0
RULES = 520
SLACK_TOKENS = 8
WORKER = "understudy.io.engines.llama_worker"
TEMPLATE = """\
{%- if tools %}{{ '<|im_start|>system\\n' }}
{%- for tool in tools %}{{ tool | tojson }}{{ '\\n' }}{% endfor %}{{ '<|im_end|>\\n' }}{% endif %}
{%- for message in messages %}
{{- '<|im_start|>' + message.role + '\\n' + message.content + '<|im_end|>\\n' }}
{%- endfor %}
{%- if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"""
SHAPE = Shape(256, 2, 6144, 2, 1, seed=6, template=TEMPLATE)
END_DEVIATION = 10.0


def settings(file: Path, upstream: str) -> str:
    """A local model in a worker, and a model elsewhere."""
    return f"""
default = "{MODEL}"

[engines]
worker = "direct"

[[endpoint]]
name = "local"
engine = "llama.cpp"
file = "{file}"
models = ["m"]
context_tokens = {WINDOW_TOKENS}

[[endpoint]]
name = "work"
dialect = "anthropic"
base_url = "{upstream}"
models = ["claude-x"]
key = "env:WORK_KEY"
"""


INSTRUCTIONS = " ".join(f"Rule {one}: say it in {one} words or fewer." for one in range(RULES))


@attrs.frozen
class Read:
    """What one request read: `computed` of its `whole` input; its answer has `said` tokens."""

    computed: int
    whole: int
    said: int

    @classmethod
    def of(cls, usage: Json) -> Read:
        """What a line of the books says."""
        computed, kept = usage["input_tokens"], usage["cache_read_tokens"]
        return cls(computed, computed + kept, usage["output_tokens"])

    @property
    def kept(self) -> int:
        """What was remembered."""
        return self.whole - self.computed


@attrs.define(eq=False)
class Story:
    """The session as it goes on, and the server's books; `last` is what was read last."""

    session: ClientSession
    understudy: UnderstudyProcess
    last: Read = Read(0, 0, 0)
    turns: int = 0
    _seen: set[str] = attrs.field(factory=set[str])

    async def turn(self, what: str, said: str = "") -> None:
        """One turn of the local model: nothing is computed that was there before."""
        for read in await self.told(what, said or f"Go on with number {self.turns}."):
            new = read.whole - self.last.whole
            assert read.computed <= new + SLACK_TOKENS, (what, read, self.last)
            self.last = read

    async def told(self, what: str, said: str) -> list[Read]:
        """Tells the client something; what its requests read at the local model."""
        self.turns += 1
        result = await self.session.say(said)
        assert not result["is_error"], result
        reads = await self.new_reads()
        for read in reads:
            print(f"{self.turns:2} {what}: {read.computed} computed, {read.kept} remembered")
        return reads

    async def new_reads(self) -> list[Read]:
        """The requests that the local model has answered since the last call."""
        status = await trio.to_thread.run_sync(partial(read_status, self.understudy.base_url))
        new = [turn for turn in status["recent_turns"] if turn["turn"] not in self._seen]
        self._seen.update(turn["turn"] for turn in new)
        assert all(turn["outcome"] == "answered" for turn in new), new
        usages = [turn["usage"] for turn in reversed(new) if turn["endpoint"] == "local"]
        reads = [Read.of(usage) for usage in usages]
        return [read for read in reads if read.whole > TRIAL_TOKENS_MAX]

    async def idle_worker(self) -> psutil.Process:
        """The local model's process, once it has written what it remembers."""
        (found,) = [one for one in self.understudy.children() if WORKER in one.cmdline()]
        await trio.to_thread.run_sync(partial(idle_seconds, found))
        return found


def read_status(base_url: str) -> Json:
    """What the server says of itself."""
    headers = {"Authorization": f"Bearer {TOKEN}"}
    request = urllib.request.Request(f"{base_url}/status.json", headers=headers)
    with urllib.request.urlopen(request, timeout=STATUS_SECONDS_MAX) as answer:
        found: Json = json.load(answer)
    return found


async def test_only_what_is_new_is_read(
    tmp_path: Path, upstream: ScriptedUpstream, client_home: ClientHome
) -> None:
    file = tmp_path / "m.gguf"
    write_model(file, SHAPE)
    let_end(file, END_DEVIATION)
    text, folder = settings(file, upstream.base_url), tmp_path / "server"
    async with open_tap(0) as tap, AsyncExitStack() as stack:
        async with open_understudy(folder, text) as understudy:
            tap.server_port = understudy.port
            session = await stack.enter_async_context(
                open_session(
                    home=client_home,
                    base_url=tap.base_url,
                    model=MODEL,
                    extra_arguments=["--tools", "Read", "--append-system-prompt", INSTRUCTIONS],
                )
            )
            story = Story(session, understudy)
            for _ in range(6):
                await story.turn("turn")
            await compact(story)
            await switch_away_and_back(story)
            await be_displaced(story)
            await lose_the_worker(story)
            await story.idle_worker()
        async with open_understudy(folder, text) as understudy:
            tap.server_port, story.understudy = understudy.port, understudy
            await story.turn("after the server's end")
            while story.turns < TURNS:
                await story.turn("turn")


async def compact(story: Story) -> None:
    """The history is summed up: what the system says before it stays."""
    await story.turn("/compact", "/compact")
    assert any(one.get("subtype") == "compact_boundary" for one in story.session.messages)
    (first,) = await story.told("after it", "Where were we?")
    assert first.kept > PROMPT_TOKENS_MIN, first
    assert first.whole < story.last.whole, "nothing was summed up"
    story.last = first
    for _ in range(2):
        await story.turn("turn")


async def switch_away_and_back(story: Story) -> None:
    """Another model answers in between, and its turn is all that is new."""
    await story.session.choose(OTHER)
    assert not await story.told("another model", "SCN=text:hello")
    await story.session.choose(MODEL)
    for _ in range(2):
        await story.turn("back")


async def be_displaced(story: Story) -> None:
    """Others' prompts take all cells: what was in memory comes back from its file."""
    await story.idle_worker()
    for number in range(2):
        words = "".join(f"{number} is not {index}. " for index in range(OTHERS_SENTENCES))
        async with open_plain_client(story.understudy.port) as client:
            await client.send(question(words))
            status, body = await client.read_response()
        assert status == 200, body
    others = await story.new_reads()
    print("others:", [read.computed for read in others])
    assert sum(read.computed for read in others) + story.last.whole > CELLS
    await story.turn("displaced")
    await story.turn("turn")


async def lose_the_worker(story: Story) -> None:
    """The worker is killed: what it had written outlives it."""
    worker = await story.idle_worker()
    os.kill(worker.pid, signal.SIGKILL)
    await story.turn("after a kill")
    await story.turn("turn")


def question(words: str) -> bytes:
    """A request of somebody else's."""
    body = json.dumps(
        {"model": MODEL, "max_tokens": 1, "messages": [{"role": "user", "content": words}]}
    ).encode()
    head = (
        "POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"anthropic-version: 2023-06-01\r\nauthorization: Bearer {TOKEN}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body
