"""The engine, made of virtual time: it starts processes, and each lives the life it was given.

A process answers at an address of its own, with a key of its own, wherever its `Place` lets it be
reached: on the simulated upstream, or on a virtual network.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

import trio

from ..io.engines.background import open_background
from ..io.engines.llama_server import START_SECONDS
from ..io.ports import Engine, EngineError, EngineProcess, EngineSpec
from ..protocols.resources.need import MemoryNeed
from .engine_process import REPLY, Life, Listening, SimulatedProcess, count_tokens
from .memory import SimulatedMemory
from .upstream import Respond

__all__ = ["REPLY", "Life", "Place", "SimulatedEngine", "count_tokens"]

FIRST_PORT = 40_001
ALWAYS_WELL = (Life(),)


class Place(Protocol):
    """Where a process can be reached."""

    def listen(self, base_url: str, respond: Respond) -> Listening:
        """Has someone answer at an address of this machine, from now on."""
        ...


class SimulatedEngine(Engine):
    """Starts processes that are reached at a `place`. `processes` are all that became ready;
    `loading` is how many have not come so far.

    `lives` are lived one after the other, the last one again and again; or it is asked for each.
    """

    def __init__(
        self,
        place: Place,
        lives: Sequence[Life] | Callable[[], Life] = ALWAYS_WELL,
        *,
        count: Callable[[bytes], int] = count_tokens,
        memory: SimulatedMemory | None = None,
    ) -> None:
        self.lives = lives
        self.starts = 0
        self.loading = 0
        self.processes: list[SimulatedProcess] = []
        self._place = place
        self._count = count
        self._memory = SimulatedMemory() if memory is None else memory

    @property
    def running(self) -> int:
        """How many processes have not been reaped."""
        return len(self.alive)

    @property
    def alive(self) -> list[SimulatedProcess]:
        """The processes that have not been reaped."""
        return [process for process in self.processes if process.stopped_seconds < 0]

    async def need(self, spec: EngineSpec) -> MemoryNeed:
        """See Engine.need."""
        await trio.lowlevel.checkpoint()
        return self._memory.need(spec.file)

    def open(self, spec: EngineSpec) -> AbstractAsyncContextManager[EngineProcess]:
        """See Engine.open."""
        return self._open(spec)

    @asynccontextmanager
    async def _open(self, spec: EngineSpec) -> AsyncGenerator[EngineProcess]:
        life = self._next_life()
        self.starts += 1
        killed = trio.Event()
        with self._memory.held(self.starts, spec.file, life.load_seconds, killed.set) as holding:
            await self._load(spec, life, killed)
            port = FIRST_PORT + len(self.processes)
            process = SimulatedProcess(spec, life, self.starts, port, self._count)
            holding.kill = process.kill
            process.start(self._place.listen)
            self.processes.append(process)
            async with open_background() as background:
                background.start_soon(process.run, name=process.task)
                try:
                    yield process
                finally:
                    await process.stop()

    async def _load(self, spec: EngineSpec, life: Life, killed: trio.Event) -> None:
        """Takes the time that a load takes. Raises EngineError."""
        where = f"engine {spec.name} ({spec.file})"
        self.loading += 1
        try:
            with trio.move_on_after(min(life.load_seconds, START_SECONDS)):
                await killed.wait()
                raise EngineError(f"{where} could not start: it was ended by SIGKILL")
        finally:
            self.loading -= 1
        if life.load_seconds > START_SECONDS:
            raise EngineError(f"{where} was not ready within {START_SECONDS:g} s")
        if life.failure:
            raise EngineError(f"{where} could not start: {life.failure}")

    def _next_life(self) -> Life:
        if callable(self.lives):
            return self.lives()
        return self.lives[min(self.starts, len(self.lives) - 1)]
