"""A chunked body, decoded (RFC 9112, section 7.1). Sans-IO.

h11 reads heads, and every body that is not chunked. The chunks of a stream are read here, because
a stream is mostly chunks of a hundred bytes: h11 makes an event of each and looks through its
states for it, which costs 5 us warm and three times that between two tokens; this costs 1 us.
As strict as h11: a size in hexadecimal digits, CRLF at every line's end, nothing guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

LINE_BYTES_MAX: Final = 16 * 1024
"""Of a chunk's size with its extensions, which are passed over."""
TRAILER_BYTES_MAX: Final = 64 * 1024
_SIZE: Final = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\x00-\x08\x0a-\x1f\x7f]*)?")
_FIELD: Final = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+:[^\x00\r\n]*")


class ChunkError(ValueError):
    """The bytes are no chunked body; the message does not quote them."""


class ChunkedBody:
    """Takes the body's bytes in any pieces, and gives its content."""

    __slots__ = ("_held", "_in_chunk", "_take", "_trailer_bytes", "ended", "rest")

    def __init__(self) -> None:
        self.ended = False
        self.rest = b""
        """What came behind the end."""
        self._held = b""
        self._in_chunk = 0
        self._trailer_bytes = 0
        self._take: Callable[[bytes, int, list[bytes]], int] = self._take_size
        """Takes what comes next, from a place on; returns the place behind it, or -1 if it is not
        whole and was held."""

    def receive_data(self, data: bytes, pieces: list[bytes]) -> None:
        """Adds the content in the next bytes to `pieces`, none of them empty.

        Raises ChunkError, and what came before the error has been added.
        """
        if self._held:
            data, self._held = self._held + data, b""
        start, length = 0, len(data)
        while 0 <= start < length and not self.ended:
            start = self._take(data, start, pieces)
        if self.ended and start < length:
            self.rest += data[start:]

    def _take_size(self, data: bytes, start: int, _pieces: list[bytes]) -> int:
        end = data.find(b"\r\n", start)
        if end < 0:
            return self._hold(data, start, LINE_BYTES_MAX, "the size of a chunk does not end")
        found = _SIZE.fullmatch(data, start, end)
        if found is None:
            raise ChunkError("the size of a chunk is no hexadecimal number")
        self._in_chunk = int(found[1], 16)
        self._take = self._take_content if self._in_chunk else self._take_trailer
        return end + 2

    def _take_content(self, data: bytes, start: int, pieces: list[bytes]) -> int:
        end = start + self._in_chunk
        piece = data[start:end]
        pieces.append(piece)
        self._in_chunk -= len(piece)
        if self._in_chunk:
            return len(data)
        self._take = self._take_line_end
        return self._take_line_end(data, end, pieces) if end < len(data) else end

    def _take_line_end(self, data: bytes, start: int, _pieces: list[bytes]) -> int:
        found = data[start : start + 2]
        if found == b"\r":
            return self._hold(data, start, 2, "")
        if found != b"\r\n":
            raise ChunkError("a chunk is longer than its size says")
        self._take = self._take_size
        return start + 2

    def _take_trailer(self, data: bytes, start: int, _pieces: list[bytes]) -> int:
        """Passes over one line; the empty one ends the body."""
        end = data.find(b"\r\n", start)
        if end < 0:
            return self._hold(data, start, TRAILER_BYTES_MAX, "the trailer does not end")
        self.ended = end == start
        self._trailer_bytes += end - start
        if self._trailer_bytes > TRAILER_BYTES_MAX:
            raise ChunkError("the trailer is too long")
        if not self.ended and _FIELD.fullmatch(data, start, end) is None:
            raise ChunkError("the trailer holds a line that is no field")
        return end + 2

    def _hold(self, data: bytes, start: int, bytes_max: int, too_long: str) -> int:
        """Keeps what is not whole, for the next bytes. Raises ChunkError over the limit."""
        if len(data) - start > bytes_max:
            raise ChunkError(too_long)
        self._held = data[start:]
        return -1
