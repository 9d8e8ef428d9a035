"""What the slot scheduler costs: a step of 8 decoding slots, and the lookup of a long prompt.

Times are the median of many, in microseconds of wall time.
"""

from __future__ import annotations

import statistics
import time
from array import array
from random import Random

from understudy.protocols.engine.prefixes import Prefixes
from understudy.protocols.engine.slots import Slots
from understudy.protocols.engine.step import Limits

SLOTS = 8
STEPS = 2_000
PROMPT_TOKENS = 20_000
PREFIXES = 64
LOOKUPS = 200


def step_microseconds() -> float:
    """The median of next_step, decoded and eight times chose."""
    slots = Slots(Limits(100_000, 200_000, SLOTS, 2 * SLOTS))
    for request in range(SLOTS):
        slots.admit(request, array("i", [request] * 200))
    spent: list[float] = []
    while len(spent) < STEPS:
        begun = time.perf_counter()
        step = slots.next_step(512)
        assert step is not None
        slots.decoded(step)
        for sample in step.samples:
            slots.chose(sample.request, 7)
        if step.rows == SLOTS:
            spent.append(time.perf_counter() - begun)
    return statistics.median(spent) * 1e6


def lookup_microseconds() -> float:
    """The median of finding a prompt among prefixes that leave it one after another."""
    random = Random(1)
    prompt = array("i", (random.randrange(150_000) for _ in range(PROMPT_TOKENS)))
    tree: Prefixes[int] = Prefixes()
    for key in range(PREFIXES):
        prefix = prompt[: PROMPT_TOKENS * (key + 1) // (PREFIXES + 1)]
        tree.put(key, (prefix + array("i", [key] * 300)).tobytes())
    spent: list[float] = []
    for _ in range(LOOKUPS):
        begun = time.perf_counter()
        found = tree.matches(prompt.tobytes(), 32)
        spent.append(time.perf_counter() - begun)
        assert len(found) == PREFIXES
    return statistics.median(spent) * 1e6


def main() -> None:
    """Prints both."""
    print(f"a step of {SLOTS} decoding slots: {step_microseconds():.1f} us")
    print(
        f"a prompt of {PROMPT_TOKENS:,} tokens among {PREFIXES} prefixes:"
        f" {lookup_microseconds():.0f} us"
    )


if __name__ == "__main__":
    main()
