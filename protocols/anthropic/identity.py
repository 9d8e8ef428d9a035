"""Who is talking: which conversation a request belongs to, and whether the client said so.

Claude Code sends its session id in a header, and the same inside `metadata.user_id`. A client that
sends neither is known by the first message of its history, which it sends again with every turn:
enough to keep its turns together, not enough to say that two equal requests are one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

import attrs
import msgspec

from .request import MessagesRequest, user_id_session

SESSION_HEADER = b"x-claude-code-session-id"
AGENT_HEADER = b"x-claude-code-agent-id"
ID_CHARACTERS_MAX = 128

_UNFIT = re.compile(r"[^A-Za-z0-9._:-]")


@attrs.frozen
class Identity:
    """`conversation` names it; `named` if the client did; `agent` is its sub-agent or ""."""

    conversation: str
    named: bool
    agent: str


def identify(headers: Mapping[bytes, bytes], request: MessagesRequest) -> Identity:
    """Finds the identity; headers by their lower-case names."""
    agent = _fit(headers.get(AGENT_HEADER, b"").decode("latin-1"))
    said = headers.get(SESSION_HEADER, b"").decode("latin-1") or user_id_session(request)
    session = _fit(said)
    if session:
        return Identity(session, True, agent)
    try:
        first = msgspec.json.decode(request.json.raw("messages"), type=list[msgspec.Raw])[:1]
    except (msgspec.MsgspecError, RecursionError):
        first = []
    digest = hashlib.blake2b(bytes(first[0]) if first else b"", digest_size=8).hexdigest()
    return Identity(f"first-message:{digest}", False, agent)


def _fit(said: str) -> str:
    """An id in characters that can be shown and stored; what else it had is left out."""
    return _UNFIT.sub("", said)[:ID_CHARACTERS_MAX]
