"""The models that clients are shown: each under its own id and behind `anthropic/`.

The default comes first, the ids that rules make last.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..settings_data import EndpointSettings
from ..turn import ModelCard
from .table import ALIAS_PREFIX, EMBEDDED, RoutingTable


def model_cards(table: RoutingTable) -> tuple[ModelCard, ...]:
    """Every model that a client may name."""
    cards = [*_of_endpoints(table), *_of_rules(table)]
    first = default_id(table)
    return tuple(sorted(cards, key=lambda card: card.id.removeprefix(ALIAS_PREFIX) != first))


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
            yield from _both(f"{endpoint.name}/{model}", name, endpoint.name, window)


def _of_rules(table: RoutingTable) -> Iterator[ModelCard]:
    for alias, rule in table.aliases.items():
        places = table.places(rule)
        if places and table.alias(alias) is rule:
            first = places[0]
            name = f"{alias} (a rule: {', '.join(rule.to)})"
            window = first.endpoint.window(first.model)
            yield from _both(alias, name, first.endpoint.name, window, first.name)


def _both(
    name: str, shown: str, endpoint: str, window: int, leads_to: str = ""
) -> Iterator[ModelCard]:
    for prefix in ("", ALIAS_PREFIX):
        yield ModelCard(f"{prefix}{name}", shown, endpoint, window, leads_to)


def _display_name(endpoint: EndpointSettings, model: str) -> str:
    if endpoint == EMBEDDED:
        return "rehearsal (a very small model that ships with Understudy, to try things out)"
    return f"{model} at {endpoint.name}"
