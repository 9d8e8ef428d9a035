"""How many cells of the KV cache the sequences take, shared ones counted once.

A cell is known by who wrote it and its position. A writer is a sequence between two of its cuts:
what it writes is one run of positions that only grows. A fork holds a first part of the runs of its
source, and writes on under a number of its own; so the cells of a writer are those up to the
furthest end that any sequence holds of it, and the count is exact without a list of cells.
"""

from __future__ import annotations

from collections.abc import Iterable


class Cells:
    """The ledger of one memory. `used` and `free` are in cells, which is in tokens."""

    def __init__(self, cells: int, sequences: int, *, shares: bool = True) -> None:
        """`shares` is False where a fork is a copy: then it takes cells."""
        self.cells = cells
        self._shares = shares
        self.used = 0
        self._lengths = [0] * sequences
        self._writers: list[list[int]] = [[] for _ in range(sequences)]
        self._writing: list[int | None] = [None] * sequences
        self._starts: dict[int, int] = {}
        self._ends: dict[int, dict[int, int]] = {}
        self._next_writer = 0

    @property
    def free(self) -> int:
        """How many cells hold nothing."""
        return self.cells - self.used

    def length(self, sequence: int) -> int:
        """How many tokens the sequence has."""
        return self._lengths[sequence]

    def extend(self, sequence: int, tokens: int) -> None:
        """The sequence goes on by so many tokens; each takes a cell."""
        assert 0 <= tokens <= self.free, (tokens, self.free)
        if not tokens:
            return
        writer = self._writing[sequence]
        if writer is None:
            writer = self._writing[sequence] = self._next_writer
            self._next_writer += 1
            self._writers[sequence].append(writer)
            self._starts[writer] = self._lengths[sequence]
            self._ends[writer] = {}
        self._lengths[sequence] += tokens
        self._ends[writer][sequence] = self._lengths[sequence]
        self.used += tokens

    def fork(self, source: int, target: int, tokens: int) -> None:
        """The target, which is empty, shares the first tokens of the source, or copies them."""
        assert self._lengths[target] == 0 < tokens <= self._lengths[source], (source, target)
        if not self._shares:
            self.extend(target, tokens)
            return
        for writer in self._writers[source]:
            if self._starts[writer] >= tokens:
                break
            ends = self._ends[writer]
            ends[target] = min(ends[source], tokens)
            self._writers[target].append(writer)
        self._lengths[target] = tokens

    def cut(self, sequence: int, position: int) -> None:
        """The sequence ends before this position; cells that nobody holds any more are free."""
        if position >= self._lengths[sequence]:
            return
        writers = self._writers[sequence]
        while writers and self._starts[writers[-1]] >= position:
            self._shorten(writers.pop(), sequence, 0)
        if writers:
            self._shorten(writers[-1], sequence, position)
        self._writing[sequence] = None
        self._lengths[sequence] = position

    def only(self, sequence: int) -> int:
        """How many cells are free when this sequence alone is gone."""
        return sum(
            self._ends[writer][sequence]
            - max(
                [self._starts[writer]]
                + [end for other, end in self._ends[writer].items() if other != sequence]
            )
            for writer in self._writers[sequence]
            if self._ends[writer][sequence] == max(self._ends[writer].values())
        )

    def used_by(self, sequences: Iterable[int], source: int = 0, tokens: int = 0) -> int:
        """How many cells these sequences and the first tokens of the source take together."""
        ends: dict[int, int] = {}
        for sequence in sequences:
            for writer in self._writers[sequence]:
                ends[writer] = max(ends.get(writer, 0), self._ends[writer][sequence])
        for writer in self._writers[source]:
            if self._starts[writer] < tokens:
                end = min(tokens, self._ends[writer][source])
                ends[writer] = max(ends.get(writer, 0), end)
        return sum(end - self._starts[writer] for writer, end in ends.items())

    def _shorten(self, writer: int, sequence: int, end: int) -> None:
        """The sequence holds the writer's run to this end only; 0: nothing of it."""
        ends = self._ends[writer]
        before = max(ends.values())
        if end:
            ends[sequence] = min(ends[sequence], end)
        else:
            del ends[sequence]
        self.used -= before - max(ends.values(), default=self._starts[writer])
        if not ends:
            del self._ends[writer], self._starts[writer]
