"""A first guess of what an image or a document costs in tokens.

An image costs by its area where its size can be read from its first bytes, at the rate that
Anthropic publishes (750 pixels a token, scaled down to at most 1,568 pixels a side); others are
near enough for the estimator, which learns the rate of each endpoint. A document's pages are not
counted but guessed from its bytes.
"""

from __future__ import annotations

import base64
import binascii
import struct
from typing import Final

IMAGE_TOKENS: Final = 1_100
"""Of an image whose size is not known."""
IMAGE_TOKENS_MIN: Final = 50
PIXELS_PER_TOKEN: Final = 750
SIDE_PIXELS_MAX: Final = 1_568
IMAGE_TOKENS_MAX: Final = 1_600
HEAD_CHARACTERS: Final = 8_192
"""Of base64 that are looked at: a photograph's size may stand behind its preview."""
PAGE_BYTES: Final = 40_000
PAGE_TOKENS: Final = 2_000
PAGES_MAX: Final = 100


def image_tokens(data: str) -> int:
    """The guess for an image in base64; "" is one that is somewhere else."""
    size = _size(data[:HEAD_CHARACTERS])
    if size is None:
        return IMAGE_TOKENS
    width, height = size
    scale = min(1.0, SIDE_PIXELS_MAX / max(width, height, 1))
    tokens = int(width * scale * height * scale / PIXELS_PER_TOKEN)
    return max(IMAGE_TOKENS_MIN, min(tokens, IMAGE_TOKENS_MAX))


def document_tokens(data: str) -> int:
    """The guess for a document in base64; "" is one that is somewhere else."""
    pages = len(data) * 3 // 4 // PAGE_BYTES + 1
    return min(pages, PAGES_MAX) * PAGE_TOKENS


def _size(data: str) -> tuple[int, int] | None:
    """Width and height in pixels; None where they are not found."""
    try:
        head = base64.b64decode(data[: len(data) // 4 * 4])
    except (binascii.Error, ValueError):
        return None
    if head.startswith(b"\x89PNG") and len(head) >= 24:
        return struct.unpack_from(">II", head, 16)
    if head.startswith(b"GIF8") and len(head) >= 10:
        return struct.unpack_from("<HH", head, 6)
    if head.startswith(b"RIFF") and head[8:15] == b"WEBPVP8" and len(head) >= 30:
        return _webp_size(head)
    return _jpeg_size(head) if head.startswith(b"\xff\xd8") else None


def _webp_size(head: bytes) -> tuple[int, int]:
    """The three kinds of WebP: lossy, lossless, and extended."""
    if head[15:16] == b" ":
        width, height = struct.unpack_from("<HH", head, 26)
        return width & 0x3FFF, height & 0x3FFF
    if head[15:16] == b"L":
        bits = int.from_bytes(head[21:25], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = (int.from_bytes(head[place : place + 3], "little") for place in (24, 27))
    return width + 1, height + 1


def _jpeg_size(head: bytes) -> tuple[int, int] | None:
    """Walks the segments to the one that begins a frame."""
    place = 2
    while place + 9 <= len(head) and head[place] == 0xFF:
        kind, length = head[place + 1], int.from_bytes(head[place + 2 : place + 4], "big")
        if 0xC0 <= kind <= 0xCF and kind not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", head, place + 5)
            return width, height
        place += 2 + max(length, 2)
    return None
