"""Bugs of what is offered unasked: how often, to whom, and whether anybody is led there."""

# A bug is planted inside of what it breaks.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from understudy.actors import in_flight, offers
from understudy.actors.in_flight import InFlight
from understudy.actors.offers import Offers
from understudy.protocols.advice.audience import is_heard
from understudy.protocols.advice.offer import Offer, make_offer
from understudy.protocols.advice.situation import Situation
from understudy.protocols.advice.size import Size
from understudy.protocols.routing.wish import Route
from understudy.protocols.switching.choice import NO_CHOICE, Choice
from understudy.protocols.turn import Turn

from .bug import Bug


def nobody_remembers(patch: pytest.MonkeyPatch) -> None:
    """That an offer was made is kept, and never looked at."""
    look = Offers.look

    async def forgetful(self: Offers, flight: InFlight, route: Route) -> None:
        self._told = False
        await look(self, flight, route)

    async def untold(_self: Offers, _conversation: str) -> Choice:
        return NO_CHOICE

    patch.setattr(Offers, "look", forgetful)
    patch.setattr(Offers, "_untold", untold)


def nothing_is_private(patch: pytest.MonkeyPatch) -> None:
    """Who may see a conversation is no wall of the recommendation's."""
    patch.setattr(Situation, "stays_private", property(lambda _self: False))


def all_is_followed(patch: pytest.MonkeyPatch) -> None:
    """What is offered is gone to, whatever the settings say."""

    def led(*given: Any) -> Offer | None:
        offer = make_offer(*given)
        return None if offer is None else attrs.evolve(offer, may_follow=True)

    patch.setattr(offers, "make_offer", led)


def agents_hear_it(patch: pytest.MonkeyPatch) -> None:
    """The answer to a sub-agent is taken for one to the user."""

    def heard(turn: Turn) -> bool:
        return is_heard(attrs.evolve(turn, agent=""))

    patch.setattr(in_flight, "is_heard", heard)


def turns_are_added_up(patch: pytest.MonkeyPatch) -> None:
    """A conversation is as long as all that its turns have read."""

    def summed(self: Offers, _turn: Turn) -> Size:
        return Size(sum(self._lengths))

    patch.setattr(Offers, "_size", summed)


BUGS: Sequence[Bug] = (
    Bug(
        "A place is offered again and again",
        nobody_remembers,
        "a place was offered",
        "offers-full",
        1,
    ),
    Bug(
        "A private conversation is offered a place that may not see it",
        nothing_is_private,
        "may not see it",
        "offers-private",
        1,
    ),
    Bug(
        "A conversation is led to what it was offered, without a word",
        all_is_followed,
        "was wanted",
        "offers-full",
        1,
    ),
    Bug(
        "A sub-agent reads an offer in its answer",
        agents_hear_it,
        "in a sub-agent's answer",
        "offers-full",
        1,
    ),
    Bug(
        "A conversation is told to be as long as all its turns together",
        turns_are_added_up,
        "tokens were told",
        "offers-full",
        1,
    ),
)
