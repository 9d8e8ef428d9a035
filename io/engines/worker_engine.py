"""A model in a worker process of ours, whatever library runs it there.

The worker is spoken to over two pipes in the messages of protocols/engine/, and stopped by a flag
in a page of shared memory. It is a process of its own because only its end gives a model's memory
back for certain, and because a native crash must not be ours.

It has no address and no key: nobody but us holds its pipes. Their end is its own.
"""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import trio

from ...protocols.engine.messages import Load
from ...protocols.resources.need import MemoryNeed
from ..folders import FolderUnusable
from ..ports import Engine, EngineProcess, EngineSpec
from .abort_page import open_abort_page
from .child import engine_threads
from .child_process import open_child
from .state_folder import make_room, state_folder_of
from .taken_memory import TakenMemory
from .worker_process import START_SECONDS, WorkerProcess

log = logging.getLogger("understudy.engines")

WINDOWS = 2
"""How many whole windows of tokens all conversations share: what the server takes too."""
SEQUENCES_PER_SLOT = 4
"""How many prefixes can be remembered in memory beside each answer."""
GPU_LAYERS = 999
"""All of them: a library without a GPU has none to give, and does not mind."""


def _tell_nobody(_name: str, _fraction: float) -> None:
    """Takes no interest in how far a load is."""


class WorkerEngine(Engine):
    """Runs models in workers.

    `state_folder` is where prefixes are kept between two lives of a model; None keeps none.
    `report` is told a model's name and how far it has loaded. `start_seconds` bounds how long a
    load may make no progress. `taken` keeps what processes were seen to hold.

    `command` starts a worker; the number of the abort page's file comes last.
    """

    dialect = "worker"
    slots = 4
    """Those of one batch share the reading of the weights; more would slow each one down."""
    command: Sequence[str]

    def __init__(
        self,
        state_folder: Path | None = None,
        report: Callable[[str, float], None] = _tell_nobody,
        *,
        command: Sequence[str] = (),
        start_seconds: float = START_SECONDS,
        taken: TakenMemory | None = None,
    ) -> None:
        self._state_folder = state_folder
        self._report = report
        self._command = command or self.command
        self._start_seconds = start_seconds
        self._taken = taken

    async def need(self, spec: EngineSpec) -> MemoryNeed:
        """See `Engine.need`."""
        reckoned = await self.reckoned(spec)
        return await self._taken.correct(spec, reckoned) if self._taken else reckoned

    @abstractmethod
    async def reckoned(self, spec: EngineSpec) -> MemoryNeed:
        """What the model's files say it will take. Raises EngineError if it cannot be run."""

    def open(self, spec: EngineSpec) -> AbstractAsyncContextManager[EngineProcess]:
        """Starts a worker; see `Engine.open`."""
        return self._open(spec)

    @asynccontextmanager
    async def _open(self, spec: EngineSpec) -> AsyncGenerator[EngineProcess]:
        assert spec.slots > 0, spec.slots
        assert spec.context_tokens > 0, spec.context_tokens
        reckoned = await self.reckoned(spec)
        folder = await self._made_room(spec)
        with open_abort_page() as abort:
            command = (*self._command, str(abort.file))
            async with open_child(spec, command, inherited=(abort.file,)) as child:
                worker = WorkerProcess(child, abort.page, lambda far: self._report(spec.name, far))
                await worker.start(load_of(spec, folder), self._start_seconds)
                try:
                    yield worker
                finally:
                    if self._taken:
                        await self._taken.look(spec, reckoned, worker.process_id)
                    await worker.save()

    async def _made_room(self, spec: EngineSpec) -> str:
        """The folder for what this model remembers; "" where nothing is kept."""
        if self._state_folder is None or not spec.state_bytes:
            return ""
        try:
            await trio.to_thread.run_sync(make_room, self._state_folder, spec.state_bytes)
        except (FolderUnusable, OSError) as error:
            log.warning("nothing is kept of prompts: %s", error)
            return ""
        return str(state_folder_of(self._state_folder, spec.file))


def load_of(spec: EngineSpec, state_folder: str) -> Load:
    """What a worker is told to load; what it remembers is kept in the folder, unless it is ""."""
    return Load(
        name=spec.name,
        file=spec.file,
        context_tokens=spec.context_tokens,
        cells=spec.context_tokens * WINDOWS,
        slots=spec.slots,
        sequences=spec.slots * SEQUENCES_PER_SLOT,
        threads=engine_threads(),
        gpu_layers=GPU_LAYERS,
        state_folder=state_folder,
        state_bytes=spec.state_bytes if state_folder else 0,
        embeddings=spec.embeddings,
    )
