"""Who holds memory and who waits for it, in bytes: the ledger under the policy.

`available` of a reading already misses the private bytes of a process that is loaded. It does not
miss the mapped pages of its weights, for the kernel would give them to anybody who asks; but a
model whose weights are pushed out reads them again for each token. So a lease *claims* of
`available` what it needs and has not taken in private: pages of its file, and what it has yet to
touch. A load in flight claims its whole reservation, so that nothing is given away twice.

What a lease holds is its reservation, an estimate and a margin, until it is measured; then the
greater of measure and expectation, for an engine that fills its cache only by use would be measured
too small. A model that was measured once is expected to take the most that it has held, without a
margin. The end of a lease gives back all that it holds, of `available` and of the user's budget.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

import attrs

from .lease import TakeLease
from .need import MemoryNeed
from .reading import ProcessMemory
from .report import HELD, LEAVING, LOADING, WAITING, LeaseLine
from .rules import MemoryRules
from .words import describe_model

MEASURES_MAX = 256
"""Models whose measured size is remembered after their end."""
RELOAD_SECONDS_MIN = 0.1
"""No reload counts as cheaper than this."""


@attrs.define(eq=False)
class Entry:
    """One lease. Times are infinite until what they are of has happened.

    `expected_bytes` is what it took the last time, or the estimate; `reserved_bytes` has a margin
    where it was never measured.
    """

    lease: int
    wish: TakeLease
    expected_bytes: int
    reserved_bytes: int
    state: str = WAITING
    head_seconds: float = inf
    granted_seconds: float = inf
    loaded_seconds: float = inf
    asked_seconds: float = inf
    leave_by_seconds: float = inf
    reload_seconds: float = 0.0
    is_critical: bool = False
    memory: ProcessMemory | None = None

    @property
    def is_active(self) -> bool:
        """It holds memory, or is taking it."""
        return self.state != WAITING

    @property
    def is_in_flight(self) -> bool:
        """Its load has begun and not come to its end."""
        return self.state != WAITING and self.loaded_seconds == inf

    @property
    def name(self) -> str:
        """The model, and whose it is."""
        return describe_model(self.wish.model, self.wish.endpoint)

    @property
    def is_busy(self) -> bool:
        """Somebody waits for it or is being answered by it."""
        return self.wish.usage.answers > 0 or self.is_in_flight

    @property
    def is_evictable(self) -> bool:
        """It may be asked to leave short of a critical state."""
        return self.state == HELD and not self.wish.is_pinned

    @property
    def idle_due_seconds(self) -> float:
        """When it will have been idle for as long as its limit; infinite while that cannot be."""
        if not self.is_evictable or self.is_busy:
            return inf
        return self._idle_since_seconds + self.wish.idle_seconds_max

    @property
    def held_bytes(self) -> int:
        """What its end gives back: measured where it was, else what was reserved."""
        if self.memory is None:
            return self.reserved_bytes
        measured = self.memory.private_bytes + self.memory.file_bytes
        return max(measured, self.expected_bytes)

    @property
    def private_bytes(self) -> int:
        """What its end adds to what is available."""
        if self.memory is not None:
            return self.memory.private_bytes
        return max(0, self.reserved_bytes - self.wish.need.weights_bytes)

    def claimed_bytes(self, reading_seconds: float) -> int:
        """What of `available`, as it was read then, is not for others."""
        if self.is_in_flight or self.loaded_seconds > reading_seconds:
            return self.held_bytes
        return max(0, self.held_bytes - self.private_bytes)

    def idle_seconds(self, now_seconds: float) -> float:
        """For how long it has been computing nothing; 0 while it does."""
        if self.is_busy:
            return 0.0
        return max(0.0, now_seconds - self._idle_since_seconds)

    def is_late(self, now_seconds: float) -> bool:
        """It was asked to leave, and its time is over: nothing is expected of it any more."""
        return now_seconds >= self.leave_by_seconds

    def score(self, now_seconds: float) -> float:
        """How well it serves as a victim: what it gives, how little it is used or costs again."""
        cost = max(self.reload_seconds, RELOAD_SECONDS_MIN)
        return self.held_bytes * self.idle_seconds(now_seconds) / cost

    def line(self, now_seconds: float) -> LeaseLine:
        """What people are told of it."""
        measured = self.memory
        return LeaseLine(
            self.lease,
            self.wish.endpoint,
            self.wish.model,
            self.state,
            self.wish.need,
            measured.private_bytes + measured.file_bytes if measured else 0,
            self.wish.usage.answers,
            self.idle_seconds(now_seconds) if self.state == HELD else 0.0,
            self.wish.is_pinned,
            measured.private_bytes if measured else 0,
        )

    @property
    def _idle_since_seconds(self) -> float:
        return max(self.wish.usage.idle_since_seconds, self.loaded_seconds)


class Book:
    """All leases by number, in the order of their wishes."""

    def __init__(self, rules: MemoryRules) -> None:
        self.rules = rules
        self._entries: dict[int, Entry] = {}
        self._measures: dict[tuple[str, MemoryNeed], int] = {}

    def __iter__(self) -> Iterator[Entry]:
        return iter(self._entries.values())

    def get(self, lease: int) -> Entry | None:
        """The lease of this number, if it is open."""
        return self._entries.get(lease)

    def add(self, lease: int, wish: TakeLease) -> None:
        """Enters a wish at the end of the queue."""
        assert lease not in self._entries, f"lease {lease} is in use"
        need_bytes = wish.need.total_bytes
        measured = self._measures.get((wish.model, wish.need), 0)
        expected = measured or need_bytes
        reserved = measured or need_bytes + self.rules.margin_bytes(need_bytes)
        self._entries[lease] = Entry(
            lease, wish, expected, reserved, reload_seconds=wish.reload_seconds
        )

    def remove(self, lease: int) -> Entry | None:
        """Closes a lease; None if there is none."""
        return self._entries.pop(lease, None)

    def measure(self, lease: int, memory: ProcessMemory) -> None:
        """Notes what a loaded model holds.

        Pages of its file that were pushed out are needed as before, so the most that was ever seen
        of them counts.
        """
        entry = self._entries.get(lease)
        if entry is None or entry.state == WAITING or entry.loaded_seconds == inf:
            return
        pages = entry.memory.file_bytes if entry.memory else 0
        entry.memory = ProcessMemory(memory.private_bytes, max(memory.file_bytes, pages))
        key = (entry.wish.model, entry.wish.need)
        most = max(entry.held_bytes, self._measures.pop(key, 0))
        self._measures[key] = most
        if len(self._measures) > MEASURES_MAX:
            del self._measures[next(iter(self._measures))]

    @property
    def waiting(self) -> list[Entry]:
        """Who waits, the first first."""
        return [entry for entry in self if entry.state == WAITING]

    @property
    def active(self) -> list[Entry]:
        """Who holds memory."""
        return [entry for entry in self if entry.state != WAITING]

    @property
    def in_flight(self) -> Entry | None:
        """The load that has not come to its end, if there is one."""
        return next((entry for entry in self if entry.is_in_flight), None)

    @property
    def held_bytes(self) -> int:
        """What all that hold memory hold."""
        return sum(entry.held_bytes for entry in self if entry.is_active)

    def claimed_bytes(self, reading_seconds: float) -> int:
        """What of `available`, as it was read then, is spoken for."""
        return sum(entry.claimed_bytes(reading_seconds) for entry in self if entry.is_active)

    def leaving_bytes(self, now_seconds: float) -> int:
        """What those give back who were asked to leave and are in time."""
        return sum(
            entry.held_bytes
            for entry in self
            if entry.state == LEAVING and not entry.is_late(now_seconds)
        )

    def begin_load(self, entry: Entry, now_seconds: float) -> None:
        """The wish is granted."""
        entry.state = LOADING
        entry.granted_seconds = now_seconds

    def end_load(self, lease: int, load_seconds: float, now_seconds: float) -> None:
        """The load has come to its end. One that was asked to leave meanwhile still leaves."""
        entry = self._entries.get(lease)
        if entry is None or not entry.is_in_flight:
            return
        entry.loaded_seconds = now_seconds
        entry.reload_seconds = load_seconds
        if entry.state == LOADING:
            entry.state = HELD

    def ask_to_leave(self, entry: Entry, within: float, critical: bool, now: float) -> None:
        """It is asked to leave; a second time only where it becomes critical."""
        assert entry.is_active, entry
        assert entry.state != LEAVING or critical > entry.is_critical, entry
        entry.state = LEAVING
        entry.asked_seconds = min(entry.asked_seconds, now)
        entry.leave_by_seconds = now + within
        entry.is_critical = critical
