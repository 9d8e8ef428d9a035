"""Puts a notice of ours into a relayed answer, in its endpoint's own dialect.

The body is taken apart into what its dialect frames: events, lines, or one JSON value. Only the
frames that hold the beginning of the text, or tell it once more, are written anew; all others pass
as they came. A frame that cannot be read passes, too.
"""

from __future__ import annotations

import re
from typing import Final, Literal

import attrs
import msgspec

from .event_stream import EventBuffer, decoded, event_data
from .notice_placer import NoticePlacer

HELD_BYTES_MAX: Final = 32 * 1024 * 1024
"""Of an answer in one piece, or of a frame that is not whole; a longer one carries no notice."""
Framing = Literal["events", "lines", "whole"]

_DATA_LINES: Final = re.compile(rb"(?m)^data:[^\r\n]*(\r\n|\n|\r|\Z)")


@attrs.define
class NoticeRelay:
    """Feed it the body; it returns what may go out. `end` returns what it still holds."""

    placer: NoticePlacer
    framing: Framing
    _held: EventBuffer = attrs.field(factory=EventBuffer)

    def receive_data(self, data: bytes) -> bytes:
        """Takes the next bytes and returns those to be passed on now."""
        if self.placer.done and not self._held:
            return data
        self._held.add(data)
        passed: list[bytes] = []
        while not self.placer.done and (frame := self._next_frame()):
            passed.append(self._placed(frame))
        if len(self._held) > HELD_BYTES_MAX:
            self.placer.done = True
        if self.placer.done:
            passed.append(self._held.take_all())
        return b"".join(passed)

    def end(self) -> bytes:
        """The body is complete: returns the rest; an answer in one piece gets its notice here."""
        held = self._held.take_all()
        if self.framing != "whole" or self.placer.done:
            return held
        value = decoded(held)
        return msgspec.json.encode(value) if self.placer.take_whole(value) else held

    def _next_frame(self) -> bytes:
        if self.framing == "whole":
            return b""
        return self._held.take_line() if self.framing == "lines" else self._held.take_event()

    def _placed(self, frame: bytes) -> bytes:
        if self.framing == "lines":
            value = decoded(frame)
            return msgspec.json.encode(value) + b"\n" if self.placer.take(value) else frame
        value = decoded(event_data(frame))
        if not value or not self.placer.take(value):
            return frame
        first, *rest = _DATA_LINES.finditer(frame)
        told = b"data: " + msgspec.json.encode(value) + first[1]
        return frame[: first.start()] + told + frame[[first, *rest][-1].end() :]
