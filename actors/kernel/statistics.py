"""What an actor counts: immutable snapshots for pages and tests, mutable counters inside."""

from __future__ import annotations

import attrs

from ...protocols.actor import Rank


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
