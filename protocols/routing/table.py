"""Where a model id leads: a pure table made from one snapshot of the settings.

A model is named `<endpoint>/<model>`, the same behind `anthropic/` (the client's model picker shows
only ids that contain claude or anthropic), or by its bare name where only one endpoint has it. Any
other id goes to the default: the client asks for models of its own which no endpoint here has.
Clients of Ollama add a tag to a name that has none, and mean the name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

import attrs

from ..settings_data import EMBEDDED_MODEL, EndpointSettings, ModelFacts, RuleSettings, Settings

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

    @property
    def name(self) -> str:
        """`<endpoint>/<model>`."""
        return f"{self.endpoint.name}/{self.model}"


def plain_ids(model: str) -> tuple[str, str]:
    """An id without `anthropic/` in front, and that without Ollama's tag: one of them is meant."""
    short = model.removeprefix(ALIAS_PREFIX)
    return short, short.removesuffix(OLLAMA_TAG)


Listings = Mapping[str, tuple[ModelFacts, ...]]
"""What endpoints have said of their models, by the endpoint's name."""


@attrs.frozen
class RoutingTable:
    """Every model that clients may name. Built once for each change of the settings.

    `endpoints` have the models that they have listed themselves; `aliases` are ids that rules make.
    One of whose models the settings name none is *open*: what is written `<endpoint>/<model>` is
    its own, listed or not. Else a turn for a model on this machine would go to the default, which
    may be anywhere, while that endpoint has not been heard yet.
    """

    settings: Settings
    endpoints: tuple[EndpointSettings, ...]
    aliases: Mapping[str, RuleSettings]
    has_private: bool
    _by_name: dict[str, EndpointSettings] = attrs.field(repr=False)
    _full: dict[str, tuple[EndpointSettings, str]] = attrs.field(repr=False)
    _bare: dict[str, tuple[EndpointSettings, str]] = attrs.field(repr=False)
    _open: dict[str, EndpointSettings] = attrs.field(repr=False)

    @classmethod
    def of(cls, settings: Settings, listings: Listings | None = None) -> RoutingTable:
        """Builds the table; the embedded model comes last."""
        told = listings or {}
        own = [with_listing(each, told.get(each.name, ())) for each in settings.endpoints]
        endpoints = (*own, EMBEDDED)
        places = [(endpoint, model) for endpoint in endpoints for model in endpoint.models]
        counts = Counter(model for _, model in places)
        full = {f"{place[0].name}/{place[1]}": place for place in places}
        bare = {place[1]: place for place in places if counts[place[1]] == 1}
        full[EMBEDDED_MODEL] = bare[EMBEDDED_MODEL] = EMBEDDED, EMBEDDED_MODEL
        aliases = {rule.alias: rule for rule in reversed(settings.rules) if rule.alias}
        has_private = any(endpoint.private for endpoint in endpoints)
        by_name = {endpoint.name: endpoint for endpoint in endpoints}
        named = {each.name for each in settings.endpoints if each.models}
        is_open = {each.name: each for each in own if each.name not in named}
        return cls(settings, endpoints, aliases, has_private, by_name, full, bare, is_open)

    @property
    def local_models(self) -> frozenset[str]:
        """The ids that lead to a model on this machine, other than the embedded one."""
        ids = [*self._full.items(), *self._bare.items()]
        return frozenset(
            name for name, (end, _) in ids if end.engine is not None and end != EMBEDDED
        )

    @property
    def default(self) -> str:
        """The id that leads where an unknown one goes."""
        wanted = self.settings.default or ""
        if self._exact(wanted) or self.places(self.aliases.get(wanted)):
            return wanted
        places = (f"{each.name}/{each.models[0]}" for each in self.endpoints if each.models)
        return next(places)

    def named(self, name: str) -> EndpointSettings | None:
        """The endpoint of this name."""
        return self._by_name.get(name)

    def find(self, model: str) -> Place:
        """Finds the place of a model id; unknown ids go to the default."""
        place = self._named(model) or self._named(model.removesuffix(OLLAMA_TAG))
        place = place or self._at_open(model.removeprefix(ALIAS_PREFIX))
        if place is not None:
            endpoint, name = place
            is_full = model.removeprefix(ALIAS_PREFIX).partition("/")[0] == endpoint.name
            why = f"{model} was asked for" if is_full else f"{model} is at {endpoint.name}"
            return Place(endpoint, name, why, named=True)
        default = self.default
        why = f"no endpoint has {model}; the default is {default}"
        found = self._exact(default)
        if found is not None:
            return Place(*found, why)
        return attrs.evolve(self.places(self.aliases[default])[0], why=why, named=False)

    def first(self, model: str) -> Place:
        """Where an id leads first if nothing else is known of the turn."""
        return next(iter(self.places(self.alias(model))), None) or self.find(model)

    def places(self, rule: RuleSettings | None) -> tuple[Place, ...]:
        """The places of a rule that are there now: what an endpoint lists may come and go."""
        return () if rule is None else self.all_at(rule.to)

    def all_at(self, names: Iterable[str]) -> tuple[Place, ...]:
        """Those of these places that are there now."""
        return tuple(place for place in map(self.at, names) if place is not None)

    def at(self, place: str) -> Place | None:
        """The place that is written `<endpoint>/<model>`; None if there is none just now."""
        found = self._full.get(place) or self._at_open(place)
        return None if found is None else Place(*found, place, named=True)

    def alias(self, model: str) -> RuleSettings | None:
        """The rule that makes this id, if one does and no endpoint has it."""
        short = model.removeprefix(ALIAS_PREFIX)
        if self._named(model) is not None or self._at_open(short) is not None:
            return None
        return self.aliases.get(short)

    def _named(self, model: str) -> tuple[EndpointSettings, str] | None:
        short = model.removeprefix(ALIAS_PREFIX)
        return self._full.get(short) or self._bare.get(model) or self._bare.get(short)

    def _exact(self, model: str) -> tuple[EndpointSettings, str] | None:
        return self._full.get(model) or self._bare.get(model) or self._at_open(model)

    def _at_open(self, place: str) -> tuple[EndpointSettings, str] | None:
        """A model of an open endpoint. Of tags only Ollama knows; there, none means the latest."""
        name, _, model = place.partition("/")
        endpoint = self._open.get(name)
        if endpoint is None or not model:
            return None
        if endpoint.kind != "ollama":
            return endpoint, model.removesuffix(OLLAMA_TAG)
        tagged = model + OLLAMA_TAG
        return endpoint, tagged if tagged in endpoint.models else model


def with_listing(endpoint: EndpointSettings, listing: tuple[ModelFacts, ...]) -> EndpointSettings:
    """The endpoint with what it has said of its models itself.

    Models that the settings name stay the only ones.
    """
    if not listing:
        return endpoint
    models = endpoint.models or tuple(each.id for each in listing)
    return attrs.evolve(endpoint, models=models, listed=listing)
