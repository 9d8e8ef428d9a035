"""Affinity: a conversation stays at its replica, and no replica gets far more than the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import find, given
from hypothesis import strategies as st
from understudy.protocols.routing import affinity
from understudy.protocols.routing.affinity import LOAD_FACTOR, LOAD_MIN

from .worlds import few_examples, hunt

REPLICAS = st.lists(st.sampled_from("abcdefgh"), unique=True, min_size=2, max_size=8)
KEYS = st.lists(st.integers(0, 999).map(str), unique=True, min_size=1, max_size=40)


def moved(replicas: list[str], keys: list[str]) -> list[str]:
    """The conversations that move without need when the first replica is gone."""
    gone, *left = replicas
    before = {key: affinity.preferred(replicas, key)[0] for key in keys}
    return [key for key in keys if before[key] not in (gone, affinity.preferred(left, key)[0])]


def overloaded(replicas: list[str], keys: list[str]) -> list[str]:
    """The replicas that get more than their share, when nobody's turn ends."""
    loads = Counter[str]()
    found: list[str] = []
    for key in keys:
        first = affinity.preferred(replicas, key, loads.__getitem__)[0]
        loads[first] += 1
        share = LOAD_FACTOR * sum(loads.values()) / len(replicas)
        if loads[first] > max(LOAD_MIN, share + 1):
            found.append(first)
    return found


@few_examples
@given(REPLICAS, KEYS)
def test_only_those_of_a_replica_that_is_gone_move(replicas: list[str], keys: list[str]) -> None:
    assert moved(replicas, keys) == []


@few_examples
@given(REPLICAS, KEYS)
def test_no_replica_gets_far_more_than_its_share(replicas: list[str], keys: list[str]) -> None:
    assert overloaded(replicas, keys) == []


@few_examples
@given(REPLICAS, KEYS)
def test_each_replica_is_there_once_whatever_the_load(replicas: list[str], keys: list[str]) -> None:
    for key in keys:
        order = affinity.preferred(replicas, key, lambda name: ord(name) % 9)
        assert sorted(order) == sorted(replicas)


def test_conversations_are_spread() -> None:
    counts = Counter(affinity.preferred("abcd", str(number))[0] for number in range(1_000))
    assert all(200 < count < 300 for count in counts.values())


def test_a_replica_with_much_to_do_stands_back_for_new_turns_alone() -> None:
    order = affinity.preferred("abc", "conversation")
    busy = affinity.preferred("abc", "conversation", lambda name: 10 if name == order[0] else 0)
    assert busy == (*order[1:], order[0])
    assert affinity.preferred("abc", "conversation", lambda _: 10) == order


def places_are_counted_off(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(affinity, "preferred", _counted_off)


def no_bound(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(affinity, "LOAD_FACTOR", 99.0)


@pytest.mark.parametrize(
    ("bug", "judge"),
    [(places_are_counted_off, moved), (no_bound, overloaded)],
    ids=["places are counted off", "no bound"],
)
def test_a_planted_bug_is_seen(
    bug: Callable[[pytest.MonkeyPatch], None],
    judge: Callable[[list[str], list[str]], list[str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bug(monkeypatch)
    worlds = st.tuples(REPLICAS, KEYS)
    world = find(worlds, lambda world: bool(judge(*world)), settings=hunt)
    monkeypatch.undo()
    assert judge(*world) == []


def _counted_off(replicas: list[str], key: str) -> list[str]:
    """What stays while nobody comes or goes."""
    number = int(key) % len(replicas)
    return [*replicas[number:], *replicas[:number]]
