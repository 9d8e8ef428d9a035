"""The slot scheduler: which tokens of which requests a model computes next, and where. Pure.

The loop that drives it, once for the real worker and once for the simulated one:

    while (step := slots.next_step(prefill_tokens)) is not None:
        tell step.endings and step.starts
        do step.operations in order       # a Restore that fails: slots.not_restored(sequence)
        compute the batch, if step.rows   # aborted: slots.aborted(step, held), no samples
        slots.decoded(step)
        for each sample: slots.chose(request, token), or slots.finish(request) at the model's end
        read the pipe: slots.admit, slots.cancel   # never between next_step and decoded or aborted
    now idle: slots.next_save() is what may be written to disk meanwhile

A step decodes first, then reads prompts. The queue is FIFO: its first request is admitted as soon
as a slot and the cells of its prompt and reserve are free or can be; only one that waits for its
own beginning to be read by another request is passed. The cells promised to those in slots are
never given to others, so a prompt is always read to its end; an answer longer than its reserve
takes what nobody needs. If nobody at all can go on, the newest request ends with CONTEXT.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping

from .admission import Admission, DoesNotFit, Verdict
from .batch import BatchPlan, plan_batch
from .decode_width import best_widths
from .messages import CONTEXT, LENGTH
from .prefix_store import PrefixStore
from .sequences import Sequences
from .slot import NOWHERE, Slot
from .step import FORK_TOKENS_MIN, TOKEN_BYTES, Costs, Ending, Limits, Operation, Start, Step

__all__ = ["DoesNotFit", "Slots"]


class Slots:
    """Schedules the requests of one loaded model. Same calls, same steps."""

    def __init__(
        self, limits: Limits, costs: Costs | None = None, store: PrefixStore | None = None
    ) -> None:
        self._limits = limits
        self._store = store
        self._widths = best_widths((costs or Costs()).decode_seconds, limits.slots)
        self._memory = Sequences(limits, store)
        self._admission = Admission(limits, self._memory, store)
        self._queue: list[Slot] = []
        self._active: list[Slot] = []
        self._without_room: Slot | None = None
        self._known: dict[int, Slot] = {}
        self._number = 0
        self._plan: BatchPlan | None = None

    def admit(self, request: int, tokens: array[int], answer_tokens_max: int = 0) -> None:
        """Queues a request with this prompt (int32; not changed by the caller afterwards).

        `answer_tokens_max` 0 is as many as have room. Raises DoesNotFit.
        """
        assert request not in self._known, request
        reserved = self._admission.reserved_for(len(tokens), answer_tokens_max)
        slot = Slot(request, tokens[:], tokens.tobytes(), answer_tokens_max, reserved)
        self._known[request] = slot
        self._queue.append(slot)

    def next_step(self, prefill_tokens: int) -> Step | None:
        """What to do now, reading at most so many tokens; None while there is nothing to do.

        After it comes `decoded` or `aborted` with the same step, before any other call but
        `not_restored`. A batch has at most `prefill_tokens` rows, or one more than there are slots
        if that is more.
        """
        assert self._plan is None, "the last step has not been answered"
        assert all(slot.pending for slot in self._active), "a sample was not told"
        if self._store is not None:
            self._memory.operations += self._store.take_deletions()
        endings: list[Ending] = []
        while True:
            self._admit_waiting()
            plan = plan_batch(self._active, self._memory, self._widths, prefill_tokens)
            if plan.goes_on or not self._active:
                break
            endings.append(self._end_newest())
        starts = [self._start(slot) for slot in self._active if slot.is_new]
        operations = self._memory.take_operations()
        if not (plan.goes_on or operations or endings):
            assert not self._known, "requests wait, and nothing goes on"
            return None
        self._number += 1
        self._plan = plan
        return plan.step(self._number, operations, tuple(starts), tuple(endings))

    def decoded(self, step: Step) -> None:
        """The step is done, all of it. Its samples may now be chosen."""
        plan = self._settle(step)
        for slot, rows in plan.rows:
            self._memory.cells.extend(slot.sequence, rows)
            slot.held += rows
            slot.is_sampled = not slot.pending

    def aborted(self, step: Step, held: Mapping[int, int]) -> None:
        """The step's operations are done, its batch was stopped: nothing of it is sampled.

        `held` says of each sequence in the batch how many tokens the memory holds of it now
        (`seq_pos_max + 1`). Whole micro-batches stay; but llama.cpp gives no logits of a batch that
        was stopped, so a last row that stayed is computed again.
        """
        plan = self._settle(step)
        for slot, rows in plan.rows:
            holds = held[slot.sequence]
            assert 0 <= holds <= slot.held + rows, (holds, slot.held, rows)
            self._memory.cells.extend(slot.sequence, max(0, holds - slot.held))
            self._memory.cells.cut(slot.sequence, holds)
            slot.held = holds
            if not self._limits.cuttable:
                self._rewind(slot, 0)
            elif not slot.pending:
                self._rewind(slot, holds - 1)

    def chose(self, request: int, token: int) -> str | None:
        """The request's answer goes on with this token, sampled in the step just decoded.

        Returns None, or the reason for which the answer ends with it: LENGTH or CONTEXT. The
        request has then left its slot.
        """
        slot = self._known[request]
        assert slot.is_sampled, "nothing was sampled for this request"
        slot.is_sampled = False
        slot.tokens.append(token)
        slot.answer_tokens += 1
        ending = None
        if slot.answer_tokens == slot.answer_tokens_max:
            ending = LENGTH
        elif len(slot.tokens) >= min(self._limits.context_tokens, self._limits.cells):
            ending = CONTEXT
        if ending is not None:
            self._leave(slot)
        return ending

    def finish(self, request: int) -> None:
        """The answer has ended (its end was sampled, or a stop sequence); its prefix is kept."""
        self._leave(self._known[request])

    def cancel(self, request: int) -> None:
        """Drops the request, wherever it is; what has been computed of it is kept. A request that
        is not known (any more) is ignored."""
        assert self._plan is None, "a step is under way"
        slot = self._known.get(request)
        if slot is None:
            return
        if slot.sequence == NOWHERE:
            self._queue.remove(slot)
            del self._known[request]
        else:
            self._leave(slot)

    def not_restored(self, sequence: int) -> None:
        """The Restore into this sequence, in the step under way, has failed: its tokens are read
        instead, and the store forgets the file."""
        assert self._plan is not None, "no step is under way"
        assert self._store is not None, "nothing is restored without a store"
        (slot,) = [slot for slot in self._plan.restoring if slot.sequence == sequence]
        self._store.forget(self._store.key_of(slot.restoring))
        slot.restoring = b""

    def next_save(self) -> tuple[Operation, ...]:
        """When idle, or asked to leave: the operations that write one prefix worth keeping.

        Empty when there is none. Answer the Save by `PrefixStore.saved` or `not_saved`, then ask
        again.
        """
        assert self._plan is None, "a step is under way"
        if self._store is None:
            return ()
        for sequence in reversed(self._memory.kept):
            if saves := self._memory.save(sequence, self._store):
                self._memory.operations += saves
                return self._memory.take_operations()
        while self._admission.shared:
            tokens, _ = self._admission.shared.popitem()
            if self._save_shared(tokens, self._store):
                return self._memory.take_operations()
        return ()

    def read_tokens(self, request: int) -> int:
        """How many tokens of the request's prompt the memory holds now."""
        slot = self._known[request]
        return min(slot.held, slot.prompt_tokens)

    @property
    def is_idle(self) -> bool:
        """Whether no request is queued or in a slot."""
        return not self._known

    def _admit_waiting(self) -> None:
        """Admits in the order of the queue until one has no room; those that wait are passed."""
        for slot in tuple(self._queue):
            if len(self._active) == self._limits.slots or slot is self._without_room:
                return
            if slot.must_wait:
                continue
            verdict = self._admission.admit(slot, self._active)
            if verdict is Verdict.ADMITTED:
                self._queue.remove(slot)
            elif verdict is Verdict.NO_ROOM:
                self._without_room = slot
                return

    def _start(self, slot: Slot) -> Start:
        slot.is_new = False
        return Start(slot.request, slot.prompt_tokens, slot.held, slot.restored)

    def _settle(self, step: Step) -> BatchPlan:
        """The operations of the step are done: what was restored is there."""
        plan, self._plan = self._plan, None
        assert plan is not None, "no step is under way"
        assert plan.number == step.number, (plan.number, step.number)
        for slot in reversed(plan.restoring):
            if slot.restoring:
                self._take_restored(slot)
            else:
                self._admit_again(slot)
        for slot, _ in plan.rows:
            slot.served = step.number
        return plan

    def _take_restored(self, slot: Slot) -> None:
        self._memory.cells.extend(slot.sequence, slot.restoring_tokens)
        self._memory.cut(slot.sequence, slot.usable)
        slot.held = slot.restored = slot.usable
        slot.restoring = b""
        slot.is_new = True

    def _admit_again(self, slot: Slot) -> None:
        """Its file was gone or bad: it is admitted anew, with what else is remembered."""
        self._active.remove(slot)
        self._memory.release(slot.sequence)
        slot.sequence = NOWHERE
        self._queue.insert(0, slot)
        self._without_room = None

    def _rewind(self, slot: Slot, position: int) -> None:
        self._memory.cut(slot.sequence, position)
        slot.held = position

    def _leave(self, slot: Slot) -> None:
        """Frees the slot; what the memory holds of it is kept, if it is worth a fork."""
        self._active.remove(slot)
        del self._known[slot.request]
        self._without_room = None
        if slot.held >= FORK_TOKENS_MIN:
            self._memory.keep(slot.sequence, slot.held_tokens)
        else:
            self._memory.release(slot.sequence)
        slot.sequence = NOWHERE

    def _end_newest(self) -> Ending:
        slot = self._active[-1]
        self._leave(slot)
        return Ending(slot.request, CONTEXT)

    def _save_shared(self, tokens: bytes, store: PrefixStore) -> bool:
        """Forks the beginning from whoever has it, writes the fork, clears it."""
        count = len(tokens) // TOKEN_BYTES
        holders = [
            sequence
            for _, sequence in self._memory.prefixes.matches(tokens, count)
            if self._memory.cells.length(sequence) >= count and self._memory.can_take(sequence)
        ]
        used = store.tick()
        wanted = self._limits.cuttable and store.wants(tokens, used, shared=True)
        has_room = self._limits.shares or count <= self._memory.cells.free
        if not holders or not wanted or not has_room:
            return False
        fork = self._memory.fork(holders[0], count)
        self._memory.operations += store.save(fork, tokens, used, shared=True)
        self._memory.release(fork)
        return True
