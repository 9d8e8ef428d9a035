"""Our own answer to a turn, as its client reads it, and the ledger's line for it."""

from __future__ import annotations

from ..protocols.conversation.answer import (
    END_TURN,
    AnswerEnded,
    AnswerStarted,
    BlockEnded,
    TextDelta,
)
from ..protocols.dialects import SERVED
from ..protocols.records import TurnOutcome, TurnRecord, Usage
from ..protocols.turn import Head, Headers, Turn

NAME = "understudy"
"""Who answers a command, in the ledger."""


def written(turn: Turn, reply: str, tokens: int) -> tuple[Head, bytes]:
    """Our reply as an answer in the client's dialect.

    It says that so many tokens were read, as the context holds them: a client that shows how full
    it is shall go on to be right.
    """
    writer = SERVED[turn.request.dialect].writer(turn.request, turn.id)
    usage = Usage(input_tokens=tokens)
    events = (AnswerStarted(usage), TextDelta(reply), BlockEnded(), AnswerEnded(END_TURN, usage))
    body = b"".join(writer.send(event) for event in events) + writer.end()
    headers: Headers = writer.headers
    return Head(200, headers), body


def record(turn: Turn, why: str, seconds: float) -> TurnRecord:
    """The ledger's line for a command: it has used nothing."""
    return TurnRecord(
        turn=turn.id,
        conversation=turn.conversation,
        endpoint="",
        model=NAME,
        outcome=TurnOutcome.ANSWERED,
        status=200,
        stop_reason=END_TURN,
        usage=Usage(),
        first_byte_seconds=-1.0,
        total_seconds=seconds,
        why=why,
    )
