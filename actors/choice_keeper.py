"""Keeps what was chosen, under the name of the conversation that it was chosen in.

Where the client names none, a turn belongs to all conversations that begin alike: there a choice
gets a name of its own, so that it moves no other (protocols/switching/history_marks.py). So does
each further one that a reply of ours tells: a fork of the history goes on from what held where it
parts, and moves nobody else. What was private stays private under the new name.

Who keeps a choice says what it was decided on: a tool may have changed that in the same moment.
"""

from __future__ import annotations

from contextlib import suppress

import attrs
import trio

from ..protocols.actor import ActorError, Ref
from ..protocols.routing.wish import HOME_UNKNOWN
from ..protocols.switching.choice import Choice, ChoiceChanged, KeepChoice
from ..protocols.switching.history import ONE_TEXT, is_kept_elsewhere
from ..protocols.switching.history_marks import HistoryMarks
from ..protocols.switching.mark import nonce_in
from ..protocols.turn import FindHome, KeepHome, KeepOrigin, Turn, TurnRefused

HOME_SECONDS_MAX = 5.0
"""How long a command waits to hear whether its conversation is private."""
DISK_SECONDS_MAX = 1.0
"""How long a command waits until the disk has what was chosen, for each of its two names."""
KEPT_ELSEWHERE = (
    "The endpoint keeps this conversation, and Understudy does not have it: it can neither answer "
    "in it nor lead it to another place. Start a new conversation, or send the whole history."
)
NO_HISTORY = (
    "A request of this form holds no history that would tell its conversation, so nothing can be "
    "chosen for it. Name the model in the request, or send a header `x-session-id`."
)


@attrs.frozen
class Kept:
    """Under which name a choice is kept, and whether it is on the disk: else it is lost with the
    server."""

    conversation: str
    on_disk: bool = True


class ChoiceKeeper:
    """The keeper of one desk."""

    def __init__(self, conversations: Ref, marks: HistoryMarks) -> None:
        self._conversations = conversations
        self._marks = marks

    def check(self, turn: Turn, *, changes: bool) -> None:
        """Raises TurnRefused where a command must not be obeyed: where our reply would be missing
        from what the endpoint has kept, and a change where nothing will tell whose it was."""
        if is_kept_elsewhere(turn.request):
            raise TurnRefused(400, "invalid_request_error", KEPT_ELSEWHERE)
        if changes and not turn.named and turn.request.dialect in ONE_TEXT:
            raise TurnRefused(400, "invalid_request_error", NO_HISTORY)

    async def keep(
        self,
        turn: Turn,
        choice: Choice,
        expected: Choice | None = None,
        *,
        answered_here: bool = False,
        soon: bool = False,
    ) -> Kept:
        """Keeps what is chosen from this turn on; its conversation may have another name then.

        `expected` is what it was decided on; None to keep it whatever is chosen by now. A new name
        is nobody else's. `answered_here` if a reply of ours will tell of it, which can carry a
        mark; with `soon` nobody waits for the disk. Raises ChoiceChanged.
        """
        is_marked = bool(nonce_in(turn.conversation))
        if turn.named or (is_marked and not answered_here):
            return await self._keep(turn.conversation, choice, expected=expected, soon=soon)
        home = await self._home(turn.conversation)
        if not is_marked:
            begun, told = self._marks.remember(turn.request, choice)
            await self._note_origin(begun, turn, home)
            kept = await self._keep(begun, told, home, soon=soon or answered_here)
            if not answered_here:
                return kept
        name = self._marks.new_name()
        await self._note_origin(name, turn, home)
        return await self._keep(name, choice, home, soon=soon)

    async def signed(self, turn: Turn, conversation: str, reply: str, choice: Choice) -> str:
        """A reply of ours, with a mark where nothing else would tell the conversation, of which
        this is chosen. What stands before it is kept soon, for a history that loses its beginning.
        """
        if turn.named or not nonce_in(conversation):
            return reply
        told = self._marks.signed(turn.request, conversation, reply)
        tail = self._marks.tail(turn.request, told)
        if conversation != turn.conversation:  # under an old name others may choose meanwhile
            kept = KeepChoice(conversation, attrs.evolve(choice, tail=tail), soon=True)
            with suppress(ActorError):
                await self._conversations.ask(kept)
        return told

    async def _home(self, conversation: str) -> str:
        home = HOME_UNKNOWN
        with trio.move_on_after(HOME_SECONDS_MAX), suppress(ActorError):
            home = await self._conversations.ask(FindHome(conversation))
        return home

    async def _note_origin(self, name: str, turn: Turn, home: str) -> None:
        """Where nobody knows whether it is private: it is as private as what it goes on from."""
        if home == HOME_UNKNOWN:
            await self._conversations.ask(KeepOrigin(name, turn.conversation))

    async def _keep(
        self,
        name: str,
        choice: Choice,
        home: str = "",
        *,
        expected: Choice | None = None,
        soon: bool,
    ) -> Kept:
        """Keeps it in memory at once, and then waits for the disk: if that takes too long, the name
        is not lost with it. What has been chosen since stays, and is written in its place."""
        await self._conversations.ask(KeepChoice(name, choice, soon=True, expected=expected))
        on_disk = False
        with trio.move_on_after(DISK_SECONDS_MAX), suppress(ActorError):
            if home not in ("", HOME_UNKNOWN):
                await self._conversations.ask(KeepHome(name, home))
            try:
                on_disk = await self._conversations.ask(KeepChoice(name, choice, soon, choice))
            except ChoiceChanged:
                on_disk = True
        return Kept(name, on_disk)
