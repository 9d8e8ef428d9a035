"""The smallest set of victims, against all sets there are."""

from __future__ import annotations

from itertools import chain, combinations
from random import Random

import pytest
from understudy.protocols.resources.victims import CANDIDATES_MAX, Candidate, choose_victims


def all_sets(candidates: list[Candidate]) -> list[tuple[Candidate, ...]]:
    counts = range(len(candidates) + 1)
    return list(chain.from_iterable(combinations(candidates, count) for count in counts))


def some(random: Random, count: int) -> list[Candidate]:
    return [
        Candidate(lease, random.randrange(1, 20), random.uniform(0, 50), random.random() < 0.3)
        for lease in range(count)
    ]


@pytest.mark.parametrize("seed", range(60))
def test_the_best_of_the_smallest_sets_is_chosen(seed: int) -> None:
    random = Random(seed)
    candidates = some(random, random.randrange(1, 8))
    bytes_min = random.randrange(1, 60)
    chosen = set(choose_victims(candidates, bytes_min))
    enough = [each for each in all_sets(candidates) if sum(one.bytes for one in each) >= bytes_min]
    if not enough:
        assert not chosen
        return
    best = min(
        enough,
        key=lambda each: (
            sum(one.is_busy for one in each),
            len(each),
            -sum(one.score for one in each),
        ),
    )
    assert chosen == {one.lease for one in best}


@pytest.mark.parametrize("seed", range(40))
def test_of_many_candidates_none_leaves_in_vain(seed: int) -> None:
    random = Random(seed)
    candidates = some(random, CANDIDATES_MAX + random.randrange(1, 20))
    total = sum(each.bytes for each in candidates)
    idle = sum(each.bytes for each in candidates if not each.is_busy)
    bytes_min = random.randrange(1, total)
    chosen = [each for each in candidates if each.lease in choose_victims(candidates, bytes_min)]
    freed = sum(each.bytes for each in chosen)
    assert freed >= bytes_min
    assert freed - min(each.bytes for each in chosen) < bytes_min
    assert idle < bytes_min or not any(each.is_busy for each in chosen)


def test_nobody_is_chosen_where_nothing_is_missing_or_all_would_not_do() -> None:
    candidates = [Candidate(1, 5, 1.0), Candidate(2, 5, 1.0, is_busy=True)]
    assert choose_victims(candidates, 0) == ()
    assert choose_victims(candidates, 11) == ()
    assert choose_victims([], 1) == ()
    assert choose_victims(candidates, 10) == (1, 2)
