"""What is asked of the ledger about use."""

from __future__ import annotations

from typing import Final

import attrs

from ..actor import Message, Refusal
from ..records import TurnRecord
from .sums import UsageBy, UsageRow

LAST_TURN: Final = "last"
"""Stands for the id of the turn that was settled last."""


class UsageUnknown(Refusal):
    """The disk cannot say; the message says why and what to do."""


@attrs.frozen
class TodaysUsage:
    """What was used on a day, by endpoint.

    `whole` unless what was used before the server's start could not be read yet. `at` is the moment
    at which it was told, in seconds since 1970; 0 where that makes no difference.
    """

    day: str
    rows: tuple[UsageRow, ...]
    whole: bool
    at: float = 0.0


@attrs.frozen
class FindToday(Message[TodaysUsage]):
    """To conversations: what was used today? Answered at once."""


@attrs.frozen
class FindUsage(Message[tuple[UsageRow, ...]]):
    """To conversations: what was used from one day to another, both included?

    Raises UsageUnknown.
    """

    since: str
    until: str
    by: UsageBy


@attrs.frozen
class FindLines(Message[tuple[TurnRecord, ...]]):
    """To conversations: the lines of the turns whose ids begin so, oldest first, or of LAST_TURN.

    Raises UsageUnknown.
    """

    beginning: str
