"""Determinism, looked at case by case: run, run again, and replay the tape; all must be equal.

What differs is named: the first step, or what of the result. Then some order comes from a set of
objects, an `id` or a hash, or a clock or entropy is real: no seed of such a run is worth keeping.
"""

from __future__ import annotations

from itertools import zip_longest

import attrs

from ..world.run import Product, Result
from .case import Case, run_case

PARTS = ("complaints", "virtual_seconds", "steps", "struck", "schedule", "marks", "coverage")


def checked_run(case: Case, product: Product) -> Result:
    """Runs a case three times. A difference is one more complaint of the first run."""
    first = run_case(case, product, trace=True)
    again = run_case(case, product, trace=True)
    tape = attrs.evolve(case, strikes=first.struck, schedule=first.schedule)
    replayed = run_case(tape, product, trace=True)
    complaints = [
        f"{what}: {difference}"
        for what, other in (("run again", again), ("replayed", replayed))
        if (difference := first_difference(first, other))
    ]
    told = (*first.complaints, *complaints)
    return attrs.evolve(first, complaints=told, lines=(), happenings=())


def first_difference(one: Result, other: Result) -> str:
    """In words, where two runs part; empty if they do not."""
    for number, (here, there) in enumerate(zip_longest(one.lines, other.lines), 1):
        if here != there:
            return f"step {number} is {there or 'missing'!r}, and not {here or 'missing'!r}"
    for part in PARTS:
        if getattr(one, part) != getattr(other, part):
            return f"the steps are the same, but {part} differ"
    return ""
