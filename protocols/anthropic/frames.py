"""Server-sent events as bytes: where one ends, and what its data says.

Source: the WHATWG HTML standard, "Server-sent events". A line ends with LF, CR LF or CR; an empty
line ends an event; a frame without data is a comment.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from ..json_values import object_of

_END = re.compile(rb"(?:\r\n|\n|\r(?!\n))(?:\r\n|\n|\r(?=[^\n]))")
"""Two line ends. A CR that comes last waits: it may be the first half of CR LF."""
_LINE_END = re.compile(rb"\r\n|\n|\r")
_ANY = msgspec.json.Decoder()


def event_end(data: bytes, start: int = 0) -> int:
    """The offset just past the first event from `start` on; 0 if none is whole yet."""
    found = _END.search(data, start)
    return 0 if found is None else found.end()


def event_data(frame: bytes) -> bytes:
    """An event's data, its lines joined; b"" for a comment."""
    return b"\n".join(line[5:] for line in _LINE_END.split(frame) if line.startswith(b"data:"))


def decoded(data: bytes) -> dict[str, Any]:
    """JSON data that is an object; {} for anything else."""
    try:
        return object_of(_ANY.decode(data))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return {}
