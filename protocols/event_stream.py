"""Server-sent events as bytes: where one ends, and what its data says.

Source: the WHATWG HTML standard, "Server-sent events". A line ends with LF, CR LF or CR; an empty
line ends an event; a frame without data is a comment.
"""

from __future__ import annotations

import re
from typing import Any

import attrs
import msgspec

from .json_values import object_of

_END = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?=[^\n]))")
"""Two line ends. A CR that comes last waits: it may be the first half of CR LF."""
END_BYTES_MAX = 4
"""Of two line ends."""
_LINE_END = re.compile(rb"\r\n|\n|\r")
_ANY = msgspec.json.Decoder()


@attrs.define
class EventBuffer:
    """Bytes of which no event is whole yet.

    It looks at each byte once: an event may have megabytes and come in thousands of pieces, and to
    look through all of it again for each piece would take the server's time for itself.
    """

    _held: bytearray = attrs.field(factory=bytearray)
    _seen: int = 0
    _returns: bool = False

    def __len__(self) -> int:
        return len(self._held)

    def add(self, data: bytes) -> None:
        """Takes the next bytes."""
        self._held += data
        self._returns = self._returns or b"\r" in data

    def take_event(self) -> bytes:
        """The next event, if it is whole; else b""."""
        if not self._held:
            return b""
        find_end = event_end if self._returns else plain_event_end
        end = find_end(self._held, max(0, self._seen - END_BYTES_MAX + 1))
        if not end:
            self._seen = len(self._held)
            return b""
        return self._take(end)

    def take_line(self) -> bytes:
        """The next line with its end, if it is whole; else b""."""
        end = self._held.find(b"\n", self._seen) + 1
        if not end:
            self._seen = len(self._held)
            return b""
        return self._take(end)

    def take_all(self) -> bytes:
        """Everything, whole or not."""
        return self._take(len(self._held))

    def _take(self, size: int) -> bytes:
        taken = bytes(self._held[:size])
        del self._held[:size]
        self._seen = 0
        return taken


def event_end(data: bytes | bytearray, start: int = 0) -> int:
    """The offset just past the first event from `start` on; 0 if none is whole yet."""
    found = _END.search(data, start)
    return 0 if found is None else found.end()


def plain_event_end(data: bytes | bytearray, start: int = 0) -> int:
    """The same for data without any CR, as nearly all streams are: found much faster."""
    place = data.find(b"\n\n", start)
    return place + 2 if place >= 0 else 0


def event_data(frame: bytes) -> bytes:
    """An event's data, its lines joined; b"" for a comment."""
    if frame.startswith(b"data:") and frame.find(b"\n") == len(frame) - 2 and b"\r" not in frame:
        return frame[5:-2]  # one line of data and nothing else: what nearly every event is
    return b"\n".join(line[5:] for line in _LINE_END.split(frame) if line.startswith(b"data:"))


def decoded(data: bytes) -> dict[str, Any]:
    """JSON data that is an object; {} for anything else."""
    try:
        return object_of(_ANY.decode(data))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
