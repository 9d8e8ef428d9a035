"""The models that clients are shown, the default first and the ids that rules make last.

Each is listed under its own id. Claude Code's picker passes over ids that have neither claude nor
anthropic in them (seen in version 2.1.330, which also shows a row's `display_name`): for it such a
model is listed a second time, behind `anthropic/`, and no model twice that it sees anyway. What it
shows is short, because the picker's column is: `qwen3-coder-30b · local · 64K`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import attrs

from ..settings_data import EndpointSettings
from ..switching.known import KnownPlace, KnownPlaces
from ..turn import ModelCard
from ..window_words import window_in_kilos
from .table import ALIAS_PREFIX, EMBEDDED, RoutingTable
from .trust import is_here

SHOWN_COLUMNS_MAX: Final = 37
"""What the picker shows whole in a terminal of 80 columns, with its mark of the one that is chosen
behind it (measured: 39 columns, of which the mark takes two)."""
MODEL_COLUMNS_MIN: Final = 12
WHERE_COLUMNS_MAX: Final = 14
BETWEEN: Final = " \N{MIDDLE DOT} "
CUT: Final = "\N{HORIZONTAL ELLIPSIS}"
_LISTED: Final = re.compile("claude|anthropic", re.IGNORECASE)
_FILE_ENDING: Final = re.compile(r"\.gguf$", re.IGNORECASE)


def model_cards(table: RoutingTable) -> tuple[ModelCard, ...]:
    """Every model that a client may name."""
    first = default_id(table)
    own = sorted([*_of_endpoints(table), *_of_rules(table)], key=lambda card: card.id != first)
    return tuple(shown for card in _told_apart(own) for shown in _both(card))


def client_id(model: str) -> str:
    """The id under which Claude Code lists a model."""
    return model if _LISTED.search(model) else f"{ALIAS_PREFIX}{model}"


def window_in_words(tokens: int) -> str:
    """A window as people say it: `64K`, `200K`, `1M`; "" where nobody knows."""
    return window_in_kilos(tokens) if tokens else ""


def known_places(table: RoutingTable) -> KnownPlaces:
    """Every place that a user may choose by saying so."""
    places = [
        KnownPlace(
            f"{endpoint.name}/{model}",
            endpoint.name,
            model,
            here=is_here(endpoint, model),
            embedded=endpoint == EMBEDDED,
            context_tokens=endpoint.window(model),
            provider=endpoint.provider or "",
        )
        for endpoint in table.endpoints
        for model in endpoint.models
    ]
    for alias, rule in table.aliases.items():
        if table.places(rule) and table.alias(alias) is rule:
            first = table.places(rule)[0]
            here = all(is_here(each.endpoint, each.model) for each in table.places(rule))
            window = first.endpoint.window(first.model)
            places.append(KnownPlace(alias, "", alias, here, context_tokens=window))
    return KnownPlaces(tuple(places), default_id(table), table.settings.chat)


def default_id(table: RoutingTable) -> str:
    """The id of the default, as it stands in the list."""
    return table.default if table.default in table.aliases else table.find(table.default).name


def id_of(endpoint: EndpointSettings) -> str:
    """The id of an endpoint's first model."""
    return EMBEDDED.name if endpoint == EMBEDDED else f"{endpoint.name}/{endpoint.models[0]}"


def _of_endpoints(table: RoutingTable) -> Iterator[ModelCard]:
    for endpoint in table.endpoints:
        for model in endpoint.models:
            name, window = _display_name(endpoint, model), endpoint.window(model)
            yield ModelCard(f"{endpoint.name}/{model}", name, endpoint.name, window)


def _of_rules(table: RoutingTable) -> Iterator[ModelCard]:
    for alias, rule in table.aliases.items():
        places = table.places(rule)
        if places and table.alias(alias) is rule:
            first = places[0]
            window = first.endpoint.window(first.model)
            name = shown_name(alias, "rule", window)
            yield ModelCard(alias, name, first.endpoint.name, window, first.name)


def _both(card: ModelCard) -> Iterator[ModelCard]:
    yield card
    if client_id(card.id) != card.id:
        yield attrs.evolve(card, id=client_id(card.id))


def _told_apart(cards: Iterable[ModelCard]) -> Iterator[ModelCard]:
    """The cards; those that would be shown alike are shown by their ids."""
    found = tuple(cards)
    counts = Counter(card.display_name for card in found)
    for card in found:
        alike = counts[card.display_name] > 1
        yield attrs.evolve(card, display_name=card.id) if alike else card


def _display_name(endpoint: EndpointSettings, model: str) -> str:
    if endpoint == EMBEDDED:
        return shown_name(model, "for trying out", endpoint.window(model))
    return shown_name(model, endpoint.name, endpoint.window(model))


def shown_name(model: str, where: str, window_tokens: int) -> str:
    """A model, where it is, and its window. A long name of a model loses its middle: what tells
    two of one family apart stands at its end."""
    rest = [_cut(where, WHERE_COLUMNS_MAX)]
    rest += [window_in_words(window_tokens)] if window_tokens else []
    name = _FILE_ENDING.sub("", model.rpartition("/")[2])
    room = SHOWN_COLUMNS_MAX - len(BETWEEN.join(["", *rest]))
    return BETWEEN.join([_cut(name, max(room, MODEL_COLUMNS_MIN)), *rest])


def _cut(name: str, columns: int) -> str:
    if len(name) <= columns:
        return name
    end = (columns - 1) // 2
    return f"{name[: columns - 1 - end]}{CUT}{name[len(name) - end :]}"
