"""The last decisions, for people: what was done about which model, why, and what it freed.

What an eviction frees is what the machine has more at the first reading after the lease's end than
at the last one before; where several ended between two readings, it is shared out by what was
expected of each. Other programs move in that time too, so it is what was seen, not what was caused.
"""

from __future__ import annotations

from collections import deque
from typing import Final

import attrs

from .book import Entry
from .report import DecisionLine
from .words import describe_size

DECISIONS_MAX: Final = 200

GRANTED: Final = "granted"
REFUSED: Final = "refused"
EVICTED: Final = "evicted"
RELEASED: Final = "released"


@attrs.define(eq=False)
class _Ended:
    """A lease that has ended since the last reading."""

    entry: Entry
    at_seconds: float
    evicted: DecisionLine | None


class DecisionLog:
    """The newest last, `DECISIONS_MAX` at most."""

    def __init__(self) -> None:
        self._lines: deque[DecisionLine] = deque(maxlen=DECISIONS_MAX)
        self._evicted: dict[int, DecisionLine] = {}
        self._ended: list[_Ended] = []

    @property
    def lines(self) -> tuple[DecisionLine, ...]:
        """All that are kept."""
        return tuple(self._lines)

    @property
    def is_incomplete(self) -> bool:
        """A lease has ended, and no reading has shown yet what that freed."""
        return bool(self._ended)

    def add(self, kind: str, entry: Entry, why: str, at_seconds: float) -> None:
        """Writes a decision down."""
        wish = entry.wish
        freed_bytes = entry.private_bytes if kind == EVICTED else 0
        line = DecisionLine(at_seconds, kind, wish.endpoint, wish.model, why, freed_bytes)
        self._lines.append(line)
        if kind == EVICTED:
            self._evicted[entry.lease] = line

    def ended(self, entry: Entry, at_seconds: float) -> None:
        """A lease that held memory is closed; the next reading says what that freed."""
        evicted = self._evicted.pop(entry.lease, None)
        self._ended.append(_Ended(entry, at_seconds, evicted))

    def freed(self, freed_bytes: int) -> None:
        """So much more is available than at the last reading before the ends."""
        expected = [max(1, ended.entry.private_bytes) for ended in self._ended]
        for ended, share in zip(self._ended, expected, strict=True):
            self._write_end(ended, max(0, freed_bytes) * share // sum(expected))
        self._ended.clear()

    def _write_end(self, ended: _Ended, freed_bytes: int) -> None:
        entry, why = ended.entry, "its process has ended by itself"
        if ended.evicted is not None:
            self._correct(ended.evicted, freed_bytes)
            seconds = ended.at_seconds - entry.asked_seconds
            why = f"{seconds:.1f} s after it was asked to"
        elif entry.is_in_flight:
            why = "its load has not come to its end"
        if freed_bytes < entry.private_bytes // 2 and not entry.is_in_flight:
            why += f"; {describe_size(entry.private_bytes)} were expected to be freed"
        if entry.held_bytes > entry.private_bytes and not entry.is_in_flight:
            pages = describe_size(entry.held_bytes - entry.private_bytes)
            why += f"; {pages} of its file need not stay in memory"
        wish = entry.wish
        self._lines.append(
            DecisionLine(ended.at_seconds, RELEASED, wish.endpoint, wish.model, why, freed_bytes)
        )

    def _correct(self, line: DecisionLine, freed_bytes: int) -> None:
        for at in range(len(self._lines) - 1, -1, -1):
            if self._lines[at] is line:
                self._lines[at] = attrs.evolve(line, freed_bytes=freed_bytes)
                return
