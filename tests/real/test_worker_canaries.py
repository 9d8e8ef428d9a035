"""Sixty-four conversations on four slots, with Esc at random: every answer is its own prompt's.

A model of random weights says nonsense, but chosen greedily its nonsense is a function of the
prompt: so each conversation's answer is its canary. What batches it is computed in changes sums in
their last digits, and so may change a token that is as good as the next best: an answer is a canary
only as far as each of its tokens wins by MARGIN, hundreds of times what was seen to change.

All are first asked alone, of a server that is asked nothing else meanwhile; then all at once, of
another server, over and over, and cut off at random, while they wait, while they are read and while
they are answered. What comes then is what came alone, or its beginning. Some conversations begin
alike, so that they share memory with one another; some go on, so that they find their own again.

UNDERSTUDY_TEST_CANARY_SECONDS says for how long; a server that has its queue full is asked again.
"""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from random import Random

import attrs
import h11
import psutil
import pytest
import trio

from .client import TOKEN
from .conftest import DIRECT
from .gguf_model import SHAPES, write_model
from .llama_worker_process import idle_seconds
from .measured import bound_milliseconds, describe
from .plain_client import PlainClient, open_plain_client
from .scripted_reply import Json
from .understudy_process import UnderstudyProcess, open_understudy

pytestmark = [
    pytest.mark.skipif(
        find_spec("llama_cpp") is None,
        reason="llama-cpp-python is not installed: pip install understudy[llama]",
    ),
    pytest.mark.skipif(DIRECT, reason="the worker is Understudy's own"),
]

CONVERSATIONS = 64
SECONDS = float(os.environ.get("UNDERSTUDY_TEST_CANARY_SECONDS", "15"))
ANSWER_TOKENS_MIN = 6
ANSWER_TOKENS_MAX = 24
WORDINGS_MAX = 40
MARGIN = 0.02
"""In nats, between a token and the next best."""
WAIT_MILLISECONDS_MAX = 60_000
"""From a question's first try to the end of its answer, however often it was turned away."""
PAUSE_SECONDS = 0.5
"""A client's before it asks again a server that has no room."""
BUSY = 429
TEXT_DELTA = b'"text_delta"'
WORKER = "understudy.io.engines.llama_worker"
SETTINGS = """
default = "local/exact"

[engines]
worker = "direct"
state_gibibytes = 0

[[endpoint]]
name = "local"
engine = "llama.cpp"
file = "{file}"
models = ["exact"]
context_tokens = 2048
"""


def question(number: int, turn: int, wording: int) -> str:
    """What a conversation asks; four in a row begin alike for longer than a fork takes."""
    family = " ".join(f"{number // 4} sheep and {index} goats" for index in range(12))
    own = Random(f"{number} {turn} {wording}")
    words = " ".join(str(own.randrange(10**6)) for _ in range(6))
    return f"{family}. This is {number}, for the {turn}. time: what comes after {words}?"


@attrs.frozen
class Canary:
    """A conversation's question, and the answer of so many tokens that it got alone."""

    number: int
    messages: tuple[tuple[str, str], ...]
    tokens: int = ANSWER_TOKENS_MAX
    answer: str = ""

    def request(self) -> bytes:
        """A streamed request, on a connection of its own."""
        return post("/v1/messages", {**self._body(), "stream": True})

    def request_with_margins(self) -> bytes:
        """The same in the dialect in which it is told how sure the model is."""
        body = {**self._body(), "logprobs": True, "top_logprobs": 2}
        return post("/v1/chat/completions", body)

    def _body(self) -> Json:
        messages = [{"role": role, "content": text} for role, text in self.messages]
        sampling = {"max_tokens": self.tokens, "temperature": 0}
        return {"model": "local/exact", "messages": messages, **sampling}


def post(path: str, content: Json) -> bytes:
    """A whole request."""
    body = json.dumps(content).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"anthropic-version: 2023-06-01\r\nauthorization: Bearer {TOKEN}\r\n"
        f"content-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


@attrs.frozen
class Told:
    """What has come of an answer: the status (0: nothing), its text, and whether it is whole."""

    status: int
    text: str
    is_whole: bool


def told(received: bytes) -> Told:
    """Reads the bytes of a response, as far as they have come."""
    if not received:
        return Told(0, "", is_whole=False)
    parser = h11.Connection(h11.CLIENT)
    parser.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
    parser.send(h11.EndOfMessage())
    parser.receive_data(received)
    status, body, event = 0, b"", parser.next_event()
    while event is not h11.NEED_DATA and not isinstance(event, h11.EndOfMessage | h11.PAUSED):
        if isinstance(event, h11.Response):
            status = event.status_code
        elif isinstance(event, h11.Data):
            body += event.data
        event = parser.next_event()
    lines = body.decode(errors="ignore").split("\n\n")[:-1] if status == 200 else []
    events = [json.loads(line.partition("data: ")[2]) for line in lines if "data: " in line]
    deltas = [each["delta"] for each in events if each["type"] == "content_block_delta"]
    is_whole = any(each["type"] == "message_stop" for each in events)
    return Told(status, "".join(each["text"] for each in deltas), is_whole=is_whole)


async def read_all(client: PlainClient) -> Told:
    """Waits for the whole of the answer."""
    while True:
        found = told(bytes(client.received))
        if found.is_whole or found.status not in (0, 200):
            return found
        data = await client.stream.receive_some(65536)
        assert data, f"closed in mid-answer; got {bytes(client.received[-300:])!r}"
        client.received += data


async def ask(port: int, canary: Canary) -> Told:
    """Asks, again and again while there is no room, and reads the whole answer."""
    while True:
        async with open_plain_client(port) as client:
            await client.send(canary.request())
            found = await read_all(client)
        if found.status != BUSY:
            assert found.status == 200, found
            return found
        await trio.sleep(PAUSE_SECONDS)


async def alone(port: int) -> list[Canary]:
    """All conversations, each with the answer that it gets when nobody else asks."""
    found: list[Canary] = []
    for number in range(CONVERSATIONS):
        canary = await hatch(port, Canary(number, ()))
        if number % 4 == 0:
            said = (*canary.messages, ("assistant", canary.answer))
            canary = await hatch(port, Canary(number, said))
        found.append(canary)
    return found


async def hatch(port: int, before: Canary) -> Canary:
    """The conversation with one question more: the first of whose answer the model is sure."""
    for wording in range(WORDINGS_MAX):
        asked = question(before.number, len(before.messages), wording)
        canary = attrs.evolve(before, messages=(*before.messages, ("user", asked)))
        tokens = await sure_tokens(port, canary)
        if tokens >= ANSWER_TOKENS_MIN:
            canary = attrs.evolve(canary, tokens=tokens)
            return attrs.evolve(canary, answer=(await ask(port, canary)).text)
    raise AssertionError(f"the model is sure of none of {WORDINGS_MAX} answers")


async def sure_tokens(port: int, canary: Canary) -> int:
    """How many tokens the answer begins with that each win by the margin."""
    async with open_plain_client(port) as client:
        await client.send(canary.request_with_margins())
        status, body = await client.read_response()
    assert status == 200, body
    sure = 0
    for token in json.loads(body)["choices"][0]["logprobs"]["content"]:
        best, next_best = (each["logprob"] for each in token["top_logprobs"])
        if best - next_best < MARGIN:
            break
        sure += 1
    return sure


@attrs.define(eq=False)
class Crowd:
    """Everybody at once, until `deadline`; `counts` is how often what happened."""

    port: int
    deadline: float
    counts: Counter[str] = attrs.field(factory=Counter[str])
    waits: list[float] = attrs.field(factory=list[float])

    async def converse(self, canary: Canary) -> None:
        """One conversation: asked whole or cut, at random, and whole at least once."""
        random = Random(canary.number)
        while True:
            begun = time.monotonic()
            await trio.sleep(random.random() * PAUSE_SECONDS)
            if random.random() < 0.5:
                await self._cut(canary, random)
                continue
            found = await ask(self.port, canary)
            assert found.text == canary.answer, f"another's words in {canary.number}: {found.text}"
            self.waits.append(time.monotonic() - begun)
            self.counts["whole"] += 1
            if time.monotonic() > self.deadline:
                return

    async def _cut(self, canary: Canary, random: Random) -> None:
        """Asks and leaves: at once, after a while, or with the answer begun."""
        async with open_plain_client(self.port) as client:
            await client.send(canary.request())
            if random.random() < 0.5:
                while TEXT_DELTA not in client.received:
                    data = await client.stream.receive_some(65536)
                    client.received += data
                    if not data or told(bytes(client.received)).status not in (0, 200):
                        self.counts["turned away"] += 1
                        return
            else:
                with trio.move_on_after(random.choice((0.0, 0.01, 0.1, 0.5))):
                    while data := await client.stream.receive_some(65536):
                        client.received += data
            client.leave("rst")
        found = told(bytes(client.received))
        assert canary.answer.startswith(found.text), f"another's in {canary.number}: {found.text}"
        self.counts["cut in the answer" if found.text else "cut before"] += 1


def worker_of(understudy: UnderstudyProcess) -> psutil.Process:
    """The process of the model."""
    (found,) = [one for one in understudy.children() if WORKER in one.cmdline()]
    return found


async def test_no_answer_has_another_s_words(tmp_path: Path) -> None:
    file = tmp_path / "exact.gguf"
    write_model(file, SHAPES["exact"])
    text = SETTINGS.format(file=file)
    async with open_understudy(tmp_path / "alone", text) as understudy:
        canaries = await alone(understudy.port)
    assert len({canary.answer for canary in canaries}) == CONVERSATIONS, "a canary is not its own"
    async with open_understudy(tmp_path / "crowd", text) as understudy:
        crowd = Crowd(understudy.port, time.monotonic() + SECONDS)
        async with trio.open_nursery() as nursery:
            for canary in canaries:
                nursery.start_soon(crowd.converse, canary)
        rest = await trio.to_thread.run_sync(partial(idle_seconds, worker_of(understudy)))
        # Every slot is free: as many as there are answer at once, and what they said alone.
        async with trio.open_nursery() as nursery:
            last = Crowd(understudy.port, 0.0)
            for canary in canaries[:4]:
                nursery.start_soon(last.converse, canary)
    print(f"\n{SECONDS:.0f} s: {dict(crowd.counts)}; idle after {rest:.1f} s")
    print(f"from question to whole answer: {describe(crowd.waits)}")
    assert crowd.counts["whole"] >= CONVERSATIONS
    assert crowd.counts["cut before"]
    assert crowd.counts["cut in the answer"]
    assert max(crowd.waits) * 1000 < bound_milliseconds("CANARY_WAIT", WAIT_MILLISECONDS_MAX)
