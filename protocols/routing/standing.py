"""How a place stands to one conversation: what a user is told before it is chosen.

The walls decide when a turn is sent; this only says beforehand what they would.
"""

from __future__ import annotations

from typing import Final

from ..switching.standing import Lack, Standing
from .choice import Chooser
from .health import Spot
from .table import EMBEDDED, Place, RoutingTable
from .trust import is_here, is_trusted
from .wish import HOME_UNKNOWN

_ABILITIES: Final[tuple[Lack, ...]] = ("vision", "tools")


def standing(chooser: Chooser, chosen: str, home: str, now: float) -> Standing | None:
    """How a place, or the places of a rule's id, stand; None where there are none now."""
    table = chooser.table
    rule = table.alias(chosen)
    places = table.places(rule) if rule is not None else table.all_at((chosen,))
    if not places:
        return None
    first = places[0]
    rests, why = _rest(chooser, places, now)
    return Standing(
        chosen,
        chosen if rule is not None else shown_name(first),
        here=all(is_here(each.endpoint, each.model) for each in places),
        private=all(each.endpoint.private for each in places),
        barred=_is_barred(table, places, home, () if rule is None else rule.origin),
        spent=all(chooser.budgets.is_spent(each.endpoint) for each in places),
        context_tokens=max((each.endpoint.window(each.model) for each in places), default=0),
        lacks=tuple(
            each
            for each in _ABILITIES
            if all(place.endpoint.can(place.model, each) is False for place in places)
        ),
        rest_seconds=rests,
        why=why,
    )


def shown_name(place: Place) -> str:
    """What a place is called: the embedded model has an id of one word."""
    return EMBEDDED.name if place.endpoint == EMBEDDED else place.name


def named_place(table: RoutingTable, model: str) -> str:
    """The place that an id names, or the rule; "" if nothing here has it."""
    if table.alias(model) is not None:
        return model
    found = table.find(model)
    return found.name if found.named else ""


def _is_barred(
    table: RoutingTable, places: tuple[Place, ...], home: str, origin: tuple[str, ...]
) -> bool:
    """Whether the walls would keep a private conversation from all of them."""
    private = home and (home != HOME_UNKNOWN or table.has_private)
    if not private or home.partition("/")[0] in origin:
        return False
    return not any(is_trusted(each.endpoint, each.model) for each in places)


def _rest(chooser: Chooser, places: tuple[Place, ...], now: float) -> tuple[float, str]:
    """How long all of them rest yet, and why; that of the one which is well first."""
    spots = [
        Spot(each.endpoint.name, key) for each in places for key in range(len(each.endpoint.keys))
    ]
    rests = [(chooser.health.rest_seconds(spot, now), spot) for spot in spots]
    seconds, first = min(rests, key=lambda pair: pair[0])
    return seconds, chooser.health.why(first, now) if seconds > 0 else ""
