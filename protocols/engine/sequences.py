"""The sequences of one memory: which are used, which are kept as prefixes, and how they give way.

A kept sequence is used by no request and may be forked, taken over or evicted; `kept` has the tick
of the store at which it was used last, and is in that order. What happens to the memory is noted as
operations, in order, and counted in `cells` at once: a step carries them out before its batch.
"""

from __future__ import annotations

from .cells import Cells
from .prefix_store import PrefixStore
from .prefixes import Prefixes
from .step import TOKEN_BYTES, Cut, Fork, Limits, Operation

Match = tuple[int, int]
"""So many tokens in common with this sequence."""


class Sequences:
    """Takes, forks, keeps and evicts sequences; `operations` is what is still to be carried out."""

    def __init__(self, limits: Limits, store: PrefixStore | None) -> None:
        self.cells = Cells(limits.cells, limits.sequences, shares=limits.shares)
        self.kept: dict[int, int] = {}
        self.operations: list[Operation] = []
        self.prefixes: Prefixes[int] = Prefixes()
        self._cuttable, self._shares = limits.cuttable, limits.shares
        self._free = list(range(limits.sequences))
        self._store = store

    def take_operations(self) -> tuple[Operation, ...]:
        """What is to be carried out now."""
        operations = tuple(self.operations)
        self.operations.clear()
        return operations

    def can_take(self, spared: int | None) -> bool:
        """Whether a sequence other than the `spared` one is free, or kept and can give way."""
        return bool(self._free) or any(sequence != spared for sequence in self.kept)

    def take(self, spared: int | None = None) -> int:
        """An empty sequence, evicting the least recently used one but for the `spared`."""
        if not self._free:
            self.evict(next(sequence for sequence in self.kept if sequence != spared))
        return self._free.pop(0)

    def take_over(self, sequence: int, tokens: int) -> None:
        """A kept sequence is in use again, with its first tokens."""
        del self.kept[sequence]
        self.cut(sequence, tokens)

    def fork(self, source: int, tokens: int) -> int:
        """A new sequence that shares the first tokens of the source, or is a copy of them."""
        target = self.take(source)
        while not self._shares and self.cells.free < tokens:
            self.evict_for_cells(source)
        self.operations.append(Fork(source, target, tokens))
        self.cells.fork(source, target, tokens)
        return target

    def cut(self, sequence: int, position: int) -> None:
        """The sequence ends before this position."""
        if position < self.cells.length(sequence):
            self.operations.append(Cut(sequence, position))
            self.cells.cut(sequence, position)

    def release(self, sequence: int) -> None:
        """Nobody needs the sequence: it is cleared."""
        if sequence in self.prefixes:
            self.prefixes.remove(sequence)
        self.cut(sequence, 0)
        self._free.append(sequence)

    def keep(self, sequence: int, tokens: bytes) -> None:
        """The sequence, which holds these tokens, is kept; of two that say the same, one is."""
        self.prefixes.put(sequence, tokens)
        count = len(tokens) // TOKEN_BYTES
        for common, other in self.prefixes.matches(tokens, 1):
            if other not in self.kept:
                continue
            length = self.cells.length(other)
            if common == count and (self._cuttable or length == count):
                self._use(other)
                self.release(sequence)
                return
            if common == length and self._cuttable:
                del self.kept[other]
                self.release(other)
        self._use(sequence)

    def save(self, sequence: int, store: PrefixStore) -> list[Operation]:
        """The operations that write a kept sequence to disk; none if it is not worth it."""
        return store.save(sequence, self.prefixes.tokens_of(sequence), self.kept[sequence])

    def evict(self, sequence: int) -> None:
        """A kept sequence is cleared; it is written to disk before, if it is worth it."""
        if self._store is not None:
            self.operations += self.save(sequence, self._store)
        del self.kept[sequence]
        self.release(sequence)

    def evict_for_cells(self, spared: int | None = None) -> bool:
        """Evicts the least recently used kept sequence but for the `spared`, one that frees cells
        if there is one."""
        kept = [sequence for sequence in self.kept if sequence != spared]
        if not kept:
            return False
        freeing = (sequence for sequence in kept if self.cells.only(sequence))
        self.evict(next(freeing, kept[0]))
        return True

    def _use(self, sequence: int) -> None:
        self.kept.pop(sequence, None)
        self.kept[sequence] = 0 if self._store is None else self._store.tick()
