"""What an actor counts: immutable snapshots for pages and tests, mutable counters inside."""

from __future__ import annotations

from collections import deque

import attrs
import trio

from ...protocols.actor import Rank


@attrs.define
class RecentTimes:
    """Moments of the last while, to tell how often something has happened lately."""

    _times: deque[float] = attrs.field(factory=deque[float])

    def note(self, period_seconds: float) -> int:
        """Adds now and forgets what is older than the period; returns how many are left."""
        now = trio.current_time()
        self._times.append(now)
        while self._times[0] <= now - period_seconds:
            self._times.popleft()
        return len(self._times)

    def clear(self) -> None:
        """Forgets all."""
        self._times.clear()


@attrs.define
class Counters:
    """The running counts of one cell, kept over restarts."""

    running: int = 0
    draining: int = 0
    answered: int = 0
    refused: int = 0
    failed: int = 0
    cancelled: int = 0
    restarts: int = 0

    def count(self, ending: str) -> None:
        """Counts a call's ending by its name."""
        setattr(self, ending, getattr(self, ending) + 1)


@attrs.frozen
class ActorStatistics:
    """One actor at one moment; the endings count calls since it was spawned."""

    name: str
    rank: Rank
    queued: int
    running: int
    draining: int
    answered: int
    refused: int
    failed: int
    cancelled: int
    restarts: int

    @classmethod
    def of(cls, name: str, rank: Rank, queued: int, counters: Counters) -> ActorStatistics:
        """Takes a snapshot."""
        return cls(name, rank, queued, **attrs.asdict(counters))
