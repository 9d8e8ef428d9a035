"""The memory of the simulated model: cells, each of which knows all that came before it.

As in a real cache of keys and values, what a cell holds was computed from the tokens that its
sequence held then; cells are shared by forks, and never written again. So a cut at the wrong place,
a fork of the wrong sequence, or a state of another model shows in what the model says next.

It is as strict as llama.cpp's: a sequence has a token at each position from 0 on, without a gap,
and a batch that would say otherwise is not computed (`BadBatch`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

_MASK: Final = (1 << 64) - 1
_FACTOR: Final = 6_364_136_223_846_793_005


class BadBatch(Exception):
    """The memory cannot do what it was told to; the message says what and why."""


class NoCells(Exception):
    """The memory is full."""


def next_digest(seen: int, position: int, token: int) -> int:
    """What a cell holds, computed from what all the cells before it hold."""
    mixed = (seen ^ token ^ position << 40) * _FACTOR & _MASK
    return mixed ^ mixed >> 29


def seen_after(seen: int, digest: int) -> int:
    """What is computed from next, once this cell is there too: each has its weight."""
    return seen + digest & _MASK


@attrs.define(eq=False)
class Cell:
    """A token at a position; `users` counts the sequences that share it. `seen` is all that what
    comes after it is computed from."""

    token: int
    digest: int
    seen: int
    users: int = 1


@attrs.frozen
class SequenceState:
    """A copy of a sequence, as a state file holds it."""

    tokens: tuple[int, ...]
    digests: tuple[int, ...] = attrs.field(repr=False)


@attrs.define(eq=False)
class Memory:
    """See the module. `root` is what a model and a template begin to compute from."""

    root: int
    sequences_max: int
    cells_max: int
    used: int = 0
    _sequences: dict[int, list[Cell]] = attrs.field(factory=dict[int, list[Cell]])

    def cells(self, sequence: int) -> Sequence[Cell]:
        """What a sequence holds."""
        return self._sequences.get(sequence, ())

    def tokens(self, sequence: int) -> list[int]:
        """The tokens that a sequence holds."""
        return [cell.token for cell in self.cells(sequence)]

    def put(self, sequence: int, position: int, token: int) -> None:
        """Computes a token. Raises NoCells and BadBatch."""
        cells = self._of(sequence)
        if position != len(cells):
            raise BadBatch(f"sequence {sequence} holds {len(cells)} tokens, not {position}")
        if self.used >= self.cells_max:
            raise NoCells(f"all {self.cells_max} cells are in use")
        seen = cells[-1].seen if cells else self.root
        digest = next_digest(seen, position, token)
        cells.append(Cell(token, digest, seen_after(seen, digest)))
        self.used += 1

    def cut(self, sequence: int, first: int) -> None:
        """Takes away what stands at `first` and after it."""
        cells = self._of(sequence)
        for cell in cells[first:]:
            self._leave(cell)
        del cells[first:]

    def fork(self, source: int, target: int, count: int) -> None:
        """Has the target hold the first tokens of the source, in the same cells."""
        if self.cells(target):
            raise BadBatch(f"sequence {target} is to be a fork, and holds tokens")
        if count > len(self.cells(source)):
            raise BadBatch(f"sequence {source} has no {count} tokens to be forked")
        shared = self._of(target)
        for cell in self.cells(source)[:count]:
            cell.users += 1
            shared.append(cell)

    def state(self, sequence: int) -> SequenceState:
        """A copy of a sequence."""
        cells = self.cells(sequence)
        tokens = tuple(cell.token for cell in cells)
        return SequenceState(tokens, tuple(cell.digest for cell in cells))

    def restore(self, sequence: int, state: SequenceState) -> None:
        """Puts a copy in the place of a sequence. Raises NoCells."""
        self.cut(sequence, 0)
        if self.used + len(state.tokens) > self.cells_max:
            raise NoCells(f"no {len(state.tokens)} of {self.cells_max} cells are free")
        cells, seen = self._of(sequence), self.root
        for token, digest in zip(state.tokens, state.digests, strict=True):
            seen = seen_after(seen, digest)
            cells.append(Cell(token, digest, seen))
        self.used += len(state.tokens)

    def _of(self, sequence: int) -> list[Cell]:
        if not 0 <= sequence < self.sequences_max:
            raise BadBatch(f"there is no sequence {sequence}; there are {self.sequences_max}")
        return self._sequences.setdefault(sequence, [])

    def _leave(self, cell: Cell) -> None:
        cell.users -= 1
        self.used -= not cell.users
