"""The loads that wait: one at a time, the first come first, nobody overtaken.

A load gets what is left; else idle models leave for it at once; else answering ones too are asked,
which finish what they do and take nothing new. Nobody is asked where even all together would not
make room; but what other programs hold may come back, and for that it waits a moment.

Who was asked and is in time counts as room to come; who is late counts as held, and others are
asked in its place. So everybody's wait is bounded: by the loads that come before it, which their
engines bound, and by `wait_seconds_max` from when it is the first.
"""

from __future__ import annotations

from .book import Book, Entry
from .decision import FOR_A_LOAD, Decision, Evict, Grant, Refuse
from .reading import MemoryReading
from .room import Room
from .rules import MemoryRules
from .shortage import Shortage
from .victims import Candidate, choose_victims
from .words import describe_duration, describe_size


class LoadQueue:
    """Decides about the wishes in a book."""

    def __init__(self, rules: MemoryRules, book: Book) -> None:
        self.rules = rules
        self._book = book

    def serve(
        self, entry: Entry, reading: MemoryReading, read_seconds: float, now_seconds: float
    ) -> list[Decision]:
        """What becomes of the first of the queue now: a grant, a refusal, evictions, or a wait."""
        entry.head_seconds = min(entry.head_seconds, now_seconds)
        room = Room.of(self.rules, reading, self._book, read_seconds)
        if room.bytes >= entry.reserved_bytes:
            return [Grant(entry.lease, entry.reserved_bytes)]
        shortage = Shortage(entry, room, self._book.active)
        wait_seconds = self.rules.wait_seconds_max
        if shortage.missing_bytes > 0:
            patience_seconds = self.rules.others_seconds_max if shortage.may_pass else 0.0
            if now_seconds < entry.head_seconds + patience_seconds:
                return []
            why = f"{describe_size(shortage.missing_bytes)} are missing"
            return [Refuse(entry.lease, shortage.refusal(why, self.rules.cool_down_seconds))]
        if now_seconds >= entry.head_seconds + wait_seconds:
            why = f"it has waited {describe_duration(wait_seconds)} for other models to leave"
            return [Refuse(entry.lease, shortage.refusal(why, self.rules.leave_seconds))]
        missing = entry.reserved_bytes - room.bytes - self._book.leaving_bytes(now_seconds)
        return list(self._make_room(entry, missing, room.bytes, now_seconds))

    def refuse_in_crisis(
        self, entry: Entry, reading: MemoryReading, read_seconds: float, pressed_by: str
    ) -> Refuse:
        """Nothing is loaded while the machine is about to swap."""
        room = Room.of(self.rules, reading, self._book, read_seconds)
        why = f"the machine is about to swap ({pressed_by})"
        shortage = Shortage(entry, room, self._book.active)
        return Refuse(entry.lease, shortage.refusal(why, self.rules.cool_down_seconds))

    def _make_room(
        self, entry: Entry, missing_bytes: int, room_bytes: int, now_seconds: float
    ) -> list[Evict]:
        """Asks the smallest set to leave that will do, or nobody if that is not to be had now."""
        candidates = [
            Candidate(each.lease, each.held_bytes, each.score(now_seconds), each.is_busy)
            for each in self._book
            if each.is_evictable
        ]
        wanted = (
            f"{entry.name} needs {describe_size(entry.reserved_bytes)}, and "
            f"{describe_size(max(0, room_bytes))} are left"
        )
        evictions: list[Evict] = []
        for lease in choose_victims(candidates, missing_bytes):
            victim = self._book.get(lease)
            assert victim is not None
            within_seconds = self.rules.leave_seconds
            how = f"idle for {describe_duration(victim.idle_seconds(now_seconds))}"
            if victim.is_busy:
                how = "it may finish what it answers"
                within_seconds = entry.head_seconds + self.rules.wait_seconds_max - now_seconds
            evictions.append(Evict(lease, within_seconds, False, f"{how}; {wanted}", FOR_A_LOAD))
        return evictions
