"""MLX and mlx-lm: the one place that imports them.

They have no complete types and are not on every machine, so they are imported by name, and
everything of them is `Any` beyond this folder's own classes. Of mlx-lm we take the models, their
loading, and the caches that know how to be batched; its `BatchGenerator` chooses tokens itself, one
ahead of what it tells, and so can neither be held to a grammar nor be left at once, nor share a
prefix. The scheduler is ours (`protocols.engine.slots`), as it is for llama.cpp.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import os
from typing import Any, Final

BUFFERS_BYTES_MAX: Final = 512 * 1024 * 1024
"""Of memory that MLX has freed and keeps for its next arrays."""

# Nothing is fetched by a worker.
os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
mx: Any = importlib.import_module("mlx.core")
tree: Any = importlib.import_module("mlx.utils")
caches: Any = importlib.import_module("mlx_lm.models.cache")
loading: Any = importlib.import_module("mlx_lm.utils")
tokenizers: Any = importlib.import_module("tokenizers")
numpy: Any = importlib.import_module("numpy")


def build() -> str:
    """The name of this library: states written by another build are not read by this one."""
    version = importlib.metadata.version
    return f"mlx-lm {version('mlx-lm')} mlx {version('mlx')} {'metal' if has_gpu() else 'cpu'}"


def has_gpu() -> bool:
    """Whether it computes on a GPU."""
    return bool(mx.metal.is_available()) or str(mx.default_device()).startswith("Device(gpu")


def start() -> None:
    """Prepares the library; once, before anything else."""
    mx.set_cache_limit(BUFFERS_BYTES_MAX)
    # On Apple silicon: weights that are used at every step shall not be paged out.
    loading.maybe_set_recommended_wired_limit()
