"""The frequent chunk, read in one step: text and nothing else.

Most chunks of an answer are a candidate with text, and the usage so far. msgspec decodes exactly
that shape several times faster than any shape can be looked through; whatever has one member more
is None here and is read without haste.
"""

from __future__ import annotations

import msgspec


class _Part(msgspec.Struct, forbid_unknown_fields=True):
    text: str


class _Content(msgspec.Struct, forbid_unknown_fields=True):
    parts: list[_Part]
    role: str = ""


class _Candidate(msgspec.Struct, forbid_unknown_fields=True):
    content: _Content
    index: int = 0


class PlainChunk(msgspec.Struct, forbid_unknown_fields=True, rename="camel"):
    """A chunk with text alone; `usage_metadata` is decoded when it is needed."""

    candidates: list[_Candidate]
    usage_metadata: msgspec.Raw = msgspec.Raw(b"{}")
    model_version: str = ""
    response_id: str = ""


_PLAIN = msgspec.json.Decoder(PlainChunk)


def plain_chunk(data: bytes) -> PlainChunk | None:
    """The chunk if it is a plain one of one candidate."""
    try:
        chunk = _PLAIN.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return chunk if len(chunk.candidates) == 1 else None
