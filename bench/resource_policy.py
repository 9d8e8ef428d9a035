"""What the resource-watcher's mind costs: a look at 8 leases, and the choice of victims.

Times are the best of some rounds, in microseconds of wall time.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable

from understudy.protocols.resources.lease import LeaseUsage, TakeLease
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.policy import ResourcePolicy
from understudy.protocols.resources.reading import MemoryReading, Pressure, ProcessMemory
from understudy.protocols.resources.rules import GIBIBYTE, MemoryRules
from understudy.protocols.resources.victims import CANDIDATES_MAX, Candidate, choose_victims

LEASES = 8
ROUNDS = 5
CALLS = 2_000
READING = MemoryReading(64 * GIBIBYTE, 48 * GIBIBYTE, pressure=Pressure())


def busy_policy() -> ResourcePolicy:
    """Eight models that are loaded, every other one answering."""
    policy = ResourcePolicy(MemoryRules())
    for lease in range(LEASES):
        need = MemoryNeed(4 * GIBIBYTE, GIBIBYTE)
        policy.wish(lease, TakeLease("e", f"m{lease}", need, LeaseUsage(lease % 2)), lease)
        policy.read(READING, lease)
        policy.decide(lease)
        policy.loaded(lease, 1.0, lease)
        policy.measured(lease, ProcessMemory(GIBIBYTE, 4 * GIBIBYTE))
    policy.read(READING, LEASES)
    return policy


def microseconds(call: Callable[[], object]) -> float:
    """The best of some rounds, of one call."""
    return min(timeit.repeat(call, number=CALLS, repeat=ROUNDS)) / CALLS * 1e6


def main() -> None:
    """Prints each on a line."""
    policy = busy_policy()
    candidates = [Candidate(each, 5 + each, float(each)) for each in range(CANDIDATES_MAX)]
    half = sum(each.bytes for each in candidates) // 2
    rows: dict[str, Callable[[], object]] = {
        f"read, {LEASES} leases": lambda: policy.read(READING, LEASES),
        f"decide, {LEASES} leases": lambda: policy.decide(LEASES),
        f"wake_seconds, {LEASES} leases": lambda: policy.wake_seconds(LEASES),
        f"victims among {LEASES}": lambda: choose_victims(candidates[:LEASES], half // 2),
        f"victims among {CANDIDATES_MAX}": lambda: choose_victims(candidates, half),
    }
    for name, call in rows.items():
        print(f"{name:28} {microseconds(call):8.1f} us")


if __name__ == "__main__":
    main()
