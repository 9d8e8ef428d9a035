"""What the policy promises, judged from outside: by a ledger and a judgement of its own."""

from __future__ import annotations

from copy import deepcopy
from itertools import pairwise
from math import inf
from random import Random

import attrs
from understudy.protocols.resources.lease import TakeLease
from understudy.protocols.resources.policy import Decision, Evict, Grant, Refuse, ResourcePolicy
from understudy.protocols.resources.reading import (
    MemoryReading,
    Pressure,
    PressureLevel,
    ProcessMemory,
)
from understudy.protocols.resources.rules import MemoryRules

from .machine import Machine

PRESSURE = "pressure"
LOAD = "load"
IDLE = "idle"


@attrs.define(eq=False)
class Known:
    """What the outside knows of a lease."""

    wish: TakeLease
    expected_bytes: int
    reserved_bytes: int
    granted_at: float = inf
    loaded_at: float = inf
    measured_bytes: int = 0
    asked: str = ""
    leave_by: float = inf
    is_cut: bool = False
    first_at: float = inf
    """Since when it is the first that waits, and nothing else loads."""

    @property
    def waits(self) -> bool:
        return self.granted_at == inf

    @property
    def loads(self) -> bool:
        return not self.waits and self.loaded_at == inf

    @property
    def is_busy(self) -> bool:
        return self.loads or self.wish.usage.answers > 0

    @property
    def held_bytes(self) -> int:
        return (
            max(self.measured_bytes, self.expected_bytes)
            if self.measured_bytes
            else self.reserved_bytes
        )


class Promises:
    """Follows one history; each method asserts what must hold then."""

    def __init__(self, rules: MemoryRules, machine: Machine) -> None:
        self.rules = rules
        self.machine = machine
        self.known: dict[int, Known] = {}
        self.measures: dict[str, int] = {}
        """The most that was ever held by a model."""
        self.is_critical = False
        self.pressed_at = -inf
        self.counts = {
            "grants": 0,
            "refusals": 0,
            PRESSURE: 0,
            LOAD: 0,
            IDLE: 0,
            "cuts": 0,
            "steeper": 0,
        }

    def wish(self, lease: int, wish: TakeLease) -> None:
        """A model is asked for by its measure, or by the estimate and a margin."""
        need_bytes = wish.need.total_bytes
        reserved = need_bytes + self.rules.margin_bytes(need_bytes)
        measured = self.measures.get(wish.model)
        self.known[lease] = Known(wish, measured or need_bytes, measured or reserved)

    def measured(self, lease: int, memory: ProcessMemory) -> None:
        """A better number than the estimate."""
        known = self.known[lease]
        known.measured_bytes = memory.private_bytes + memory.file_bytes
        before = self.measures.get(known.wish.model, 0)
        self.measures[known.wish.model] = max(before, known.held_bytes)

    def read(self, reading: MemoryReading) -> None:
        """Judges by itself whether it is critical: from a threshold on, until half of it."""
        floor = self.rules.floor_bytes(reading.total_bytes)
        assert reading.pressure is not None
        factor = 0.5 if self.is_critical else 1.0
        self.is_critical = (
            reading.pressure.full_percent >= self.rules.full_percent_critical * factor
            or reading.available_bytes < floor / (2 * factor)
            or reading.level == PressureLevel.CRITICAL
        )

    def decided(self, decisions: list[Decision], now: float) -> None:
        """Judges what was decided, in its order."""
        self._note_first(now)
        pressed = [each for each in decisions if isinstance(each, Evict) and each.cause == PRESSURE]
        self._check_pressure(pressed, now)
        for each in decisions:
            if isinstance(each, Evict):
                self._check_eviction(each)
        for_load = [each for each in decisions if isinstance(each, Evict) and each.cause == LOAD]
        for each in decisions:
            if isinstance(each, Evict):
                if each.cause != LOAD:
                    self._evicted(each, now)
            elif isinstance(each, Grant):
                self._check_grant(each, now)
            else:
                self._check_refusal(each, now)
                self._note_first(now)
        self._check_smallest([each.lease for each in for_load], now)
        for each in for_load:
            self._evicted(each, now)
        self._check_wait(now)

    def _note_first(self, now: float) -> None:
        """The first of the queue, and nothing loads: from now on its own bound counts."""
        queue = [each for each in self.known.values() if each.waits]
        if queue and not any(each.loads for each in self.known.values()):
            queue[0].first_at = min(queue[0].first_at, now)

    def _check_pressure(self, evictions: list[Evict], now: float) -> None:
        if not evictions:
            return
        if not self.is_critical:
            assert len(evictions) == 1, "two models left at once for pressure"
            assert now >= self.pressed_at + self.rules.cool_down_seconds, "it flaps"
            known = self.known[evictions[0].lease]
            assert now >= known.loaded_at + self.rules.grace_seconds, "no grace after the load"
        elif any(self.known[each.lease].is_busy for each in evictions):
            assert len(evictions) == 1, "more than one is cut at a time"
        self.pressed_at = now

    def _check_eviction(self, evict: Evict) -> None:
        known = self.known[evict.lease]
        assert not known.waits, "asked to leave what it has not got"
        assert not known.asked or (evict.critical and not known.is_cut), "asked twice"
        assert evict.critical == (self.is_critical and evict.cause == PRESSURE)
        if not self.is_critical:
            assert not known.wish.is_pinned, "a pinned one is evicted"
        if not evict.critical:
            assert evict.cause == LOAD or not known.is_busy, "an answering one is evicted"
        assert evict.within_seconds >= 0
        assert evict.why

    def _evicted(self, evict: Evict, now: float) -> None:
        known = self.known[evict.lease]
        known.asked, known.is_cut = evict.cause, evict.critical
        known.leave_by = now + evict.within_seconds
        self.counts[evict.cause] += 1
        self.counts["cuts"] += evict.critical and known.is_busy

    def _check_grant(self, grant: Grant, now: float) -> None:
        """It fits in what the machine has when all that run have taken what is theirs."""
        assert not self.is_critical, "a load in a critical state"
        assert not any(each.loads for each in self.known.values()), "two loads at a time"
        first = next(lease for lease, each in self.known.items() if each.waits)
        assert grant.lease == first, "one has overtaken another"
        machine = self.machine
        promised = sum(process.full_bytes for process in machine.processes.values())
        floor = self.rules.floor_bytes(machine.total_bytes)
        known = self.known[grant.lease]
        assert grant.reserved_bytes == known.reserved_bytes
        full = grant.reserved_bytes
        assert promised + full + machine.others_bytes + floor <= machine.total_bytes, "over budget"
        if self.rules.budget_bytes is not None:
            held = sum(each.held_bytes for each in self.known.values() if not each.waits)
            assert held + full <= self.rules.budget_bytes, "over the user's budget"
        known.granted_at = now
        self.counts["grants"] += 1

    def _check_refusal(self, refuse: Refuse, now: float) -> None:
        known = self.known.pop(refuse.lease)
        self.counts["refusals"] += 1
        assert refuse.refusal.need_bytes == known.reserved_bytes
        waited = now >= known.first_at + self.rules.wait_seconds_max
        all_of_it = self._room() + sum(
            each.held_bytes
            for each in self.known.values()
            if not each.waits and (each.asked or not each.wish.is_pinned)
        )
        assert self.is_critical or waited or all_of_it < known.reserved_bytes, (
            "refused without a reason"
        )
        assert refuse.refusal.available_bytes == max(0, all_of_it), "wrong numbers"
        assert refuse.refusal.words

    def _check_smallest(self, victims: list[int], now: float) -> None:
        """All together make room; if only one of them stays, they do not: so no part would do."""
        if not victims:
            return
        first = next(each for each in self.known.values() if each.waits)
        leaving = sum(
            each.held_bytes for each in self.known.values() if each.asked and each.leave_by > now
        )
        needed = first.reserved_bytes - self._room() - leaving
        gains = [self.known[lease].held_bytes for lease in victims]
        assert sum(gains) >= needed, "left in vain"
        assert sum(gains) - min(gains) < needed, "one more left than was needed"

    def _room(self) -> int:
        """What a load may have; every process has been measured or is still to take its own."""
        machine = self.machine
        claims = 0
        for lease, process in machine.processes.items():
            known = self.known[lease]
            seen = process.private_bytes if known.measured_bytes else 0
            claims += known.held_bytes - min(seen, known.held_bytes)
        floor = self.rules.floor_bytes(machine.total_bytes)
        room = machine.available_bytes - floor - claims
        if self.rules.budget_bytes is not None:
            held = sum(each.held_bytes for each in self.known.values() if not each.waits)
            room = min(room, self.rules.budget_bytes - held)
        return room

    def _check_wait(self, now: float) -> None:
        for each in self.known.values():
            late = each.waits and now >= each.first_at + self.rules.wait_seconds_max
            assert not late, "it starves"


def worse(reading: MemoryReading, random: Random) -> MemoryReading:
    """The same moment with less memory, and no less pressure."""
    assert reading.pressure is not None
    share = random.choice((0.9, 0.5, 0.1))
    more = random.choice((0.0, 1.0, 9.0))
    return attrs.evolve(
        reading,
        available_bytes=int(reading.available_bytes * share),
        pressure=Pressure(
            reading.pressure.some_percent + more, reading.pressure.full_percent + more
        ),
        level=max(reading.level, random.choice((reading.level, PressureLevel.WARNING))),
    )


def check_monotone(policy: ResourcePolicy, reading: MemoryReading, now: float, seed: int) -> bool:
    """Of two policies with one past, the one that reads less memory now evicts no fewer for it.

    This holds of one decision; of what follows it cannot, for who left once cannot leave again.
    True if it made a difference.
    """
    random = Random(seed)
    readings = [reading]
    while len(readings) < 3:
        readings.append(worse(readings[-1], random))
    counts: list[int] = []
    for each in readings:
        fork = deepcopy(policy)
        fork.read(each, now)
        counts.append(
            sum(isinstance(done, Evict) and done.cause == PRESSURE for done in fork.decide(now))
        )
    assert all(more >= fewer for fewer, more in pairwise(counts)), (counts, "less for less")
    return counts[0] < counts[-1]
