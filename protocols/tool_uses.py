"""Which conversation a tool's call belongs to: told by the id that its answer gave to the call.

A client that calls a tool of ours says under which id the model asked for it. The server has seen
that id a moment before, in an answer that it passed on, and knows whose answer it was. Ids are kept
for a day, and never as they are: what is kept is their digest under a key that is made of the
server's token, so that nobody can look up there whose call one was.

Some models number their calls anew in each answer (`call_0`): such an id is of several
conversations, and says of none that it is this one.
"""

from __future__ import annotations

import hashlib
from typing import Final

import attrs

from .account import NAME_CHARACTERS_MAX
from .actor import Message, Note

TOOL_USE_SECONDS: Final = 86_400.0
"""How long an id is known."""
TOOL_USES_MAX: Final = 20_000
"""Ids that are known at a time; one more and the oldest is forgotten."""
CONVERSATIONS_PER_ID_MAX: Final = 16
"""So many are told of those that have made calls with the same id; there may be more then."""
RECENT_CONVERSATIONS: Final = 10

EARLIER: Final = 0
"""The number of all that was before the server was started."""
KEY_BYTES: Final = 32
DIGEST_BYTES: Final = 16


@attrs.frozen
class ToolUse:
    """A call that a model has asked for: the digest of its id, whose it is, and since when.

    `seen_at` is in seconds since 1970 (UTC).
    """

    key: str
    conversation: str
    seen_at: float


@attrs.frozen
class NoteToolUses(Note):
    """To conversations: an answer to this one asks for calls with these ids.

    `prompt` marks the message of the user's that is answered (switching/typed.py), also by the
    sub-agents that are asked for it; "" where it is not known.
    """

    conversation: str
    ids: tuple[str, ...]
    prompt: str = ""


@attrs.frozen
class FindToolUse(Message[tuple[str, ...]]):
    """To conversations: whose call is this? Of none if it is not known; of several, ambiguous."""

    id: str


@attrs.frozen
class Asked:
    """When a model has asked for a call, and in answer to which message of the user's.

    `number` is its place in the order of all that models ask for and users choose. It is counted,
    not timed: two in one moment have an order, too, and no clock that is set back changes it.
    """

    number: int = EARLIER
    prompt: str = ""


@attrs.frozen
class FindAsked(Message[Asked]):
    """To conversations: when was this call asked for? One without an id is asked for now."""

    conversation: str
    id: str


@attrs.frozen
class RecentConversation:
    """A conversation as it may be told to a model: no word of what was said in it.

    `last_at` is in seconds since 1970 (UTC).
    """

    conversation: str
    model: str
    turns: int
    last_at: float


@attrs.frozen
class FindRecentConversations(Message[tuple[RecentConversation, ...]]):
    """To conversations: which were used last? The newest first."""

    limit: int = RECENT_CONVERSATIONS


def key_of_token(token: str) -> bytes:
    """The key under which ids are kept; from it the token cannot be told."""
    return hashlib.blake2b(token.encode(), digest_size=KEY_BYTES, person=b"tool-use-ids").digest()


def sealed(key: bytes, tool_use: str) -> str:
    """The digest of an id, of which no more counts than accounts of answers keep."""
    said = tool_use[:NAME_CHARACTERS_MAX].encode("utf-8", "replace")
    return hashlib.blake2b(said, digest_size=DIGEST_BYTES, key=key).hexdigest()
