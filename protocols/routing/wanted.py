"""Where a turn is wanted: by the first rule that holds, else by its id, else at the default.

With it comes whose words are in it: the private endpoints that the turn is from, or its
conversation. A rule that names them in `from` has set them free. One that would lead private words
only to remote places is passed over, unless the turn asks for its very id: that is refused then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from ..settings_data import RuleSettings
from ..turn import Operation
from .affinity import preferred
from .rules import Asked, asks_for, holds, told
from .table import Place, RoutingTable
from .trust import is_trusted
from .wish import Wish

Load = Callable[[str], int]
"""How many turns an endpoint is answering."""


@attrs.frozen
class Wanted:
    """The places where a turn is wanted, the first one most; why; and whose words are in it.

    `fallback_of` is the endpoint whose fallback the places after the first are. `notes` say what
    was passed over on the way.
    """

    places: tuple[Place, ...]
    why: str
    owners: frozenset[str]
    fallback_of: str = ""
    notes: tuple[str, ...] = ()


def wanted(table: RoutingTable, wish: Wish, load: Load) -> Wanted:
    """Where a turn is wanted. Only the first of several places gets what wants vectors."""
    found = _wanted(table, wish, load)
    if wish.operation is Operation.EMBEDDINGS:
        return attrs.evolve(found, places=found.places[:1])
    return found


def _wanted(table: RoutingTable, wish: Wish, load: Load) -> Wanted:
    named = _named(table, wish)
    owners, default = _owners(named, wish), table.default
    asked, notes = Asked.of(wish.model, wish.turn), list[str]()
    for rule in table.settings.rules:
        if not holds(rule, asked, named, default):
            continue
        places, bound = table.places(rule), owners - set(rule.origin)
        if not places:
            notes.append(f"{told(rule)} names no place that is there now")
        elif bound and not asks_for(rule, asked) and not any(map(_is_trusted, places)):
            notes.append(f"{told(rule)} is passed over: it leads away, and this is private")
        else:
            return Wanted(_spread(rule, places, wish, load), told(rule), bound, "", tuple(notes))
    further = [each for each in table.all_at(named.endpoint.fallback) if each.name != named.name]
    name = named.endpoint.name if further else ""
    return Wanted((named, *further), named.why, owners, name, tuple(notes))


def _named(table: RoutingTable, wish: Wish) -> Place:
    """Where a turn goes without rules; an unknown id stays where a private conversation is."""
    named = table.find(wish.model)
    if named.named or not wish.home:
        return named
    home = table.at(wish.home)
    if home is None or not _is_trusted(home):
        return named
    why = f"no endpoint has {wish.model}; this is private, and stays where it was"
    return attrs.evolve(home, why=why)


def _owners(named: Place, wish: Wish) -> frozenset[str]:
    home = {wish.home.partition("/")[0]} if wish.home else set[str]()
    origin = {named.endpoint.name} if named.endpoint.private else set[str]()
    return frozenset(home | origin)


def _spread(
    rule: RuleSettings, places: Sequence[Place], wish: Wish, load: Load
) -> tuple[Place, ...]:
    if rule.spread != "affinity" or wish.operation is Operation.EMBEDDINGS:
        return tuple(places)
    named = {place.name: place for place in places}
    order = preferred([*named], wish.key, lambda name: load(name.partition("/")[0]))
    return tuple(named[name] for name in order)


def _is_trusted(place: Place) -> bool:
    return is_trusted(place.endpoint, place.model)
