"""Loading a model: from a `Load` to everything that a worker runs on, or words why not.

A window larger than the model was trained for is made as large as that; `Ready` tells. A cache that
the machine's free memory cannot hold is refused before it is asked for: systems that overcommit
would grant it, and kill somebody when it is used.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

import psutil

from ....protocols.engine.messages import Load, Loading, Sampling
from ..chat_template import SpecialTexts
from ..worker.calibration import calibrate
from ..worker.file_identity import file_identity
from ..worker.model import Loaded, LoadError
from ..worker.pace import PREFILL_TOKENS_MAX
from . import library
from .candidates import Candidates
from .context import Context
from .draw import Draw
from .library import llama
from .sampler import defaults_of
from .weights import Weights

PROGRESS_SECONDS: Final = 0.1
CONTEXT_TOKENS_MIN: Final = 16


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
    clock = compute_clock(abortable=context.obeys_flag())
    vocabulary, defaults = weights.vocabulary, defaults_of(weights)
    candidates = Candidates(vocabulary.size)

    def draw(sampling: Sampling, seed: int) -> Draw:
        return Draw(sampling, defaults, seed, context, vocabulary, candidates)

    return Loaded(
        load,
        vocabulary,
        context,
        context_tokens,
        template=weights.template,
        template_with_tools="",
        special=SpecialTexts(vocabulary.bos, vocabulary.eos, vocabulary.adds_bos),
        draw=draw,
        measured=calibrate(context, sequences, clock),
        identity=file_identity(load.file),
        build=library.build(),
        clock=clock,
    )


def window(load: Load, weights: Weights) -> int:
    """The window that the model has: what was asked for, if it was trained for so much."""
    if load.context_tokens < CONTEXT_TOKENS_MIN:
        raise LoadError(
            f"context_tokens is {load.context_tokens}; at least {CONTEXT_TOKENS_MIN} are needed"
        )
    return min(load.context_tokens, weights.trained_tokens or load.context_tokens)


def compute_clock(*, abortable: bool) -> Callable[[], float]:
    """What a computation's seconds are read from.

    Where the flag stops it, it runs on the processor, and this thread takes part in it: the time
    that it has had there is what the computation costs. Other programs that have the processor
    meanwhile would make steps look slow, and smaller steps would only cost more. A GPU computes
    while this thread sleeps.
    """
    return time.thread_time if abortable else time.monotonic


def _check_memory(weights: Weights, cells: int) -> None:
    needed = weights.cache_bytes_per_token * cells
    free = psutil.virtual_memory().available
    if needed > free and not llama.llama_supports_gpu_offload():
        raise LoadError(
            f"the cache of {cells} tokens takes {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB of"
            " memory are free: make context_tokens or slots smaller, or use a smaller model"
        )
