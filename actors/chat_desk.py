"""Hears what a user says to Understudy itself, and knows what they have chosen.

The session asks it first with every turn. A turn whose last message is a command is answered here,
at once and without a model; any other goes on to the place that is chosen for its conversation.

The user's next message is what counts: it answers a question of ours or drops it, it takes a
choice for one answer or ends it, and where the client names another model of ours with it, that
ends the choice. What a client asks aside (titles, agents, counts, summaries) changes nothing.

A choice that cannot be read is no reason to send words away that may be meant for this machine:
what the session knows itself holds on, a conversation that has only begun has chosen nothing, and
any other goes to no remote place where there is a model on this machine that it could have been set
to. One that cannot be saved holds in memory, and its user is told.

Changes are made one at a time, each from what is known then: two commands at once are two commands,
one after the other. Where a model's tool has changed something meanwhile it is decided again, and
at last kept whatever holds: the user's word comes after the tool's. A command that its client
leaves has happened, or has not; one that is sent again, since its answer was lost, is answered as
before (protocols/switching/repeated.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import attrs
import trio

from ..protocols.actor import ActorError, Ref
from ..protocols.demands import is_demanding
from ..protocols.routing.traits import has_small_form, is_aside
from ..protocols.switching.added import LastMessage
from ..protocols.switching.addressed import addressed, may_be_addressed
from ..protocols.switching.beginning import begins
from ..protocols.switching.choice import (
    CHOICE_UNKNOWN,
    NO_CHOICE,
    Choice,
    ChoiceChanged,
    FindChoice,
    at_prompt,
    picked,
    unasked,
)
from ..protocols.switching.classifier import Classifier
from ..protocols.switching.command import Command, Decline, Switch
from ..protocols.switching.history_marks import FIRST_MESSAGE, HistoryMarks
from ..protocols.switching.known import FindKnownPlaces, KnownPlaces
from ..protocols.switching.matcher import match
from ..protocols.switching.repeated import done_before, grows, with_done
from ..protocols.switching.replies import Speaker
from ..protocols.switching.standing import FindNamed
from ..protocols.switching.typed import Typed, typed
from ..protocols.turn import Operation, Turn, TurnRefused
from .chat_orders import ChatOrder
from .choice_keeper import ChoiceKeeper, Kept

RECALL_SECONDS_MAX = 5.0
"""How long a turn waits to hear what was chosen for its conversation."""
DECISIONS_MAX = 3
"""So often a change is decided on while something else is chosen meanwhile; the last one holds."""
WHY = "a command, answered by Understudy itself"
BUSY = "Understudy cannot answer what it was told just now; send it again in a moment"


@attrs.frozen
class Heard:
    """What a turn comes to: `reply` is our own answer, after so many `tokens` in the context, and
    else `place` is where it goes, as the user has chosen; "" as the settings say. `conversation`
    is the name that its conversation has from now on; "" where that has not changed.
    `has_switched` if it has been at several places. `prompt` marks the message of the
    user's that it works on; a sub-agent works on what its conversation does."""

    place: str = ""
    reply: str = ""
    why: str = ""
    tokens: int = 0
    conversation: str = ""
    has_switched: bool = False
    prompt: str = ""


class ChatDesk:
    """The desk of one session."""

    def __init__(
        self,
        router: Ref,
        conversations: Ref,
        marks: HistoryMarks,
        resources: Ref | None = None,
        classifier: Classifier | None = None,
    ) -> None:
        self._router = router
        self._conversations = conversations
        self._resources = resources
        self._classifier = classifier
        self._keeper = ChoiceKeeper(conversations, marks)
        self._changing = trio.Lock()
        self._last: Choice | None = None
        self._last_message = LastMessage()
        self._prompt = ""

    async def hear(self, turn: Turn) -> Heard:
        """Hears a turn: what cannot be read was not said.

        Raises TurnRefused where a command was understood, and nobody is there to carry it out.
        """
        if turn.operation is Operation.EMBEDDINGS:
            return Heard()
        said = typed(turn.request)
        heard = await self._heard(turn, said)
        if not turn.agent and turn.request.json.length("tools"):  # what has none calls nobody
            self._prompt = said.prompt
        return attrs.evolve(heard, prompt=self._prompt if turn.agent else said.prompt)

    async def _heard(self, turn: Turn, said: Typed) -> Heard:
        choice = await self._recall(turn)
        talks = turn.operation is Operation.MESSAGES and not turn.agent
        if talks and not is_aside(turn):
            said = self._last_message.follow(turn, said)
        if talks and said.text:
            heard = await self._again(turn, said, choice)
            heard = heard or await self._command(turn, said, choice)
            if heard is not None:
                return heard
        if choice is None and begins(turn.request) and talks and said.text:
            choice = self._last = NO_CHOICE
        if choice is None:
            return Heard(CHOICE_UNKNOWN)
        if choice == NO_CHOICE:
            return Heard()
        heard = await self._follow(turn, said, choice)
        return attrs.evolve(heard, has_switched=choice.has_switched)

    async def _follow(self, turn: Turn, said: Typed, choice: Choice) -> Heard:
        """Where a turn goes for which something is chosen; only the talk itself changes that."""
        if turn.agent or said.goes_on:
            return Heard(choice.place_for(choice.prompt) if choice.prompt else choice.place)
        if turn.operation is not Operation.MESSAGES:
            return Heard(_place(said, choice))
        return Heard(choice.place_along) if is_aside(turn) else await self._talk(turn, said, choice)

    async def _recall(self, turn: Turn) -> Choice | None:
        """What is chosen; None where nobody knows. Nothing ever is for all who begin alike."""
        if not turn.named and turn.conversation.startswith(FIRST_MESSAGE):
            return NO_CHOICE
        found: Choice | None = None
        with trio.move_on_after(RECALL_SECONDS_MAX), suppress(ActorError):
            found = await self._conversations.ask(FindChoice(turn.conversation))
        if found is not None:
            self._last = found
        return self._last

    async def _keep(
        self,
        turn: Turn,
        choice: Choice,
        expected: Choice | None,
        *,
        answered_here: bool = False,
        soon: bool = False,
    ) -> Kept:
        """Keeps what is chosen; where nothing else tells the conversation, under a name that is
        its own. Raises ChoiceChanged."""
        kept = Kept(turn.conversation, on_disk=False)
        try:
            kept = await self._keeper.keep(
                turn, choice, expected, answered_here=answered_here, soon=soon
            )
        except ChoiceChanged:
            raise
        except ActorError:
            pass  # it holds in this session, and its user is told
        if kept.conversation == turn.conversation:
            self._last = choice
        return kept

    async def _again(self, turn: Turn, said: Typed, choice: Choice | None) -> Heard | None:
        """Answers a command that was carried out before as it was answered then, once that is
        surely kept; None if it is another message."""
        done = None if choice is None else done_before(choice, turn.request, said)
        if choice is None or done is None:
            return None
        kept = Kept(turn.conversation)
        with suppress(ChoiceChanged):  # what was chosen since is written in its place
            kept = await self._keep(turn, choice, choice)
        reply = done.reply if kept.on_disk else Speaker.of(done.language).unsaved(done.reply)
        return Heard(
            _place(said, choice), reply, WHY, done.tokens, has_switched=choice.has_switched
        )

    async def _command(self, turn: Turn, said: Typed, choice: Choice | None) -> Heard | None:
        """Carries out the command that a message is; None if it is for the model."""
        offers = (choice or NO_CHOICE).offers
        if not offers and not may_be_addressed(said.text):
            return None
        known: KnownPlaces | None = None
        with suppress(ActorError):
            known = await self._router.ask(FindKnownPlaces())
        command = None if known is None else _command_in(said.text, known, offers, self._classifier)
        if known is None or command is None:
            return None
        if has_small_form(turn) or is_demanding(turn.request):
            return None
        try:
            return await self._change(partial(self._obey, turn, said, command, known))
        except TurnRefused:
            raise
        except ActorError:
            raise TurnRefused(503, "overloaded_error", BUSY, 1) from None

    async def _change(self, decide: Callable[[bool], Awaitable[Heard]]) -> Heard:
        """Has a change decided on until nothing else was chosen meanwhile; at last for sure."""
        async with self._changing:
            for _ in range(DECISIONS_MAX - 1):
                with suppress(ChoiceChanged):
                    return await decide(False)
            return await decide(True)

    async def _obey(
        self, turn: Turn, said: Typed, command: Command, known: KnownPlaces, is_sure: bool
    ) -> Heard:
        found = await self._recall(turn)
        if heard := await self._again(turn, said, found):
            return heard
        choice = found or NO_CHOICE
        if choice.prompt not in ("", said.prompt):
            choice = at_prompt(choice, said.prompt)  # the answer that it was for has been given
        order = ChatOrder(
            self._router,
            self._conversations,
            turn,
            said,
            choice,
            known,
            found is not None,
            self._resources,
        )
        obeyed = await order.obey(command)
        new, reply, kept = obeyed.choice, obeyed.reply, Kept(turn.conversation)
        changes = new != (found or NO_CHOICE)
        self._keeper.check(turn, changes=changes)
        if changes and turn.named and grows(turn.request, command):
            language = obeyed.speaker.language
            new = with_done(new, turn.request, said, reply, obeyed.tokens, language)
        if changes or _is_at(command, new):
            expected = None if is_sure else found
            kept = await self._keep(turn, new, expected, answered_here=bool(reply))
        if reply and not kept.on_disk:
            reply = obeyed.speaker.unsaved(reply)
        if reply:
            reply = await self._keeper.signed(turn, kept.conversation, reply, new)
        return Heard(
            _place(said, obeyed.choice),
            reply,
            WHY,
            obeyed.tokens,
            kept.conversation,
            obeyed.choice.has_switched,
        )

    async def _talk(self, turn: Turn, said: Typed, choice: Choice) -> Heard:
        """Where a turn of the conversation itself goes, once what it changes is kept."""
        if await self._next(turn, said, choice) == choice:
            return Heard(_place(said, choice))
        return await self._change(partial(self._settle, turn, said, choice))

    async def _settle(self, turn: Turn, said: Typed, choice: Choice, is_sure: bool) -> Heard:
        found = await self._recall(turn)
        choice = await self._picked(turn, found or choice)
        new = _typed_next(said, choice)
        # An answer's own place is bound to its prompt on the disk: no crash gives it another.
        kept = await self._keep(turn, new, None if is_sure else found, soon=not new.once)
        return Heard(_place(said, choice), conversation=kept.conversation)

    async def _next(self, turn: Turn, said: Typed, choice: Choice) -> Choice:
        return _typed_next(said, await self._picked(turn, choice))

    async def _picked(self, turn: Turn, choice: Choice) -> Choice:
        """The choice, unless the user has named another model of ours in the client since."""
        if not choice.is_chosen or turn.model == choice.model:
            return choice
        if not choice.model:
            return attrs.evolve(choice, model=turn.model)
        named = ""
        with suppress(ActorError):
            named = await self._router.ask(FindNamed(turn.model))
        return picked(choice, turn.model) if named else choice


def _command_in(
    text: str, known: KnownPlaces, offers: tuple[str, ...], classifier: Classifier | None
) -> Command | None:
    """The command that a text is; a question of ours may be answered without the prefix."""
    meant = addressed(text, known.chat)
    if meant is not None:
        return match(meant, known, offers, classifier)
    if meant is None and offers and known.chat.commands == "prefix":
        command = match(text, known, offers)
        if isinstance(command, Decline) or (isinstance(command, Switch) and command.picked):
            return command
    return None


def _is_at(command: Command, choice: Choice) -> bool:
    """Whether a place was asked for where the conversation is: it shall stay there, whatever its
    model has asked for before."""
    return isinstance(command, Switch) and (choice.once or choice.place) in command.places


def _typed_next(said: Typed, choice: Choice) -> Choice:
    """The choice after a message that is no command: it drops a question."""
    return at_prompt(unasked(choice), said.prompt)


def _place(said: Typed, choice: Choice) -> str:
    return choice.place_for(said.prompt)
