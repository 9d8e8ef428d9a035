"""How far a file has come: which ranges are here, which come next, and the record of both.

A file is fetched in ranges of fixed size by several connections at a time. What has come is a set
of intervals, kept merged. The record is written whenever a range is done, after its bytes are on
the disk: so a process that is killed loses at most what its connections were at, and never believes
in bytes that are not there. It names the digest of the file that the bytes are of; a record of
another file, or one that cannot be read, is no record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final, TypeGuard, cast

import attrs
import msgspec

from ..json_decoding import NotJson, decode_json
from .hub_api import FILE_BYTES_MAX

RANGE_BYTES: Final = 16 * 1024 * 1024
"""Small enough that little is lost, large enough that a connection gets up to speed in it."""
CONNECTIONS: Final = 4
RECORD_VERSION: Final = 1
RECORD_BYTES_MAX: Final = 1024 * 1024

Interval = tuple[int, int]
"""From the first byte to the one past the last."""


@attrs.frozen
class Record:
    """What is here of a file of this digest and size; `done` is merged and in order."""

    digest: str
    size_bytes: int
    done: tuple[Interval, ...] = ()

    @property
    def done_bytes(self) -> int:
        """How much is here."""
        return sum(end - start for start, end in self.done)

    @property
    def is_complete(self) -> bool:
        """Whether all is here."""
        return self.done_bytes == self.size_bytes

    def with_interval(self, start: int, end: int) -> Record:
        """The record with one more interval."""
        assert 0 <= start <= end <= self.size_bytes, (start, end, self.size_bytes)
        return attrs.evolve(self, done=_merged([*self.done, (start, end)]))

    def missing(self, range_bytes: int = RANGE_BYTES) -> list[Interval]:
        """What is to be fetched, in order, in ranges that end on multiples of `range_bytes`."""
        gaps: list[Interval] = []
        place = 0
        for start, end in (*self.done, (self.size_bytes, self.size_bytes)):
            while place < start:
                stop = min(start, (place // range_bytes + 1) * range_bytes)
                gaps.append((place, stop))
                place = stop
            place = end
        return gaps

    def as_bytes(self) -> bytes:
        """As it is written down."""
        value = {"version": RECORD_VERSION, **attrs.asdict(self)}
        return msgspec.json.encode(value)


def read_record(data: bytes) -> Record | None:
    """A record that was written down; None if it cannot be relied on."""
    try:
        value = decode_json(data)
    except NotJson:
        return None
    if not isinstance(value, dict):
        return None
    members = cast("dict[str, Any]", value)
    digest, size, done = (members.get(name) for name in ("digest", "size_bytes", "done"))
    if members.get("version") != RECORD_VERSION or not isinstance(digest, str):
        return None
    if not _is_count(size) or not isinstance(done, list):
        return None
    intervals = cast("list[Any]", done)
    if not all(_is_interval(each, size) for each in intervals):
        return None
    return Record(digest, size, _merged([(each[0], each[1]) for each in intervals]))


def content_range(header: str) -> tuple[int, int, int] | None:
    """`bytes 0-9/100` as the interval (0, 10) and the whole length; None if it says neither."""
    unit, _, rest = header.strip().partition(" ")
    span, _, whole = rest.partition("/")
    first, _, last = span.partition("-")
    numbers = [each for each in (first, last, whole) if each.isascii() and each.isdigit()]
    if unit.lower() != "bytes" or len(numbers) != 3 or any(len(each) > 18 for each in numbers):
        return None
    start, end, size = int(first), int(last) + 1, int(whole)
    return (start, end, size) if start < end <= size else None


def _merged(intervals: Iterable[Sequence[int]]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for start, end in sorted((each[0], each[1]) for each in intervals if each[0] < each[1]):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return tuple(merged)


def _is_interval(value: object, size: int) -> bool:
    if not isinstance(value, list):
        return False
    pair = cast("list[Any]", value)
    return len(pair) == 2 and all(map(_is_count, pair)) and pair[0] <= pair[1] <= size


def _is_count(value: object) -> TypeGuard[int]:
    if not isinstance(value, int) or isinstance(value, bool):
        return False
    return 0 <= value <= FILE_BYTES_MAX
