"""Conversations that go on from another one whose home could not be read at that time.

Each is as private as the one that it goes on from, which is asked for again until the disk is well.
In memory alone: on the disk what nobody knows would be private for ever.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from ..protocols.routing.wish import HOME_UNKNOWN

ORIGINS_MAX = 10_000
"""The oldest are dropped: so many are chosen for while a disk fails that nobody looks after."""


class Origins:
    """What each of them goes on from; `load` reads the home of that."""

    def __init__(self, load: Callable[[str], Awaitable[str]]) -> None:
        self._load = load
        self._origins: dict[str, str] = {}

    def __contains__(self, conversation: str) -> bool:
        """Whether a conversation's home has yet to be read from another one's."""
        return conversation in self._origins

    def keep(self, conversation: str, origin: str) -> None:
        """Remembers what a conversation goes on from."""
        self._origins[conversation] = self._origins.get(origin, origin)
        while len(self._origins) > ORIGINS_MAX:
            del self._origins[next(iter(self._origins))]

    async def home(self, conversation: str) -> str:
        """The home of what a conversation goes on from; once it is known, that is forgotten."""
        origin = self._origins.get(conversation)
        home = "" if origin is None else await self._load(origin)
        if home != HOME_UNKNOWN:
            self._origins.pop(conversation, None)
        return home
