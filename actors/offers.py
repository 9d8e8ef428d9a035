"""Offers a better place unasked: the part of a session that watches how its conversation goes.

It sees each turn before it is asked and after it has ended, and makes one offer in a conversation's
life. That it was made is kept with the choice, by the ledger's line of the answer that carried it
(so Esc loses nothing) or, for a refusal, before its words are sent. Of a sub-agent's turns, and of
what a program of the client's reads, nothing is counted and in nothing is anything put.

What it costs a turn that calls for nothing is a few comparisons; whether there is somewhere better
to go is asked once in LOOK_SECONDS_MIN.
"""

from __future__ import annotations

from collections import deque
from contextlib import suppress
from math import inf
from typing import Final

import attrs
import trio

from ..protocols.actor import ActorError, Ref
from ..protocols.advice.contender import Contenders, FindContenders
from ..protocols.advice.offer import (
    FAILURES,
    Offer,
    Why,
    followed_words,
    make_offer,
    notice,
)
from ..protocols.advice.situation import Situation
from ..protocols.advice.size import ALIKE, STEPS_MAX, Size, growth_of
from ..protocols.advice.tongue import written_in
from ..protocols.records import TurnOutcome, TurnRecord
from ..protocols.routing.traits import TOKEN_BYTES, guessed_tokens
from ..protocols.routing.verdict import Verdict, verdict_of
from ..protocols.routing.wish import Route
from ..protocols.switching.choice import NO_CHOICE, Choice, FindChoice, KeepChoice, switched
from ..protocols.switching.history_marks import is_shared
from ..protocols.turn import MemoryRefused, Recall, Turn, TurnRefused
from .advice import Question, advise
from .in_flight import InFlight

LOOK_SECONDS_MIN: Final = 60.0
"""Between two looks for a better place, while there was none."""
LENGTHS_MAX: Final = STEPS_MAX + 1
"""The lengths that are remembered of a conversation."""


class Offers:
    """What one session knows of its conversation's length and of its failures."""

    def __init__(self, router: Ref, conversations: Ref, resources: Ref | None) -> None:
        self._router = router
        self._conversations = conversations
        self._resources = resources
        self._lengths: deque[int] = deque(maxlen=LENGTHS_MAX)
        self._failing = ""
        self._failures = 0
        self._failed_at: tuple[str, str] = "", ""
        """Where the conversation was then: its choice, and the client's model."""
        self._told = False
        self._looked_seconds = -inf
        self._key: tuple[tuple[Why, ...], str] | None = None
        """What the last look was for, which has found nothing."""
        self._carrier: InFlight | None = None
        """The turn whose answer is to carry an offer: one at a time, as turns may overlap."""
        self._next = ""
        self._left = "", ""
        """Where the conversation was when that was offered: its choice, and the client's model."""
        self._owed = ""

    def drop(self) -> None:
        """The user has said something else: nothing is followed."""
        self._next = ""

    async def follow(self, flight: InFlight) -> None:
        """Goes where the last turn has offered to go, if the settings say so, and tells of it.

        The place must still be one that may be recommended: all walls are looked at again.
        """
        if not flight.is_heard:
            return
        if self._next:
            place, self._next = self._next, ""
            with suppress(ActorError):
                await self._go(flight, place)
        flight.notice = self._owed

    async def _go(self, flight: InFlight, place: str) -> None:
        turn = flight.turn
        if self._left != (flight.choice, turn.model):  # the user has gone elsewhere since
            return
        if is_shared(turn.conversation):  # it may have been offered to another one
            return
        question = Question(turn.conversation, turn=turn, size=self._size(turn))
        advice = await advise(self._router, self._conversations, self._resources, question)
        if not any(each.place == place for each in advice.ranked):
            return
        chat = (await self._contenders()).chat
        choice = await self._conversations.ask(FindChoice(turn.conversation))
        if choice is None:
            return
        new = switched(choice, place, turn.model)
        await self._conversations.ask(KeepChoice(turn.conversation, new, expected=choice))
        flight.choice, flight.has_switched = place, True
        language = written_in(turn.request) or choice.language or "en"
        self._owed = notice(followed_words(place, chat, language))

    async def look(self, flight: InFlight, route: Route) -> None:
        """Before a place is asked: decides, once a turn, what is offered, and puts it in."""
        if self._told or not flight.is_heard:
            return
        if not flight.looked:
            flight.looked = True
            with suppress(ActorError):  # an offer is no reason to fail a turn
                flight.offers = await self._find(flight, route)
        fitting = (each for each in flight.offers if self._fits(flight, each, route))
        flight.offer = next(fitting, None) if self._carrier in (None, flight) else None
        flight.notice = "" if flight.offer is None else flight.offer.notice
        if flight.offer is not None:
            self._carrier = flight

    def leave(self, flight: InFlight) -> None:
        """A turn is over, however it has ended."""
        if self._carrier is flight:
            self._carrier = None

    def _fits(self, flight: InFlight, offer: Offer, route: Route) -> bool:
        """Whether an answer from there may carry it: its words are of the place that they were
        found for, and name none that has just failed."""
        if _has_failed(flight, offer):
            return False
        if offer.why == "full":
            return not flight.tried
        return bool(flight.tried) or route.endpoint != self._failing

    def note(self, flight: InFlight, route: Route, line: TurnRecord) -> None:
        """A turn has got its answer, or an error that was passed on as it came."""
        if not flight.is_heard:
            return
        if line.noticed:
            self._told, self._owed = True, ""
            if flight.offer is not None:
                self._follow_next(flight, flight.offer)
        failed = verdict_of(line.outcome, line.status) not in (Verdict.WELL, Verdict.NEUTRAL)
        if failed or flight.tried:
            self._note_failure(flight, _first_asked(flight, route.endpoint))
        elif line.outcome is TurnOutcome.ANSWERED and not flight.passed_over:
            self._failures = 0
        if line.outcome is TurnOutcome.ANSWERED and line.usage.read_tokens:
            # What was shortened is as long as ever for its client, and for who answers next.
            read = max(line.usage.read_tokens, line.whole_tokens)
            self._lengths.appendleft(read + line.usage.output_tokens)

    async def worded(self, flight: InFlight, refusal: TurnRefused) -> TurnRefused:
        """A turn is refused: its refusal, with the offer in its words where one is due."""
        if not flight.is_heard or not flight.endpoint:
            return refusal
        is_limit = isinstance(refusal, MemoryRefused)  # which names others by itself
        if is_limit or verdict_of(TurnOutcome.REFUSED, refusal.status) is Verdict.NEUTRAL:
            return refusal
        failed = _first_asked(flight, flight.endpoint)
        self._note_failure(flight, failed)
        offer = flight.failure_offer
        if offer is None or self._told or self._carrier not in (None, flight):
            return refusal
        is_last = offer.place.startswith(f"{flight.endpoint}/")
        if is_last or _has_failed(flight, offer) or failed != offer.failing:
            return refusal
        conversation = flight.turn.conversation
        with suppress(ActorError):
            choice = await self._conversations.ask(FindChoice(conversation)) or NO_CHOICE
            kept = KeepChoice(conversation, attrs.evolve(choice, told=True), expected=choice)
            await self._conversations.ask(kept)
        self._told = True
        self._follow_next(flight, offer)
        words = f"{refusal.message}. {offer.words}"
        return TurnRefused(refusal.status, refusal.kind, words, refusal.retry_after_seconds)

    def _follow_next(self, flight: InFlight, offer: Offer) -> None:
        """What is offered is gone to with the next turn, if the settings say so."""
        self._next = offer.place if offer.may_follow else ""
        self._left = flight.choice, flight.turn.model

    def _note_failure(self, flight: InFlight, endpoint: str) -> None:
        at = flight.choice, flight.turn.model
        again = endpoint == self._failing and at == self._failed_at
        self._failures = self._failures + 1 if again else 1
        self._failing, self._failed_at = endpoint, at

    async def _find(self, flight: InFlight, route: Route) -> tuple[Offer, ...]:
        """The offers that this turn calls for, if there is somewhere better to go: the first one
        that its answer may carry is made."""
        turn, whys = flight.turn, self._whys(flight, route)
        if not whys:
            return ()
        found = await self._contenders()
        if "fails" in whys and route.endpoint != self._failing:
            flight.passed_over = self._rests(found)
            whys = whys if flight.passed_over else whys[1:]
        choice = await self._untold(turn.conversation) if whys and found.chat.offer else None
        if choice is None:
            return ()
        now, key = trio.current_time(), (whys, self._failing)
        if self._key == key and now < self._looked_seconds + LOOK_SECONDS_MIN:
            return ()
        place = f"{route.endpoint}/{route.model}"
        question = Question(turn.conversation, turn=turn, place=place, size=self._size(turn))
        advice = await advise(self._router, self._conversations, self._resources, question)
        # Conversations without a name of their own are one as long as they are alike: what one
        # of them is led to by itself the others would be, too.
        chat = found.chat if turn.named else attrs.evolve(found.chat, follow_offer=False)
        language = written_in(turn.request) or choice.language or "en"
        offers = [make_offer(advice, why, self._failing, chat, language) for why in whys]
        self._looked_seconds, self._key = now, None if any(offers) else key
        return tuple(offer for offer in offers if offer is not None)

    def _whys(self, flight: InFlight, route: Route) -> tuple[Why, ...]:
        at = flight.choice, flight.turn.model
        fails = self._failures >= FAILURES - 1 and self._failed_at == at
        reasons: tuple[tuple[Why, bool], ...] = (
            ("fails", fails),
            ("full", self._is_full(flight.turn, route.context_tokens)),
        )
        return tuple(why for why, holds in reasons if holds)

    def _is_full(self, turn: Turn, window_tokens: int) -> bool:
        """Whether the window is about to overflow. A short request costs no second look."""
        if len(turn.request.body) // TOKEN_BYTES * ALIKE < window_tokens // 2:
            return False
        size = self._size(turn)
        return Situation(size.tokens, size.growth_tokens).is_full(window_tokens)

    def _size(self, turn: Turn) -> Size:
        """The conversation's size, as its last turn was counted; a guess where it has none, or
        was compacted since."""
        newest = self._lengths[0] if self._lengths else 0
        if newest and newest <= ALIKE * (len(turn.request.body) // TOKEN_BYTES):
            return Size(newest, growth_of(self._lengths))
        return Size(guessed_tokens(turn))

    def _rests(self, found: Contenders) -> bool:
        places = [each for each in found.places if each.endpoint == self._failing]
        return any(each.rest_seconds > 0 for each in places)

    async def _contenders(self) -> Contenders:
        found: Contenders = await self._router.ask(FindContenders())
        return found

    async def _untold(self, conversation: str) -> Choice | None:
        """What is chosen in a conversation that was told of no offer yet; None if it was.

        What cannot be read was told. Where nobody has been answered yet there is no conversation.
        """
        choice = await self._conversations.ask(FindChoice(conversation))
        known = await self._conversations.ask(Recall(conversation))
        self._told = choice is not None and choice.told
        is_begun = known is not None and known.turns > 0
        return None if choice is None or choice.told or not is_begun else choice


def _first_asked(flight: InFlight, endpoint: str) -> str:
    """The endpoint that a turn has asked first: its conversation's own."""
    return flight.tried[0].spot.endpoint if flight.tried else endpoint


def _has_failed(flight: InFlight, offer: Offer) -> bool:
    """Whether the place that is offered has refused this very turn."""
    endpoint = offer.place.partition("/")[0]
    return any(each.spot.endpoint == endpoint for each in flight.tried)
