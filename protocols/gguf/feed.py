"""The bytes of a file as they come, with the place in the file of each.

No more is kept than was received last and what the reader waits for; both are bounded, the latter
by `TAKE_BYTES_MAX`. Bytes of no interest are counted and dropped, and the owner of the file may
leave them out altogether (`skip_bytes`, `skip`).
"""

from __future__ import annotations

import struct
from typing import Final

from .problem import CONVERT_AGAIN, GgufProblem

HEADER_BYTES_MAX: Final = 512 * 1024 * 1024
"""How far into a file its header may reach; the largest vocabularies take some ten megabytes."""
TAKE_BYTES_MAX: Final = 1024 * 1024
"""How much may be waited for in one piece."""
_LENGTH = struct.Struct("<Q")


class Feed:
    """What has come and was not taken. `file_bytes` is how long the file is, if that is known."""

    def __init__(self, file_bytes: int | None) -> None:
        self.file_bytes = file_bytes
        self.skip_bytes = 0
        self._held = bytearray()
        self._place = 0
        self._offset = 0

    @property
    def offset(self) -> int:
        """The place in the file of the next byte that is taken."""
        return self._offset + self._place

    def receive(self, data: bytes) -> None:
        """Takes the next bytes of the file."""
        dropped = min(self.skip_bytes, len(data))
        self.skip(dropped)
        if self._place:
            del self._held[: self._place]
            self._offset += self._place
            self._place = 0
        self._held += memoryview(data)[dropped:]

    def skip(self, count: int) -> None:
        """The owner of the file has left out so many of the bytes to be skipped."""
        assert 0 <= count <= self.skip_bytes, (count, self.skip_bytes)
        self.skip_bytes -= count
        self._offset += count

    def take(self, count: int) -> bytes | None:
        """The next bytes, or None if they have not come."""
        assert count <= TAKE_BYTES_MAX, count
        if self._place + count > len(self._held):
            return None
        self._place += count
        return bytes(self._held[self._place - count : self._place])

    def drop(self, count: int) -> None:
        """Passes over so many bytes, come or not."""
        here = min(count, len(self._held) - self._place)
        self._place += here
        self.skip_bytes += count - here

    def drop_texts(self, count: int) -> int:
        """Passes over texts, each with its length before it, as far as they have come.

        Returns how many are still to come. The tight loop of the reader: vocabularies are large.
        """
        held, place, end = self._held, self._place, len(self._held) - _LENGTH.size
        unpack = _LENGTH.unpack_from
        while count and place <= end:
            (length,) = unpack(held, place)
            following = place + _LENGTH.size + length
            if following > end + _LENGTH.size:
                self._place = place
                self.expect(_LENGTH.size + length, "a text in an array")
                break
            place = following
            count -= 1
        self._place = place
        return count

    def expect(self, count: int, what: str, bytes_max: int = TAKE_BYTES_MAX) -> None:
        """Raises GgufProblem if so many bytes cannot come, or are more than there may be."""
        if self.file_bytes is not None and self.offset + count > self.file_bytes:
            raise GgufProblem(
                f"{what} takes {count} bytes, and the file ends at byte {self.file_bytes}",
                self.offset,
            )
        if count > bytes_max:
            raise GgufProblem(
                f"{what} takes {count} bytes, and at most {bytes_max} are possible", self.offset
            )
        if self.offset + count > HEADER_BYTES_MAX:
            raise GgufProblem(
                f"the header reaches beyond {HEADER_BYTES_MAX} bytes", self.offset, CONVERT_AGAIN
            )
