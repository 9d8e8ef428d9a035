"""The direct engine, made of virtual time: it starts workers, and each lives the life it was given.

All of the parent's side is real: the process (`WorkerProcess`), its line and its upstream. Below
the two pipes and the page everything is simulated.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from math import inf
from random import Random

import attrs
import trio

from ...io.engines.background import open_background
from ...io.engines.llama_direct import LlamaDirect
from ...io.engines.worker_engine import SEQUENCES_PER_SLOT, WINDOWS
from ...io.engines.worker_process import WorkerProcess
from ...io.ports import Engine, EngineProcess, EngineSpec
from ...protocols.engine.messages import Load
from ...protocols.resources.need import MemoryNeed
from ..memory import SimulatedMemory
from ..world.scheduler import source
from .answering import Answering
from .child import SimulatedChild
from .disk import Disk
from .life import WELL, WorkerLife
from .model import SimulatedModel

ALWAYS_WELL = (WELL,)
FIRST_PROCESS_ID = 10_001
"""The managed servers of a world have the smaller numbers."""
STATE_BYTES = 1024**2
"""What prefixes may take on the simulated disk: some 80,000 tokens."""


class SimulatedWorkers(Engine):
    """Starts workers. `children` are all that there were, `processes` the parent's side of each.

    `lives` are lived one after the other, the last one again and again; or it is asked for each.
    `models` are by the name of their file; a file that is not named is a model like any other.
    """

    dialect = "worker"
    slots = LlamaDirect.slots

    def __init__(
        self,
        seed: int,
        lives: Sequence[WorkerLife] | Callable[[], WorkerLife] = ALWAYS_WELL,
        *,
        disk: Disk | None = None,
        models: Mapping[str, SimulatedModel] | None = None,
        state_bytes: int = STATE_BYTES,
        memory: SimulatedMemory | None = None,
    ) -> None:
        self.lives = lives
        self.starts = 0
        self.children: list[SimulatedChild] = []
        self.disk = Disk() if disk is None else disk
        self.models = dict(models or {})
        self.state_bytes = state_bytes
        self.processes: list[WorkerProcess] = []
        self._memory = SimulatedMemory() if memory is None else memory
        self._random: Random = source(seed, "workers")

    @property
    def alive(self) -> list[SimulatedChild]:
        """The processes that have not been reaped."""
        return [child for child in self.children if child.stopped_seconds < 0]

    @property
    def running(self) -> int:
        """How many processes have not been reaped."""
        return len(self.alive)

    @property
    def answers(self) -> list[Answering]:
        """All that all of them were asked, oldest first."""
        return [answer for child in self.children for answer in child.worker.answers]

    @property
    def computed_tokens(self) -> int:
        """How many tokens all of them have computed."""
        return sum(child.worker.computed_tokens for child in self.children)

    def heal(self) -> None:
        """Has those that live say no more that is amiss; what strikes by the clock still does."""
        for child in self.alive:
            life = child.worker.life
            child.worker.life = attrs.evolve(life, crash_pieces=inf, garbage_pieces=inf)

    def model(self, file: str) -> SimulatedModel:
        """The model in a file."""
        return self.models.get(file) or SimulatedModel(file)

    async def need(self, spec: EngineSpec) -> MemoryNeed:
        """See Engine.need."""
        await trio.lowlevel.checkpoint()
        return self._memory.need(spec.file)

    def open(self, spec: EngineSpec) -> AbstractAsyncContextManager[EngineProcess]:
        """See Engine.open."""
        return self._open(spec)

    @asynccontextmanager
    async def _open(self, spec: EngineSpec) -> AsyncGenerator[EngineProcess]:
        await trio.lowlevel.checkpoint()
        life = self._next_life()
        self.starts += 1
        spec = attrs.evolve(spec, state_bytes=self.state_bytes)
        async with open_background() as background:
            child = SimulatedChild(
                spec,
                FIRST_PROCESS_ID + self.starts,
                self.model(spec.file),
                life,
                self.disk,
                self._random,
                background,
            )
            self.children.append(child)
            background.start_soon(child.run, name=child.task)
            with self._memory.held(child.process_id, spec.file, life.load_seconds, child.kill):
                try:
                    process = WorkerProcess(child, child.page, _tell_nobody)
                    self.processes.append(process)
                    await process.start(_load(spec))
                    try:
                        yield process
                    finally:
                        await process.save()
                finally:
                    await child.stop()

    def _next_life(self) -> WorkerLife:
        if callable(self.lives):
            return self.lives()
        return self.lives[min(self.starts, len(self.lives) - 1)]


def _load(spec: EngineSpec) -> Load:
    return Load(
        name=spec.name,
        file=spec.file,
        context_tokens=spec.context_tokens,
        cells=spec.context_tokens * WINDOWS,
        slots=spec.slots,
        sequences=spec.slots * SEQUENCES_PER_SLOT,
        threads=1,
        state_folder="states",
        state_bytes=spec.state_bytes,
    )


def _tell_nobody(_fraction: float) -> None:
    """Takes no interest in how far a load is."""
