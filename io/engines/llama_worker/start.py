"""Puts a worker together: the model, its template, its scheduler and what it remembers."""

from __future__ import annotations

import sys
from datetime import datetime

from ....protocols.engine.messages import Chat, Load, LoadFailed, Loading, Ready
from ....protocols.engine.prefix_store import PrefixStore, store_identity
from ....protocols.engine.slots import Slots
from ....protocols.engine.step import Limits
from ....protocols.model_format.formats import format_of
from ..chat_template import ChatTemplate, SpecialTexts
from ..template_sandbox import TemplateRefused
from . import library
from .asking import Asking
from .embedding import EmbeddingWorker, embedding_context
from .loading import Loaded, file_identity, load_model, load_weights
from .mailbox import NO_REQUEST, Mailbox
from .memory import Memory
from .pace import Pace
from .prompts import BadChat, Prompts
from .shared_page import SharedPage
from .state_files import StateFiles
from .weights import LoadError, Weights
from .worker import Worker

LAST_WORDS_SECONDS = 5.0
NONSENSE = (LookupError, TypeError, AttributeError, ValueError, RecursionError)
"""What comes of messages without roles, arguments that are no objects and the like, somewhere in
the code of a format or a template; a TemplateRefused is a ValueError."""


def start(load: Load, mailbox: Mailbox, page: SharedPage) -> Worker | EmbeddingWorker | None:
    """Loads the model and says so, or says why not: then there is no worker."""
    library.start()

    def tell(message: Loading) -> None:
        mailbox.send(NO_REQUEST, message)
        mailbox.flush_within(0.0)

    try:
        if load.embeddings:
            return _embedding_worker(load, load_weights(load, tell), mailbox, page)
        return _worker(load_model(load, page.address, tell), mailbox, page)
    except (LoadError, TemplateRefused) as error:
        mailbox.send(NO_REQUEST, LoadFailed(str(error)))
        mailbox.flush_within(LAST_WORDS_SECONDS)
        return None


def _embedding_worker(
    load: Load, weights: Weights, mailbox: Mailbox, page: SharedPage
) -> EmbeddingWorker:
    context = embedding_context(weights, load, page.address)
    tokens = context.batch_tokens
    mailbox.send(NO_REQUEST, Ready("", tokens, tokens, 0, tokens, 0.0, library.build()))
    return EmbeddingWorker(mailbox, page, weights, context)


def _worker(loaded: Loaded, mailbox: Mailbox, page: SharedPage) -> Worker:
    load, weights, measured = loaded.load, loaded.weights, loaded.measured
    form = format_of(weights.template)
    vocabulary = weights.vocabulary
    special = SpecialTexts(vocabulary.bos, vocabulary.eos, vocabulary.adds_bos)
    template = ChatTemplate.load(weights.template, form, datetime.now, special)

    def render(chat: Chat) -> str:
        try:
            return template.render(chat)
        except NONSENSE as error:
            raise BadChat(f"this chat cannot be shown to the model: {error}") from error

    limits = Limits(
        context_tokens=loaded.context_tokens,
        cells=loaded.context.cells,
        slots=load.slots,
        sequences=max(load.sequences, load.slots),
        cuttable=measured.cuttable,
    )
    store, files = _store(loaded)
    restored = files.register(store) if store and files else 0
    slots = Slots(limits, measured.costs, store)
    prompts = Prompts(vocabulary, render)
    pace = Pace(measured.prefill_tokens, loaded.context.batch_tokens - load.slots)
    ready = Ready(
        form.name,
        limits.context_tokens,
        limits.cells,
        measured.costs.state_bytes_per_token,
        pace.prefill_tokens,
        measured.step_seconds,
        library.build(),
        restored,
    )
    mailbox.send(NO_REQUEST, ready)
    return Worker(
        mailbox,
        page,
        loaded.context,
        slots,
        Memory(loaded.context, slots, store, files),
        pace,
        prompts,
        Asking(weights, prompts, form),
        abortable=measured.abortable,
    )


def _store(loaded: Loaded) -> tuple[PrefixStore | None, StateFiles | None]:
    load = loaded.load
    if not load.state_folder or load.state_bytes <= 0:
        return None, None
    try:
        files = StateFiles(load.state_folder, load.name)
    except OSError as error:
        sys.stderr.write(f"nothing is kept in {load.state_folder}: {error.strerror}\n")
        return None, None
    identity = store_identity(file_identity(load.file), loaded.weights.template, library.build())
    return PrefixStore(identity, loaded.measured.costs, load.state_bytes), files
