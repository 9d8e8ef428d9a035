"""What the end of a turn says of the place that it came from.

A request that was wrong, or that its client left, says nothing. Statuses are HTTP's (RFC 9110,
15.5 and 15.6), 429 is RFC 6585's, 529 is Anthropic's for "overloaded".
"""

from __future__ import annotations

from enum import Enum
from typing import Final

from ..records import TurnOutcome

KEY_STATUSES: Final = frozenset({401, 402})
DENIED_STATUS: Final = 403
"""It may be for one model alone, or for what was said: only a row of them tells of the key."""
BUSY_STATUS: Final = 429
DOWN_STATUSES: Final = frozenset({408, 409, 421, 425})
MISSING_STATUSES: Final = frozenset({404, 405, 410})
SERVER_ERRORS: Final = range(500, 600)


class Verdict(Enum):
    """What an end says of the spot; the value is how a user is told."""

    WELL = "it is well"
    KEY = "its key was refused"
    DENIED = "it denied access"
    BUSY = "it is at its limit"
    DOWN = "it failed"
    NEUTRAL = "nothing is known"


def verdict_of(outcome: TurnOutcome, status: int) -> Verdict:
    """What the end of a turn says."""
    if outcome is TurnOutcome.ANSWERED:
        return Verdict.WELL
    if outcome is TurnOutcome.CANCELLED:
        return Verdict.NEUTRAL
    if status in KEY_STATUSES:
        return Verdict.KEY
    if status == DENIED_STATUS:
        return Verdict.DENIED
    if status == BUSY_STATUS:
        return Verdict.BUSY
    if outcome is TurnOutcome.BROKEN or status in DOWN_STATUSES or status in SERVER_ERRORS:
        return Verdict.DOWN
    return Verdict.NEUTRAL


def may_fail_over(status: int) -> bool:
    """Whether another place may answer what this one has refused so.

    Not where the request itself is wrong, or too long: the client has to know.
    """
    refused = verdict_of(TurnOutcome.REFUSED, status)
    return refused is not Verdict.NEUTRAL or status in MISSING_STATUSES


def is_of_whole(status: int) -> bool:
    """Whether such a refusal is the endpoint's, so that another key would not help."""
    return verdict_of(TurnOutcome.REFUSED, status) in (Verdict.DOWN, Verdict.NEUTRAL)


def told(verdict: Verdict, status: int) -> str:
    """What happened, in words for a user."""
    words: str = verdict.value
    if status >= 400:
        return f"{words} ({status})"
    if verdict is not Verdict.DOWN:
        return words
    return "its answer broke off" if status else "it gave no answer"
