"""Puts a worker together: the model, its template, its scheduler and what it remembers."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import datetime
from typing import Final, NoReturn, Protocol

from ....protocols.engine.messages import Chat, Load, LoadFailed, Loading, Ready
from ....protocols.engine.prefix_store import PrefixStore, store_identity
from ....protocols.engine.slots import Slots
from ....protocols.engine.step import Limits
from ....protocols.model_format.formats import format_of
from ..chat_template import ChatTemplate
from ..template_sandbox import TemplateRefused
from .asking import Asking
from .mailbox import NO_REQUEST, Mailbox
from .memory import Memory
from .model import Loaded, LoadError
from .pace import Pace
from .prompts import BadChat, Prompts
from .shared_page import SharedPage
from .state_files import StateFiles
from .worker import Worker

LAST_WORDS_SECONDS: Final = 5.0
NONSENSE: Final = (LookupError, TypeError, AttributeError, ValueError, RecursionError)
"""What comes of messages without roles, arguments that are no objects and the like, somewhere in
the code of a format or a template; a TemplateRefused is a ValueError."""

Tell = Callable[[Loading], None]
"""Tells the parent how far a load is."""


class Running(Protocol):
    """A worker of any kind, its model loaded."""

    def run(self) -> NoReturn:
        """Works until the parent is gone. Raises ParentGone, FrameNonsense or Garbage."""
        ...


Begin = Callable[[Load, Mailbox, SharedPage, Tell], Running]
"""Loads a model with some library. Raises LoadError or TemplateRefused."""


def start(load: Load, mailbox: Mailbox, page: SharedPage, begin: Begin) -> Running | None:
    """Loads the model and says so, or says why not: then there is no worker."""

    def tell(message: Loading) -> None:
        mailbox.send(NO_REQUEST, message)
        mailbox.flush_within(0.0)

    try:
        return begin(load, mailbox, page, tell)
    except (LoadError, TemplateRefused) as error:
        mailbox.send(NO_REQUEST, LoadFailed(str(error)))
        mailbox.flush_within(LAST_WORDS_SECONDS)
        return None


def worker_of(loaded: Loaded, mailbox: Mailbox, page: SharedPage) -> Worker:
    """The worker that answers with this model; says that it is ready. Raises TemplateRefused."""
    load, measured = loaded.load, loaded.measured
    form = format_of(loaded.template or loaded.template_with_tools)
    template = ChatTemplate.load(
        loaded.template, form, datetime.now, loaded.special, loaded.template_with_tools
    )

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
        shares=loaded.shares_cells,
    )
    store, files = _store(loaded)
    restored = files.register(store) if store and files else 0
    slots = Slots(limits, measured.costs, store)
    prompts = Prompts(loaded.vocabulary, render)
    pace = Pace(measured.prefill_tokens, loaded.context.batch_tokens - load.slots)
    ready = Ready(
        form.name,
        limits.context_tokens,
        limits.cells,
        measured.costs.state_bytes_per_token,
        pace.prefill_tokens,
        measured.step_seconds,
        loaded.build,
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
        Asking(loaded.vocabulary, prompts, form, loaded.draw),
        loaded.clock,
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
    template = loaded.template + loaded.template_with_tools
    identity = store_identity(loaded.identity, template, loaded.build)
    return PrefixStore(identity, loaded.measured.costs, load.state_bytes), files
