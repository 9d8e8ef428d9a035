"""The computing side of an MLX model: reading prompts, decoding batches, holding sequences.

A step's rows are computed in parts: what is read of each prompt by itself, then all that decode in
as few batches as padding allows (`batch`). The abort flag is looked at before each part; MLX itself
cannot be stopped, so a part is small. Where sequences cannot be cut, a step is done to its end, for
half of one would be lost. The last token of a prompt decodes: the logits of the others
are never computed.

Invariant: `_lengths` says of each sequence what its caches hold, and a sequence is in one batch, or
has caches of its own, or is empty.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

import attrs

from ..worker import model
from ..worker.model import ABORTED, DECODED
from .batch import Batch, gathered
from .library import mx, numpy
from .model_caches import Caches, can_batch, can_cut, copied, cut, evaluate
from .network import Network
from .state_codec import NoState, planned, read_caches

CANDIDATES: Final = 64
"""So many of the likeliest tokens of a row are found where the logits are."""
READ_TOKENS_MAX: Final = 256
"""In one part."""


@attrs.define(eq=False)
class _Logits:
    """The logits of a batch, brought here once if anybody asks for all of a row's."""

    _computed: Any
    _here: Any = None

    def row(self, at: int) -> Any:
        """A copy of a row."""
        if self._here is None:
            self._here = numpy.array(self._computed)
        return self._here[at].copy()


@attrs.frozen
class Row:
    """The logits of a row: the likeliest tokens in order, and all of them where they are needed.

    `candidates` and `logits` are arrays of numpy; `total` is the logarithm of the sum of all
    exponentials, which a logit's own probability follows from.
    """

    candidates: Any
    logits: Any
    total: float
    _batch: _Logits
    _at: int

    def whole(self) -> Any:
        """The logits of all tokens, as an array of numpy of our own."""
        return self._batch.row(self._at)


@attrs.frozen
class _Run:
    """Rows of one sequence in a step; `row` is the number of the last one."""

    sequence: int
    tokens: list[int]
    row: int
    wanted: bool


class Context(model.Context):
    """One model's memory of sequences. `is_set` tells whether nothing may be computed now."""

    def __init__(
        self,
        network: Network,
        *,
        cells: int,
        sequences: int,
        batch_tokens: int,
        known: int,
        is_set: Callable[[], bool],
    ) -> None:
        self.cells, self.batch_tokens = cells, batch_tokens
        self._network, self._known, self._is_set = network, known, is_set
        self._own: dict[int, Caches] = {}
        self._batches: list[Batch] = []
        self._lengths = dict.fromkeys(range(sequences), 0)
        self._rows: dict[int, Row] = {}
        empty = network.caches()
        self._cuttable, self._batchable = can_cut(empty), can_batch(empty)

    def decode(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[int],
    ) -> int:
        """See Context.decode."""
        del positions  # rows go on where their sequence ends
        runs = list(_runs(tokens, sequences, wanted))
        self._rows.clear()
        for run in runs:
            read = run.tokens[:-1] if run.wanted else run.tokens
            if read and not self._read(run.sequence, read):
                return ABORTED
        deciding = {run.sequence: run for run in runs if run.wanted}
        return DECODED if not deciding or self._decide(deciding) else ABORTED

    def row(self, row: int) -> Row:
        """The logits of a row of the last batch that was wanted."""
        return self._rows[row]

    def obeys_flag(self) -> bool:
        """See Context.obeys_flag: MLX computes what was begun."""
        return False

    def length(self, sequence: int) -> int:
        """See Context.length."""
        return self._lengths[sequence]

    def cut(self, sequence: int, length: int) -> bool:
        """See Context.cut."""
        excess = self._lengths[sequence] - length
        if length <= 0:
            self._forget(sequence)
        elif excess > 0:
            if not self._cuttable:
                return False
            cut(self._alone(sequence), excess)
            self._lengths[sequence] = length
        return True

    def fork(self, source: int, target: int, length: int) -> None:
        """See Context.fork: a copy, once one of the two goes on."""
        found = copied(self._alone(source))
        cut(found, self._lengths[source] - length)
        self._own[target], self._lengths[target] = found, length

    def forget_all(self) -> None:
        """See Context.forget_all."""
        self._own.clear()
        self._batches.clear()
        self._lengths = dict.fromkeys(self._lengths, 0)

    def state_bytes(self, sequence: int) -> int:
        """See Context.state_bytes."""
        try:
            return planned(self._alone(sequence), self._lengths[sequence]).size_bytes
        except NoState:
            return 0

    def read_state(self, sequence: int, into: memoryview) -> int:
        """See Context.read_state."""
        try:
            return planned(self._alone(sequence), self._lengths[sequence]).write(into)
        except NoState:
            return 0

    def write_state(self, sequence: int, state: memoryview) -> bool:
        """See Context.write_state."""
        try:
            found, tokens = read_caches(state)
        except NoState:
            return False
        if list(map(type, found)) != list(map(type, self._network.caches())):
            return False
        self._own[sequence], self._lengths[sequence] = found, tokens
        return True

    def _read(self, sequence: int, tokens: list[int]) -> bool:
        """Reads tokens of a prompt, in parts; False if it was stopped between two."""
        for start in range(0, len(tokens), READ_TOKENS_MAX):
            if self._is_stopped():
                return False
            part = tokens[start : start + READ_TOKENS_MAX]
            caches = self._alone(sequence)
            self._network.logits([part], caches)
            evaluate(caches)
            self._lengths[sequence] += len(part)
        return True

    def _decide(self, runs: dict[int, _Run]) -> bool:
        """Computes the logits of one token each; False if it was stopped between two batches."""
        for batch in self._batches:
            for member in set(batch.members) - set(runs):
                self._own[member] = batch.take_out(member)
        self._batches = [batch for batch in self._batches if batch.members]
        alone = list(runs)
        if self._batchable:
            found = gathered(list(runs), self._batches, self._lengths, self._taken)
            self._batches, alone = found
        parts = [(batch.members, batch.caches) for batch in self._batches]
        parts += [([sequence], self._alone(sequence)) for sequence in alone]
        for members, caches in parts:
            if self._is_stopped():
                return False
            self._compute([runs[member] for member in members], caches)
        return True

    def _is_stopped(self) -> bool:
        return self._cuttable and self._is_set()

    def _compute(self, runs: list[_Run], caches: Caches) -> None:
        planned_logits = self._network.logits([run.tokens[-1:] for run in runs], caches)
        whole = planned_logits[:, -1, : self._known].astype(mx.float32)
        count = min(CANDIDATES, whole.shape[-1])
        order = mx.argpartition(-whole, kth=count - 1, axis=-1)[:, :count]
        likeliest = mx.take_along_axis(whole, order, axis=-1)
        total = mx.logsumexp(whole, axis=-1)
        mx.eval(whole, order, likeliest, total, [each.state for each in caches])
        ids, values, totals = numpy.array(order), numpy.array(likeliest), total.tolist()
        batch = _Logits(whole)
        for at, run in enumerate(runs):
            # By their logits, and equal ones by their numbers: the same in every batch.
            by_logit = numpy.lexsort((ids[at], -values[at]))
            self._rows[run.row] = Row(
                ids[at][by_logit], values[at][by_logit], totals[at], batch, at
            )
            self._lengths[run.sequence] += 1

    def _alone(self, sequence: int) -> Caches:
        """The caches of a sequence that is in no batch, or is not any more; empty ones at first."""
        batch = next((each for each in self._batches if sequence in each.members), None)
        if batch is not None:
            self._own[sequence] = batch.take_out(sequence)
            self._batches = [each for each in self._batches if each.members]
        if sequence not in self._own:
            self._own[sequence] = self._network.caches()
        return self._own[sequence]

    def _taken(self, sequence: int) -> Caches:
        """The caches of a sequence, for a batch."""
        found = self._alone(sequence)
        del self._own[sequence]
        return found

    def _forget(self, sequence: int) -> None:
        for batch in self._batches:
            if sequence in batch.members:
                batch.drop({sequence})
        self._batches = [batch for batch in self._batches if batch.members]
        self._own.pop(sequence, None)
        self._lengths[sequence] = 0


def _runs(tokens: Sequence[int], sequences: Sequence[int], wanted: Sequence[int]) -> Iterator[_Run]:
    """The rows of each sequence, which stand together."""
    start = 0
    for row, sequence in enumerate(sequences):
        is_last = row + 1 == len(sequences) or sequences[row + 1] != sequence
        if is_last:
            yield _Run(sequence, list(tokens[start : row + 1]), row, bool(wanted[row]))
            start = row + 1
