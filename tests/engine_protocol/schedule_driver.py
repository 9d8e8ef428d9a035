"""Drives `Slots` as a worker does, over the model of the memory, and checks every promise.

At each sample the sequence must hold exactly the request's prompt and its answer so far: so no two
texts mix, whatever was forked, cut, restored or aborted before.
"""

from __future__ import annotations

from array import array

import attrs
from understudy.protocols.engine.messages import CANCELLED, STOP
from understudy.protocols.engine.prefix_store import PrefixStore
from understudy.protocols.engine.sequences import Sequences
from understudy.protocols.engine.slots import Slots
from understudy.protocols.engine.step import Costs, Limits, Restore, Save, Start, Step

from .kv_model import END_OF_ANSWER, KvModel, next_token


@attrs.define
class Asked:
    """A request as its client knows it."""

    prompt: list[int]
    answer: list[int] = attrs.field(factory=list[int])
    start: Start | None = None
    ending: str = ""


class Driver:
    """One worker: its scheduler, its memory, its requests."""

    def __init__(
        self, limits: Limits, costs: Costs | None = None, store: PrefixStore | None = None
    ) -> None:
        self.limits = limits
        self.store = store
        self.memory = KvModel(limits)
        self.slots = Slots(limits, costs, store)
        self.asked: dict[int, Asked] = {}
        self.steps: list[Step] = []

    def ask(self, request: int, prompt: list[int], answer_tokens_max: int = 0) -> Asked:
        """Admits a request."""
        self.slots.admit(request, array("i", prompt), answer_tokens_max)
        self.asked[request] = Asked(list(prompt))
        return self.asked[request]

    def cancel(self, request: int) -> None:
        """Drops a request; its answer stays as it is."""
        self.slots.cancel(request)
        self.asked[request].ending = self.asked[request].ending or CANCELLED

    def step(self, prefill_tokens: int = 16, abort_after: int | None = None) -> Step | None:
        """One step, aborted after so many rows if that is given."""
        step = self.slots.next_step(prefill_tokens)
        if step is None:
            return None
        self.steps.append(step)
        assert step.rows <= max(prefill_tokens, self.limits.slots + 1), step
        for start in step.starts:
            assert self.asked[start.request].start is None, start
            self.asked[start.request].start = start
        for ending in step.endings:
            self.asked[ending.request].ending = ending.reason
        self._operate(step)
        if abort_after is not None and abort_after < step.rows:
            self.slots.aborted(step, self.memory.compute(step, abort_after))
            return step
        self.memory.compute(step, step.rows)
        self.slots.decoded(step)
        self._check_ledger()
        for sample in step.samples:
            assert step.wanted[sample.row], sample
            self._sample(sample.request, step.sequences[sample.row])
        return step

    def run(self, prefill_tokens: int = 16, steps_max: int = 2000) -> None:
        """Steps until there is nothing to do."""
        for _ in range(steps_max):
            if self.step(prefill_tokens) is None:
                return
        raise AssertionError(f"not idle after {steps_max} steps")

    def save_all(self) -> None:
        """Writes what is worth it, as an idle worker does."""
        while operations := self.slots.next_save():
            for operation in operations:
                assert self.memory.do(operation)
                if isinstance(operation, Save):
                    self._saved(operation)

    def _check_ledger(self) -> None:
        """The scheduler counts cells as the memory does, once nothing is on its way."""
        sequences: Sequences = vars(self.slots)["_memory"]
        if not sequences.operations:
            assert sequences.cells.used == self.memory.cells

    def _operate(self, step: Step) -> None:
        for operation in step.operations:
            done = self.memory.do(operation)
            if isinstance(operation, Restore) and not done:
                self.slots.not_restored(operation.sequence)
            if isinstance(operation, Save):
                self._saved(operation)

    def _saved(self, save: Save) -> None:
        assert self.store is not None
        self.store.saved(save.key, len(save.tokens) * 2)

    def _sample(self, request: int, sequence: int) -> None:
        asked = self.asked[request]
        held = self.memory.tokens_of(sequence)
        assert held == asked.prompt + asked.answer, f"request {request} has another's text"
        token = next_token(held)
        if token == END_OF_ANSWER:
            self.slots.finish(request)
            asked.ending = STOP
        else:
            asked.answer.append(token)
            asked.ending = self.slots.chose(request, token) or ""
