"""Loading a model: from a `Load` to everything that a worker runs on, or words why not.

A window larger than the model was trained for is made as large as that; `Ready` tells. A cache that
the machine's free memory cannot hold is refused before it is asked for: systems that overcommit
would grant it, and kill somebody when it is used.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Final

import attrs
import psutil

from ....protocols.engine.messages import Load, Loading
from .calibration import Measured, calibrate
from .context import Context
from .library import llama
from .pace import PREFILL_TOKENS_MAX
from .weights import LoadError, Weights

PROGRESS_SECONDS: Final = 0.1
CONTEXT_TOKENS_MIN: Final = 16
IDENTITY_SAMPLES: Final = 64
IDENTITY_SAMPLE_BYTES: Final = 64 * 1024


@attrs.frozen
class Loaded:
    """A model that is ready to answer."""

    load: Load
    weights: Weights
    context: Context
    context_tokens: int
    measured: Measured


def load_weights(load: Load, tell: Callable[[Loading], None]) -> Weights:
    """Reads the model, telling how far it is. Raises LoadError."""
    told_seconds = time.monotonic()

    def progress(fraction: float) -> None:
        nonlocal told_seconds
        now = time.monotonic()
        if now - told_seconds >= PROGRESS_SECONDS or fraction >= 1:
            told_seconds = now
            tell(Loading(fraction))

    return Weights(load.file, load.gpu_layers, progress)


def load_model(load: Load, flag: int, tell: Callable[[Loading], None]) -> Loaded:
    """Loads a model that answers, and measures it. Raises LoadError."""
    weights = load_weights(load, tell)
    context_tokens = window(load, weights)
    sequences = max(load.sequences, load.slots)
    # A window that was made smaller takes its part of the cells.
    cells = max(load.cells * context_tokens // load.context_tokens, context_tokens)
    _check_memory(weights, cells)
    context = Context(
        weights,
        cells=cells,
        sequences=sequences,
        batch_tokens=PREFILL_TOKENS_MAX + sequences,
        threads=max(load.threads, 1),
        flag=flag,
    )
    return Loaded(load, weights, context, context_tokens, calibrate(context, sequences))


def window(load: Load, weights: Weights) -> int:
    """The window that the model has: what was asked for, if it was trained for so much."""
    if load.context_tokens < CONTEXT_TOKENS_MIN:
        raise LoadError(
            f"context_tokens is {load.context_tokens}; at least {CONTEXT_TOKENS_MIN} are needed"
        )
    return min(load.context_tokens, weights.trained_tokens or load.context_tokens)


def file_identity(file: str) -> str:
    """A name of what is in a file, from its size and samples of it: the whole takes too long."""
    path = Path(file)
    size = path.stat().st_size
    digest = blake2b(str(size).encode(), digest_size=16)
    with path.open("rb") as stream:
        for sample in range(IDENTITY_SAMPLES):
            stream.seek(max(0, (size - IDENTITY_SAMPLE_BYTES) * sample // (IDENTITY_SAMPLES - 1)))
            digest.update(stream.read(IDENTITY_SAMPLE_BYTES))
    return digest.hexdigest()


def _check_memory(weights: Weights, cells: int) -> None:
    needed = weights.cache_bytes_per_token * cells
    free = psutil.virtual_memory().available
    if needed > free and not llama.llama_supports_gpu_offload():
        raise LoadError(
            f"the cache of {cells} tokens takes {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB of"
            " memory are free: make context_tokens or slots smaller, or use a smaller model"
        )
