"""Who may be asked for a turn, by the settings that a user has written, and who may see what.

The words of docs/routing.md once more, in few lines and without a look at our router: a rule that
fits, else the id that was asked for, else the default, and then what its endpoint falls back to.
The inspection holds every request that an endpoint has seen to it.
"""

from __future__ import annotations

import re
from itertools import pairwise
from math import inf
from urllib.parse import urlsplit

import attrs

from ...protocols.settings_data import EndpointSettings, RuleSettings, Settings

TOKEN_BYTES = 4


@attrs.frozen
class Asked:
    """What the rules may look at: the id, whether a sub-agent asks, and how long the request is."""

    model: str
    by_agent: bool = False
    request_bytes: int = 0


@attrs.define(eq=False)
class Promises:
    """The settings that held, each from its moment on, and what each host may see.

    `keys` are those of a host, all that ever were its own. `trusted` hosts may see private text.
    """

    keys: dict[str, set[str]] = attrs.field(factory=dict[str, set[str]])
    trusted: set[str] = attrs.field(factory=set[str])
    held: list[tuple[float, Settings]] = attrs.field(factory=list[tuple[float, Settings]])

    def hold(self, settings: Settings, now: float) -> None:
        """From now on the user wants this."""
        if not self.held or self.held[-1][1] != settings:
            self.held.append((now, settings))

    def between(self, begun: float, ended: float) -> list[Settings]:
        """The settings that held at some moment of a turn, the oldest first."""
        ends = [later for (_, _), (later, _) in pairwise(self.held)] + [inf]
        return [
            settings
            for (since, settings), until in zip(self.held, ends, strict=True)
            if since <= ended and begun <= until
        ]

    def hosts(self, endpoint: str) -> set[str]:
        """Where an endpoint was."""
        return {
            host_of(each)
            for _, settings in self.held
            for each in settings.endpoints
            if each.name == endpoint
        }


def host_of(endpoint: EndpointSettings) -> str:
    """The host of an endpoint; "" for a model that is run here."""
    return urlsplit(endpoint.base_url or "").hostname or ""


def places(settings: Settings, asked: Asked) -> tuple[str, ...]:
    """The places that may answer, in the user's order."""
    named = _named(settings, asked.model)
    first = named or _default(settings)
    for rule in settings.rules:
        if _fits(rule, asked, first, known=bool(named)):
            return rule.to
    endpoint = _endpoint(settings, first)
    return (first, *(endpoint.fallback if endpoint is not None else ()))


def endpoint_of(settings: Settings, place: str) -> EndpointSettings | None:
    """The endpoint of a place; None for the embedded model."""
    return _endpoint(settings, place)


def _endpoint(settings: Settings, place: str) -> EndpointSettings | None:
    name = place.partition("/")[0]
    return next((each for each in settings.endpoints if each.name == name), None)


def _named(settings: Settings, model: str) -> str:
    """The place that an id names; "" for none. Who lists models alone has those behind its name."""
    wanted = model.removeprefix("anthropic/")
    known = [(each.name, name) for each in settings.endpoints for name in each.models]
    full = [f"{end}/{name}" for end, name in known if f"{end}/{name}" == wanted]
    bare = [f"{end}/{name}" for end, name in known if name == wanted]
    own = [wanted for end in settings.endpoints if not end.models and _is_at(wanted, end.name)]
    return full[0] if full else bare[0] if len(bare) == 1 else own[0] if own else ""


def _is_at(model: str, endpoint: str) -> bool:
    return model.startswith(f"{endpoint}/")


def _default(settings: Settings) -> str:
    named = _named(settings, settings.default or "")
    if named:
        return named
    first = next((each for each in settings.endpoints if each.models), None)
    return "rehearsal/rehearsal" if first is None else f"{first.name}/{first.models[0]}"


def _fits(rule: RuleSettings, asked: Asked, first: str, *, known: bool) -> bool:
    traits = {
        "background": "haiku" in asked.model.lower(),
        "sub-agent": asked.by_agent,
        "long-context": asked.request_bytes // TOKEN_BYTES > rule.above_tokens,
    }
    if not all(traits[trait] for trait in rule.when):
        return False
    if rule.origin and first.partition("/")[0] not in rule.origin:
        return False
    if rule.model is None:
        return True
    if "*" not in rule.model and known:
        return False  # an endpoint has this id: no rule makes it
    pattern = re.escape(rule.model).replace(r"\*", ".*")
    return re.fullmatch(pattern, asked.model.removeprefix("anthropic/")) is not None
