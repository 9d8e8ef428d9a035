"""What the entries of `images` are: base64 without a word about their type.

Ollama looks at the first bytes, and so do we. Audio travels in `images` too.
"""

from __future__ import annotations

import base64
import binascii
from typing import Final

from ..conversation.blocks import Media, MediaKind

_HEAD_CHARACTERS: Final = 16
"""Of base64: twelve bytes, as many as the longest mark below needs."""
_MARKS: Final[tuple[tuple[int, bytes, MediaKind, str], ...]] = (
    (0, b"\x89PNG", "image", "image/png"),
    (0, b"\xff\xd8\xff", "image", "image/jpeg"),
    (0, b"GIF8", "image", "image/gif"),
    (8, b"WEBP", "image", "image/webp"),
    (0, b"BM", "image", "image/bmp"),
    (0, b"%PDF", "document", "application/pdf"),
    (8, b"WAVE", "audio", "audio/wav"),
    (0, b"ID3", "audio", "audio/mpeg"),
)
"""Where a mark stands, the mark, and what it says."""


def media_of(data: str) -> Media:
    """The block for one entry of `images`; a data URL counts as what is in it."""
    if data.startswith("data:"):
        data = data.partition(",")[2]
    try:
        head = base64.b64decode(data[:_HEAD_CHARACTERS])
    except (binascii.Error, ValueError):
        head = b""
    for place, mark, kind, media_type in _MARKS:
        if head.startswith(mark, place):
            return Media(kind, media_type, data=data)
    return Media("image", "image/jpeg", data=data)
