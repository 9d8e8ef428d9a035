"""What is kept of a conversation and of a turn: numbers, names and times, never a prompt."""

from __future__ import annotations

from enum import Enum

import attrs

ATTEMPT_MARK = "~"


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
    """The ledger's line for one turn. Durations in seconds; -1.0 where nothing was measured.

    A turn that was tried at several places has a line for each: the first has the turn's own id,
    those after it `<id>~2` and so on. `began_at` is in seconds since 1970 (UTC) and `day` the
    user's own day at that moment, both the ledger's to say; `why` says what led it there; `home` is
    the private model that its conversation stays at; `key` is the number of the endpoint's key.
    `noticed` if a text of ours was put in front of the answer's, and `whole_tokens` are those of a
    request before it was shortened, 0 where it was not counted; neither is kept.
    """

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
    began_at: float = attrs.field(default=0.0, eq=False)
    why: str = ""
    home: str = ""
    key: int = 0
    day: str = attrs.field(default="", eq=False)
    noticed: bool = attrs.field(default=False, eq=False)
    whole_tokens: int = attrs.field(default=0, eq=False)

    @property
    def is_repeated(self) -> bool:
        """Whether another place had been asked before."""
        return ATTEMPT_MARK in self.turn

    @property
    def first_id(self) -> str:
        """The turn's own id, which its first line has."""
        return self.turn.partition(ATTEMPT_MARK)[0]

    @property
    def attempt(self) -> int:
        """Which attempt of the turn it is, counted from 1."""
        number = self.turn.partition(ATTEMPT_MARK)[2]
        return int(number) if number.isdecimal() else 1


def attempt_id(turn: str, attempt: int) -> str:
    """The id of the line of a turn's n-th attempt."""
    return turn if attempt == 1 else f"{turn}{ATTEMPT_MARK}{attempt}"


@attrs.frozen
class ConversationRecord:
    """What outlives a session: the model it was last with, and whether it is private.

    `home` is the private model that it was last with, "" for none. `choice` is what the user has
    chosen for it, in its stored form (`switching/choice.py`); "" for nothing.
    """

    conversation: str
    model: str = ""
    input_tokens: int = 0
    turns: int = 0
    dieted: bool = False
    home: str = ""
    choice: str = ""

    @property
    def private(self) -> bool:
        """Whether it has been with a private endpoint."""
        return bool(self.home)
