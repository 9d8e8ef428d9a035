"""Newline-delimited JSON as bytes: where a line ends, and how one is written.

A line of ours holds none of the characters at which Python's `splitlines` cuts: the official Python
client reads its lines in that way, and a separator inside a text would break its JSON in two. The
control characters among them are escaped in JSON anyway; three others are not.
"""

from __future__ import annotations

from typing import Any, Final

import attrs
import msgspec

CONTENT_TYPE: Final = b"application/x-ndjson"

_SEPARATORS: Final = (
    (b"\xc2\x85", rb"\u0085"),
    (b"\xe2\x80\xa8", rb"\u2028"),
    (b"\xe2\x80\xa9", rb"\u2029"),
)
"""Next line, line separator and paragraph separator in UTF-8, and as JSON escapes."""

_ENCODER = msgspec.json.Encoder()


@attrs.define
class LineBuffer:
    """Bytes of which no line is whole yet. It looks at each byte once."""

    _held: bytearray = attrs.field(factory=bytearray)
    _seen: int = 0

    def __len__(self) -> int:
        return len(self._held)

    def add(self, data: bytes) -> None:
        """Takes the next bytes."""
        self._held += data

    def take_line(self) -> bytes | None:
        """The next line without its end, if it is whole; else None."""
        end = self._held.find(b"\n", self._seen)
        if end < 0:
            self._seen = len(self._held)
            return None
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        self._seen = 0
        return line

    def take_all(self) -> bytes:
        """Everything, whole or not."""
        taken = bytes(self._held)
        self._held.clear()
        self._seen = 0
        return taken


def encoded(value: Any) -> bytes:
    """The value as JSON that stands in one line for every client."""
    data = _ENCODER.encode(value)
    if data.isascii():
        return data
    for separator, escape in _SEPARATORS:
        if separator in data:
            data = data.replace(separator, escape)
    return data


def line(value: Any) -> bytes:
    """One line."""
    return encoded(value) + b"\n"
