"""One short answer of a place, measured: a turn like any other, with its line in the ledger.

It is a conversation of its own, so that it changes nobody's, and one for each place: a test of a
private place makes its conversation private, which may then go to no remote one. It asks for the
place by its id, so that a rule of the settings may still forbid it. An answer of somebody else is
told as a failure: it says nothing of the place.
"""

from __future__ import annotations

import secrets
from typing import Final

import msgspec
import trio

from ...protocols.actor import ActorError
from ...protocols.anthropic.request import parse_request
from ...protocols.records import TurnOutcome, TurnRecord
from ...protocols.turn import Cut, Operation, StartTurn, Turn
from .desk import TRIAL, Desk
from .results import TestRun, cut

PROMPT: Final = "Count from one to twenty in words, and say nothing else."
ANSWER_TOKENS_MAX: Final = 96
SECONDS_MAX: Final = 120.0
_DELTA: Final = b"content_block_delta"
_HEADERS: Final = ((b"content-type", b"application/json"), (b"anthropic-version", b"2023-06-01"))


async def try_place(desk: Desk, place: str) -> TestRun:
    """Measures one answer. Whatever goes wrong is part of what is measured."""
    began = trio.current_time()
    first: float | None = None
    record: TurnRecord | None = None
    error = f"no answer within {SECONDS_MAX:.0f} s"
    turn = _turn(place)
    with trio.move_on_after(SECONDS_MAX):
        try:
            session = desk.session(turn.conversation)
            async with session.open_stream(StartTurn(turn)) as stream:
                async for item in stream:
                    if isinstance(item, Cut):
                        error = item.why
                    elif isinstance(item, bytes) and first is None and _DELTA in item:
                        first = trio.current_time() - began
                record = await stream.reply()
        except ActorError as refused:
            error = str(refused)
    return _measured(place, first, trio.current_time() - began, record, error)


def _turn(place: str) -> Turn:
    body = {
        "model": place,
        "max_tokens": ANSWER_TOKENS_MAX,
        "stream": True,
        "messages": [{"role": "user", "content": PROMPT}],
    }
    return Turn(
        id=f"req_{secrets.token_hex(12)}",
        conversation=f"{TRIAL}{place}",
        named=False,
        agent="",
        operation=Operation.MESSAGES,
        request=parse_request(msgspec.json.encode(body)),
        headers=_HEADERS,
    )


def _measured(
    place: str, first: float | None, total: float, record: TurnRecord | None, error: str
) -> TestRun:
    if record is None or record.outcome is not TurnOutcome.ANSWERED:
        return TestRun(None, round(total, 3), 0, None, cut(error))
    answered = f"{record.endpoint}/{record.model}"
    if place not in (answered, record.model, record.endpoint):
        return TestRun(None, round(total, 3), 0, None, f"{answered} answered in its place")
    tokens, seconds = record.usage.output_tokens, total - (first or total)
    rate = round(tokens / seconds, 1) if seconds > 0 and tokens else None
    return TestRun(None if first is None else round(first, 3), round(total, 3), tokens, rate, "")
