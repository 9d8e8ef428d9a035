"""What is kept of a conversation and of a turn: numbers, names and times, never a prompt."""

from __future__ import annotations

from enum import Enum

import attrs


class TurnOutcome(Enum):
    """How a turn ended: each turn ends in exactly one of these."""

    ANSWERED = "answered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    BROKEN = "broken"


@attrs.frozen
class Usage:
    """Tokens as the answering side reported them; `estimated` if the turn ended before it did.

    `reasoning_tokens` are those of `output_tokens` that were thought, where that is told.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_creation_tokens: int = 0
    estimated: bool = False
    reasoning_tokens: int = 0

    @property
    def read_tokens(self) -> int:
        """The whole input, from a cache or not."""
        return self.input_tokens + self.cache_read_tokens + self.cache_creation_tokens

    def completed_by(self, later: Usage) -> Usage:
        """What is known after a later report: its counts, and the earlier ones where it has none.

        Nothing stays of an estimated input: what it has called fresh may turn out to have come from
        a cache, and would be counted twice.
        """
        known = Usage() if self.estimated and later.read_tokens else self
        return Usage(
            later.input_tokens or known.input_tokens,
            later.output_tokens or self.output_tokens,
            later.cache_read_tokens or known.cache_read_tokens,
            later.cache_creation_tokens or known.cache_creation_tokens,
            known.estimated or later.estimated,
            later.reasoning_tokens or self.reasoning_tokens,
        )

    def added_to(self, other: Usage) -> Usage:
        """The usage of both."""
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cache_read_tokens + other.cache_read_tokens,
            self.cache_creation_tokens + other.cache_creation_tokens,
            self.estimated or other.estimated,
            self.reasoning_tokens + other.reasoning_tokens,
        )


@attrs.frozen
class TurnRecord:
    """The ledger's line for one turn. Durations in seconds; -1.0 where nothing was measured."""

    turn: str
    conversation: str
    endpoint: str
    model: str
    outcome: TurnOutcome
    status: int
    stop_reason: str
    usage: Usage
    first_byte_seconds: float
    total_seconds: float
    tool_uses: tuple[str, ...] = ()


@attrs.frozen
class ConversationRecord:
    """What outlives a session: the endpoint it was last answered by, and the choice, if any."""

    conversation: str
    model: str = ""
    input_tokens: int = 0
    turns: int = 0
    dieted: bool = False
