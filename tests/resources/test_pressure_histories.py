"""Thousands of random histories of a machine: whatever happens, the policy keeps its promises."""

from __future__ import annotations

from collections import Counter

import pytest

from .history import History

HISTORIES = 2000
PART = 100


@pytest.mark.parametrize("first", range(0, HISTORIES, PART))
def test_in_every_history_the_promises_are_kept(first: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(first, first + PART):
        seen.update(History(seed).run().counts)
    assert all(count > PART // 50 for count in seen.values()), seen
