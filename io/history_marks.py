"""The marks of a server as it starts: by its token, with what was chosen before."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from ..protocols.switching.choice import NO_CHOICE, stored_choice
from ..protocols.switching.history_marks import BEGUN, TAILS_MAX, HistoryMarks
from ..protocols.switching.mark import MARKED, NONCE_BYTES, mark_key
from .ports import State, StateError


def open_marks(token: str = "") -> HistoryMarks:
    """The marks of a server with this token; without one they end with the server."""
    return HistoryMarks(mark_key(token or secrets.token_hex()), draw_nonce)


def draw_nonce() -> bytes:
    """A nonce that nobody can guess."""
    return secrets.token_bytes(NONCE_BYTES)


async def kept_marks(token: str, state: State, report: Callable[[str], None]) -> HistoryMarks:
    """The marks of a server with this token, which know what was chosen before it was started."""
    marks = open_marks(token)
    await recall(marks, state, report)
    return marks


async def recall(marks: HistoryMarks, state: State, report: Callable[[str], None]) -> None:
    """Reads what was chosen in conversations that are known by their words alone, and what stood
    before the marks of others."""
    try:
        records = await state.named(BEGUN, limit=marks.prefixes_max)
        marked = await state.named(MARKED, limit=TAILS_MAX)
    except StateError as error:
        report(f"what was chosen in conversations without a name is not known: {error}")
        return
    for record in reversed(records):
        choice = stored_choice(record.choice)
        if choice != NO_CHOICE:
            marks.recall(record.conversation, choice)
    for record in reversed(marked):
        if tail := stored_choice(record.choice).tail:
            marks.recall_tail(tail)
