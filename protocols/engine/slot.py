"""One request of the scheduler: its tokens, how many of them the memory holds, what it may take."""

from __future__ import annotations

from array import array

import attrs

from .step import TOKEN_BYTES

NOWHERE = -1
"""The sequence of a request that has no slot."""


@attrs.define(eq=False)
class Slot:
    """A request, queued or in a slot.

    `tokens` are its prompt and its answer so far; the first `held` of them are in the memory, at
    these positions of its `sequence`. `reserved_tokens` have room for certain. While it restores,
    `restoring` are the tokens of the file, of which the first `usable` are its own. `served` is the
    last step that had rows of it. `waits_for` is the request that is reading a longer beginning of
    its prompt than is remembered, and `waits_until` how much of that is to be read first.
    """

    request: int
    tokens: array[int]
    prompt: bytes
    answer_tokens_max: int
    reserved_tokens: int
    sequence: int = NOWHERE
    held: int = 0
    answer_tokens: int = 0
    restoring: bytes = b""
    usable: int = 0
    restored: int = 0
    is_new: bool = False
    is_sampled: bool = False
    served: int = 0
    waits_for: Slot | None = None
    waits_until: int = 0

    @property
    def prompt_tokens(self) -> int:
        """How long the prompt is."""
        return len(self.prompt) // TOKEN_BYTES

    @property
    def pending(self) -> int:
        """How many tokens are still to be computed; the logits of the last one are wanted."""
        return len(self.tokens) - self.held

    @property
    def outstanding(self) -> int:
        """How many cells are promised to it and not yet taken."""
        return max(0, self.reserved_tokens - self.held)

    @property
    def restoring_tokens(self) -> int:
        """How many tokens are on their way from a file."""
        return len(self.restoring) // TOKEN_BYTES

    @property
    def must_wait(self) -> bool:
        """Whether what it waits for is still being read."""
        other = self.waits_for
        return other is not None and other.sequence != NOWHERE and other.held < self.waits_until

    @property
    def held_tokens(self) -> bytes:
        """What the memory holds of it, raw int32."""
        return self.tokens[: self.held].tobytes()
