"""llama.cpp itself, by way of llama-cpp-python's low-level API, in a worker process per model.

The abort flag is looked at by C between two operations, which stops a computation within
milliseconds (`llama_worker/`). All else is any worker's (`worker_engine`).
"""

from __future__ import annotations

import sys

from ...protocols.resources.need import MemoryNeed
from ..ports import EngineSpec
from .model_need import worker_need
from .worker_engine import SEQUENCES_PER_SLOT, WINDOWS, WorkerEngine

COMMAND = (sys.executable, "-P", "-m", f"{__package__}.llama_worker")


class LlamaDirect(WorkerEngine):
    """Runs GGUF models."""

    command = COMMAND

    async def reckoned(self, spec: EngineSpec) -> MemoryNeed:
        """See WorkerEngine.reckoned."""
        sequences = spec.slots * SEQUENCES_PER_SLOT
        return await worker_need(spec, windows=WINDOWS, sequences=sequences)
