"""Says where a turn goes. Answers from a table in memory, without awaiting, never on the data path.

The table is one snapshot of the settings. A change replaces it between two questions: a turn that
has its route keeps it, a backend that is no longer wanted drains.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import attrs

from ..protocols.actor import Message
from ..protocols.routing import ALIAS_PREFIX, EMBEDDED, RoutingTable, plain_ids
from ..protocols.settings_addresses import is_loopback
from ..protocols.settings_data import EndpointSettings, Settings
from ..protocols.turn import (
    Alternative,
    EndpointStatus,
    FindAlternatives,
    FindRoute,
    ListEndpoints,
    ListModels,
    ModelCard,
    Route,
    TurnRefused,
)
from .backends import Backends
from .kernel import Actor

STAYS = "what was asked of it goes to no other endpoint by itself: choose another model"


@attrs.frozen
class ApplySettings(Message[None]):
    """To the router: these settings hold from now on."""

    settings: Settings


class Router(Actor):
    """The machine's router. `current` reads the settings that hold when an incarnation starts."""

    def __init__(self, settings: Settings, backends: Backends) -> None:
        self._backends = backends
        self._table = RoutingTable.of(settings)

    async def start(self) -> None:
        """Brings the backends in step with the settings."""
        self._apply(self._table.settings)

    def handle(self, message: Message[Any], /) -> Any:
        """Answers every question at once."""
        match message:
            case FindRoute(model):
                return self._route(model)
            case FindAlternatives(endpoint, tokens):
                return self._alternatives(endpoint, tokens)
            case ListModels():
                return self._models()
            case ListEndpoints():
                return tuple(self._status(endpoint) for endpoint in self._table.endpoints)
            case ApplySettings(settings):
                return self._apply(settings)
        return super().handle(message)

    def _apply(self, settings: Settings) -> None:
        self._table = RoutingTable.of(settings)
        self._backends.local_models |= self._table.local_models
        for ref in self._backends.apply(self._table.endpoints):
            self.background.start_soon(self._backends.drain, ref, name=f"drain:{ref.name}")

    def _route(self, model: str) -> Route:
        place = self._table.find(model)
        if not (place.named or self._backends.local_models.isdisjoint(plain_ids(model))):
            words = f"{model} ran on this machine and is not in the settings any more; {STAYS}"
            raise TurnRefused(403, "permission_error", words)
        return Route(
            backend=self._backends.get(place.endpoint.name),
            endpoint=place.endpoint.name,
            model=place.model,
            context_tokens=place.endpoint.context_tokens or 0,
            why=place.why,
        )

    def _alternatives(self, endpoint: str, tokens: int) -> tuple[Alternative, ...]:
        """The first model of each other endpoint that has room for so much, or does not say."""
        found = [
            Alternative(_id_of(other), remote=not _is_here(other))
            for other in self._table.endpoints
            if other.name != endpoint and not 0 < (other.context_tokens or 0) <= tokens
        ]
        return tuple(sorted(found, key=lambda each: each.remote))

    def _models(self) -> tuple[ModelCard, ...]:
        """Each model under its own id and behind `anthropic/`, the default first."""
        cards = [
            ModelCard(f"{prefix}{endpoint.name}/{model}", name, endpoint.name, context)
            for endpoint in self._table.endpoints
            for model in endpoint.models
            for name, context in [(_display_name(endpoint, model), endpoint.context_tokens or 0)]
            for prefix in ("", ALIAS_PREFIX)
        ]
        default = self._table.find(self._table.settings.default_model)
        first = f"{default.endpoint.name}/{default.model}"
        return tuple(sorted(cards, key=lambda card: card.id.removeprefix(ALIAS_PREFIX) != first))

    def _status(self, endpoint: EndpointSettings) -> EndpointStatus:
        statistics = self._backends.statistics(endpoint.name)
        default = self._table.find(self._table.settings.default_model)
        return EndpointStatus(
            name=endpoint.name,
            kind=endpoint.kind,
            address=endpoint.base_url or endpoint.file or "embedded",
            models=endpoint.models,
            context_tokens=endpoint.context_tokens or 0,
            default=default.endpoint.name == endpoint.name,
            state="answering" if statistics.running else "idle",
            turns=statistics.answered + statistics.refused + statistics.cancelled,
            key=str(endpoint.key),
        )


def _id_of(endpoint: EndpointSettings) -> str:
    return EMBEDDED.name if endpoint == EMBEDDED else f"{endpoint.name}/{endpoint.models[0]}"


def _is_here(endpoint: EndpointSettings) -> bool:
    """Whether what is asked of it stays on this machine."""
    return endpoint.base_url is None or is_loopback(urlsplit(endpoint.base_url).hostname or "")


def _display_name(endpoint: EndpointSettings, model: str) -> str:
    if endpoint == EMBEDDED:
        return "rehearsal (a very small model that ships with Understudy, to try things out)"
    return f"{model} at {endpoint.name}"
