"""One live conversation: the set of its turns in flight, and their scopes.

A turn is one cancel scope. The session asks the router where the turn goes, then delegates it: the
backend sends straight to the reader, and the session keeps the scope and waits for the final
record. It is not on the way of a single event.

A newer copy of a request wins. A client that heard nothing for minutes sends the same question
again while the old one still computes; without this rule the copies queue up and none ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import attrs
import trio

from ..protocols.actor import ActorError, Ref, Sink, StreamMessage, Unavailable
from ..protocols.records import TurnOutcome, TurnRecord, Usage
from ..protocols.turn import (
    Alternative,
    Answer,
    Cut,
    FindAlternatives,
    FindRoute,
    LiveTurn,
    MemoryRefused,
    Operation,
    RecordTurn,
    Route,
    StartTurn,
    Turn,
    TurnItem,
    TurnRefused,
)
from .kernel import Actor

REPLACED = "a newer copy of this request has replaced it"
TOKEN_BYTES = 4
"""Of a request, for a guess at who has room for it."""
ALTERNATIVES_MAX = 3
"""So many are named to a client of those on this machine, and so many of the others."""


@attrs.define(eq=False)
class InFlight:
    """A turn that is being answered."""

    turn: Turn
    scope: trio.CancelScope
    started_seconds: float
    endpoint: str = ""


class Session(Actor):
    """Answers the turns of one conversation, several at once.

    More at once than the server takes connections: a turn in the mailbox would hear no ping. All
    who ask the same first question without a name are one conversation.
    """

    def __init__(self, router: Ref, conversations: Ref, live: dict[str, LiveTurn]) -> None:
        self._router = router
        self._conversations = conversations
        self._live = live
        self._in_flight: dict[str, InFlight] = {}

    async def stream(self, message: StreamMessage[Any, Any], sink: Sink[Any], /) -> TurnRecord:
        """Answers one turn into `sink`. Raises TurnRefused if nothing could be sent."""
        assert isinstance(message, StartTurn), message
        turn = message.turn
        self._replace_older(turn)
        with trio.CancelScope() as scope:
            flight = InFlight(turn, scope, trio.current_time())
            self._in_flight[turn.id] = flight
            try:
                return await self._answer(flight, sink)
            finally:
                del self._in_flight[turn.id]
                self._live.pop(turn.id, None)
        if sink.used:
            sink.offer(Cut(REPLACED))
        raise TurnRefused(409, "invalid_request_error", REPLACED)

    def _replace_older(self, turn: Turn) -> None:
        if not turn.named or turn.operation is not Operation.MESSAGES:
            return
        for older in self._in_flight.values():
            same = older.turn.agent == turn.agent and older.turn.operation is turn.operation
            if same and older.turn.request.same_question(turn.request):
                older.scope.cancel(REPLACED)

    async def _answer(self, flight: InFlight, sink: Sink[TurnItem]) -> TurnRecord:
        turn = flight.turn
        try:
            route = await self._route(flight)
            try:
                return await route.backend.delegate(Answer(turn, route.model), sink)
            except Unavailable:
                if sink.used:
                    raise
            route = await self._route(flight)  # the settings have changed
            return await route.backend.delegate(Answer(turn, route.model), sink)
        except MemoryRefused as refusal:
            if sink.used:
                raise
            raise await self._with_alternatives(flight, refusal) from None
        except Unavailable as error:
            if sink.used:
                raise
            await self._record(_refused(flight, 503))
            raise TurnRefused(503, "overloaded_error", str(error)) from error

    async def _with_alternatives(self, flight: InFlight, refusal: MemoryRefused) -> MemoryRefused:
        """The refusal with the names of who else could answer. None of them is asked by itself."""
        tokens = len(flight.turn.request.body) // TOKEN_BYTES
        others: tuple[Alternative, ...] = ()
        with suppress(ActorError):  # the refusal is worth telling without them
            others = await self._router.ask(FindAlternatives(flight.endpoint, tokens))
        words = refusal.message
        if others:
            words = f"{words} {_offer(others)}"
        return MemoryRefused(refusal.status, refusal.kind, words, refusal.retry_after_seconds)

    async def _route(self, flight: InFlight) -> Route:
        """Asks where the turn goes, and shows it on the page. Raises TurnRefused."""
        try:
            route = await self._router.ask(FindRoute(flight.turn.model))
        except TurnRefused as refusal:
            await self._record(_refused(flight, refusal.status))
            raise
        flight.endpoint = route.endpoint
        turn = flight.turn
        self._live[turn.id] = LiveTurn(
            turn.id, turn.conversation, turn.model, route.endpoint, flight.started_seconds
        )
        return route

    async def _record(self, line: TurnRecord) -> None:
        with suppress(ActorError):  # a ledger that fails costs its own line alone
            await self._conversations.ask(RecordTurn(line))


def _offer(others: Sequence[Alternative]) -> str:
    here = [f"`{other.model}`" for other in others if not other.remote]
    remote = [f"`{other.model}` (remote)" for other in others if other.remote]
    names = ", ".join((*here[:ALTERNATIVES_MAX], *remote[:ALTERNATIVES_MAX]))
    return f"Other endpoints that could answer: {names}. Choose one as the model."


def _refused(flight: InFlight, status: int) -> TurnRecord:
    """The ledger's line for a turn that no backend took."""
    return TurnRecord(
        turn=flight.turn.id,
        conversation=flight.turn.conversation,
        endpoint=flight.endpoint,
        model=flight.turn.model,
        outcome=TurnOutcome.REFUSED,
        status=status,
        stop_reason="",
        usage=Usage(),
        first_byte_seconds=-1.0,
        total_seconds=trio.current_time() - flight.started_seconds,
    )
