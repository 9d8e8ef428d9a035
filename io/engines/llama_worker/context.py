"""The computing side of a model: its context, the batch, and the memory of its sequences.

The arrays of the batch are ours and are filled by slices, for setting them one by one through
ctypes costs a microsecond each. All sequences share one cache (`kv_unified`): a fork shares cells,
and no slot reserves what another could use.

Invariant: after `decode` has said ABORTED, each sequence holds what was computed before: see
`length`. A whole micro-batch is lost for all sequences that were in it.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Sequence
from typing import Any, Final

from ..worker import model
from ..worker.model import ABORTED, LoadError
from .library import last_errors, llama, strlen
from .weights import Weights

_INT_BYTES: Final = 4
_native: Any = ctypes
"""Pointers to the library's own types have no types to check."""


class Context(model.Context):
    """One context with its memory."""

    def __init__(
        self,
        weights: Weights,
        *,
        cells: int,
        sequences: int,
        batch_tokens: int,
        threads: int,
        flag: int,
        pooling: int | None = None,
    ) -> None:
        parameters = llama.llama_context_default_params()
        parameters.n_ctx = cells
        parameters.n_batch = parameters.n_ubatch = batch_tokens
        parameters.n_seq_max = sequences
        parameters.n_threads = parameters.n_threads_batch = threads
        parameters.no_perf = True
        parameters.kv_unified = True
        # Without the full cache a sliding window forgets what a cut would go back to.
        parameters.swa_full = True
        if pooling is not None:
            parameters.embeddings = True
            parameters.pooling_type = pooling
        self.handle: Any = llama.llama_init_from_model(weights.handle, parameters)
        if not self.handle:
            raise LoadError(
                f"no context of {cells} tokens can be made: {last_errors() or 'no reason given'}; "
                "if memory is short, make context_tokens or slots smaller"
            )
        self.vocabulary_size = weights.vocabulary.size
        self.batch_tokens: int = llama.llama_n_batch(self.handle)
        self.cells: int = llama.llama_n_ctx(self.handle)
        self.pooling: int = llama.llama_pooling_type(self.handle)
        self._memory: Any = llama.llama_get_memory(self.handle)
        if pooling is None and not self._memory:
            raise LoadError("this model makes vectors of texts and cannot answer")
        self._batch = _Batch(self.batch_tokens)
        self._abort = llama.ggml_abort_callback(strlen)
        self._flag = flag
        self._obey(flag)

    def decode(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[int],
    ) -> int:
        """Computes one batch: DECODED, NO_CELLS, ABORTED, or a negative number for a failure."""
        self._batch.fill(tokens, positions, sequences, wanted)
        outcome = int(llama.llama_decode(self.handle, self._batch.native))
        # Some backends compute on after the call: what is measured includes that.
        llama.llama_synchronize(self.handle)
        return outcome

    def obeys_flag(self) -> bool:
        """See Context.obeys_flag: some backends do not look at it."""
        always = ctypes.create_string_buffer(b"1")
        self._obey(ctypes.addressof(always))
        outcome = self.decode([1], [0], [0], b"\1")
        self._obey(self._flag)
        self.forget_all()
        return outcome == ABORTED

    def logits(self, row: int) -> int:
        """The address of the logits of a row of the last batch that was wanted."""
        found = llama.llama_get_logits_ith(self.handle, row)
        return int(ctypes.addressof(found.contents))

    def embedding(self, sequence: int, length: int) -> array[float]:
        """The pooled vector of a sequence of the last batch."""
        found = llama.llama_get_embeddings_seq(self.handle, sequence)
        assert found, sequence
        return array("f", ctypes.string_at(found, 4 * length))

    def length(self, sequence: int) -> int:
        """How many tokens the memory holds of a sequence."""
        return int(llama.llama_memory_seq_pos_max(self._memory, sequence)) + 1

    def cut(self, sequence: int, length: int) -> bool:
        """Forgets a sequence from a position on; False if this memory cannot be cut there."""
        return bool(llama.llama_memory_seq_rm(self._memory, sequence, length, -1))

    def fork(self, source: int, target: int, length: int) -> None:
        """Makes the first tokens of one sequence the start of another, which is empty."""
        llama.llama_memory_seq_cp(self._memory, source, target, 0, length)

    def forget_all(self) -> None:
        """Empties the memory."""
        llama.llama_memory_clear(self._memory, True)

    def state_bytes(self, sequence: int) -> int:
        """How large the state of a sequence is."""
        return int(llama.llama_state_seq_get_size(self.handle, sequence))

    def read_state(self, sequence: int, into: memoryview) -> int:
        """Writes the state of a sequence into a buffer; returns its length, 0 for a failure."""
        room = (ctypes.c_uint8 * len(into)).from_buffer(into)
        return int(llama.llama_state_seq_get_data(self.handle, room, len(into), sequence))

    def write_state(self, sequence: int, state: memoryview) -> bool:
        """Makes a state that was read the state of a sequence; False if it does not fit."""
        data = (ctypes.c_uint8 * len(state)).from_buffer(state)
        taken = int(llama.llama_state_seq_set_data(self.handle, data, len(state), sequence))
        return taken == len(state)

    def _obey(self, flag: int) -> None:
        llama.llama_set_abort_callback(self.handle, self._abort, ctypes.c_void_p(flag))

    def close(self) -> None:
        """Frees the context."""
        llama.llama_free(self.handle)


class _Batch:
    """The columns of a batch, in memory of our own."""

    def __init__(self, rows: int) -> None:
        self._tokens, self._positions = array("i", bytes(4 * rows)), array("i", bytes(4 * rows))
        self._sequences, self._ones = array("i", bytes(4 * rows)), array("i", [1]) * rows
        self._wanted = array("b", bytes(rows))
        pointers: Any = (_native.POINTER(llama.llama_seq_id) * rows)()
        address = _address(self._sequences)
        for row in range(rows):
            place = ctypes.c_int32.from_address(address + _INT_BYTES * row)
            pointers[row] = ctypes.pointer(place)
        self._pointers: Any = pointers
        self.native: Any = llama.llama_batch()
        self.native.token = _column(self._tokens, ctypes.c_int32)
        self.native.pos = _column(self._positions, ctypes.c_int32)
        self.native.n_seq_id = _column(self._ones, ctypes.c_int32)
        self.native.seq_id = _native.cast(pointers, type(self.native.seq_id))
        self.native.logits = _column(self._wanted, ctypes.c_int8)

    def fill(
        self,
        tokens: Sequence[int],
        positions: Sequence[int],
        sequences: Sequence[int],
        wanted: Sequence[int],
    ) -> None:
        rows = len(tokens)
        assert 0 < rows <= len(self._tokens), rows
        self._tokens[:rows] = array("i", tokens)
        self._positions[:rows] = array("i", positions)
        self._sequences[:rows] = array("i", sequences)
        self._wanted[:rows] = array("b", wanted)
        assert len(self._tokens) == len(self._wanted) == len(self._positions)
        self.native.n_tokens = rows


def _address(column: array[int]) -> int:
    return column.buffer_info()[0]


def _column(column: array[int], kind: Any) -> Any:
    return _native.cast(_address(column), _native.POINTER(kind))
