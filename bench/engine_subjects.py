"""The engines of bench/engines.py, asked in one way: Understudy's worker and llama.cpp's server.

Both run the same GGUF with one thread and the same niceness, greedily, past every end of an answer,
and both are asked through the product's own HTTP client or worker line. A prompt is text: it goes
through no template, so that both read the same tokens.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import trio
from processes import free_port
from understudy.io.engines.llama_direct import LlamaDirect
from understudy.io.engines.worker_upstream import WorkerUpstream
from understudy.io.ports import (
    EngineProcess,
    EngineSpec,
    UpstreamError,
    UpstreamRequest,
    UpstreamResponse,
)
from understudy.io.upstream.http11 import Http11Upstream
from understudy.protocols.engine.frames import FrameBuffer
from understudy.protocols.engine.messages import (
    Ask,
    Chat,
    Ended,
    Piece,
    Refused,
    Sampling,
    Save,
    Started,
    decode_from_worker,
    encode,
)

SERVER = Path(__file__).parent.parent / "build" / "peers" / "llama.cpp" / "llama-server"
HEALTHY_SECONDS_MAX = 120.0
NEVER_ENDING = {8187: -1000.0, 8189: -1000.0}
"""A bias against the two tokens of the test models' vocabulary that would end an answer."""
NICENESS = 5
"""The worker's own."""
STATE_BYTES = 4 * 1024**3
JSON = ((b"content-type", b"application/json"),)


@dataclass
class Answer:
    """One answer: when each token came, in seconds since it was asked for."""

    input_tokens: int = 0
    kept_tokens: int = 0
    restored_tokens: int = 0
    token_seconds: list[float] = field(default_factory=list[float])

    @property
    def first_token_seconds(self) -> float:
        """From the question to the first token."""
        return self.token_seconds[0]

    @property
    def tokens_per_second(self) -> float:
        """Of all tokens but the first."""
        return (len(self.token_seconds) - 1) / (self.token_seconds[-1] - self.token_seconds[0])


class Engine(Protocol):
    """A running engine. `process_id` is its process."""

    process_id: int

    def open(self, prompt: str, tokens: int) -> AbstractAsyncContextManager[UpstreamResponse]:
        """Asks for `tokens` tokens; leaving the block leaves the answer."""
        ...

    async def answer(self, prompt: str, tokens: int) -> Answer:
        """Asks and reads all of it."""
        ...


class Direct:
    """Understudy's worker, at the port."""

    def __init__(self, process: EngineProcess) -> None:
        assert isinstance(process.upstream, WorkerUpstream)
        self.process = process
        self.process_id = process.process_id
        self._upstream = process.upstream

    def open(self, prompt: str, tokens: int) -> AbstractAsyncContextManager[UpstreamResponse]:
        """See Engine."""
        sampling = Sampling(temperature=0.0, logit_bias=NEVER_ENDING)
        asked = encode(Ask(0, Chat([], prompt=prompt), sampling, answer_tokens_max=tokens))
        return self._upstream.open(UpstreamRequest("POST", "worker://local/", (), asked))

    async def answer(self, prompt: str, tokens: int) -> Answer:
        """See Engine."""
        answer, begun, frames = Answer(), time.perf_counter(), FrameBuffer()
        async with self.open(prompt, tokens) as response:
            assert response.status == 200, await response.receive()
            while data := await response.receive():
                now = time.perf_counter() - begun
                frames.receive_data(data)
                while (payload := frames.next_payload()) is not None:
                    self._take(answer, decode_from_worker(payload), now)
        return answer

    async def save(self) -> None:
        """Has all that it remembers written to disk."""
        asked = UpstreamRequest("POST", "worker://local/", (), encode(Save(0)))
        async with self._upstream.open(asked) as response:
            while await response.receive():
                pass

    async def kill(self) -> None:
        """Kills it as a crash would, and waits for its end."""
        os.kill(self.process_id, signal.SIGKILL)
        await self.process.wait()

    def _take(self, answer: Answer, message: Any, now: float) -> None:
        match message:
            case Started():
                answer.input_tokens = message.input_tokens
                answer.kept_tokens = message.kept_tokens
                answer.restored_tokens = message.restored_tokens
            case Piece():
                answer.token_seconds += [now] * (len(message.tokens) // 4)
            case Refused():
                raise RuntimeError(message.message)
            case Ended():
                assert message.reason == "length", message
            case _:
                pass


@asynccontextmanager
async def open_direct(
    model: Path, *, slots: int, context_tokens: int, states: Path | None = None
) -> AsyncGenerator[Direct]:
    """Starts Understudy's worker."""
    engine = LlamaDirect(states)
    spec = EngineSpec(
        model.stem,
        str(model),
        context_tokens,
        slots=slots,
        state_bytes=STATE_BYTES if states else 0,
    )
    async with engine.open(spec) as process:
        yield Direct(process)


class Server:
    """llama.cpp's server, over HTTP."""

    def __init__(self, base_url: str, process_id: int, upstream: Http11Upstream) -> None:
        self.process_id = process_id
        self._base_url = base_url
        self._upstream = upstream

    def open(self, prompt: str, tokens: int) -> AbstractAsyncContextManager[UpstreamResponse]:
        """See Engine."""
        asked = {
            "prompt": prompt,
            "n_predict": tokens,
            "stream": True,
            "temperature": 0,
            "ignore_eos": True,
            "cache_prompt": True,
        }
        url = self._base_url + "/completion"
        return self._upstream.open(UpstreamRequest("POST", url, JSON, json.dumps(asked).encode()))

    async def answer(self, prompt: str, tokens: int) -> Answer:
        """See Engine."""
        answer, begun, text = Answer(), time.perf_counter(), b""
        async with self.open(prompt, tokens) as response:
            assert response.status == 200, await response.receive()
            while data := await response.receive():
                now = time.perf_counter() - begun
                *events, text = (text + data).split(b"\n\n")
                for event in events:
                    if event.startswith(b"data: {"):  # not a comment, nor the end mark
                        self._take(answer, event, now)
        return answer

    def _take(self, answer: Answer, event: bytes, now: float) -> None:
        told = json.loads(event.removeprefix(b"data: "))
        if told["stop"]:
            answer.input_tokens = told["timings"]["prompt_n"] + told["timings"]["cache_n"]
            answer.kept_tokens = told["timings"]["cache_n"]
        else:
            answer.token_seconds += [now] * len(told["tokens"])


@asynccontextmanager
async def open_server(model: Path, *, slots: int, context_tokens: int) -> AsyncGenerator[Server]:
    """Starts llama.cpp's server, with its own defaults but for threads, slots and the window."""
    port = free_port()
    command = ["nice", "-n", str(NICENESS), str(SERVER), "-m", str(model)]
    command += ["-t", "1", "-tb", "1", "-np", str(slots)]
    command += ["-c", str(2 * context_tokens), "-kvu", "--host", "127.0.0.1", "--port", str(port)]
    upstream = Http11Upstream()
    child = await trio.lowlevel.open_process(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        base_url = f"http://127.0.0.1:{port}"
        with trio.fail_after(HEALTHY_SECONDS_MAX):
            while not await _is_healthy(upstream, base_url):  # noqa: ASYNC110 (it says nothing)
                await trio.sleep(0.05)
        yield Server(base_url, child.pid, upstream)
    finally:
        child.kill()
        with trio.CancelScope(shield=True):
            await child.wait()
        with trio.CancelScope(shield=True):
            await upstream.aclose()


async def _is_healthy(upstream: Http11Upstream, base_url: str) -> bool:
    try:
        async with upstream.open(UpstreamRequest("GET", base_url + "/health", ())) as response:
            return response.status == 200
    except UpstreamError:
        return False


def has_server() -> bool:
    """Whether the peer has been built (bench/install_engine_peer.sh)."""
    return shutil.which(str(SERVER)) is not None
