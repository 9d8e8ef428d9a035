"""What has been said in a conversation, as its client tells it again with each request: digests.

A client that names no conversation is known by its history alone. So that a history stays the same
one however it is written, only the words of the user and of the model count, each message with its
role: not whether a message is a string or blocks, not white space, marks for caches, the order of
members, system messages, thinking, tools and their results, nor what is no text.

A digest covers all messages up to one. It is a chain: each message is hashed with the digest of
those before it, so that all digests of a history cost one reading of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

import msgspec

from ..conversation.blocks import Block, Text
from ..dialects import SERVED
from ..openai_responses.errors import PREVIOUS
from ..openai_responses.reasoning import NAME as RESPONSES
from ..request import BadRequest, ServedRequest
from .common_form import common_words

DIGEST_BYTES: Final = 16
NOTHING_SAID: Final = bytes(DIGEST_BYTES)
"""The digest of an empty history."""

KEPT_ELSEWHERE: Final = (PREVIOUS, "conversation")
"""Members of a Responses request that leave its history to who has kept it."""
ONE_TEXT: Final = ("openai-completions", "ollama-generate")
"""Forms of request that have one text and no history."""

_SPACE: Final = b" \t\n\v\f\r"
_MARK: Final = re.compile(r"\[understudy:([a-z2-7]{26})\]\s*\Z")


class Said(msgspec.Struct, frozen=True, gc=False):
    """One message that holds words, or a message of the model's that holds none.

    `mark` is what stands at the end of a message of the model's as a mark of ours, and is no part
    of its text. `digest` covers all texts up to this one, without their marks. `unsigned` covers
    all texts and marks before this message, and its text alone: what a mark at its end signs;
    `marked` that mark as well. A struct, because a request may make thousands: it is made in a
    tenth of the time, and no collection of garbage walks over it.
    """

    role: str
    mark: str
    digest: bytes
    unsigned: bytes
    marked: bytes


def history_of(request: ServedRequest) -> tuple[Said, ...]:
    """Reads the history of a request. One that cannot be read has none."""
    return chained(words_of(request))


def words_of(request: ServedRequest) -> list[tuple[str, str]]:
    """What was said in a request, message by message: the role, and the words with their mark."""
    common = common_words(request)
    return read_words(request) if common is None else common


def read_words(request: ServedRequest) -> list[tuple[str, str]]:
    """The same, of any form, by the reader of its dialect."""
    served = SERVED.get(request.dialect)
    if served is None:
        return []
    try:
        messages = served.conversation(request).messages
    except BadRequest:
        return []
    return [(each.role, _words(each.blocks)) for each in messages if each.role != "system"]


def chained(messages: Iterable[tuple[str, str]]) -> tuple[Said, ...]:
    """The history of messages that are a role and a text each."""
    history: list[Said] = []
    bare = marked = NOTHING_SAID
    for role, words in messages:
        found = _MARK.search(words) if role == "assistant" else None
        mark = found[1] if found else ""
        text = normal(words[: found.start()] if found else words)
        if not text and not mark:
            if role == "assistant":
                history.append(Said(role, "", bare, marked, marked))
            continue
        same = bare == marked
        unsigned = linked(marked, role, text)
        bare = unsigned if same else linked(bare, role, text)
        marked = linked(unsigned, "mark", mark.encode()) if mark else unsigned
        history.append(Said(role, mark, bare, unsigned, marked))
    return tuple(history)


def mark_in(words: str) -> str:
    """What stands at the end of a message as a mark of ours; "" if nothing does."""
    found = _MARK.search(words)
    return found[1] if found else ""


def linked(before: bytes, role: str, text: bytes) -> bytes:
    """The digest of a history that one message is added to; `text` in its normal form."""
    link = before + role.encode() + b":" + text
    return hashlib.blake2b(link, digest_size=DIGEST_BYTES).digest()


def normal(words: str) -> bytes:
    """A text without its white space: clients change it when they join blocks, or trim."""
    return words.strip().encode("utf-8", "surrogatepass").translate(None, _SPACE)


def is_kept_elsewhere(request: ServedRequest) -> bool:
    """Whether a request goes on from a history that the endpoint has kept, and we have not."""
    return request.dialect == RESPONSES and any(
        request.json.raw(key) not in (b"", b"null", b'""') for key in KEPT_ELSEWHERE
    )


def _words(blocks: Iterable[Block]) -> str:
    return "".join(block.text for block in blocks if isinstance(block, Text))
