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
from functools import partial
from typing import Any

import attrs
import trio

from ..protocols.actor import ActorError, Ref, Sink, StreamMessage, Unavailable
from ..protocols.records import TurnRecord
from ..protocols.routing.verdict import may_fail_over
from ..protocols.routing.wish import (
    HOME_UNKNOWN,
    FindRoute,
    PrivacyUnknown,
    Route,
    Wish,
)
from ..protocols.safeguards.classifier import FindClassifier
from ..protocols.safeguards.wanted import is_wanted
from ..protocols.switching.classifier import Classifier
from ..protocols.switching.history_marks import HistoryMarks
from ..protocols.turn import (
    Alternative,
    Cut,
    FindAlternatives,
    FindHome,
    KeepHome,
    LiveTurn,
    MemoryRefused,
    NoteNotice,
    Operation,
    RecordTurn,
    StartTurn,
    Turn,
    TurnItem,
    TurnRefused,
)
from .chat_desk import ChatDesk, Heard
from .chat_reply import record, written
from .guarded_turn import GuardedTurn
from .in_flight import InFlight, answered, refused, unknown
from .kernel import Actor
from .offers import Offers

REPLACED = "a newer copy of this request has replaced it"
TOKEN_BYTES = 4
"""Of a request, for a guess at who has room for it."""
ALTERNATIVES_MAX = 3
"""So many are named to a client of those on this machine, and so many of the others."""


class Session(Actor):
    """Answers the turns of one conversation, several at once.

    More at once than the server takes connections: a turn in the mailbox would hear no ping. All
    who ask the same first question without a name are one conversation.
    """

    def __init__(
        self,
        router: Ref,
        conversations: Ref,
        live: dict[str, LiveTurn],
        marks: HistoryMarks,
        resources: Ref | None = None,
        classifier: Classifier | None = None,
    ) -> None:
        self._router = router
        self._conversations = conversations
        self._live = live
        self._in_flight: dict[str, InFlight] = {}
        self._home: str | None = None
        self._told = set[str]()
        self._desk = ChatDesk(router, conversations, marks, resources, classifier)
        self._offers = Offers(router, conversations, resources)

    async def stream(self, message: StreamMessage[Any, Any], sink: Sink[Any], /) -> TurnRecord:
        """Answers one turn into `sink`. Raises TurnRefused if nothing could be sent."""
        assert isinstance(message, StartTurn), message
        turn = message.turn
        self._replace_older(turn)
        with trio.CancelScope() as scope:
            flight = InFlight(turn, scope, trio.current_time())
            self._in_flight[turn.id] = flight
            try:
                heard = await self._hear(flight)
                if heard.why:
                    self._offers.drop()
                if heard.reply:
                    return await self._reply(flight, heard, sink)
                flight.choice, flight.has_switched = heard.place, heard.has_switched
                flight.prompt = heard.prompt
                await self._offers.follow(flight)
                return await self._answer(flight, sink)
            except TurnRefused as refusal:
                if sink.used:
                    raise
                raise await self._offers.worded(flight, refusal) from refusal.__cause__
            finally:
                self._offers.leave(flight)
                del self._in_flight[turn.id]
                self._live.pop(turn.id, None)
        if sink.used:
            sink.offer(Cut(REPLACED))
        raise TurnRefused(409, "invalid_request_error", REPLACED)

    async def _hear(self, flight: InFlight) -> Heard:
        """Asks the desk what a turn comes to, and of which conversation it is from now on.

        Raises TurnRefused.
        """
        try:
            heard = await self._desk.hear(flight.turn)
        except TurnRefused as refusal:
            await self._record(flight.refused(refusal.status))
            raise
        if heard.conversation not in ("", flight.turn.conversation):
            flight.turn = attrs.evolve(flight.turn, conversation=heard.conversation)
            flight.moved = True
        return heard

    async def _reply(self, flight: InFlight, heard: Heard, sink: Sink[TurnItem]) -> TurnRecord:
        """Answers a command ourselves."""
        head, body = written(flight.turn, heard.reply, heard.tokens)
        await sink.send(head)
        await sink.send(body)
        line = record(flight.turn, heard.why, trio.current_time() - flight.started_seconds)
        await self._record(line)
        return line

    def _replace_older(self, turn: Turn) -> None:
        if not turn.named or turn.operation is not Operation.MESSAGES:
            return
        for older in self._in_flight.values():
            same = older.turn.agent == turn.agent and older.turn.operation is turn.operation
            if same and older.turn.request.same_question(turn.request):
                older.scope.cancel(REPLACED)

    async def _answer(self, flight: InFlight, sink: Sink[TurnItem]) -> TurnRecord:
        """Asks one place after the other, until one answers or the last has refused."""
        try:
            while True:
                route = await self._route(flight)
                await self._offers.look(flight, route)
                try:
                    line = await self._ask(flight, route, sink)
                    self._offers.note(flight, route, line)
                    return line
                except TurnRefused as refusal:
                    if sink.used or route.is_last or not may_fail_over(refusal.status):
                        raise
                    flight.fail(route, refusal)
                except Unavailable as error:
                    if sink.used or (flight.is_late and route.is_last):
                        raise
                    await self._try_again(flight, route, error)
        except MemoryRefused as refusal:
            if sink.used:
                raise
            raise await self._with_alternatives(flight, refusal) from None
        except Unavailable as error:
            if sink.used:
                raise
            await self._record(flight.refused(503))
            raise TurnRefused(503, "overloaded_error", str(error)) from error

    async def _try_again(self, flight: InFlight, route: Route, error: Unavailable) -> None:
        """A backend takes no new turns: the settings have changed or, then, it is ill."""
        if flight.is_late:
            await self._record(flight.refused(503))
            flight.fail(route, TurnRefused(503, "overloaded_error", str(error)))
        flight.is_late = True

    async def _ask(self, flight: InFlight, route: Route, sink: Sink[TurnItem]) -> TurnRecord:
        """Asks one place, and tells the router how it went, whatever happens."""
        note = unknown(route)
        try:
            if route.delay_seconds:
                await trio.sleep(route.delay_seconds)
            line = await self._delegate(route, flight, sink)
            note = answered(route, line)
            return line
        except TurnRefused as refusal:
            note = refused(route, refusal)
            raise
        finally:
            self._router.post(note)

    async def _delegate(self, route: Route, flight: InFlight, sink: Sink[TurnItem]) -> TurnRecord:
        """Has the backend answer; where the client wants verdicts that it cannot give, guarded."""
        asked, turn = flight.question(route), flight.turn
        if turn.operation is Operation.MESSAGES and is_wanted(turn.request):
            wanted = FindClassifier(route.endpoint, route.home or self._home_of(flight) or "")
            found = await self._router.ask(wanted)
            if found.why_none:
                self._tell_once("nobody judges", turn.conversation, found.why_none)
            elif not found.relays:
                tell = partial(self._tell_once, "no verdict", turn.conversation)
                return await GuardedTurn(asked, route.backend, self._router, wanted, tell).run(sink)
        return await route.backend.delegate(asked, sink)

    def _tell_once(self, kind: str, conversation: str, words: str) -> None:
        """Tells the user of something that the conversation lacks, the first time."""
        if kind not in self._told:
            self._told.add(kind)
            self._conversations.post(NoteNotice(conversation, words))

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
        turn = flight.turn
        try:
            route = await self._find_route(flight)
        except TurnRefused as refusal:
            if flight.refusal is not None:  # what a place has said says more, and has its line
                raise flight.refusal from None
            await self._record(flight.refused(refusal.status))
            raise
        if route.home not in ("", HOME_UNKNOWN, self._home_of(flight)):
            self._set_home(flight, route.home)
            with suppress(ActorError):  # the ledger's line of this turn says it once more
                await self._conversations.ask(KeepHome(turn.conversation, route.home))
        flight.endpoint = route.endpoint
        self._live[turn.id] = LiveTurn(
            turn.id, turn.conversation, turn.model, route.endpoint, flight.started_seconds
        )
        return route

    async def _find_route(self, flight: InFlight) -> Route:
        turn = flight.turn
        home = self._home_of(flight)
        wish = Wish(turn.model, turn, home, tuple(flight.tried), flight.choice)
        try:
            return await self._router.ask(FindRoute(wish))
        except PrivacyUnknown:
            home = await self._recall(flight)
        self._set_home(flight, None if home == HOME_UNKNOWN else home)
        return await self._router.ask(FindRoute(attrs.evolve(wish, home=home)))

    def _home_of(self, flight: InFlight) -> str | None:
        return flight.home if flight.moved else self._home

    def _set_home(self, flight: InFlight, home: str | None) -> None:
        if flight.moved:
            flight.home = home
        else:
            self._home = home

    async def _recall(self, flight: InFlight) -> str:
        """The private model that the conversation is with: asked where that makes a difference.

        Another turn of it may have found one meanwhile. If it cannot be read, that is asked again
        with each turn.
        """
        home = await self._conversations.ask(FindHome(flight.turn.conversation))
        return self._home_of(flight) or home

    async def _record(self, line: TurnRecord) -> None:
        with suppress(ActorError):  # a ledger that fails costs its own line alone
            await self._conversations.ask(RecordTurn(line))


def _offer(others: Sequence[Alternative]) -> str:
    here = [f"`{other.model}`" for other in others if not other.remote]
    remote = [f"`{other.model}` (remote)" for other in others if other.remote]
    names = ", ".join((*here[:ALTERNATIVES_MAX], *remote[:ALTERNATIVES_MAX]))
    return f"Other endpoints that could answer: {names}. Choose one as the model."
