"""Reads what says where turns go: the `[[rule]]` tables, `[routing]` and `[safeguards]`.

Places are checked once all endpoints are known (`refuse_wrong_places`): that each exists, and that
none which is private would hand what it was asked to a remote one that nobody has named for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, cast

from .routing.trust import is_trusted
from .settings_data import (
    COOLDOWN_SECONDS_MAX,
    EMBEDDED_MODEL,
    MODEL_CHARACTERS_MAX,
    NAME_CHARACTERS_MAX,
    PLACES_MAX,
    RETRIES_MAX,
    SPREADS,
    TRAITS,
    EndpointSettings,
    RoutingSettings,
    RuleSettings,
    SafeguardsSettings,
    Spread,
    Trait,
)
from .settings_problems import Problems, shown, suggestion
from .settings_table import Table

RULE_KEYS: Final = ("to", "name", "when", "model", "from", "above_tokens", "spread")
ROUTING_KEYS: Final = ("retries", "cooldown_seconds", "failures_to_rest")
SAFEGUARDS_KEYS: Final = ("classifier",)
CONDITIONS: Final = ("when", "model", "from")
ABOVE_TOKENS_MAX: Final = 16_777_216
FAILURES_MAX: Final = 100


def read_rule(table: Table) -> RuleSettings:
    """Reads one rule. Whatever is wrong is noted and read as absent."""
    when = cast(tuple[Trait, ...], table.choices("when", TRAITS)) if table.has("when") else ()
    above = table.integer("above_tokens", 1, ABOVE_TOKENS_MAX)
    if above is not None and "long-context" not in when:
        table.problem("above_tokens", 'has a meaning only with when = "long-context"')
    if not any(table.has(key) for key in CONDITIONS):
        words = "a rule needs a condition: when, model or from; for all turns there is `default`"
        table.problem("to", words)
    unset = RuleSettings(())
    return RuleSettings(
        to=read_places(table, "to"),
        name=_short(table, "name", NAME_CHARACTERS_MAX) or "",
        when=when,
        model=_short(table, "model", MODEL_CHARACTERS_MAX),
        origin=tuple(name for _, name in table.texts("from", PLACES_MAX)),
        above_tokens=above or unset.above_tokens,
        spread=cast(Spread, table.choice("spread", SPREADS) or unset.spread),
    )


def read_places(table: Table, key: str) -> tuple[str, ...]:
    """Reads a list of `<endpoint>/<model>`; `to` must not be empty."""
    places = tuple(place for _, place in table.texts(key, PLACES_MAX))
    if not table.values.get(key) and key == "to":
        table.problem("to", 'is missing or empty; add places, like to = ["work/claude-x"]')
    if len(set(places)) < len(places):
        table.problem(key, "names a place twice")
    return places


def read_routing(table: Table) -> RoutingSettings:
    """Reads the table `[routing]`."""
    unset = RoutingSettings()
    retries = table.integer("retries", 0, RETRIES_MAX)
    cooldown = table.number("cooldown_seconds", 1, COOLDOWN_SECONDS_MAX)
    failures = table.integer("failures_to_rest", 1, FAILURES_MAX)
    return RoutingSettings(
        unset.retries if retries is None else retries,
        unset.cooldown_seconds if cooldown is None else cooldown,
        unset.failures_to_rest if failures is None else failures,
    )


def read_safeguards(table: Table) -> SafeguardsSettings:
    """Reads the table `[safeguards]`."""
    return SafeguardsSettings(table.text("classifier"))


def refuse_wrong_places(
    problems: Problems,
    endpoints: Sequence[EndpointSettings],
    rules: Sequence[RuleSettings],
    safeguards: SafeguardsSettings,
) -> None:
    """Notes each place that does not exist, and each way by which private text would leave."""
    known = {endpoint.name: endpoint for endpoint in endpoints}
    aliases = {rule.alias for rule in rules}
    for index, rule in enumerate(rules):
        for place in rule.to:
            _check_place(problems, ("rule", index, "to"), place, known)
        for name in rule.origin:
            if name not in known:
                near = suggestion(name, list(known)) or ";"
                words = f"no endpoint has the name {shown(name)}{near} see the [[endpoint]]s"
                problems.add(("rule", index, "from"), words)
    for index, endpoint in enumerate(endpoints):
        for place in endpoint.fallback:
            path = ("endpoint", index, "fallback")
            _check_place(problems, path, place, known)
            other = known.get(place.partition("/")[0])
            if endpoint.private and other is not None and not is_trusted(other, _model(place)):
                words = (
                    f"{endpoint.name} is private, and {shown(place)} is remote: write a [[rule]] "
                    f'with from = ["{endpoint.name}"] if what is asked of it may go there'
                )
                problems.add(path, words)
    if safeguards.classifier is not None and safeguards.classifier not in aliases:
        _check_place(problems, ("safeguards", "classifier"), safeguards.classifier, known)


def _check_place(
    problems: Problems,
    path: tuple[str | int, ...],
    place: str,
    known: Mapping[str, EndpointSettings],
) -> None:
    """Notes a place that cannot exist. An endpoint that lists its models itself may have any."""
    endpoint = known.get(place.partition("/")[0])
    if place == EMBEDDED_MODEL:
        return
    if endpoint is not None and (_model(place) in endpoint.models or not endpoint.models):
        return
    near = suggestion(place, list(_places(known.values()))) or ";"
    words = f"there is no {shown(place)}{near} allowed: <endpoint>/<model>, or {EMBEDDED_MODEL}"
    problems.add(path, words)


def _places(endpoints: Iterable[EndpointSettings]) -> Iterable[str]:
    for endpoint in endpoints:
        yield from (f"{endpoint.name}/{model}" for model in endpoint.models[:PLACES_MAX])


def _model(place: str) -> str:
    return place.partition("/")[2]


def _short(table: Table, key: str, characters_max: int) -> str | None:
    text = table.text(key)
    if text is not None and len(text) > characters_max:
        table.problem(key, f"has {len(text)} characters; allowed: at most {characters_max}")
        return None
    return text
