"""The resource-watcher's mind: a state machine without clock, memory or tasks of its own.

Events change it (`wish`, `loaded`, `measured`, `released`, `read`); `decide` says what is to be
done now and takes it as done. The actor carries decisions out; the simulator and the tests drive it
as the actor does: it reads the machine's memory anew before each `decide`.

In this order it decides: what pressure demands (`relief`), who has been idle for too long, and the
loads (`load_queue`). After the beginning or the end of a process no load is decided before a new
reading, which alone shows what that took or gave back: or the next victim would leave for what is
already free.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from .book import Book, Entry
from .decision import FOR_IDLENESS, Decision, Evict, Grant, Refuse
from .decision_log import EVICTED, GRANTED, REFUSED, DecisionLog
from .lease import TakeLease
from .load_queue import LoadQueue
from .pressure_state import PressureState
from .reading import MemoryReading, ProcessMemory
from .relief import Relief
from .report import CRITICAL, MemoryReport
from .room import Room
from .rules import MemoryRules
from .shortage import told_words
from .words import describe_duration, describe_size

__all__ = ["Decision", "Evict", "Grant", "Refuse", "ResourcePolicy"]


class ResourcePolicy:
    """Who holds memory and who waits for it. `now_seconds` never goes back."""

    def __init__(self, rules: MemoryRules) -> None:
        self.rules = rules
        self._book = Book(rules)
        self._pressure = PressureState(rules)
        self._relief = Relief(rules, self._book, self._pressure)
        self._queue = LoadQueue(rules, self._book)
        self._log = DecisionLog()
        self._reading: MemoryReading | None = None
        self._read_seconds = -inf
        self._changed_seconds = -inf
        self._is_fresh = False

    def apply(self, rules: MemoryRules) -> None:
        """The rules have changed: from the next decision on these hold, for open leases too.

        What a wish was to be given stays as it was, and so do the thresholds of pressure.
        """
        for each in (self, self._book, self._pressure, self._relief, self._queue):
            each.rules = rules

    def wish(self, lease: int, wish: TakeLease, now_seconds: float) -> None:
        """Somebody wants to load; the number is new."""
        self._book.add(lease, wish)

    def loaded(self, lease: int, load_seconds: float, now_seconds: float) -> None:
        """A granted load has come to its end: the next may begin."""
        self._book.end_load(lease, load_seconds, now_seconds)
        self._outdate(now_seconds)

    def measured(self, lease: int, memory: ProcessMemory) -> None:
        """So much does a loaded model's process hold: a better number than the estimate."""
        self._book.measure(lease, memory)

    def released(self, lease: int, now_seconds: float) -> None:
        """The lease is closed, whatever state it was in. Safe to call again."""
        entry = self._book.remove(lease)
        if entry is not None and entry.is_active:
            self._log.ended(entry, now_seconds)
            self._outdate(now_seconds)

    def read(self, reading: MemoryReading, now_seconds: float) -> None:
        """The machine's memory is like this; it was read at that time, or begun to be."""
        before = self._reading or reading
        self._reading, self._read_seconds = reading, now_seconds
        self._pressure.read(reading, now_seconds)
        if now_seconds >= self._changed_seconds:
            self._is_fresh = True
            self._log.freed(reading.available_bytes - before.available_bytes)

    def decide(self, now_seconds: float) -> list[Decision]:
        """What is to be done now, in this order."""
        if self._reading is None:
            return []
        pressed = self._relief.decide(now_seconds, is_fresh=self._is_fresh)
        self._take(pressed, now_seconds)
        idle = self._end_idleness(now_seconds)
        self._take(idle, now_seconds)
        return [*pressed, *idle, *self._serve_queue(self._reading, now_seconds)]

    def wake_seconds(self, now_seconds: float) -> float:
        """The time at which to read and decide again although nothing happens; may be infinite."""
        entries = list(self._book)
        if not self._is_fresh and (entries or self._log.is_incomplete):
            return now_seconds
        if not entries:
            return inf
        times = [self._read_seconds + self.rules.reading_seconds]
        times += [each.idle_due_seconds for each in entries]
        waits = self.rules.wait_seconds_max
        times += [each.head_seconds + waits for each in self._book.waiting]
        return max(now_seconds, min(times))

    def report(self, now_seconds: float) -> MemoryReport:
        """What people are told. The budget is what all models may have, reserved what they have."""
        reading = self._reading or MemoryReading(0, 0)
        room = Room.of(self.rules, reading, self._book, self._read_seconds)
        budget_bytes = room.held_bytes + max(0, room.bytes)
        if self.rules.budget_bytes is not None:  # it may be less than what is held already
            budget_bytes = min(budget_bytes, self.rules.budget_bytes)
        return MemoryReport(
            now_seconds,
            self._pressure.state,
            reading,
            budget_bytes,
            room.floor_bytes,
            room.held_bytes,
            tuple(each.line(now_seconds) for each in self._book),
            self._log.lines,
        )

    def _outdate(self, now_seconds: float) -> None:
        """What is held has changed: the last reading does not show it."""
        self._changed_seconds = now_seconds
        self._is_fresh = False

    def _end_idleness(self, now_seconds: float) -> list[Evict]:
        """Those that nobody has used for as long as their own limit."""
        return [
            Evict(
                each.lease,
                self.rules.leave_seconds,
                False,
                f"idle for {describe_duration(each.idle_seconds(now_seconds))}, which is its limit",
                FOR_IDLENESS,
            )
            for each in self._book
            if now_seconds >= each.idle_due_seconds
        ]

    def _serve_queue(self, reading: MemoryReading, now_seconds: float) -> list[Decision]:
        """Loads one after the other until one has to wait; none in a critical state."""
        served: list[Decision] = []
        for entry in self._book.waiting:
            if self._pressure.state == CRITICAL:
                decisions: list[Decision] = [
                    self._queue.refuse_in_crisis(
                        entry, reading, self._read_seconds, self._pressure.why
                    )
                ]
            elif self._book.in_flight or not self._is_fresh:
                break
            else:
                decisions = self._queue.serve(entry, reading, self._read_seconds, now_seconds)
            self._take(decisions, now_seconds)
            served += decisions
            if not any(isinstance(each, Refuse) for each in decisions):
                break
        return served

    def _take(self, decisions: Sequence[Decision], now_seconds: float) -> None:
        """Takes decisions as done, and writes them down."""
        for decision in decisions:
            entry = self._book.get(decision.lease)
            assert entry is not None, decision
            match decision:
                case Grant():
                    self._log.add(GRANTED, entry, self._grant_words(entry), now_seconds)
                    self._book.begin_load(entry, now_seconds)
                case Refuse(_, refusal):
                    self._log.add(REFUSED, entry, told_words(entry, refusal), now_seconds)
                    self._book.remove(entry.lease)
                case Evict(_, within_seconds, critical, why):
                    self._log.add(EVICTED, entry, why, now_seconds)
                    self._book.ask_to_leave(entry, within_seconds, critical, now_seconds)

    def _grant_words(self, entry: Entry) -> str:
        reading = self._reading
        assert reading is not None
        room = Room.of(self.rules, reading, self._book, self._read_seconds)
        return (
            f"it needs {describe_size(entry.reserved_bytes)}, and {describe_size(room.bytes)} "
            f"can be had: {room.words}"
        )
