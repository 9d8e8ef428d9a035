"""What a session asks the router, what it is told, and what it reports afterwards."""

from __future__ import annotations

import attrs

from ..actor import Message, Note, Ref
from ..records import Usage
from ..turn import Operation, Turn, TurnRefused
from .health import Spot
from .verdict import Verdict

WHY_CHARACTERS_MAX = 1_000
HOME_UNKNOWN = "?"
"""The home of a conversation of which it cannot be read whether it is private: then it is."""


@attrs.frozen
class Tried:
    """A place that has been asked for this turn, and has failed.

    `whole` when the failure was the endpoint's: another key would not have helped. `status` is how
    it has refused.
    """

    spot: Spot
    model: str
    whole: bool = False
    status: int = 0

    def covers(self, spot: Spot, model: str) -> bool:
        """Whether this place need not be asked in the same round."""
        same = self.spot == spot or (self.whole and self.spot.endpoint == spot.endpoint)
        return same and self.model == model


@attrs.frozen
class Wish:
    """A turn that wants a place.

    `home` is the private model that its conversation was last with, `<endpoint>/<model>`: "" if it
    is not private, None if nobody has looked, HOME_UNKNOWN if that was in vain. `tried` has what
    failed, in its order. `choice` is the place that the user has chosen for this conversation by
    saying so in it, or an id that a rule makes; "" where that is left to the settings.
    """

    model: str
    turn: Turn | None = None
    home: str | None = None
    tried: tuple[Tried, ...] = ()
    choice: str = ""

    @property
    def key(self) -> str:
        """What stays the same for all turns that begin alike."""
        return "" if self.turn is None else f"{self.turn.conversation}/{self.turn.agent}"

    @property
    def operation(self) -> Operation:
        """What is asked for."""
        return Operation.MESSAGES if self.turn is None else self.turn.operation


@attrs.frozen
class Route:
    """Where a turn goes: the backend, the model's name there, the key, and why, in words.

    `is_last` when nobody else could be asked if this fails; `delay_seconds` is to be waited first.
    `home` is the private model that the conversation stays at from now on, "" if it is not private.
    `ticket` is what the router knows the turn by, when it is told how it has ended.
    """

    backend: Ref
    endpoint: str
    model: str
    context_tokens: int
    why: str
    key: int = 0
    is_last: bool = True
    delay_seconds: float = 0.0
    home: str = ""
    ticket: int = 0

    @property
    def spot(self) -> Spot:
        """The endpoint with the key."""
        return Spot(self.endpoint, self.key)


class NothingLeft(TurnRefused):
    """Every place has been asked in vain: the last refusal stands."""

    def __init__(self) -> None:
        super().__init__(503, "overloaded_error", "every place has been asked in vain")


class PrivacyUnknown(TurnRefused):
    """Some endpoint is private: the router has to know whether the conversation is."""

    def __init__(self) -> None:
        super().__init__(500, "api_error", "it is not known whether the conversation is private")


@attrs.frozen
class FindRoute(Message[Route]):
    """To the router: where does this turn go? Answered at once.

    Raises TurnRefused, and PrivacyUnknown where the wish has to say more.
    """

    wish: Wish


@attrs.frozen
class NoteOutcome(Note):
    """To the router: how a turn has ended that it has sent to a spot with this ticket.

    `usage` is None where only the ledger knows it.
    """

    spot: Spot
    ticket: int
    verdict: Verdict
    status: int = 0
    usage: Usage | None = None
    retry_after_seconds: float = 0.0


@attrs.frozen
class NoteKeysChanged(Note):
    """To the router: a key was added, changed or removed; what was refused may be taken now."""
