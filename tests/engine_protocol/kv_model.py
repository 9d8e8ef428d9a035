"""A model of llama.cpp's memory, which complains, and of a language model that reads it.

Each sequence is a list of (token, cell). A batch's rows must go on where their sequence ends, cells
are shared by forks only and never more than there are; a step with rows out of place is refused.
The next token is a checksum of all that the memory holds before it: an answer is right only if its
sequence has held exactly its own text, at every step.
"""

from __future__ import annotations

import zlib
from array import array

import attrs
from understudy.protocols.engine.step import (
    Cut,
    Delete,
    Fork,
    Limits,
    Operation,
    Restore,
    Save,
    Step,
)

END_OF_ANSWER = 0


def next_token(tokens: list[int]) -> int:
    """What the language model says after these tokens; END_OF_ANSWER once in 24."""
    checksum = zlib.crc32(array("i", tokens).tobytes())
    return END_OF_ANSWER if checksum % 24 == 0 else 1000 + checksum % 5000


def whole_answer(prompt: list[int], tokens_max: int) -> list[int]:
    """The answer to a prompt that is computed alone, with all the room it may want."""
    tokens = list(prompt)
    while len(tokens) - len(prompt) < tokens_max:
        if (token := next_token(tokens)) == END_OF_ANSWER:
            break
        tokens.append(token)
    return tokens[len(prompt) :]


@attrs.define
class KvModel:
    """The memory: its operations, its batches, and the files beside it."""

    limits: Limits
    files: dict[str, bytes] = attrs.field(factory=dict[str, bytes])
    computed_rows: int = 0
    _sequences: list[list[tuple[int, int]]] = attrs.field(init=False)
    _next_cell: int = 0

    def __attrs_post_init__(self) -> None:
        self._sequences = [[] for _ in range(self.limits.sequences)]

    @property
    def cells(self) -> int:
        """How many cells hold a token."""
        return len({cell for sequence in self._sequences for _, cell in sequence})

    def tokens_of(self, sequence: int) -> list[int]:
        """What the sequence holds."""
        return [token for token, _ in self._sequences[sequence]]

    def do(self, operation: Operation) -> bool:
        """Carries out an operation; False for a restore or a save that fails."""
        match operation:
            case Cut(sequence, position):
                assert self.limits.cuttable or position == 0, operation
                assert position < len(self._sequences[sequence]), operation
                del self._sequences[sequence][position:]
            case Fork(source, target, tokens):
                assert not self._sequences[target], operation
                assert 0 < tokens <= len(self._sequences[source]), operation
                assert self.limits.cuttable or tokens == len(self._sequences[source]), operation
                shared = self._sequences[source][:tokens]
                copied = [(token, self._new_cell()) for token, _ in shared]
                self._sequences[target] = shared if self.limits.shares else copied
                assert self.cells <= self.limits.cells, (self.cells, self.limits)
            case Save(sequence, key, tokens):
                assert array("i", self.tokens_of(sequence)).tobytes() == tokens, operation
                self.files[key] = tokens
            case Restore(sequence, key, tokens):
                return self._restore(sequence, key, tokens)
            case Delete(key):
                self.files.pop(key, None)
        return True

    def compute(self, step: Step, rows: int) -> dict[int, int]:
        """Computes the first rows of the batch; returns what its sequences hold then."""
        for row in range(rows):
            sequence = step.sequences[row]
            assert step.positions[row] == len(self._sequences[sequence]), (step, row)
            self._sequences[sequence].append((step.tokens[row], self._new_cell()))
        self.computed_rows += rows
        assert self.cells <= self.limits.cells, (self.cells, self.limits)
        return {sequence: len(self._sequences[sequence]) for sequence in step.sequences}

    def _restore(self, sequence: int, key: str, tokens: bytes) -> bool:
        assert not self._sequences[sequence], sequence
        if self.files.get(key) != tokens:
            return False
        read = array("i", tokens)
        self._sequences[sequence] = [(token, self._new_cell()) for token in read]
        assert self.cells <= self.limits.cells, (self.cells, self.limits)
        return True

    def _new_cell(self) -> int:
        self._next_cell += 1
        return self._next_cell
