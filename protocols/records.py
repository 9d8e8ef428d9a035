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
    """Tokens as the answering side reported them; `estimated` if the turn ended before it did."""

    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_creation_tokens: int = 0
    estimated: bool = False


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
