"""MLX models, each in a worker process: mlx-lm's models behind our own scheduler (`mlx_worker/`).

A model is a folder. Whether it can be run is looked at before anything is started: the packages,
the folder's JSON, and whether the files of its weights are whole.

MLX's arrays are private memory, weights too. The cache of a sequence is its own, and a batch pads
short ones to the length of the longest (`mlx_worker/batch.py`): both are in the need.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import trio

from ...protocols.resources.need import MemoryNeed
from ..memory.memory import open_memory
from ..models.mlx_folder import MlxFolder, read_mlx_folder, weight_files
from ..models.scan import Scan
from ..ports import EngineError, EngineSpec
from .taken_memory import TakenMemory
from .worker_engine import WINDOWS, WorkerEngine

COMMAND: Final = (sys.executable, "-P", "-m", f"{__package__}.mlx_worker")
PACKAGES: Final = ("mlx", "mlx_lm")
INSTALL: Final = "pip install 'understudy[mlx]'"
SEEN_FOLDER: Final = "needs"
"""Beside the folder of prefixes: what processes of models were seen to hold."""
MEBIBYTE: Final = 1024 * 1024
PROCESS_BYTES: Final = 160 * MEBIBYTE
"""A worker without a model: Python, MLX, mlx-lm and what that imports (Linux, CPython 3.11)."""
ACTIVATIONS_BYTES: Final = 256 * MEBIBYTE
"""What a part of a prompt is computed in, and what MLX keeps of freed memory meanwhile."""
PADDING_PERCENT: Final = 25
PADDING_TOKENS: Final = 1024
"""See `mlx_worker/batch.py`."""


class MlxDirect(WorkerEngine):
    """Runs folders with MLX models."""

    command = COMMAND

    async def reckoned(self, spec: EngineSpec) -> MemoryNeed:
        """See WorkerEngine.reckoned."""
        problem = mlx_problem()
        if problem:
            raise EngineError(f"model folder {spec.file}: {problem}")
        return await trio.to_thread.run_sync(_need, spec)


def mlx_problem() -> str:
    """Why no MLX model can run here, "" if one can. Nothing is imported for that."""
    lacking = [name for name in PACKAGES if find_spec(name) is None]
    if not lacking:
        return ""
    if sys.platform not in ("darwin", "linux"):
        return f"MLX is not made for {sys.platform}"
    return f"{' and '.join(lacking)} cannot be imported; run: {INSTALL}"


def open_mlx(state_folder: Path, report: Callable[[str, float], None]) -> MlxDirect:
    """The engine, with what it keeps in these folders."""
    taken = TakenMemory(state_folder.with_name(SEEN_FOLDER), open_memory(), "mlx-lm")
    return MlxDirect(state_folder, report, taken=taken)


def _need(spec: EngineSpec) -> MemoryNeed:
    folder = Path(spec.file)
    found = _checked(folder)
    window = min(spec.context_tokens, found.facts.context_tokens or spec.context_tokens)
    padded = WINDOWS * window * (100 + PADDING_PERCENT) // 100 + PADDING_TOKENS
    cache_bytes = padded * found.facts.token_bytes
    return MemoryNeed(
        weights_bytes=sum(file.stat().st_size for file in weight_files(folder)),
        cache_bytes=cache_bytes,
        buffers_bytes=PROCESS_BYTES + ACTIVATIONS_BYTES,
        context_tokens=window,
        token_bytes=cache_bytes // window,
    )


def _checked(folder: Path) -> MlxFolder:
    """What the folder says. Raises EngineError if it cannot be run."""
    where = f"model folder {folder}"
    if not folder.is_absolute():
        raise EngineError(f"{where}: not an absolute path; write the whole path")
    if folder.is_file():
        raise EngineError(f'{where}: a file; a GGUF is run with engine = "llama.cpp"')
    if not folder.is_dir():
        raise EngineError(f"{where}: no such folder; check the path")
    if not weight_files(folder):
        raise EngineError(f"{where}: it has no model*.safetensors; is it a model in MLX's form?")
    try:
        found = read_mlx_folder(Scan(), folder)
    except OSError as error:
        raise EngineError(f"{where}: cannot be read: {error.strerror}") from error
    if found.problem:
        raise EngineError(f"{where}: {found.problem}")
    return found
