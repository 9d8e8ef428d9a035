"""The storm can fail: bugs planted by hand in the scheduler, each found by it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from understudy.protocols.engine import batch
from understudy.protocols.engine.admission import Admission
from understudy.protocols.engine.cells import Cells
from understudy.protocols.engine.prefix_store import PrefixStore
from understudy.protocols.engine.prefixes import Prefixes
from understudy.protocols.engine.sequences import Sequences
from understudy.protocols.engine.slot import Slot
from understudy.protocols.engine.slots import Slots
from understudy.protocols.engine.step import Cut, Step

from .test_slot_storm import NO_KEPT, RECURRENT, ROOMY, TIGHT, Storm, Weather


def found(*weathers: Weather) -> None:
    """Some storm fails by one of the assertions."""
    with pytest.raises(AssertionError):
        run_all(weathers)


def run_all(weathers: Sequence[Weather]) -> None:
    for weather in weathers:
        for seed in range(3):
            Storm(weather, seed).run()


def test_a_cut_of_one_token_too_few(monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(self: Sequences, sequence: int, position: int) -> None:
        if position + 1 < self.cells.length(sequence):
            self.operations.append(Cut(sequence, position + bool(position)))
            self.cells.cut(sequence, position)

    monkeypatch.setattr(Sequences, "cut", cut)
    found(ROOMY, NO_KEPT)


def test_cells_that_others_share_counted_as_free(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Cells.cut

    def cut(self: Cells, sequence: int, position: int) -> None:
        right_used = self.used - max(0, self.length(sequence) - position)
        right(self, sequence, position)
        self.used = max(0, right_used)

    monkeypatch.setattr(Cells, "cut", cut)
    found(ROOMY, TIGHT)


def test_a_fork_counted_as_taking_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Cells.fork

    def fork(self: Cells, source: int, target: int, tokens: int) -> None:
        right(self, source, target, tokens)
        self.used += tokens

    monkeypatch.setattr(Cells, "fork", fork)
    found(ROOMY)


def test_an_abort_that_forgets_its_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    def aborted(self: Slots, step: Step, held: Mapping[int, int]) -> None:
        self.decoded(step)

    monkeypatch.setattr(Slots, "aborted", aborted)
    found(ROOMY)


def test_an_abort_that_computes_kept_rows_again(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Slots.aborted

    def aborted(self: Slots, step: Step, held: Mapping[int, int]) -> None:
        first = {
            sequence: min(
                position
                for other, position in zip(step.sequences, step.positions, strict=True)
                if other == sequence
            )
            for sequence in step.sequences
        }
        right(self, step, first)

    monkeypatch.setattr(Slots, "aborted", aborted)
    found(ROOMY)


def test_an_abort_after_which_logits_are_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    def rewind(self: Slots, slot: Slot, position: int) -> None:
        slot.is_sampled = True

    monkeypatch.setattr(Slots, "_rewind", rewind)
    found(ROOMY)


def test_a_used_sequence_that_is_evicted(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Sequences.take

    def take(self: Sequences, spared: int | None = None) -> int:
        free: list[int] = vars(self)["_free"]
        if not free:
            self.cut(0, 0)
            return 0
        return right(self, spared)

    monkeypatch.setattr(Sequences, "take", take)
    found(ROOMY, TIGHT)


def test_a_failed_restore_that_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    def not_restored(self: Slots, sequence: int) -> None:
        """Nothing is done about it."""

    monkeypatch.setattr(Slots, "not_restored", not_restored)
    found(TIGHT, NO_KEPT)


def test_a_prefix_that_is_one_token_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    right: Callable[..., list[tuple[int, int]]] = vars(Prefixes)["matches"]

    def matches(self: Any, tokens: bytes, tokens_min: int = 1) -> list[tuple[int, int]]:
        return [(common + 1, key) for common, key in right(self, tokens, tokens_min)]

    monkeypatch.setattr(Prefixes, "matches", matches)
    found(ROOMY)


def test_a_kept_prefix_that_claims_what_was_never_computed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Slot, "held_tokens", property(lambda slot: slot.tokens.tobytes()))
    found(ROOMY)


def test_a_recurrent_sequence_that_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    right = Slots.__init__

    def init(self: Slots, *arguments: Any) -> None:
        right(self, *arguments)
        vars(vars(self)["_admission"])["_limits"] = ROOMY.limits

    monkeypatch.setattr(Slots, "__init__", init)
    found(RECURRENT)


def test_promised_cells_that_are_given_away(monkeypatch: pytest.MonkeyPatch) -> None:
    def has_room(*_: object) -> bool:
        return True

    def give(self: object, slot: Slot, rows: int) -> int:
        return rows

    monkeypatch.setattr(Admission, "_has_room", has_room)
    monkeypatch.setattr(vars(batch)["_Room"], "give", give)
    found(TIGHT)


def test_a_disk_budget_that_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def make_room(self: PrefixStore, file_bytes: int) -> None:
        """Nothing is deleted."""

    monkeypatch.setattr(PrefixStore, "_make_room", make_room)
    found(ROOMY)


def test_without_a_bug_nothing_is_found() -> None:
    for weather in (ROOMY, TIGHT, NO_KEPT, RECURRENT):
        Storm(weather, 0).run()
