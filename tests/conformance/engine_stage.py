"""The engines under test, and what a suite must ask of the world beside them: which processes live.

A simulated engine is reached in two ways. Its times are real here, and as short as the real one's.
"""

from __future__ import annotations

import os
import signal
from abc import ABC, abstractmethod
from pathlib import Path

import psutil
from understudy.io.engines.llama_server import LlamaServer
from understudy.io.engines.rehearsal import MODEL_FILE, MODEL_NAME
from understudy.io.ports import Engine, EngineProcess, EngineSpec, Upstream
from understudy.io.upstream.http11 import Http11Upstream
from understudy.simulations.engine import Life, Place, SimulatedEngine

CONTEXT_TOKENS = 2048
LOAD_SECONDS = 0.05
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


class Stage(ABC):
    """An engine, and the client that reaches its processes."""

    engine: Engine
    upstream: Upstream

    def spec(self, file: str = MODEL_FILE, *, name: str = MODEL_NAME) -> EngineSpec:
        """A model with a small window."""
        return EngineSpec(name=name, file=file, context_tokens=CONTEXT_TOKENS)

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


class RealStage(Stage):
    """llama.cpp's server, over loopback."""

    def __init__(self) -> None:
        self.engine = LlamaServer()
        self.upstream = Http11Upstream()

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


class SimulatedStage(Stage):
    """The simulated engine at one of its places."""

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
