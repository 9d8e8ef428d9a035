"""One switch by a tool's call: looks at how things stand, and changes one conversation's choice.

Between the look and the change the user may speak, and their word counts more than a model's. So
what is kept is bound to what was looked at, and to when the model has asked for it: where anything
else is chosen by then, nothing is changed, and the model is told to look again. Nothing of the
SDK is needed here.
"""

from __future__ import annotations

from typing import Final

import attrs

from ...protocols.actor import Ref
from ...protocols.advice.size import size_of
from ...protocols.switching.choice import (
    Choice,
    ChoiceChanged,
    FindChoice,
    KeepChoice,
    switched,
    switched_once,
)
from ...protocols.switching.history_marks import is_shared
from ...protocols.switching.known import FindKnownPlaces
from ...protocols.switching.standing import FindStandings
from ...protocols.tool_uses import FindAsked
from ...protocols.turn import FindHome, Recall
from .desk import Mine, ToolRefused, answered_turns
from .results import Switched
from .walls import ground_of, places_now, refusal, remarks

ANSWER: Final = "answer"
UNREAD: Final = (
    "what was chosen for this conversation cannot be read just now; nothing was changed. "
    "`understudy doctor` says what is wrong with the disk"
)
UNSAVED: Final = "it could not be written to the disk, and will be forgotten when the server stops"
SHARED: Final = (
    "this client sends no id of its conversation, and others may have begun with the same words; "
    "nothing was changed. The user can type `switch to PLACE` in the chat, which names it"
)
CHANGED: Final = (
    "{why}, and that holds; nothing was changed by this call. Ask `endpoint_list` what is chosen, "
    "and set it again only if the user still wants that"
)
GONE: Final = (
    "{place} is not there any more; nothing was changed. `endpoint_list` has what is there"
)


@attrs.frozen
class Switcher:
    """Sets conversations to places."""

    router: Ref
    conversations: Ref

    async def switch(self, mine: Mine, place: str, scope: str) -> Switched:
        """Sets one, for the present answer or from now on. Raises ToolRefused."""
        name, ask = mine.conversation, self.conversations.ask
        if is_shared(name):
            raise ToolRefused(SHARED)
        asked = await ask(FindAsked(name, mine.tool_use))
        choice, home = await ask(FindChoice(name)), await ask(FindHome(name))
        if choice is None:
            raise ToolRefused(UNREAD)
        note = await self._note(name, place, choice, home)
        if scope == ANSWER:  # bound to its prompt: if that is over, nothing is led by it
            new = switched_once(choice, place, asked.prompt)
        else:
            new = switched(choice, place)
        try:
            kept = await ask(KeepChoice(name, new, expected=choice, asked=asked.number))
        except ChoiceChanged as changed:
            raise ToolRefused(CHANGED.format(why=changed)) from None
        before = choice.place or "where the settings lead"
        undo = f"the user may say `go back`, which leads to {before}"
        return Switched(place, scope, name, note if kept else UNSAVED, undo)

    async def _note(self, name: str, place: str, choice: Choice, home: str) -> str:
        """What is to be said of a place that may be taken; "" for nothing. Raises ToolRefused."""
        known = await self.router.ask(FindKnownPlaces())
        at = places_now(choice, await self.conversations.ask(Recall(name)), known)
        to, *now = await self.router.ask(FindStandings((place, *at), home)) or (None,)
        if to is None or to.place != place:
            raise ToolRefused(GONE.format(place=place))
        turns = await answered_turns(self.conversations, name)
        ground = ground_of(size_of(turns, 0).tokens, home)
        if words := refusal(name, to, ground, choice, now):
            raise ToolRefused(f"{words}. Nothing was changed")
        return remarks(to, ground)
