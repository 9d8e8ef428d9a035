"""The histories can fail: bugs planted by hand in the policy, each found by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from understudy.protocols.resources import load_queue
from understudy.protocols.resources.book import Book, Entry
from understudy.protocols.resources.policy import Evict
from understudy.protocols.resources.pressure_state import PressureState
from understudy.protocols.resources.relief import Relief
from understudy.protocols.resources.victims import Candidate

from .history import History

HISTORIES = 400
"""So many may be needed until the rarest comes to light; most do in the first ones."""


def found(words: str) -> None:
    """Some history fails by this promise."""
    for seed in range(HISTORIES):
        try:
            History(seed).run()
        except AssertionError as error:
            if words in str(error):
                return
    pytest.fail(f"no history says {words!r}")


def test_without_a_bug_nothing_is_found() -> None:
    for seed in range(20):
        History(seed).run()


def test_mapped_weights_taken_for_free_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def claimed_bytes(self: Book, reading_seconds: float) -> int:
        return 0

    monkeypatch.setattr(Book, "claimed_bytes", claimed_bytes)
    found("over budget")


def test_a_cache_that_is_not_filled_yet_given_away(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Book.measure

    def measure(self: Book, lease: int, memory: Any) -> None:
        right(self, lease, memory)
        entry = self.get(lease)
        assert entry is not None
        entry.expected_bytes = 0

    monkeypatch.setattr(Book, "measure", measure)
    found("over budget")


def test_a_cool_down_that_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Relief.decide

    def decide(self: Relief, now_seconds: float, *, is_fresh: bool) -> list[Evict]:
        vars(self)["_cool_seconds"] = 0.0
        return right(self, now_seconds, is_fresh=is_fresh)

    monkeypatch.setattr(Relief, "decide", decide)
    found("it flaps")


def test_an_answering_model_taken_for_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Entry, "is_busy", property(lambda entry: entry.is_in_flight))
    found("an answering one is evicted")


def test_a_pin_that_is_not_heeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Entry, "is_evictable", property(lambda entry: entry.state == "held"))
    found("a pinned one is evicted")


def test_all_idle_ones_leave_for_one_load(monkeypatch: pytest.MonkeyPatch) -> None:
    def choose(candidates: Sequence[Candidate], bytes_min: int) -> tuple[int, ...]:
        enough = sum(each.bytes for each in candidates) >= bytes_min > 0
        return tuple(each.lease for each in candidates if enough and not each.is_busy)

    monkeypatch.setattr(load_queue, "choose_victims", choose)
    found("one more left than was needed")


def test_victims_that_do_not_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    def choose(candidates: Sequence[Candidate], bytes_min: int) -> tuple[int, ...]:
        return tuple(each.lease for each in candidates if not each.is_busy)[:1]

    monkeypatch.setattr(load_queue, "choose_victims", choose)
    found("left in vain")


def test_a_wait_without_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    right = load_queue.LoadQueue.serve

    def serve(self: Any, entry: Entry, *arguments: Any) -> Any:
        entry.head_seconds = arguments[-1]
        return right(self, entry, *arguments)

    monkeypatch.setattr(load_queue.LoadQueue, "serve", serve)
    found("it starves")


def test_two_loads_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Book, "in_flight", None)
    found("two loads at a time")


def test_a_critical_state_that_cuts_nobody_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Relief.decide

    def decide(self: Relief, now_seconds: float, *, is_fresh: bool) -> list[Evict]:
        pressure: PressureState = vars(self)["_pressure"]
        return [] if pressure.state == "critical" else right(self, now_seconds, is_fresh=is_fresh)

    monkeypatch.setattr(Relief, "decide", decide)
    found("less for less")


def test_a_release_that_counts_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    removed: dict[int, Entry] = {}

    def remove(self: Book, lease: int) -> Entry | None:
        entries: dict[int, Entry] = vars(self)["_entries"]
        if lease in entries:
            removed[lease] = entries.pop(lease)
        return removed.get(lease)

    monkeypatch.setattr(Book, "remove", remove)
    found("told twice")
