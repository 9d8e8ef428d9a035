"""A tokenizer whose tokens are single bytes: 256 of them, three special ones and nothing else.

With so few tokens a choice takes microseconds, and a model that knows nothing reaches the end of
what a grammar asks for in the least time. The bytes have GPT-2's characters, as the form demands.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from .gguf_model import ARRAY, BOOL, STRING, U32

INT32 = 5
NORMAL, CONTROL = 1, 3
SPECIALS = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
PRINTED = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
"""The bytes that are their own characters; the others follow from U+0100 on."""
HIGH_LEADS = range(0xE0, 0x100)
"""Bytes that may begin a form that is longer than its character needs, which is no UTF-8."""


def characters() -> list[str]:
    """GPT-2's character of each byte."""
    others = [byte for byte in range(256) if byte not in PRINTED]
    points = {byte: byte for byte in PRINTED} | {
        byte: 256 + place for place, byte in enumerate(others)
    }
    return [chr(points[byte]) for byte in range(256)]


def tokenizer(template: str) -> list[bytes]:
    """The pairs of metadata of this tokenizer, and of a chat template."""
    tokens = [*characters(), *SPECIALS]
    kinds = [NORMAL] * 256 + [CONTROL] * len(SPECIALS)
    return [
        _pair("model", STRING, _text("gpt2")),
        _pair("pre", STRING, _text("qwen2")),
        _pair("tokens", ARRAY, _array(STRING, map(_text, tokens))),
        _pair("token_type", ARRAY, _array(INT32, (struct.pack("<i", kind) for kind in kinds))),
        _pair("merges", ARRAY, _array(STRING, [])),
        _pair("bos_token_id", U32, struct.pack("<I", 256)),
        _pair("eos_token_id", U32, struct.pack("<I", 258)),
        _pair("padding_token_id", U32, struct.pack("<I", 256)),
        _pair("add_bos_token", BOOL, b"\0"),
        _key("tokenizer.chat_template") + struct.pack("<I", STRING) + _text(template),
    ]


def _pair(name: str, form: int, value: bytes) -> bytes:
    return _key(f"tokenizer.ggml.{name}") + struct.pack("<I", form) + value


def _array(form: int, items: Iterable[bytes]) -> bytes:
    listed = list(items)
    return struct.pack("<IQ", form, len(listed)) + b"".join(listed)


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


_key = _text
