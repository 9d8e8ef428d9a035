"""The ids of tools' calls that were seen lately, and whose they are (protocols/tool_uses.py).

What is known here is what this run has seen. An older id is asked for on the disk, where the owner
of this book writes what is new.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress

from ..io.ports import State, StateError
from ..protocols.tool_uses import (
    CONVERSATIONS_PER_ID_MAX,
    TOOL_USE_SECONDS,
    TOOL_USES_MAX,
    ToolUse,
    sealed,
)


class ToolUseBook:
    """Sealed ids, the oldest first. `key` seals them, and older ones are in `state`."""

    def __init__(self, state: State, key: bytes, uses_max: int = TOOL_USES_MAX) -> None:
        self._state = state
        self._key = key
        self._uses_max = uses_max
        self._uses: OrderedDict[tuple[str, str], ToolUse] = OrderedDict()
        self._unsaved: dict[tuple[str, str], ToolUse] = {}

    @property
    def unsaved(self) -> tuple[ToolUse, ...]:
        """What is not on the disk yet."""
        return tuple(self._unsaved.values())

    def note(self, conversation: str, ids: Sequence[str], now: float) -> None:
        """An answer to this conversation asks for calls with these ids."""
        for name in ids:
            use = ToolUse(sealed(self._key, name), conversation, now)
            place = use.key, conversation
            self._uses[place] = self._unsaved[place] = use
            self._uses.move_to_end(place)
        while len(self._uses) > self._uses_max:
            oldest, _ = self._uses.popitem(last=False)
            self._unsaved.pop(oldest, None)

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
        here = [use for place, use in self._uses.items() if place[0] == key]
        fresh = [use for use in (*here, *stored) if use.seen_at > now - TOOL_USE_SECONDS]
        return tuple(dict.fromkeys(use.conversation for use in fresh))[:CONVERSATIONS_PER_ID_MAX]
