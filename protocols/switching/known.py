"""The places that exist now, as the matcher knows them: what a user may call one by its name."""

from __future__ import annotations

from functools import cached_property

import attrs

from ..actor import Message
from ..settings_data import ChatSettings
from .names import Names

_AS_UNSET = ChatSettings()


@attrs.frozen
class KnownPlace:
    """One place, `<endpoint>/<model>`, or an id that a rule makes. `here` if on this machine."""

    place: str
    endpoint: str
    model: str
    here: bool = False
    embedded: bool = False
    context_tokens: int = 0
    provider: str = ""


@attrs.frozen
class KnownPlaces:
    """All of them, and what the settings say of commands.

    The router makes one for each change of its table: what is derived from it may be kept.
    """

    places: tuple[KnownPlace, ...]
    default: str = ""
    chat: ChatSettings = _AS_UNSET

    @cached_property
    def names(self) -> Names:
        """What each of them may be called."""
        return Names.of(self.places, self.default)


@attrs.frozen
class FindKnownPlaces(Message[KnownPlaces]):
    """To the router: which places may a user name? Answered at once."""
