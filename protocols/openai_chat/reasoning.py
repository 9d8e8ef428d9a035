"""Thinking in Chat Completions: for people to read, and to be given back.

The API itself shows no thinking; two habits of others do. `reasoning_content` (DeepSeek, vLLM,
llama.cpp; newer: `reasoning`) is plain text. `reasoning_details` (OpenRouter) is a list of entries
with signatures, which come in pieces told apart by `index`, and go back to the API as they came.

As an upstream: a thinking block's signature says which model wrote it, and in its payload how it
is to be given back: the name of the plain member, or the entries as JSON.

As served we write both: `reasoning_content` for whoever shows it, and entries with the signature,
as OpenRouter's clients collect and return them. Nothing else says whose thinking it is, so thinking
that a client gives back as plain text alone is nobody's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import msgspec

from ..conversation.blocks import RedactedThinking, Thinking
from ..conversation.origin import own_payload
from ..json_decoding import NotJson, decode_json
from ..json_values import objects_of, text_of
from .parts import DIALECT

PLAIN_MEMBERS = ("reasoning_content", "reasoning")
TEXT, SUMMARY, ENCRYPTED = "reasoning.text", "reasoning.summary", "reasoning.encrypted"
_PIECES = ("text", "summary", "data")
"""Members of an entry that come in pieces."""


def given_back(message: dict[str, Any]) -> list[Thinking | RedactedThinking]:
    """The thinking that a client gives back with an assistant's message."""
    entries = _merged(objects_of(message.get("reasoning_details")))
    if not entries:
        text = plain_thinking(message)
        return [Thinking(text)] if text else []
    blocks: list[Thinking | RedactedThinking] = []
    for entry in entries:
        if entry.get("type") == ENCRYPTED:
            data = text_of(entry.get("data"))
            blocks += [RedactedThinking(data)] if data else []
        else:
            text = entry_text(entry)
            signature = text_of(entry.get("signature")) if _is_ours(entry) else ""
            blocks += [Thinking(text, signature)] if text or signature else []
    return blocks


def plain_thinking(message: dict[str, Any]) -> str:
    """The thinking of a message or a delta as plain text. Some servers say it under both names."""
    return text_of(message.get("reasoning_content")) or text_of(message.get("reasoning"))


def entry_text(entry: dict[str, Any]) -> str:
    """What people can read of an entry."""
    return text_of(entry.get("text")) or text_of(entry.get("summary"))


def _is_ours(entry: dict[str, Any]) -> bool:
    """Whether an entry's signature is one that we have put there, or Anthropic's own."""
    form = entry.get("format")
    return form is None or form == "unknown" or text_of(form).startswith("anthropic")


@attrs.define
class Details:
    """The entries of one answer, put together from their pieces."""

    _entries: list[dict[str, Any]] = attrs.field(factory=list[dict[str, Any]])
    _pieces: list[dict[str, list[str]]] = attrs.field(factory=list[dict[str, list[str]]])
    _by_place: dict[tuple[Any, Any], int] = attrs.field(factory=dict[tuple[Any, Any], int])

    def __bool__(self) -> bool:
        return bool(self._entries)

    def add(self, entry: dict[str, Any]) -> int:
        """Takes an entry or a piece of one; returns how many characters of it are kept."""
        kind, index = text_of(entry.get("type")), entry.get("index")
        place = (kind, index) if isinstance(index, int) else (kind, f"{len(self._entries)}")
        number = self._by_place.setdefault(place, len(self._entries))
        if number == len(self._entries):
            self._entries.append({})
            self._pieces.append({})
        size = 0
        for key, value in entry.items():
            if key in _PIECES and isinstance(value, str):
                self._pieces[number].setdefault(key, []).append(value)
                size += len(value)
            elif value is not None or key not in self._entries[number]:
                self._entries[number][key] = value
                size += len(value) if isinstance(value, str) else 0
        return size

    def take(self) -> list[dict[str, Any]]:
        """The whole entries; what comes later makes new ones."""
        whole = [
            {**entry, **{key: "".join(texts) for key, texts in pieces.items()}}
            for entry, pieces in zip(self._entries, self._pieces, strict=True)
        ]
        self._entries.clear()
        self._pieces.clear()
        self._by_place.clear()
        return whole


def _merged(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    details = Details()
    for entry in entries:
        details.add(entry)
    return details.take()


def payload(entries: list[dict[str, Any]], plain_member: str) -> str:
    """What a signature carries: entries that hold more than plain text, else the member's name."""
    if any(entry.get("type") != TEXT or entry.get("signature") for entry in entries):
        return msgspec.json.encode(entries).decode()
    return plain_member


def members_back(thinking: Sequence[Thinking], model: str) -> dict[str, Any]:
    """The members of an assistant's message that give a model its own thinking back.

    Thinking of other models, or of nobody, is left out.
    """
    members: dict[str, Any] = {}
    for block in thinking:
        found = own_payload(block.signature, DIALECT, model)
        if found is None:
            continue
        entries = _decoded_entries(found) if found.startswith("[") else []
        if entries:
            members.setdefault("reasoning_details", []).extend(entries)
        elif block.text:
            member = found if found in PLAIN_MEMBERS else PLAIN_MEMBERS[0]
            members[member] = members.get(member, "") + block.text
    return members


def _decoded_entries(found: str) -> list[dict[str, Any]]:
    """The entries in a signature; [] if it was not kept whole."""
    try:
        return objects_of(decode_json(found))
    except NotJson:
        return []
