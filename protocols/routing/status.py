"""How an endpoint is, in the words that the page and `understudy endpoints` show."""

from __future__ import annotations

from typing import Protocol

from ..settings_data import EndpointSettings
from ..turn import EndpointStatus
from .choice import Chooser
from .health import Health, Spot

ANSWERING, IDLE, RESTING, ON_TRIAL = "answering", "idle", "resting", "on trial"


class Counts(Protocol):
    """What is counted of an endpoint's turns."""

    @property
    def running(self) -> int:
        """Those in flight."""
        ...

    @property
    def answered(self) -> int:
        """Those that have ended well."""
        ...

    @property
    def refused(self) -> int:
        """Those that were refused."""
        ...

    @property
    def cancelled(self) -> int:
        """Those that were left."""
        ...


def describe(
    chooser: Chooser, endpoint: EndpointSettings, counts: Counts, now: float
) -> EndpointStatus:
    """The status of one endpoint."""
    table, name = chooser.table, endpoint.name
    state, why, rest_seconds = _health(chooser.health, endpoint, now)
    return EndpointStatus(
        name=name,
        kind=endpoint.kind,
        address=endpoint.base_url or endpoint.file or "embedded",
        models=endpoint.models,
        context_tokens=endpoint.context_tokens or 0,
        default=table.find(table.default).endpoint.name == name,
        state=state or (ANSWERING if counts.running else IDLE),
        turns=counts.answered + counts.refused + counts.cancelled,
        key=", ".join(map(str, endpoint.keys)),
        why=why,
        rest_seconds=round(rest_seconds, 1),
        spent_tokens=chooser.budgets.spent(name),
        tokens_per_day=endpoint.tokens_per_day or 0,
        private=endpoint.private,
    )


def _health(health: Health, endpoint: EndpointSettings, now: float) -> tuple[str, str, float]:
    """The state "" if a turn can be sent there; why not, or which keys rest; and for how long."""
    spots = [Spot(endpoint.name, number) for number in range(len(endpoint.keys))]
    rests = [health.rest_seconds(spot, now) for spot in spots]
    resting = [spot for spot, seconds in zip(spots, rests, strict=True) if seconds > 0]
    if not resting:
        return "", "", 0.0
    if len(resting) < len(spots):
        why = health.why(resting[0], now)
        return "", f"{len(resting)} of its {len(spots)} keys rest: {why}", 0.0
    first = spots[rests.index(min(rests))]
    state = ON_TRIAL if health.is_on_trial(first, now) else RESTING
    return state, health.why(first, now), min(rests)
