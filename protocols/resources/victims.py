"""Which models leave so that there is room: the fewest that will do, and the best of those.

First as few as possible that are answering, then as few as possible at all; among sets of the same
size the one with the highest sum of scores (see `Entry.score`). No proper part of such a set would
do, for it would be smaller. Up to `CANDIDATES_MAX` candidates all sets of that size are tried;
beyond, the best by score are taken until it is enough, and those that are not needed left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain, combinations, product

import attrs

CANDIDATES_MAX = 12
"""So many candidates give at most C(12, 6) = 924 sets of one size."""


@attrs.frozen
class Candidate:
    """A lease that may be asked to leave."""

    lease: int
    bytes: int
    score: float
    is_busy: bool = False


def choose_victims(candidates: Sequence[Candidate], bytes_min: int) -> tuple[int, ...]:
    """The leases that should leave; none if nothing is missing, or if all would not do."""
    if bytes_min <= 0 or sum(each.bytes for each in candidates) < bytes_min:
        return ()
    idle = _biggest_first(each for each in candidates if not each.is_busy)
    busy = _biggest_first(each for each in candidates if each.is_busy)
    if len(candidates) > CANDIDATES_MAX:
        return _greedy(candidates, bytes_min)
    idle_count, busy_count = _fewest(idle, busy, bytes_min)
    sets = (
        tuple(chain(*pair))
        for pair in product(combinations(idle, idle_count), combinations(busy, busy_count))
    )
    enough = (each for each in sets if sum(victim.bytes for victim in each) >= bytes_min)
    best = max(enough, key=lambda each: sum(victim.score for victim in each))
    return tuple(victim.lease for victim in best)


def _biggest_first(candidates: Iterable[Candidate]) -> list[Candidate]:
    return sorted(candidates, key=lambda each: -each.bytes)


def _fewest(
    idle: Sequence[Candidate], busy: Sequence[Candidate], bytes_min: int
) -> tuple[int, int]:
    """How many of each there must be at least; both have the biggest first."""
    missing = bytes_min - sum(each.bytes for each in idle)
    busy_count = _count(busy, missing)
    missing = bytes_min - sum(each.bytes for each in busy[:busy_count])
    return _count(idle, missing), busy_count


def _count(candidates: Sequence[Candidate], bytes_min: int) -> int:
    count = 0
    while bytes_min > 0:
        bytes_min -= candidates[count].bytes
        count += 1
    return count


def _greedy(candidates: Sequence[Candidate], bytes_min: int) -> tuple[int, ...]:
    """Idle ones before others, then by score; at the end without whom it works as well."""
    ranked = sorted(candidates, key=lambda each: (each.is_busy, -each.score))
    count = _count(ranked, bytes_min)
    taken, spare = ranked[:count], -bytes_min
    spare += sum(each.bytes for each in taken)
    for each in sorted(taken, key=lambda each: (not each.is_busy, each.score)):
        if each.bytes <= spare:
            taken.remove(each)
            spare -= each.bytes
    return tuple(each.lease for each in taken)
