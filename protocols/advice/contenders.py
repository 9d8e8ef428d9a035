"""The contenders as the router knows them: from its table, its places' health, and the budgets.

What only others know (the ledger, the memory) is left unknown here; see `with_usage` and
`memory.py`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import attrs

from ..records import TurnRecord
from ..routing.choice import Chooser
from ..routing.health import Spot
from ..routing.table import EMBEDDED
from ..routing.trust import is_here, is_trusted
from ..settings_data import ABILITIES, Ability, EndpointSettings
from ..usage.sums import UNKNOWN, UsageRow
from .contender import MODELS_PER_ENDPOINT, Contender

LONGEST_FIRST_SECONDS: Final = 3_600.0
"""A wait that is longer says nothing of an endpoint."""
CACHE_SECONDS: Final = 300.0
"""How long providers surely keep a prompt in their cache: Anthropic five minutes since it was last
read, OpenAI five to ten, as their documentation has it."""


def contenders(
    chooser: Chooser, now_seconds: float, places: Collection[str] = ()
) -> tuple[Contender, ...]:
    """Every place that could answer, in the order of the settings; see FindContenders."""
    return tuple(
        _contender(chooser, endpoint, model, now_seconds)
        for endpoint in chooser.table.endpoints
        for model in _models(endpoint, places)
    )


def with_usage(contender: Contender, rows: Mapping[str, UsageRow]) -> Contender:
    """The contender with what today's ledger has measured of its model, or else its endpoint."""
    row = rows.get(contender.place) or rows.get(contender.endpoint)
    if row is None:
        return contender
    middle, mean = row.first_byte_p50_seconds, row.sums.first_byte_mean_seconds
    first = middle if middle >= 0 else mean
    return attrs.evolve(
        contender,
        first_seconds=first if first <= LONGEST_FIRST_SECONDS else UNKNOWN,
        tokens_per_second=row.sums.tokens_per_second,
        attempts=row.sums.attempts,
        errors=row.sums.errors,
    )


def with_cache(
    contender: Contender, last: TurnRecord | None, *, engine: bool, now: float = 0.0
) -> Contender:
    """The contender, told whether it keeps what it has read of the conversation's last turn, at
    this moment: what is elsewhere forgets it after a while."""
    if last is None or contender.place != f"{last.endpoint}/{last.model}":
        return contender
    kept = last.usage.cache_read_tokens or last.usage.cache_creation_tokens
    fresh = now <= last.began_at + last.total_seconds + CACHE_SECONDS
    return attrs.evolve(contender, cached=engine or (kept > 0 and fresh))


def _models(endpoint: EndpointSettings, places: Collection[str]) -> Iterator[str]:
    for index, model in enumerate(endpoint.models):
        if index < MODELS_PER_ENDPOINT or f"{endpoint.name}/{model}" in places:
            yield model


def _contender(
    chooser: Chooser, endpoint: EndpointSettings, model: str, now_seconds: float
) -> Contender:
    rest_seconds, why = _rest(chooser, endpoint, now_seconds)
    return Contender(
        f"{endpoint.name}/{model}",
        endpoint.window(model),
        here=is_here(endpoint, model),
        trusted=is_trusted(endpoint, model),
        embedded=endpoint == EMBEDDED,
        has=_abilities(endpoint, model, known=True),
        lacks=_abilities(endpoint, model, known=False),
        rest_seconds=rest_seconds,
        rests_why=why,
        spent_tokens=chooser.budgets.spent(endpoint.name),
        tokens_per_day=endpoint.tokens_per_day or 0,
        price=endpoint.price,
    )


def _abilities(endpoint: EndpointSettings, model: str, *, known: bool) -> frozenset[Ability]:
    names: tuple[Ability, ...] = ABILITIES
    return frozenset(name for name in names if endpoint.can(model, name) is known)


def _rest(chooser: Chooser, endpoint: EndpointSettings, now_seconds: float) -> tuple[float, str]:
    """How long all its keys rest yet, and why; 0 where one of them may be taken."""
    spots = [Spot(endpoint.name, number) for number in range(len(endpoint.keys))]
    health = chooser.health
    soonest = min(spots, key=lambda spot: health.rest_seconds(spot, now_seconds))
    seconds = health.rest_seconds(soonest, now_seconds)
    return (seconds, health.why(soonest, now_seconds)) if seconds > 0 else (0.0, "")
