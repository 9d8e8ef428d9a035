"""Loads a model with MLX and puts a worker together."""

from __future__ import annotations

import time
from collections.abc import Callable

import psutil

from ....protocols.engine.messages import Load, Loading, Sampling
from ..chat_template import SpecialTexts
from ..worker.calibration import calibrate
from ..worker.file_identity import file_identity
from ..worker.mailbox import Mailbox
from ..worker.model import Loaded, LoadError
from ..worker.shared_page import SharedPage
from ..worker.start import Running, Tell, worker_of
from . import library
from .context import READ_TOKENS_MAX, Context
from .draw import Draw
from .folder import CONFIG, ModelFolder
from .grammar import Grammars
from .network import Network
from .vocabulary import TOKENIZER, Vocabulary

CONTEXT_TOKENS_MIN = 16
WARMING_TOKENS = 16
NO_VECTORS = (
    "the MLX engine makes no vectors of texts; give the endpoint for embeddings a GGUF file and"
    ' engine = "llama.cpp"'
)


def begin(load: Load, mailbox: Mailbox, page: SharedPage, tell: Tell) -> Running:
    """See worker.start.Begin."""
    if load.embeddings:
        raise LoadError(NO_VECTORS)
    library.start()
    return worker_of(_loaded(load, page, tell), mailbox, page)


def _loaded(load: Load, page: SharedPage, tell: Tell) -> Loaded:
    folder = ModelFolder.read(load.file)
    network = Network(folder, lambda fraction: tell(Loading(fraction)))
    vocabulary = _vocabulary(folder, network)
    context_tokens = _window(load, network)
    # A window that was made smaller takes its part of the cells.
    cells = max(load.cells * context_tokens // load.context_tokens, context_tokens)
    _check_memory(network, cells)
    context = Context(
        network,
        cells=cells,
        sequences=max(load.sequences, load.slots),
        batch_tokens=READ_TOKENS_MAX + load.slots,
        known=vocabulary.known,
        is_set=lambda: page.is_set,
    )
    _warm(context)
    clock = _clock()
    grammars = Grammars(vocabulary)

    def draw(sampling: Sampling, seed: int) -> Draw:
        return Draw(sampling, folder.defaults, seed, context, vocabulary, grammars)

    return Loaded(
        load,
        vocabulary,
        context,
        context_tokens,
        template=folder.template,
        template_with_tools=folder.template_with_tools,
        special=SpecialTexts(vocabulary.bos, vocabulary.eos, vocabulary.adds_bos),
        draw=draw,
        # How many decode together is not for the scheduler to choose: whoever is left out of a
        # batch is copied out of it.
        measured=calibrate(context, 0, clock),
        identity=file_identity(folder.path / CONFIG, folder.path / TOKENIZER, *folder.weights()),
        build=library.build(),
        clock=clock,
        shares_cells=False,
    )


def _vocabulary(folder: ModelFolder, network: Network) -> Vocabulary:
    width = int(network.logits([[0]], network.caches()).shape[-1])
    return Vocabulary(folder.path, width, folder.ends, folder.eos, folder.bos)


def _window(load: Load, network: Network) -> int:
    """The window that the model has: what was asked for, if it was trained for so much."""
    if load.context_tokens < CONTEXT_TOKENS_MIN:
        raise LoadError(
            f"context_tokens is {load.context_tokens}; at least {CONTEXT_TOKENS_MIN} are needed"
        )
    return min(load.context_tokens, network.config.context_tokens or load.context_tokens)


def _warm(context: Context) -> None:
    """Has kernels compiled that would make the first steps look slow."""
    tokens = range(WARMING_TOKENS)
    context.decode(tokens, tokens, [0] * WARMING_TOKENS, bytes(WARMING_TOKENS - 1) + b"\1")
    context.forget_all()


def _clock() -> Callable[[], float]:
    """What a computation's seconds are read from: a processor computes in threads of its own, which
    other programs may keep waiting; a GPU computes while nobody here does."""
    return time.monotonic if library.has_gpu() else time.process_time


def _check_memory(network: Network, cells: int) -> None:
    needed = network.config.token_bytes * cells
    free = psutil.virtual_memory().available
    if needed > free and not library.has_gpu():
        raise LoadError(
            f"the cache of {cells} tokens takes {needed / 1e9:.1f} GB and {free / 1e9:.1f} GB of"
            " memory are free: make context_tokens or slots smaller, or use a smaller model"
        )
