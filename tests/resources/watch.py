"""Plays the actor for a test: reads, decides, and writes what was decided as words in a line."""

from __future__ import annotations

from math import inf

from understudy.protocols.resources.lease import LeaseUsage, TakeLease
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.policy import Evict, Grant, Refuse, ResourcePolicy
from understudy.protocols.resources.reading import (
    MemoryReading,
    Pressure,
    PressureLevel,
    ProcessMemory,
)
from understudy.protocols.resources.rules import MemoryRules

GIB = 2**30
MIB = 2**20
RULES = MemoryRules(
    floor_bytes_min=2 * GIB,
    floor_share=0.0,
    floor_share_max=1.0,
    margin_bytes_min=0,
    margin_share=0.0,
    others_seconds_max=0.0,
)
"""Round numbers: 2 GiB stay free, and estimates have no margin."""
TOTAL_GIBIBYTES = 16


class Watch:
    """A policy and its machine of 16 GiB. Sizes are in GiB, times in seconds."""

    def __init__(self, rules: MemoryRules = RULES, available: float = 14) -> None:
        self.policy = ResourcePolicy(rules)
        self.available = available
        self.pressure = Pressure()
        self.level = PressureLevel.UNKNOWN
        self.now = 0.0
        self.usages: dict[int, LeaseUsage] = {}
        self.words: dict[int, str] = {}

    def wish(
        self,
        lease: int,
        weights: float,
        *,
        cache: float = 0,
        pinned: bool = False,
        idle_seconds_max: float = inf,
    ) -> None:
        """A model named after its lease is wished for."""
        tokens = 32768
        need = MemoryNeed(
            int(weights * GIB), int(cache * GIB), 0, tokens, int(cache * GIB) // tokens
        )
        usage = self.usages[lease] = LeaseUsage()
        wish = TakeLease("local", f"m{lease}", need, usage, pinned, idle_seconds_max)
        self.policy.wish(lease, wish, self.now)

    def look(self, *, after: float = 0) -> list[str]:
        """Some time later the memory is read, and the policy decides."""
        self.now += after
        self.policy.read(
            MemoryReading(
                TOTAL_GIBIBYTES * GIB,
                int(self.available * GIB),
                pressure=self.pressure,
                level=self.level,
            ),
            self.now,
        )
        said: list[str] = []
        for decision in self.policy.decide(self.now):
            match decision:
                case Grant(lease):
                    said.append(f"grant {lease}")
                case Refuse(lease, refusal):
                    self.words[lease] = refusal.words
                    said.append(f"refuse {lease}")
                case Evict(lease, within, critical, why, cause):
                    self.words[lease] = why
                    how = "cut" if critical else f"ask within {within:g} s"
                    said.append(f"{how}: {lease} for {cause}")
        return said

    def loaded(self, lease: int, private: float, file: float, load_seconds: float = 1.0) -> None:
        """A load has ended; what its process holds is measured, and gone from what is available."""
        self.policy.loaded(lease, load_seconds, self.now)
        self.policy.measured(lease, ProcessMemory(int(private * GIB), int(file * GIB)))
        self.available -= private

    def run(self, lease: int, weights: float, private: float = 0, **kinds: bool) -> None:
        """A model is wished for, granted and loaded."""
        self.wish(lease, weights, cache=private, **kinds)
        assert self.look() == [f"grant {lease}"]
        self.loaded(lease, private, weights)

    def answer(self, lease: int) -> None:
        """It answers from now on."""
        self.usages[lease].answers = 1

    def idle(self, lease: int) -> None:
        """It has answered."""
        self.usages[lease].answers = 0
        self.usages[lease].idle_since_seconds = self.now

    def gone(self, lease: int, private: float = 0) -> None:
        """Its process has ended, and the memory came back."""
        self.policy.released(lease, self.now)
        self.available += private
