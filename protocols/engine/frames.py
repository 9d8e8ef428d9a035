"""Frames on a pipe: four bytes of length, little-endian, then so many bytes. Sans-IO.

The worker that sends them may have gone mad: a length over the limit is nonsense at once, before
anything of the frame has been kept, and an empty frame is nonsense too.
"""

from __future__ import annotations

import struct
from typing import Final

FRAME_BYTES_MAX: Final = 64 * 1024 * 1024
"""Of one frame: a request of the largest size that is served has room in it."""

_LENGTH = struct.Struct("<I")


class FrameNonsense(ValueError):
    """What came on the pipe is no frame; the message says why."""


def frame(payload: bytes) -> bytes:
    """The payload as a frame."""
    assert 0 < len(payload) <= FRAME_BYTES_MAX, len(payload)
    return _LENGTH.pack(len(payload)) + payload


class FrameBuffer:
    """Cuts a stream of bytes into the payloads of its frames, whatever pieces it comes in."""

    def __init__(self, bytes_max: int = FRAME_BYTES_MAX) -> None:
        self._bytes_max = bytes_max
        self._held = bytearray()
        self._start = 0

    def receive_data(self, data: bytes) -> None:
        """Takes the next bytes. Raises FrameNonsense when a frame is announced too large."""
        if self._start:
            del self._held[: self._start]
            self._start = 0
        self._held += data
        self._length()

    def next_payload(self) -> bytes | None:
        """The payload of the next whole frame, or None. Raises FrameNonsense."""
        length = self._length()
        first = self._start + _LENGTH.size
        if length is None or len(self._held) < first + length:
            return None
        self._start = first + length
        return bytes(self._held[first : self._start])

    @property
    def is_empty(self) -> bool:
        """Whether nothing is held: only then has a stream that ends here not been cut."""
        return self._start == len(self._held)

    def _length(self) -> int | None:
        if len(self._held) - self._start < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._held, self._start)
        if not 0 < length <= self._bytes_max:
            raise FrameNonsense(f"a frame of {length} bytes; 1 to {self._bytes_max} are possible")
        return int(length)
