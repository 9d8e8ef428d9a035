"""How one conversation stands, for the line below a client's prompt: `/conversation.json`.

Numbers and names alone, no word of what was said. It is asked for several times a second, so it
waits for nothing longer than a moment: what the disk has not said by then counts as unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import parse_qs

import trio

from ...protocols.actor import ActorError, Ref
from ...protocols.identity import ID_CHARACTERS_MAX
from ...protocols.records import ConversationRecord, TurnOutcome, TurnRecord
from ...protocols.switching.choice import stored_choice
from ...protocols.switching.known import FindKnownPlaces, KnownPlace, KnownPlaces
from ...protocols.turn import EndpointStatus, ListEndpoints, Recall, RecentTurns
from .response import Exchange
from .routes import Route

RECALL_SECONDS_MAX: Final = 0.2
RECENT_TURNS_READ: Final = 200
QUERY_BYTES_MAX: Final = 1_000
ANSWER_TOKENS_MIN: Final = 8
WRITING_SECONDS_MIN: Final = 0.05
"""Of a shorter answer no speed is told: it would be a guess."""


async def answer_conversation(
    router: Ref, conversations: Ref, exchange: Exchange, _route: Route
) -> None:
    """Answers `/conversation.json?session=ID&read=N`.

    `read` is the input of the client's own last turn, in tokens, where it knows that: it tells it
    from those of its sub-agents.
    """
    query = exchange.scope["query_string"][:QUERY_BYTES_MAX].decode("latin-1")
    asked = {name: values[-1] for name, values in parse_qs(query).items()}
    session, read = asked.get("session", ""), asked.get("read", "0")
    if len(session) > ID_CHARACTERS_MAX or not read.isdecimal():
        await exchange.answer_error(400, "session: is the id of a session; read: is a number")
        return
    record: ConversationRecord | None = None
    with trio.move_on_after(RECALL_SECONDS_MAX):
        try:
            record = await conversations.ask(Recall(session))
        except ActorError:
            record = None
    own: Sequence[TurnRecord] = ()
    if session:
        own = await conversations.ask(RecentTurns(RECENT_TURNS_READ, session))
    known: KnownPlaces = await router.ask(FindKnownPlaces())
    endpoints: Sequence[EndpointStatus] = await router.ask(ListEndpoints())
    last = last_answer(own, int(read[:12]))
    await exchange.answer_json(described(record, last, known, endpoints))


def last_answer(turns: Sequence[TurnRecord], read_tokens: int) -> TurnRecord | None:
    """The answer that the client shows: the one with this input, or else the newest."""
    answered = [turn for turn in turns if turn.endpoint and turn.outcome is not TurnOutcome.REFUSED]
    same = [turn for turn in answered if turn.usage.read_tokens == read_tokens]
    return next(iter(same or answered), None)


def described(
    record: ConversationRecord | None,
    last: TurnRecord | None,
    known: KnownPlaces,
    endpoints: Sequence[EndpointStatus],
) -> dict[str, Any]:
    """The conversation as plain data, ready for JSON."""
    choice = stored_choice(record.choice if record else "")
    chosen = choice.once or choice.place
    before = f"{last.endpoint}/{last.model}" if last else (record.model if record else "")
    name = chosen or before or known.default
    place = next((each for each in known.places if each.place == name), KnownPlace(name, "", ""))
    endpoint = next((each for each in endpoints if each.name == place.endpoint), None)
    return {
        "place": name,
        "chosen": bool(chosen),
        "once": bool(choice.once),
        "context_tokens": place.context_tokens,
        "used_tokens": last.usage.read_tokens + last.usage.output_tokens if last else 0,
        "tokens_per_second": tokens_per_second(last) if last and before == name else 0.0,
        "state": endpoint.state if endpoint else "",
        "rest_seconds": endpoint.rest_seconds if endpoint else 0.0,
        "private": bool(record and record.private) or bool(endpoint and endpoint.private),
        "turns": record.turns if record else 0,
    }


def tokens_per_second(turn: TurnRecord) -> float:
    """How fast an answer was written, from its first byte on; 0 where that was too short."""
    seconds = turn.total_seconds - max(turn.first_byte_seconds, 0.0)
    if turn.usage.output_tokens < ANSWER_TOKENS_MIN or seconds < WRITING_SECONDS_MIN:
        return 0.0
    return round(turn.usage.output_tokens / seconds, 1)
