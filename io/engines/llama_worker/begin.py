"""Loads a model with llama.cpp's library, for a worker that answers or for one that embeds."""

from __future__ import annotations

from ....protocols.engine.messages import Load, Ready
from ..worker.mailbox import NO_REQUEST, Mailbox
from ..worker.shared_page import SharedPage
from ..worker.start import Running, Tell, worker_of
from . import library
from .embedding import EmbeddingWorker, embedding_context
from .loading import load_model, load_weights


def begin(load: Load, mailbox: Mailbox, page: SharedPage, tell: Tell) -> Running:
    """See worker.start.Begin."""
    library.start()
    if not load.embeddings:
        return worker_of(load_model(load, page.address, tell), mailbox, page)
    weights = load_weights(load, tell)
    context = embedding_context(weights, load, page.address)
    tokens = context.batch_tokens
    mailbox.send(NO_REQUEST, Ready("", tokens, tokens, 0, tokens, 0.0, library.build()))
    return EmbeddingWorker(mailbox, page, weights, context)
