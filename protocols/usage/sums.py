"""The sums of turns, and how a line of the ledger counts in them.

A turn that was tried at several places has a line for each. Each line is an attempt of its place;
the turn itself counts once, at its first. So a day's `turns` are those that clients asked for, and
`refused` and `broken` count what places did, also where another one then answered unseen.
"""

from __future__ import annotations

from enum import Enum
from typing import Final

import attrs

from ..records import TurnOutcome, TurnRecord

RATE_TOKENS_PER_SECOND_MAX: Final = 5_000
"""An answer that came faster came in one piece, and says nothing of how fast it was made."""
UNKNOWN: Final = -1.0


class UsageBy(Enum):
    """What rows of usage are about."""

    DAY = "day"
    ENDPOINT = "endpoint"
    MODEL = "model"
    CONVERSATION = "conversation"


@attrs.frozen
class Sums:
    """What some lines of the ledger add up to.

    `first_bytes` counts those whose first byte came, after `first_byte_seconds` together;
    `timed_tokens` were made in `timed_seconds`, counted from an answer's first byte to its end.
    """

    turns: int = 0
    attempts: int = 0
    answered: int = 0
    refused: int = 0
    cancelled: int = 0
    broken: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_creation_tokens: int = 0
    first_bytes: int = 0
    first_byte_seconds: float = 0.0
    timed_tokens: int = 0
    timed_seconds: float = 0.0

    @classmethod
    def of(cls, line: TurnRecord) -> Sums:
        """What one line counts."""
        usage, outcome = line.usage, line.outcome
        wait_seconds = wait_of(line)
        heard = wait_seconds != UNKNOWN
        seconds = line.total_seconds - line.first_byte_seconds
        timed = heard and 0 < usage.output_tokens <= seconds * RATE_TOKENS_PER_SECOND_MAX
        return cls(
            turns=int(not line.is_repeated),
            attempts=1,
            answered=int(outcome is TurnOutcome.ANSWERED),
            refused=int(outcome is TurnOutcome.REFUSED),
            cancelled=int(outcome is TurnOutcome.CANCELLED),
            broken=int(outcome is TurnOutcome.BROKEN),
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cache_read_tokens=usage.cache_read_tokens,
            cache_creation_tokens=usage.cache_creation_tokens,
            first_bytes=int(heard),
            first_byte_seconds=wait_seconds if heard else 0.0,
            timed_tokens=usage.output_tokens if timed else 0,
            timed_seconds=seconds if timed else 0.0,
        )

    def plus(self, other: Sums) -> Sums:
        """Both together."""
        pairs = zip(attrs.astuple(self), attrs.astuple(other), strict=True)
        return Sums(*(mine + its for mine, its in pairs))

    def minus(self, other: Sums) -> Sums:
        """This without what the other counted in it."""
        pairs = zip(attrs.astuple(self), attrs.astuple(other), strict=True)
        return Sums(*(mine - its for mine, its in pairs))

    @property
    def errors(self) -> int:
        """Attempts that were refused, or broke off."""
        return self.refused + self.broken

    @property
    def read_tokens(self) -> int:
        """The whole input, from a cache or not."""
        return self.input_tokens + self.cache_read_tokens + self.cache_creation_tokens

    @property
    def counted_tokens(self) -> int:
        """The tokens that count towards a budget (protocols/routing/budget.py)."""
        return self.input_tokens + self.cache_creation_tokens + self.output_tokens

    @property
    def cached_share(self) -> float:
        """The part of the input that came from a cache; -1.0 where there was none."""
        return self.cache_read_tokens / self.read_tokens if self.read_tokens else UNKNOWN

    @property
    def first_byte_mean_seconds(self) -> float:
        """The mean wait for a first byte; -1.0 where none came."""
        return self.first_byte_seconds / self.first_bytes if self.first_bytes else UNKNOWN

    @property
    def tokens_per_second(self) -> float:
        """How fast answers came once they had begun; -1.0 where nothing was measured."""
        if not self.timed_tokens or self.timed_seconds <= 0:
            return UNKNOWN
        return self.timed_tokens / self.timed_seconds


@attrs.frozen
class UsageRow:
    """One row of usage. `name` is a day, an endpoint, `<endpoint>/<model>` or a conversation.

    The percentiles are of the waits for a first byte, from the lines that are still kept; -1.0
    where there are none.
    """

    name: str
    sums: Sums
    first_byte_p50_seconds: float = UNKNOWN
    first_byte_p95_seconds: float = UNKNOWN


def wait_of(line: TurnRecord) -> float:
    """How long the first byte of an answer was waited for; -1.0 where none came.

    A refusal comes quickly, and says nothing of how long an answer is waited for.
    """
    refused = line.outcome is TurnOutcome.REFUSED
    return UNKNOWN if refused or line.first_byte_seconds < 0 else line.first_byte_seconds


def row_name(line: TurnRecord, by: UsageBy) -> str:
    """The row in which a line counts; "" for what no endpoint took."""
    match by:
        case UsageBy.DAY:
            return line.day
        case UsageBy.ENDPOINT:
            return line.endpoint
        case UsageBy.MODEL:
            return f"{line.endpoint}/{line.model}" if line.endpoint else ""
        case UsageBy.CONVERSATION:
            return line.conversation
