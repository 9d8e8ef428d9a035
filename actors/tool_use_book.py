"""The ids of tools' calls that were seen lately, and whose they are (protocols/tool_uses.py).

What is known here is what this run has seen. An older id is asked for on the disk, where the owner
of this book writes what is new.

A call may be carried out long after the model has asked for it, and its user may have spoken since.
So it is noted in which order calls were asked for and users have chosen; then theirs is the last
word. What an earlier run has seen came before all that.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from itertools import count
from typing import Final

import attrs

from ..io.ports import State, StateError
from ..protocols.switching.choice import (
    NO_CHOICE,
    Choice,
    ChoiceChanged,
    KeepChoice,
    is_still,
    moves,
)
from ..protocols.tool_uses import (
    CONVERSATIONS_PER_ID_MAX,
    EARLIER,
    TOOL_USE_SECONDS,
    TOOL_USES_MAX,
    Asked,
    ToolUse,
    sealed,
)

CHOSEN_MAX: Final = 10_000
"""Conversations of which it is known when something was chosen last."""
CHANGED: Final = "something else is chosen by now"
SPOKEN: Final = "the user has chosen since the model has asked for this call"


class ToolUseBook:
    """Sealed ids, the oldest first. `key` seals them, and older ones are in `state`."""

    def __init__(self, state: State, key: bytes, uses_max: int = TOOL_USES_MAX) -> None:
        self._state = state
        self._key = key
        self._uses_max = uses_max
        self._uses: OrderedDict[tuple[str, str], tuple[ToolUse, Asked]] = OrderedDict()
        self._chosen: OrderedDict[str, int] = OrderedDict()
        self._numbers = count(EARLIER + 1)
        self._unsaved: dict[tuple[str, str], ToolUse] = {}

    @property
    def unsaved(self) -> tuple[ToolUse, ...]:
        """What is not on the disk yet."""
        return tuple(self._unsaved.values())

    def note(self, conversation: str, ids: Sequence[str], now: float, prompt: str = "") -> None:
        """An answer to this conversation, and to this prompt of it, asks for calls with these
        ids."""
        asked = Asked(next(self._numbers), prompt)
        for name in ids:
            use = ToolUse(sealed(self._key, name), conversation, now)
            place = use.key, conversation
            self._unsaved[place] = use
            self._uses[place] = use, asked
            self._uses.move_to_end(place)
        while len(self._uses) > self._uses_max:
            oldest, _ = self._uses.popitem(last=False)
            self._unsaved.pop(oldest, None)

    def admitted(self, wish: KeepChoice, held: Choice | None) -> Choice:
        """The choice that is to be kept, where that may be; a user's own is noted.

        `held` is what holds now, None where that cannot be read. Raises ChoiceChanged.
        """
        name, choice = wish.conversation, wish.choice
        if wish.expected is not None:
            if held is None or not is_still(held, wish.expected):
                raise ChoiceChanged(CHANGED)
            choice = attrs.evolve(choice, told=choice.told or held.told)
        if wish.asked is not None and self._chosen.get(name, EARLIER) > wish.asked:
            raise ChoiceChanged(SPOKEN)
        if wish.asked is None and (choice == held or moves(held or NO_CHOICE, choice)):
            self._note_chosen(name)  # where nothing is new they have said that it shall stay
        return choice

    def asked(self, tool_use: str, conversation: str) -> Asked:
        """When a call was asked for; "" is one without an id."""
        if not tool_use:
            return Asked(next(self._numbers))
        found = self._uses.get((sealed(self._key, tool_use), conversation))
        return Asked() if found is None else found[1]

    def saved(self, uses: Sequence[ToolUse]) -> None:
        """These are on the disk."""
        for use in uses:
            if self._unsaved.get((use.key, use.conversation)) is use:
                del self._unsaved[use.key, use.conversation]

    async def owners(self, tool_use: str, now: float) -> tuple[str, ...]:
        """The conversations that have made a call with this id; without the disk those of this
        run."""
        key, stored = sealed(self._key, tool_use), list[ToolUse]()
        with suppress(StateError):  # the next save tells of it
            stored += await self._state.tool_uses(key)
        here = [use for place, (use, _) in self._uses.items() if place[0] == key]
        fresh = [use for use in (*here, *stored) if use.seen_at > now - TOOL_USE_SECONDS]
        return tuple(dict.fromkeys(use.conversation for use in fresh))[:CONVERSATIONS_PER_ID_MAX]

    def _note_chosen(self, conversation: str) -> None:
        """Its user has chosen where it goes."""
        self._chosen[conversation] = next(self._numbers)
        self._chosen.move_to_end(conversation)
        while len(self._chosen) > CHOSEN_MAX:
            self._chosen.popitem(last=False)
