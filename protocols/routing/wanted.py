"""Where a turn is wanted: by the first rule that holds, else by its id, else at the default.

Before all of them stands what the user has chosen for this conversation, by saying so in it; only
the client's own small work still goes where a rule for it says. With the place comes whose words
are in the turn: the private endpoints that the turn is from, or its conversation. A rule that names
them in `from` has set them free. One that would lead private words only to remote places is passed
over, unless the turn asks for its very id: that is refused then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import attrs

from ..settings_data import RuleSettings
from ..switching.choice import CHOICE_UNKNOWN
from ..turn import Operation, TurnRefused
from .affinity import preferred
from .rules import Asked, asks_for, holds, told
from .table import EMBEDDED, Place, RoutingTable
from .traits import is_aside
from .trust import is_here, is_trusted
from .wish import HOME_UNKNOWN, Wish

GONE = (
    "{place}, which was chosen in this conversation, is not there any more, and nothing was sent "
    "anywhere else. Say `list models`, and then `switch to` one of them; or `go back`"
)

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
    if wish.choice not in ("", CHOICE_UNKNOWN) and not _is_small_work(table, wish):
        return _chosen(table, wish, load)
    named = _named(table, wish)
    owners, default = _owners(named, wish) | _owners_chosen(table, wish), table.default
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
    if wish.choice not in ("", CHOICE_UNKNOWN):  # small work that no rule takes goes along
        return _chosen(table, wish, load)
    further = [each for each in table.all_at(named.endpoint.fallback) if each.name != named.name]
    name = named.endpoint.name if further else ""
    return Wanted((named, *further), named.why, owners, name, tuple(notes))


def _is_small_work(table: RoutingTable, wish: Wish) -> bool:
    """Whether it is the client's own, for which the settings have a rule.

    A small model with tools is one that the user talks to, whatever a rule takes it for.
    """
    if wish.turn is None or not is_aside(wish.turn):
        return False
    asked = Asked.of(wish.model, wish.turn)
    rules = (rule for rule in table.settings.rules if "background" in rule.when)
    named, default = table.find(wish.model), table.default
    return any(holds(rule, asked, named, default) for rule in rules)


def _chosen(table: RoutingTable, wish: Wish, load: Load) -> Wanted:
    """Where the user wants this conversation. Raises TurnRefused if there is no such place now.

    What was set to a place on this machine leaves it by no fallback.
    """
    why = f"{wish.choice} was chosen in this conversation"
    rule = table.alias(wish.choice)
    places = table.places(rule) if rule is not None else table.all_at((wish.choice,))
    if not places:
        raise TurnRefused(404, "not_found_error", GONE.format(place=wish.choice))
    home = _home(wish)
    if rule is not None:
        return Wanted(_spread(rule, places, wish, load), why, home - set(rule.origin))
    endpoint, owners = places[0].endpoint, home | _owners_chosen(table, wish)
    further = [each for each in table.all_at(endpoint.fallback) if each.name != wish.choice]
    return Wanted((*places, *further), why, owners, endpoint.name if further else "")


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


def _home(wish: Wish) -> frozenset[str]:
    """The private endpoint that the conversation is with, if any."""
    return frozenset({wish.home.partition("/")[0]} if wish.home else ())


def _owners(named: Place, wish: Wish) -> frozenset[str]:
    return _home(wish) | frozenset({named.endpoint.name} if named.endpoint.private else ())


def _owners_chosen(table: RoutingTable, wish: Wish) -> frozenset[str]:
    """A place that is chosen, private or on this machine, has its words in the turn before it has
    said anything; and what cannot be read may have been a model on this machine."""
    if wish.choice == CHOICE_UNKNOWN:
        return frozenset({HOME_UNKNOWN} if _has_models_here(table) else ())
    chosen = table.all_at((wish.choice,)) if wish.choice else ()
    return frozenset(each.endpoint.name for each in chosen if _is_trusted(each))


def _has_models_here(table: RoutingTable) -> bool:
    """Whether a conversation can have been set to a model that runs on this machine."""
    return any(
        is_here(endpoint, model)
        for endpoint in table.endpoints
        if endpoint != EMBEDDED
        for model in endpoint.models
    )


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
