"""Which rows the next batch has: decodes first, as wide as it pays, then a fair share of prompts.

A request with one token to compute decodes, whoever has chosen that token; one with more reads.
Reading requests share what the step may read equally, and what a short prompt leaves of its share
goes to the others: so none waits for a longer one. A wide batch of reads makes decodes in it cheap,
so that the best width counts only while nobody reads.

Cells are given in the order of admission. A request first takes what is promised to it; beyond
that, what is free and promised to nobody, for which kept prefixes give way.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import attrs

from .sequences import Sequences
from .slot import Slot
from .step import Ending, Operation, Sample, Start, Step


@attrs.define
class BatchPlan:
    """How many rows of which requests come next, and who is being restored meanwhile."""

    rows: list[tuple[Slot, int]]
    restoring: list[Slot]
    number: int = 0

    @property
    def goes_on(self) -> bool:
        """Whether any request comes nearer to its end by this step."""
        return bool(self.rows or self.restoring)

    def step(
        self,
        number: int,
        operations: tuple[Operation, ...],
        starts: tuple[Start, ...],
        endings: tuple[Ending, ...],
    ) -> Step:
        """The plan as columns, one row a token."""
        self.number = number
        tokens, positions, sequences = array("i"), array("i"), array("i")
        wanted = bytearray()
        samples: list[Sample] = []
        for slot, rows in self.rows:
            last = slot.held + rows
            tokens += slot.tokens[slot.held : last]
            positions.extend(range(slot.held, last))
            sequences += array("i", (slot.sequence,)) * rows
            wanted += bytes(rows)
            if rows == slot.pending:
                wanted[-1] = 1
                samples.append(Sample(len(wanted) - 1, slot.request))
        columns = (tokens, positions, sequences, bytes(wanted))
        return Step(number, operations, *columns, tuple(samples), starts, endings)


def plan_batch(
    active: Sequence[Slot], memory: Sequences, widths: Sequence[int], prefill_tokens: int
) -> BatchPlan:
    """Chooses the rows; `active` is in the order of admission. May evict kept prefixes."""
    if _all_decode(active, memory, widths):
        return BatchPlan([(slot, 1) for slot in active], [])
    restoring = [slot for slot in active if slot.restoring]
    computing = [slot for slot in active if not slot.restoring]
    room = _Room(active, restoring, memory)
    decoding = [slot for slot in computing if slot.pending == 1 and room.give(slot, 1)]
    reading = [slot for slot in computing if slot.pending > 1]
    if not reading and (width := widths[len(decoding)]) < len(decoding):
        decoding = sorted(decoding, key=_served)[:width]
    rows = [(slot, 1) for slot in decoding]
    for slot, share in _shares(reading, max(1, prefill_tokens - len(rows))):
        if given := room.give(slot, share):
            rows.append((slot, given))
    return BatchPlan(rows, restoring)


def _all_decode(active: Sequence[Slot], memory: Sequences, widths: Sequence[int]) -> bool:
    """Whether each has one row and there is room for all: nearly every step, so it is told soon."""
    promised = 0
    for slot in active:
        if len(slot.tokens) - slot.held != 1 or slot.restoring:
            return False
        promised += slot.outstanding
    count = len(active)
    return memory.cells.free >= promised + count and widths[count] >= count


def _served(slot: Slot) -> int:
    return slot.served


def _pending(slot: Slot) -> int:
    return slot.pending


def _shares(reading: Sequence[Slot], tokens: int) -> list[tuple[Slot, int]]:
    """How many tokens each may read: equal shares, less for who has less to read."""
    chosen = sorted(sorted(reading, key=_served)[:tokens], key=_pending)
    shares: list[tuple[Slot, int]] = []
    for left, slot in zip(range(len(chosen), 0, -1), chosen, strict=True):
        share = min(slot.pending, tokens // left)
        shares.append((slot, share))
        tokens -= share
    return shares


class _Room:
    """The cells that are left for the rows of one batch."""

    def __init__(
        self, active: Sequence[Slot], restoring: Sequence[Slot], memory: Sequences
    ) -> None:
        self._memory = memory
        self._taken = sum(slot.restoring_tokens for slot in restoring)
        self._promised = sum(slot.outstanding for slot in active) - self._taken

    def give(self, slot: Slot, rows: int) -> int:
        """How many of these rows have a cell; they are taken."""
        own = min(rows, slot.outstanding)
        while self._left(own) < rows and self._memory.evict_for_cells():
            pass
        given = max(0, min(rows, self._left(own)))
        self._taken += given
        self._promised -= min(own, given)
        return given

    def _left(self, own: int) -> int:
        """What is free for a request that is promised `own`, and not promised to others."""
        free = self._memory.cells.free - self._taken
        return min(free, max(0, free - self._promised) + own)
