"""Who leaves because the machine is short of memory, whoever takes it.

Pressed: one idle model, then a cool-down, so that what its end gives back is seen before the next
one goes. Critical: all idle ones at once. If that did not help, which a later reading shows, one
more at a time: a pinned one that is idle, one that is still loading, one that is answering.
"""

from __future__ import annotations

from math import inf

from .book import Book, Entry
from .decision import FOR_PRESSURE, Evict
from .pressure_state import PressureState
from .report import CRITICAL, LEAVING, PRESSED
from .rules import MemoryRules
from .words import describe_duration, describe_size

CRITICAL_READINGS_MIN = 2
"""In a row, before a model is cut that is not idle."""
FORGET_SECONDS = 8.0
"""After somebody left, before somebody is cut for stalls alone: averages over 10 s fall by half in
7 s, even where all stalls have ended."""


class Relief:
    """The decisions that pressure demands."""

    def __init__(self, rules: MemoryRules, book: Book, pressure: PressureState) -> None:
        self.rules = rules
        self._book = book
        self._pressure = pressure
        self._cool_seconds = -inf
        self._forgotten_seconds = -inf

    def decide(self, now_seconds: float, *, is_fresh: bool) -> list[Evict]:
        """Who leaves now; they are not marked yet."""
        if self._pressure.state == CRITICAL:
            victims = [each for each in self._book if each.is_evictable and not each.is_busy]
            victims = victims or (self._cut(now_seconds) if is_fresh else [])
        elif self._pressure.state == PRESSED and now_seconds >= self._cool_seconds:
            victims = self._idle(now_seconds)
        else:
            return []
        if victims:
            self._cool_seconds = now_seconds + self.rules.cool_down_seconds
            self._forgotten_seconds = now_seconds + FORGET_SECONDS
        return [self._evict(victim, now_seconds) for victim in victims]

    def _idle(self, now_seconds: float) -> list[Entry]:
        """The best victim among those that are idle and not just loaded."""
        grace_seconds = self.rules.grace_seconds
        idle = [
            each
            for each in self._book
            if each.is_evictable
            and not each.is_busy
            and now_seconds >= each.loaded_seconds + grace_seconds
        ]
        return sorted(idle, key=lambda each: each.score(now_seconds))[-1:]

    def _cut(self, now_seconds: float) -> list[Entry]:
        """Whom a critical state costs that lasts; nobody while others are about to leave."""
        if self._pressure.critical_readings < CRITICAL_READINGS_MIN:
            return []
        if any(_goes_soon(each, now_seconds) for each in self._book):
            return []
        if now_seconds < self._forgotten_seconds and not self._pressure.is_short:
            return []
        able = [each for each in self._book.active if not each.is_critical]
        return sorted(able, key=lambda each: (_dispensability(each), each.held_bytes))[-1:]

    def _evict(self, victim: Entry, now_seconds: float) -> Evict:
        is_critical = self._pressure.state == CRITICAL
        seconds = self.rules.critical_leave_seconds if is_critical else self.rules.leave_seconds
        if is_critical and victim.is_busy:
            why = (
                f"the machine is about to swap ({self._pressure.why}), and the end of this model "
                f"frees most: {describe_size(victim.held_bytes)}; ask again when other programs "
                "need less memory, or ask a smaller model"
            )
        else:
            idle = describe_duration(victim.idle_seconds(now_seconds))
            why = f"idle for {idle}, and {self._pressure.why}"
        return Evict(victim.lease, seconds, is_critical, why, FOR_PRESSURE)


def _goes_soon(entry: Entry, now_seconds: float) -> bool:
    """It is on its way out: for this reason, or because it was idle."""
    if entry.state != LEAVING or entry.is_late(now_seconds):
        return False
    return entry.is_critical or not entry.is_busy


def _dispensability(entry: Entry) -> int:
    """The greater, the sooner it is cut."""
    if not entry.is_busy:
        return 3
    if entry.wish.is_pinned:
        return 0
    return 2 if entry.is_in_flight else 1
