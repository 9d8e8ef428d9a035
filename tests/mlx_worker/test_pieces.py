"""Bytes of tokens by how a tokenizer's file says that they are decoded."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.io.engines.mlx_worker.pieces import decoder_of

BYTE_LEVEL = {"type": "ByteLevel", "add_prefix_space": True}
SENTENCE_PIECE = {
    "type": "Sequence",
    "decoders": [
        {"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
        {"type": "ByteFallback"},
        {"type": "Fuse"},
    ],
}


@pytest.mark.parametrize(
    ("decoder", "token", "piece"),
    [
        (BYTE_LEVEL, "\u0120the", b" the"),
        (BYTE_LEVEL, "\u010a", b"\n"),
        (BYTE_LEVEL, "\u00c3\u00a9", "\u00e9".encode()),
        (BYTE_LEVEL, "\u00f0\u0141\u013a", b"\xf0\x9f\x98"),
        (BYTE_LEVEL, "\u20ac", "\u20ac".encode()),
        ({"type": "Sequence", "decoders": [BYTE_LEVEL]}, "\u0120", b" "),
        (SENTENCE_PIECE, "\u2581the\u2581", b" the "),
        (SENTENCE_PIECE, "<0x0A>", b"\n"),
        (SENTENCE_PIECE, "<0xE2>", b"\xe2"),
        (SENTENCE_PIECE, "<0xZZ>", b"<0xZZ>"),
        (None, "word", b"word"),
        ({"type": 7}, "word", b"word"),
    ],
)
def test_a_token_is_these_bytes(decoder: Any, token: str, piece: bytes) -> None:
    assert decoder_of(decoder)(token) == piece
