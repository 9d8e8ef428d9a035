"""The body of an answer cut into chunks of JSON, in whichever of three forms it comes.

Server-sent events, each with a chunk as its data; an error may stand between them as bare JSON. A
JSON array of chunks, from what ignores `alt=sse`: it is read when it is complete, since it is never
asked for. One object. The first byte tells which. What the end of the body leaves incomplete was
cut, and is nothing.
"""

from __future__ import annotations

from typing import Any, Final

import attrs
import msgspec

from ..dialect import ANSWER_BYTES_MAX, EVENT_BYTES_MAX, UpstreamNonsense
from ..event_stream import EventBuffer, event_data
from ..json_values import list_of

_ANY = msgspec.json.Decoder()
_WHITE = b" \t\r\n\xef\xbb\xbf"
_DONE: Final = b"[DONE]"
"""The end mark of another dialect, which some gateways add."""


@attrs.define
class ChunkFrames:
    """Bytes of a body of which not all chunks are whole yet."""

    _events: EventBuffer = attrs.field(factory=EventBuffer)
    _whole: bytearray = attrs.field(factory=bytearray)
    _form: str = ""

    def add(self, data: bytes) -> None:
        """Takes the next bytes. Raises UpstreamNonsense when a limit is passed."""
        if not self._form:
            data = data.lstrip(_WHITE)
            if not data:
                return
            self._form = "whole" if data[:1] in (b"{", b"[") else "events"
        if self._form == "events":
            self._events.add(data)
            return
        self._whole += data
        _check(len(self._whole), ANSWER_BYTES_MAX)

    def take(self) -> bytes:
        """The JSON of the next event that has any; b"" if none is whole yet."""
        while frame := self._events.take_event():
            _check(len(frame), EVENT_BYTES_MAX)
            if data := _data_of(frame):
                return data
        _check(len(self._events), EVENT_BYTES_MAX)
        return b""

    def take_rest(self) -> list[Any]:
        """The chunks that the end of the body has completed."""
        rest = bytes(self._whole) or _data_of(self._events.take_all())
        self._whole.clear()
        try:
            value = decoded_chunk(rest)
        except UpstreamNonsense:
            return []
        return list_of(value) if isinstance(value, list) else [value]


def decoded_chunk(data: bytes) -> Any:
    """The value of a chunk. Raises UpstreamNonsense."""
    try:
        return _ANY.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        raise UpstreamNonsense("a chunk of the answer is not JSON") from None


def _data_of(frame: bytes) -> bytes:
    """A frame's JSON: its data, or the whole frame if it is bare; b"" for a comment or end mark."""
    line = frame.strip()
    if line.startswith(b"data:") and b"\n" not in line and b"\r" not in line:
        data = line[5:].strip()
    else:
        data = event_data(frame).strip()
    if not data:
        return line if line[:1] in (b"{", b"[") else b""
    return b"" if data == _DONE else data


def _check(size: int, most: int) -> None:
    if size > most:
        raise UpstreamNonsense(f"more than {most} bytes without an end")
