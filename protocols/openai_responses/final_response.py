"""Reads along with an answer, without touching it, for the object that ends it.

It is what a later request may go on from. A stream is looked at event by event and only its last
one is decoded; over its limits it looks no more and finds nothing, which is no error: the answer
still reaches the client, and just cannot be gone on from by its id.
"""

from __future__ import annotations

from typing import Final

import attrs
import msgspec

from ..dialect import ANSWER_BYTES_MAX, EVENT_BYTES_MAX
from ..event_stream import EventBuffer, event_data

_ENDINGS: Final = (b"response.completed", b"response.incomplete")


class _Ending(msgspec.Struct):
    """The event that ends a stream."""

    type: str = ""
    response: msgspec.Raw = msgspec.Raw(b"")


_ENDING = msgspec.json.Decoder(_Ending)


@attrs.define
class FinalResponse:
    """Feed it every body byte, in any pieces; `found` is the object's bytes, b"" for none."""

    streamed: bool
    found: bytes = b""
    _events: EventBuffer = attrs.field(factory=EventBuffer)
    _body: bytearray = attrs.field(factory=bytearray)
    _blind: bool = False

    def receive_data(self, data: bytes) -> None:
        """Takes the next bytes of the body."""
        if self._blind:
            return
        if not self.streamed:
            self._body += data
            self._see(len(self._body) <= ANSWER_BYTES_MAX)
            return
        self._events.add(data)
        while frame := self._events.take_event():
            self._read(frame)
        self._see(len(self._events) <= EVENT_BYTES_MAX)

    def receive_end(self) -> None:
        """The body is complete; an answer that is not streamed is all of it."""
        if not self.streamed and not self._blind:
            self.found = bytes(self._body)
            self._body.clear()

    def _see(self, within: bool) -> None:
        """Whether it goes on looking; if not, it holds nothing."""
        if not within:
            self._blind = True
            self._body.clear()
            self._events.take_all()

    def _read(self, frame: bytes) -> None:
        if not any(ending in frame for ending in _ENDINGS):
            return
        try:
            ending = _ENDING.decode(event_data(frame))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return
        if ending.type.encode() in _ENDINGS:
            self.found = bytes(ending.response)
