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
    is_heard,
    make_offer,
    notice,
)
from ..protocols.advice.situation import Situation
from ..protocols.advice.size import ALIKE, STEPS_MAX, Size, growth_of
from ..protocols.records import TurnOutcome, TurnRecord
from ..protocols.routing.traits import TOKEN_BYTES, guessed_tokens
from ..protocols.routing.verdict import Verdict, verdict_of
from ..protocols.routing.wish import Route
from ..protocols.switching.choice import NO_CHOICE, FindChoice, KeepChoice, switched
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
        self._told = False
        self._looked_seconds = -inf
        self._key: tuple[Why, str] | None = None
        self._found: Offer | None = None
        """What the last look has found, and what for."""
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
        turn = flight.turn
        if not is_heard(turn):
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
        await self._conversations.ask(KeepChoice(turn.conversation, new))
        flight.choice, flight.has_switched = place, True
        self._owed = notice(followed_words(place, chat))

    async def look(self, flight: InFlight, route: Route) -> None:
        """Before a place is asked: decides, once a turn, what is offered, and puts it in."""
        if self._told or not is_heard(flight.turn):
            return
        if not flight.looked:
            flight.looked = True
            with suppress(ActorError):  # an offer is no reason to fail a turn
                flight.offer = await self._find(flight, route)
        offer = flight.offer
        if offer is not None and (
            offer.why == "full" or flight.tried or route.endpoint != self._failing
        ):
            flight.notice = offer.notice

    def note(self, flight: InFlight, route: Route, line: TurnRecord) -> None:
        """A turn has got its answer, or an error that was passed on as it came."""
        if not is_heard(flight.turn):
            return
        if line.noticed:
            self._told, self._owed = True, ""
            if flight.offer is not None:
                self._follow_next(flight, flight.offer)
        verdict = verdict_of(line.outcome, line.status)
        if verdict not in (Verdict.WELL, Verdict.NEUTRAL):
            self._note_failure(route.endpoint)
        elif flight.tried:
            self._note_failure(flight.tried[0].spot.endpoint)
        elif line.outcome is TurnOutcome.ANSWERED and not flight.passed_over:
            self._failures = 0
        if line.outcome is TurnOutcome.ANSWERED and line.usage.read_tokens:
            self._lengths.appendleft(line.usage.read_tokens + line.usage.output_tokens)

    async def worded(self, flight: InFlight, refusal: TurnRefused) -> TurnRefused:
        """A turn is refused: its refusal, with the offer in its words where one is due."""
        if not is_heard(flight.turn) or not flight.endpoint:
            return refusal
        is_limit = isinstance(refusal, MemoryRefused)  # which names others by itself
        if is_limit or verdict_of(TurnOutcome.REFUSED, refusal.status) is Verdict.NEUTRAL:
            return refusal
        failed = flight.tried[0].spot.endpoint if flight.tried else flight.endpoint
        self._note_failure(failed)
        offer = flight.offer
        if offer is None or offer.why != "fails" or self._told:
            return refusal
        conversation = flight.turn.conversation
        with suppress(ActorError):
            choice = await self._conversations.ask(FindChoice(conversation)) or NO_CHOICE
            kept = KeepChoice(conversation, attrs.evolve(choice, told=True))
            await self._conversations.ask(kept)
        self._told = True
        self._follow_next(flight, offer)
        words = f"{refusal.message}. {offer.words}"
        return TurnRefused(refusal.status, refusal.kind, words, refusal.retry_after_seconds)

    def _follow_next(self, flight: InFlight, offer: Offer) -> None:
        """What is offered is gone to with the next turn, if the settings say so."""
        self._next = offer.place if offer.may_follow else ""
        self._left = flight.choice, flight.turn.model

    def _note_failure(self, endpoint: str) -> None:
        self._failures = self._failures + 1 if endpoint == self._failing else 1
        self._failing = endpoint

    async def _find(self, flight: InFlight, route: Route) -> Offer | None:
        """The offer that this turn calls for, if there is somewhere better to go."""
        turn, why = flight.turn, self._why(flight.turn, route)
        if why is None:
            return None
        found = await self._contenders()
        if why == "fails" and route.endpoint != self._failing:
            flight.passed_over = self._rests(found)
            if not flight.passed_over:
                return None
        if not found.chat.offer or await self._was_told(turn.conversation):
            return None
        now = trio.current_time()
        key: tuple[Why, str] = (why, self._failing)
        if self._key == key and now < self._looked_seconds + LOOK_SECONDS_MIN:
            return self._found
        place = f"{route.endpoint}/{route.model}"
        question = Question(turn.conversation, turn=turn, place=place, size=self._size(turn))
        advice = await advise(self._router, self._conversations, self._resources, question)
        # Conversations without a name of their own are one as long as they are alike: what one
        # of them is led to by itself the others would be, too.
        chat = found.chat if turn.named else attrs.evolve(found.chat, follow_offer=False)
        offer = make_offer(advice, why, self._failing, chat)
        self._looked_seconds, self._key, self._found = now, key, offer
        return offer

    def _why(self, turn: Turn, route: Route) -> Why | None:
        if self._failures >= FAILURES - 1:
            return "fails"
        window = route.context_tokens
        if not window or len(turn.request.body) // TOKEN_BYTES * ALIKE < window // 2:
            return None
        size = self._size(turn)
        return "full" if Situation(size.tokens, size.growth_tokens).is_full(window) else None

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

    async def _was_told(self, conversation: str) -> bool:
        """Whether it was told before, or nobody has been answered yet: that is no conversation.

        What cannot be read was told.
        """
        choice = await self._conversations.ask(FindChoice(conversation))
        known = await self._conversations.ask(Recall(conversation))
        self._told = choice is not None and choice.told
        return choice is None or choice.told or known is None or not known.turns
