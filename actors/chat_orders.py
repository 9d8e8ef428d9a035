"""Carries out one command: asks how things stand, and says what is chosen then, and our reply.

Nothing is changed here: who asks keeps the new choice. What speaks against a place is found out
before (protocols/switching/ground.py); the walls of the router hold in any case.
"""

from __future__ import annotations

from contextlib import suppress

import attrs

from ..protocols.actor import Ref
from ..protocols.advice.sentences import summary
from ..protocols.advice.size import size_of
from ..protocols.routing.traits import TOKEN_BYTES, guessed_tokens, sees_images
from ..protocols.routing.wish import HOME_UNKNOWN, Wish
from ..protocols.switching.choice import (
    Choice,
    asking,
    gone_back,
    switched,
    switched_once,
    unasked,
)
from ..protocols.switching.command import (
    AskAdvice,
    AskList,
    AskWhich,
    Command,
    Decline,
    GoBack,
    Switch,
)
from ..protocols.switching.ground import Ground, fits, obstacle
from ..protocols.switching.known import KnownPlace, KnownPlaces
from ..protocols.switching.replies import LARGER_MAX, LISTED_MAX, Speaker
from ..protocols.switching.standing import Consider, Considered, FindStandings, Standing
from ..protocols.switching.typed import Typed
from ..protocols.turn import FindHome, RecentTurns, Turn, TurnRefused
from .advice import Question, advise

LINES_MAX = 200
"""Of the ledger, in which the conversation's length is looked for."""
LARGER_LOOKED_AT = 8
"""So many places with more room are looked at, until some are found that may be named."""


@attrs.frozen
class Obeyed:
    """What a command has come to. Without a `reply` the turn goes on, with its work."""

    choice: Choice
    reply: str
    tokens: int
    speaker: Speaker


@attrs.define(eq=False)
class ChatOrder:
    """One command of one conversation. `is_read` unless its choice could not be read."""

    router: Ref
    conversations: Ref
    turn: Turn
    said: Typed
    choice: Choice
    known: KnownPlaces
    is_read: bool = True
    resources: Ref | None = None
    home: str = ""
    ground: Ground = attrs.field(init=False)
    speaker: Speaker = attrs.field(init=False)

    async def obey(self, command: Command) -> Obeyed:
        """Carries it out. Raises ActorError where nobody is there to ask how things stand."""
        language = command.language
        if isinstance(command, Switch) and command.picked and language == "en":
            language = self.choice.offers_language
        self.speaker = Speaker.of(language)
        self.home = await self.conversations.ask(FindHome(self.turn.conversation))
        self.ground = await self._measured()
        choice, reply = await self._carried_out(command)
        if choice != self.choice:
            choice = attrs.evolve(choice, language=language)
        return Obeyed(choice, reply, self.ground.tokens, self.speaker)

    async def _carried_out(self, command: Command) -> tuple[Choice, str]:
        match command:
            case Switch():
                return await self._switch(command)
            case GoBack():
                return await self._go_back()
            case AskWhich() if not self.is_read:
                return self.choice, self.speaker.unread()
            case AskWhich():
                return self.choice, await self._which()
            case AskList():
                return self.choice, await self._list()
            case AskAdvice(goal, language):
                place = await self._place_now()
                asked = Question(self.turn.conversation, goal, self.turn, place)
                advice = await advise(self.router, self.conversations, self.resources, asked)
                return self.choice, summary(advice, language)
            case Decline():
                return unasked(self.choice), self.speaker.declined()

    async def _measured(self) -> Ground:
        """How long the conversation is, and what is in use."""
        turn, request = self.turn, self.turn.request
        guessed = guessed_tokens(turn)
        history = request.json.length(request.question_keys[0]) // TOKEN_BYTES
        around = max(0, len(request.body) // TOKEN_BYTES - history)
        lines = await self.conversations.ask(RecentTurns(LINES_MAX, turn.conversation))
        own = [line for line in lines if line.endpoint]
        return Ground(
            size_of(own, guessed).tokens,
            max(0, guessed - around),
            has_images=sees_images(turn),
            has_tools=request.json.length("tools") > 0,
            is_unread=self.home == HOME_UNKNOWN,
        )

    async def _switch(self, command: Switch) -> tuple[Choice, str]:
        standings = await self._standings(command.places)
        if not standings:
            return unasked(self.choice), self.speaker.gone(command.places[0])
        found = [each for each in standings if not each.barred] or [*standings]
        once = self.choice.offers_once if command.picked else command.scope == "answer"
        if len(found) > 1:
            offers = tuple(each.place for each in found)
            asked = asking(self.choice, offers, command.language, once=once)
            return asked, self.speaker.asked(found, len(command.places))
        to = found[0]
        why = obstacle(self.ground, to, anyway=command.anyway)
        if why is not None:
            larger = await self._larger(to) if why == "too_long" else ()
            return unasked(self.choice), self.speaker.refused(to, self.ground, why, larger)
        return await self._switched(command, to, once=once)

    async def _switched(self, command: Switch, to: Standing, *, once: bool) -> tuple[Choice, str]:
        model = self.turn.model
        if once:
            prompt = self.said.prompt if command.work else ""
            new = switched_once(self.choice, to.place, prompt, model)
        else:
            new = switched(self.choice, to.place, model)
        if command.work:
            return new, ""
        before = await self._name_now()
        if once:
            lost = command.picked
            return new, self.speaker.switched_once(to, self.ground, before, lost_work=lost)
        return new, self.speaker.switched(to, self.ground, before)

    async def _go_back(self) -> tuple[Choice, str]:
        dropped, new = self.choice.once, gone_back(self.choice, self.turn.model)
        while new is not None and not dropped and not await self._is_there(new.place):
            new = gone_back(new)
        if new is None:
            said = self.speaker.nothing_to_undo if self.is_read else self.speaker.unread
            return unasked(self.choice), said()
        try:
            to = await self._standing_of(new.place)
        except TurnRefused as refusal:
            kept = new if dropped else unasked(self.choice)
            words = self.speaker.nobody if dropped else self.speaker.unchanged
            return kept, words(refusal.message)
        why = None if dropped else obstacle(self.ground, to)
        if why is not None:
            larger = await self._larger(to) if why == "too_long" else ()
            return unasked(self.choice), self.speaker.refused(to, self.ground, why, larger)
        return new, self.speaker.returned(to, self.ground, dropped=dropped)

    async def _which(self) -> str:
        place = self.choice.place
        try:
            now = await self._considered(place)
            to = await self._standing_of(place or now.place)
        except TurnRefused as refusal:
            return self.speaker.nobody(refusal.message)
        return self.speaker.which(
            to, self.ground, is_chosen=bool(place), why=now.why, once=self.choice.once
        )

    async def _list(self) -> str:
        places = [each.place for each in sorted(self.known.places, key=self._order)]
        found = await self._standings(tuple(places[:LISTED_MAX]))
        chosen, default = self.choice.place, self.known.default
        return self.speaker.listed(found, len(places), chosen=chosen, default=default)

    def _order(self, place: KnownPlace) -> tuple[bool, ...]:
        """The chosen place, the default, those of this machine, the others, the embedded one."""
        chosen, default = place.place == self.choice.place, place.place == self.known.default
        return not chosen, not default, place.embedded, not place.here

    async def _larger(self, than: Standing) -> tuple[str, ...]:
        """Some places that would hold the conversation, and may have it."""
        roomy = [
            each.place
            for each in self.known.places
            if each.context_tokens > than.context_tokens
            and fits(self.ground, each.context_tokens)
            and not each.embedded
        ]
        found = await self._standings(tuple(roomy[:LARGER_LOOKED_AT]))
        may = [each.name for each in found if obstacle(self.ground, each) is None]
        return tuple(may[:LARGER_MAX])

    async def _standing_of(self, place: str) -> Standing:
        """How a place stands, or for "" that where the settings lead. Raises TurnRefused."""
        where = place or (await self._considered("")).place
        found = await self._standings((where,))
        return found[0] if found else Standing(where, where)

    async def _is_there(self, place: str) -> bool:
        return not place or bool(await self._standings((place,)))

    async def _place_now(self) -> str:
        """Where the conversation itself goes now, whoever has answered last: that may have been
        somebody else, for a sub-agent or for the client's small work. "" if nobody would."""
        with suppress(TurnRefused):
            return self.choice.place or (await self._considered("")).place
        return ""

    async def _name_now(self) -> str:
        """What answers now, as a user calls it; "" if that is nobody, or nobody knows."""
        if self.is_read:
            with suppress(TurnRefused):
                return (await self._standing_of(self.choice.place)).name
        return ""

    async def _standings(self, places: tuple[str, ...]) -> tuple[Standing, ...]:
        return await self.router.ask(FindStandings(places, self.home))

    async def _considered(self, chosen: str) -> Considered:
        wish = Wish(self.turn.model, self.turn, self.home, choice=chosen)
        return await self.router.ask(Consider(wish))
