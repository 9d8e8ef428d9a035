"""Where a model id leads: a pure table made from one snapshot of the settings.

A model is named `<endpoint>/<model>`, the same behind `anthropic/` (the client's model picker shows
only ids that contain claude or anthropic), or by its bare name where only one endpoint has it. Any
other id goes to the default: the client asks for models of its own which no endpoint here has.
Clients of Ollama add a tag to a name that has none, and mean the name.
"""

from __future__ import annotations

from collections import Counter

import attrs

from .settings_data import EMBEDDED_MODEL, EndpointSettings, Settings

ALIAS_PREFIX = "anthropic/"
OLLAMA_TAG = ":latest"
EMBEDDED_CONTEXT_TOKENS = 32_768
EMBEDDED_ANSWER_TOKENS = 256
"""A model as small as the embedded one that has said so much will not find an end by itself."""

EMBEDDED = EndpointSettings(
    name=EMBEDDED_MODEL,
    models=(EMBEDDED_MODEL,),
    engine="llama.cpp",
    context_tokens=EMBEDDED_CONTEXT_TOKENS,
)
"""The endpoint that is always there: the model that ships with the package."""


@attrs.frozen
class Place:
    """A model at an endpoint, and why a request was led there; `named` if by its own id."""

    endpoint: EndpointSettings
    model: str
    why: str
    named: bool = False


def plain_ids(model: str) -> tuple[str, str]:
    """An id without `anthropic/` in front, and that without Ollama's tag: one of them is meant."""
    short = model.removeprefix(ALIAS_PREFIX)
    return short, short.removesuffix(OLLAMA_TAG)


@attrs.frozen
class RoutingTable:
    """Every model that clients may name. Built once for each change of the settings."""

    settings: Settings
    endpoints: tuple[EndpointSettings, ...]
    _full: dict[str, tuple[EndpointSettings, str]] = attrs.field(repr=False)
    _bare: dict[str, tuple[EndpointSettings, str]] = attrs.field(repr=False)

    @classmethod
    def of(cls, settings: Settings) -> RoutingTable:
        """Builds the table; the embedded model comes last."""
        endpoints = (*settings.endpoints, EMBEDDED)
        places = [(endpoint, model) for endpoint in endpoints for model in endpoint.models]
        counts = Counter(model for _, model in places)
        full = {f"{place[0].name}/{place[1]}": place for place in places}
        bare = {place[1]: place for place in places if counts[place[1]] == 1}
        bare[EMBEDDED_MODEL] = EMBEDDED, EMBEDDED_MODEL
        return cls(settings, endpoints, full, bare)

    @property
    def local_models(self) -> frozenset[str]:
        """The ids that lead to a model on this machine, other than the embedded one."""
        ids = [*self._full.items(), *self._bare.items()]
        return frozenset(
            name for name, (end, _) in ids if end.engine is not None and end != EMBEDDED
        )

    def find(self, model: str) -> Place:
        """Finds the place of a model id; unknown ids go to the default."""
        place = self._named(model) or self._named(model.removesuffix(OLLAMA_TAG))
        if place is not None:
            return Place(*place, f"{model} is at {place[0].name}", named=True)
        default = self.settings.default_model
        endpoint, name = self._full.get(default) or self._bare[default]
        return Place(endpoint, name, f"no endpoint has {model}; the default is {default}")

    def _named(self, model: str) -> tuple[EndpointSettings, str] | None:
        short = model.removeprefix(ALIAS_PREFIX)
        return self._full.get(short) or self._bare.get(model) or self._bare.get(short)
