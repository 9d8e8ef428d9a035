"""Events as bytes, numbered. An answer that is not streamed has none: then nothing is encoded."""

from __future__ import annotations

from typing import Any

import attrs
import msgspec

PING = b": still here\n\n"
"""A comment, which every reader of server-sent events passes over."""

_ENCODER = msgspec.json.Encoder()


@attrs.define
class Pen:
    """Writes one stream's events in order."""

    streamed: bool
    _number: int = 0

    def event(self, kind: str, members: dict[str, Any]) -> bytes:
        """One event."""
        if not self.streamed:
            return b""
        value = {"type": kind, "sequence_number": self._next(), **members}
        return b"event: %s\ndata: %s\n\n" % (kind.encode(), _ENCODER.encode(value))

    def delta(self, head: bytes, text: str) -> bytes:
        """A piece of text behind a head made by `delta_head`: the most frequent event by far."""
        if not self.streamed:
            return b""
        return b'%s%s,"sequence_number":%d}\n\n' % (head, _ENCODER.encode(text), self._next())

    def _next(self) -> int:
        number = self._number
        self._number = number + 1
        return number


def delta_head(kind: str, members: dict[str, Any]) -> bytes:
    """All of a delta event but its text and number."""
    value = _ENCODER.encode({"type": kind, **members})
    return b'event: %s\ndata: %s,"delta":' % (kind.encode(), value[:-1])
