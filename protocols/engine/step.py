"""What a worker does next, as data: operations on the memory, then one batch, then who is sampled.

The words are llama.cpp's. Its memory is `cells` of KV cache, each holding one token at a position,
for one or more sequences; a fork shares cells and takes none. A batch is columns of equal length;
within a sequence its rows stand in order of position and go on where the memory ends.
"""

from __future__ import annotations

from array import array
from typing import Final

import attrs

from .messages import CONTEXT

TOKEN_BYTES: Final = 4
"""Of a token's id, as raw little-endian int32."""
Tokens = bytes
"""Ids of tokens, raw."""
FORK_TOKENS_MIN: Final = 32
"""A shorter common prefix is not worth a fork, nor waiting for: reading it costs as little."""
RESERVE_TOKENS: Final = 256
"""Of an answer, by default: enough for a short one and for most tool calls."""


@attrs.frozen
class Limits:
    """What a loaded model has room for.

    `context_tokens` is the window of one conversation, `cells` what all sequences share, `slots`
    how many requests compute at once, `sequences` (n_seq_max) how many sequences there are, kept
    prefixes among them. Of an answer, `reserve_tokens` have room for certain once its request has a
    slot. `cuttable` is False for models with recurrent state: their sequences can
    only be used whole or cleared, and what an aborted batch has touched is lost. `shares` is False
    where a fork is a copy, whose cells are its own.
    """

    context_tokens: int = attrs.field(validator=attrs.validators.ge(2))
    cells: int = attrs.field(validator=attrs.validators.ge(2))
    slots: int = attrs.field(validator=attrs.validators.ge(1))
    sequences: int = attrs.field(validator=attrs.validators.ge(1))
    cuttable: bool = True
    shares: bool = True
    reserve_tokens: int = attrs.field(default=RESERVE_TOKENS, validator=attrs.validators.ge(1))

    def __attrs_post_init__(self) -> None:
        assert self.sequences >= self.slots, (self.sequences, self.slots)


@attrs.frozen
class Costs:
    """What the worker has measured at load; the defaults are those of a machine that is unknown.

    `decode_seconds` are pairs of a width (1, 2, 4, 8) and the seconds of a step that decodes one
    token of so many sequences; none: every width is as good per step. A restore reads
    `restore_bytes_per_second` and verifies them.
    """

    decode_seconds: tuple[tuple[int, float], ...] = ()
    prefill_tokens_per_second: float = 200.0
    restore_bytes_per_second: float = 1e9
    state_bytes_per_token: int = 100_000


@attrs.frozen
class Cut:
    """Forget the sequence's tokens from this position on; from 0, all of it (`seq_rm`)."""

    sequence: int
    position: int


@attrs.frozen
class Fork:
    """Let `target`, which is empty, share the first `tokens` tokens of `source` (`seq_cp`)."""

    source: int
    target: int
    tokens: int


@attrs.frozen
class Save:
    """Write the state of the whole sequence, which holds these tokens, to the key's file.

    Answered by `PrefixStore.saved` or, when it fails, `PrefixStore.not_saved`.
    """

    sequence: int
    key: str
    tokens: bytes


@attrs.frozen
class Restore:
    """Read the key's file, which holds `tokens`, into the sequence, which is empty.

    Whatever is wrong with the file: clear the sequence and call `Slots.not_restored`.
    """

    sequence: int
    key: str
    tokens: bytes


@attrs.frozen
class Delete:
    """Delete the key's file; the store has forgotten it already. A file that is gone is fine."""

    key: str


Operation = Cut | Fork | Save | Restore | Delete


@attrs.frozen
class Sample:
    """A token of this request is chosen from the logits of this row of the batch."""

    row: int
    request: int


@attrs.frozen
class Start:
    """The request has a slot. So many of its `input_tokens` need not be read: they are remembered,
    `restored_tokens` of them from a file."""

    request: int
    input_tokens: int
    kept_tokens: int
    restored_tokens: int


@attrs.frozen
class Ending:
    """The scheduler has ended this request itself: it can never go on."""

    request: int
    reason: str = CONTEXT


def _column() -> array[int]:
    return array("i")


@attrs.frozen
class Step:
    """One step: the operations in this order, then the batch (none if `rows` is 0).

    `wanted` has one byte a row: 1 where logits are wanted. `starts` and `endings` are to be told.
    """

    number: int
    operations: tuple[Operation, ...] = ()
    tokens: array[int] = attrs.field(factory=_column)
    positions: array[int] = attrs.field(factory=_column)
    sequences: array[int] = attrs.field(factory=_column)
    wanted: bytes = b""
    samples: tuple[Sample, ...] = ()
    starts: tuple[Start, ...] = ()
    endings: tuple[Ending, ...] = ()

    @property
    def rows(self) -> int:
        """How many tokens the batch has."""
        return len(self.tokens)
