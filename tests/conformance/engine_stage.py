"""The engines under test, what is asked of them, and what a suite must ask of the world beside.

A question is put in the dialect of the engine: over HTTP to a server, as messages to a worker. A
simulated server is reached in two ways. Simulated times are real here, as short as the real one's.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import attrs
import psutil
import pytest
import trio
from understudy.io.engines.llama_direct import LlamaDirect
from understudy.io.engines.llama_server import LlamaServer
from understudy.io.engines.mlx_direct import MlxDirect, mlx_problem
from understudy.io.engines.rehearsal import MODEL_FILE, MODEL_NAME
from understudy.io.ports import Engine, EngineProcess, EngineSpec, Upstream, UpstreamRequest
from understudy.io.upstream.http11 import Http11Upstream
from understudy.protocols.conversation.answer import AnswerEnded, TextDelta
from understudy.protocols.conversation.blocks import Text
from understudy.protocols.conversation.request import Conversation, Message, Sampling
from understudy.protocols.dialect import NEED_DATA, Outgoing
from understudy.protocols.engine.dialect import WORKER
from understudy.simulations.engine import Life, Place, SimulatedEngine
from understudy.simulations.worker.life import WorkerLife
from understudy.simulations.worker.workers import SimulatedWorkers

ROOT = Path(__file__).parents[2]
CONTEXT_TOKENS = 2048
LOAD_SECONDS = 0.05
LONG = "to be or not to be, that is the question " * 120
"""It fits into the window, and takes a while to read."""
LIFE = Life(
    load_seconds=LOAD_SECONDS,
    count_seconds=0.001,
    prefill_seconds=0.001,
    prefill_token_seconds=0.000_1,
    token_seconds=0.001,
    ignores_esc_seconds=0.05,
    stop_seconds=0.01,
)
FAILURE = Life(load_seconds=LOAD_SECONDS, failure="it exited with status 1")


WORKER_LIFE = WorkerLife(load_seconds=LOAD_SECONDS, step_seconds=0.002, row_seconds=0.0001)
WORKER_FAILURE = WorkerLife(load_seconds=LOAD_SECONDS, failure="it is cut short")
NO_PACKAGE = "llama-cpp-python is not installed: pip install understudy[llama]"
MESSAGES, COUNT_TOKENS = "/v1/messages", "/v1/messages/count_tokens"


@attrs.frozen
class Answer:
    """What came of a question: the text of an answer, or the words of a refusal."""

    status: int
    text: str
    input_tokens: int = 0
    stop_reason: str = ""


class Stage(ABC):
    """An engine, and how its processes are spoken to."""

    engine: Engine

    def spec(self, file: str = MODEL_FILE, *, name: str = MODEL_NAME) -> EngineSpec:
        """A model with a small window."""
        return EngineSpec(name=name, file=file, context_tokens=CONTEXT_TOKENS)

    @abstractmethod
    async def ask(
        self, process: EngineProcess, text: str = "hello", *, max_tokens: int = 4
    ) -> Answer:
        """Asks for an answer in the dialect of the engine. Raises UpstreamError."""

    @abstractmethod
    async def count(self, process: EngineProcess, text: str) -> int:
        """Has the tokens counted. Raises UpstreamError."""

    @abstractmethod
    def broken(self, file: Path) -> EngineSpec:
        """A model whose file is missing or no model."""

    @abstractmethod
    def processes(self) -> int:
        """How many processes there are."""

    @abstractmethod
    def is_running(self, process: EngineProcess) -> bool:
        """Whether a process has not been reaped."""

    @abstractmethod
    def kill_from_outside(self, process: EngineProcess) -> None:
        """Ends a process behind our back, by SIGKILL."""

    async def aclose(self) -> None:  # noqa: B027 most have nothing to close
        """Leaves nothing behind."""


class ServerStage(Stage):
    """An engine that is an HTTP server of Anthropic's dialect."""

    upstream: Upstream

    async def ask(
        self, process: EngineProcess, text: str = "hello", *, max_tokens: int = 4
    ) -> Answer:
        """See Stage.ask."""
        status, body = await self.post(process, text, max_tokens=max_tokens)
        found: dict[str, Any] = json.loads(body)
        if status != 200:
            return Answer(status, found["error"]["message"])
        said = "".join(block.get("text", "") for block in found["content"])
        usage = found["usage"]
        tokens = usage["input_tokens"] + usage.get("cache_read_input_tokens", 0)
        return Answer(status, said, tokens, found["stop_reason"])

    async def count(self, process: EngineProcess, text: str) -> int:
        """See Stage.count."""
        _, body = await self.post(process, text, path=COUNT_TOKENS)
        return int(json.loads(body)["input_tokens"])

    async def post(
        self,
        process: EngineProcess,
        text: str = "hello",
        *,
        path: str = MESSAGES,
        with_key: bool = True,
        streamed: bool = False,
        max_tokens: int = 4,
    ) -> tuple[int, bytes]:
        """The status and the body of an answer."""
        message = {"role": "user", "content": text}
        asked = {"model": MODEL_NAME, "max_tokens": max_tokens, "messages": [message]}
        body = json.dumps({**asked, "stream": streamed}).encode()
        headers = ((b"content-type", b"application/json"), *(process.headers if with_key else ()))
        request = UpstreamRequest("POST", process.base_url + path, headers, body)
        return await _answer(self.upstream, request)

    async def aclose(self) -> None:
        """See Stage.aclose."""
        await self.upstream.aclose()


class WorkerStage(Stage):
    """An engine whose processes are workers."""

    async def ask(
        self, process: EngineProcess, text: str = "hello", *, max_tokens: int = 4
    ) -> Answer:
        """See Stage.ask."""
        conversation = _conversation(text, max_tokens)
        request = _to_worker(process, WORKER.request(conversation, MODEL_NAME))
        status, body = await _answer(_upstream_of(process), request)
        if status != 200:
            return Answer(status, WORKER.failure(status, (), body).message)
        reader = WORKER.reader(conversation, MODEL_NAME, "answer")
        reader.receive_data(body)
        reader.receive_end()
        said, ended = "", None
        while (event := reader.next_event()) is not NEED_DATA:
            said += event.text if isinstance(event, TextDelta) else ""
            ended = event
        assert isinstance(ended, AnswerEnded), ended
        return Answer(status, said, ended.usage.read_tokens, ended.stop_reason)

    async def count(self, process: EngineProcess, text: str) -> int:
        """See Stage.count."""
        outgoing = WORKER.count_request(_conversation(text), MODEL_NAME)
        _, body = await _answer(_upstream_of(process), _to_worker(process, outgoing))
        return WORKER.counted(body)


class _RealProcesses(Stage):
    """Processes of the operating system."""

    def broken(self, file: Path) -> EngineSpec:
        """See Stage.broken."""
        return self.spec(str(file), name=file.stem)

    def processes(self) -> int:
        """See Stage.processes."""
        return len(psutil.Process().children(recursive=True))

    def is_running(self, process: EngineProcess) -> bool:
        """See Stage.is_running."""
        return psutil.pid_exists(process.process_id)

    def kill_from_outside(self, process: EngineProcess) -> None:
        """See Stage.kill_from_outside."""
        os.kill(process.process_id, signal.SIGKILL)


class RealServers(_RealProcesses, ServerStage):
    """llama.cpp's server, over loopback."""

    def __init__(self) -> None:
        self.engine = LlamaServer()
        self.upstream = Http11Upstream()


class RealWorkers(_RealProcesses, WorkerStage):
    """llama.cpp in workers of our own."""

    def __init__(self) -> None:
        if find_spec("llama_cpp") is None:
            pytest.skip(NO_PACKAGE)
        self.engine = LlamaDirect()


class RealMlxWorkers(RealWorkers):
    """MLX in workers of our own, with a model made here."""

    def __init__(self) -> None:
        problem = mlx_problem()
        if problem:
            pytest.skip(problem)
        self.engine = MlxDirect()
        self._folder = tempfile.TemporaryDirectory()
        self._model = Path(self._folder.name) / MODEL_NAME
        program = (sys.executable, "-m", "tests.real.mlx_model", "tiny", str(self._model))
        subprocess.run(program, check=True, cwd=ROOT)

    def spec(self, file: str = "", *, name: str = MODEL_NAME) -> EngineSpec:
        """See Stage.spec."""
        return super().spec(file or str(self._model), name=name)

    async def aclose(self) -> None:
        """See Stage.aclose."""
        self._folder.cleanup()


class SimulatedServers(ServerStage):
    """The simulated server at one of its places."""

    def __init__(self, place: Place, upstream: Upstream) -> None:
        self.engine = self._simulated = SimulatedEngine(place, [LIFE])
        self.upstream = upstream

    def broken(self, file: Path) -> EngineSpec:
        """See Stage.broken."""
        self._simulated.lives = [FAILURE]
        return self.spec(str(file), name=file.stem)

    def processes(self) -> int:
        """See Stage.processes."""
        return self._simulated.running

    def is_running(self, process: EngineProcess) -> bool:
        """See Stage.is_running."""
        return process in self._simulated.alive

    def kill_from_outside(self, process: EngineProcess) -> None:
        """See Stage.kill_from_outside."""
        process.kill()


class SimulatedWorkersStage(WorkerStage):
    """Simulated workers, under the real parent's side."""

    def __init__(self) -> None:
        self.engine = self._simulated = SimulatedWorkers(1, [WORKER_LIFE])

    def broken(self, file: Path) -> EngineSpec:
        """See Stage.broken."""
        self._simulated.lives = [WORKER_FAILURE]
        return self.spec(str(file), name=file.stem)

    def processes(self) -> int:
        """See Stage.processes."""
        return self._simulated.running

    def is_running(self, process: EngineProcess) -> bool:
        """See Stage.is_running."""
        alive = {child.process_id for child in self._simulated.alive}
        return process.process_id in alive

    def kill_from_outside(self, process: EngineProcess) -> None:
        """See Stage.kill_from_outside."""
        process.kill()


async def _answer(upstream: Upstream, request: UpstreamRequest) -> tuple[int, bytes]:
    body = b""
    async with upstream.open(request) as response:
        while piece := await response.receive():
            body += piece
        return response.status, body


def _conversation(text: str, max_tokens: int | None = None) -> Conversation:
    message = Message("user", (Text(text),))
    return Conversation((message,), sampling=Sampling(max_tokens=max_tokens))


def _to_worker(process: EngineProcess, outgoing: Outgoing) -> UpstreamRequest:
    return UpstreamRequest("POST", process.base_url + outgoing.path, (), outgoing.body)


def _upstream_of(process: EngineProcess) -> Upstream:
    assert process.upstream is not None, "a worker has an upstream of its own"
    return process.upstream


def in_workers(_nursery: trio.Nursery) -> WorkerStage:
    """The real ones."""
    return RealWorkers()


def in_mlx_workers(_nursery: trio.Nursery) -> WorkerStage:
    """The real ones with MLX."""
    return RealMlxWorkers()


def in_simulated_workers(_nursery: trio.Nursery) -> WorkerStage:
    """The simulated ones."""
    return SimulatedWorkersStage()


WORKERS: list[Callable[[trio.Nursery], WorkerStage]] = [
    in_workers,
    in_mlx_workers,
    in_simulated_workers,
]
