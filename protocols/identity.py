"""Who is talking: which conversation a request belongs to, and whether the client said so.

Claude Code sends its session id in a header, and the same inside `metadata.user_id`; other clients
have headers of their own, and Responses may name a conversation that the endpoint keeps. One that
sends nothing is known by its history, which it sends again with every turn: by the mark of a reply
of ours in it, or by words that something was chosen with (switching/history_marks.py), else by its
first message: enough to keep its turns together, not enough to say that two equal requests are one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

import attrs
import msgspec

from .anthropic.request import user_id_session
from .json_values import object_of, text_of
from .openai_responses.reasoning import NAME as RESPONSES
from .request import ServedRequest
from .switching.history_marks import FIRST_MESSAGE, HistoryMarks

SESSION_HEADER = b"x-claude-code-session-id"
AGENT_HEADER = b"x-claude-code-agent-id"
SESSION_HEADERS = (SESSION_HEADER, b"session_id", b"session-id", b"x-session-id")
"""Where clients say which conversation it is: Claude Code, Codex (two spellings), and others."""
ID_CHARACTERS_MAX = 128

_UNFIT = re.compile(r"[^A-Za-z0-9._:-]")


@attrs.frozen
class Identity:
    """`conversation` names it; `named` if the client did; `agent` is its sub-agent or ""."""

    conversation: str
    named: bool
    agent: str


def identify(
    headers: Mapping[bytes, bytes], request: ServedRequest, marks: HistoryMarks
) -> Identity:
    """Finds the identity; headers by their lower-case names."""
    agent = _fit(headers.get(AGENT_HEADER, b"").decode("latin-1"))
    said = next((headers[name] for name in SESSION_HEADERS if headers.get(name)), b"")
    named = said.decode("latin-1") or user_id_session(request) or _kept_conversation(request)
    session = _fit(named)
    if session:
        return Identity(session, True, agent)
    if found := marks.find(request):
        return Identity(found, False, agent)
    digest = hashlib.blake2b(_first_message(request), digest_size=8).hexdigest()
    return Identity(FIRST_MESSAGE + digest, False, agent)


def _first_message(request: ServedRequest) -> bytes:
    """The first message's own bytes; a history that is one text is its own beginning."""
    if request.history is not None:
        return bytes(request.history[0]) if request.history else b""
    history = request.json.raw(request.question_keys[0])
    return b"" if history.startswith(b"[") else history


def _kept_conversation(request: ServedRequest) -> str:
    """The conversation that a Responses request adds to: an id, or an object with one."""
    raw = request.json.raw("conversation") if request.dialect == RESPONSES else b""
    try:
        value = msgspec.json.decode(raw) if raw else ""
    except (msgspec.MsgspecError, RecursionError):
        return ""
    return text_of(value) or text_of(object_of(value).get("id"))


def _fit(said: str) -> str:
    """An id in characters that can be shown and stored; what else it had is left out."""
    return _UNFIT.sub("", said)[:ID_CHARACTERS_MAX]
