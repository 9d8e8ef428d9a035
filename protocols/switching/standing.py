"""How places stand to one conversation just now: what is asked of the router before a switch.

None of these questions has an effect: nobody is sent anywhere, and no trial is taken.
"""

from __future__ import annotations

from typing import Literal

import attrs

from ..actor import Message
from ..routing.wish import Wish

Lack = Literal["vision", "tools"]


@attrs.frozen
class Standing:
    """One place, or an id that a rule makes, as it is now.

    `place` is what it is chosen by, and `name` what a user calls it. It is `barred` if it may not
    have the conversation's words, and `spent` if it has no tokens left for today. `lacks` are the
    abilities that it is known not to have. `rest_seconds` is how long it is left alone yet, for
    the reason `why`.
    """

    place: str
    name: str
    here: bool = False
    private: bool = False
    barred: bool = False
    spent: bool = False
    context_tokens: int = 0
    lacks: tuple[Lack, ...] = ()
    rest_seconds: float = 0.0
    why: str = ""


@attrs.frozen
class FindStandings(Message[tuple[Standing, ...]]):
    """To the router: how do these places stand? Those that are gone are left out.

    `home` is the private model that the conversation is with, as in a `Wish`.
    """

    places: tuple[str, ...]
    home: str = ""


@attrs.frozen
class Considered:
    """Where a turn would go, and why, in the router's words."""

    place: str
    why: str


@attrs.frozen
class Consider(Message[Considered]):
    """To the router: where would this turn go? Raises what `FindRoute` would."""

    wish: Wish


@attrs.frozen
class FindNamed(Message[str]):
    """To the router: the place that this id names, or the rule; "" if nothing here has it."""

    model: str
