"""Where a model id leads: a pure table made from one snapshot of the settings.

A model is named `<endpoint>/<model>`, the same behind `anthropic/` (the client's model picker shows
only ids that contain claude or anthropic), or by its bare name where only one endpoint has it. Any
other id goes to the default: the client asks for models of its own which no endpoint here has.
"""

from __future__ import annotations

from collections import Counter

import attrs

from .settings_data import EMBEDDED_MODEL, EndpointSettings, Settings

ALIAS_PREFIX = "anthropic/"
EMBEDDED_CONTEXT_TOKENS = 32_768
EMBEDDED_ANSWER_TOKENS = 256
"""A model as small as the embedded one that has said so much will not find an end by itself."""

EMBEDDED = EndpointSettings(
    name=EMBEDDED_MODEL,
    models=(EMBEDDED_MODEL,),
    engine="llama-server",
    context_tokens=EMBEDDED_CONTEXT_TOKENS,
)
"""The endpoint that is always there: the model that ships with the package."""


@attrs.frozen
class Place:
    """A model at an endpoint, and why a request was led there."""

    endpoint: EndpointSettings
    model: str
    why: str


@attrs.frozen
class RoutingTable:
    """Every model that clients may name. Built once for each change of the settings."""

    settings: Settings
    endpoints: tuple[EndpointSettings, ...]
    _places: dict[str, tuple[EndpointSettings, str]] = attrs.field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> RoutingTable:
        """Builds the table; the embedded model comes last."""
        endpoints = (*settings.endpoints, EMBEDDED)
        counts = Counter(model for endpoint in endpoints for model in endpoint.models)
        places: dict[str, tuple[EndpointSettings, str]] = {}
        for endpoint in endpoints:
            for model in endpoint.models:
                places[f"{endpoint.name}/{model}"] = endpoint, model
        for endpoint in endpoints:
            for model in endpoint.models:
                if counts[model] == 1:
                    places.setdefault(model, (endpoint, model))
        return cls(settings, endpoints, places)

    def find(self, model: str) -> Place:
        """Finds the place of a model id; unknown ids go to the default."""
        place = self._places.get(model.removeprefix(ALIAS_PREFIX)) or self._places.get(model)
        if place is not None:
            return Place(*place, f"{model} is at {place[0].name}")
        default = self.settings.default_model
        endpoint, name = self._places[default]
        return Place(endpoint, name, f"no endpoint has {model}; the default is {default}")
