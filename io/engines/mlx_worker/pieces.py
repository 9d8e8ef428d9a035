"""The bytes of a tokenizer's tokens, from how its file says that they are decoded. Pure.

A byte-level vocabulary (GPT-2's, and most of today's) spells each byte as a character of its own.
One of SentencePiece's spells a space as U+2581, and bytes that have no token as `<0xNN>`. Source:
the `decoder` of a `tokenizer.json`, huggingface/tokenizers, `decoders`; GPT-2's `bytes_to_unicode`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from ....protocols.json_values import object_of, objects_of, text_of

SPACE: Final = "\u2581"
_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")
_OWN: Final = (range(0x21, 0x7F), range(0xA1, 0xAD), range(0xAE, 0x100))
"""The bytes that are their own characters; the others follow from U+0100 on."""


def decoder_of(decoder: Any) -> Callable[[str], bytes]:
    """What makes bytes of a token's text, by the `decoder` of a tokenizer's file."""
    kinds = set(_kinds(decoder))
    if "ByteLevel" in kinds:
        return _of_byte_level
    if kinds & {"Metaspace", "Replace", "ByteFallback"}:
        return _of_sentence_piece
    return str.encode


def _kinds(decoder: Any) -> list[str]:
    """The kinds of a decoder and of those that it consists of."""
    found = [text_of(object_of(decoder).get("type"))]
    for each in objects_of(object_of(decoder).get("decoders")):
        found += _kinds(each)
    return found


def _byte_of_character() -> dict[str, int]:
    own = [byte for run in _OWN for byte in run]
    others = [byte for byte in range(256) if byte not in own]
    return {chr(byte): byte for byte in own} | {
        chr(256 + place): byte for place, byte in enumerate(others)
    }


_BYTES: Final = _byte_of_character()


def _of_byte_level(text: str) -> bytes:
    try:
        return bytes(_BYTES[character] for character in text)
    except KeyError:
        # A token that was added as it is, and not marked as added.
        return text.encode("utf-8", "replace")


def _of_sentence_piece(text: str) -> bytes:
    found = _BYTE.fullmatch(text)
    if found:
        return bytes([int(found[1], 16)])
    return text.replace(SPACE, " ").encode("utf-8", "replace")
