"""What tests of the router share: settings with a fallback, and how the router sees an endpoint."""

from __future__ import annotations

import attrs
from understudy.io.ports import UpstreamRequest
from understudy.protocols.routing.wish import FindRoute, Wish
from understudy.protocols.settings_data import RoutingSettings, Settings
from understudy.protocols.turn import EndpointStatus, ListEndpoints

from .scripts import ANSWER_USAGE, HOME, WORK, refusal, turn
from .stage import HOME_ENDPOINT, WORK_ENDPOINT, Stage

OVERLOADED = refusal(529, "overloaded_error", "Overloaded")
COOLDOWN_SECONDS = RoutingSettings().cooldown_seconds
LONG_SECONDS = 80_000.0
"""Longer than any rest, and than all probes of one endpoint together."""
TURN_TOKENS = ANSWER_USAGE.input_tokens + ANSWER_USAGE.output_tokens
FALLING_BACK = Settings(
    endpoints=(attrs.evolve(WORK_ENDPOINT, fallback=(HOME,)), HOME_ENDPOINT),
)
QUICK = attrs.evolve(FALLING_BACK, routing=RoutingSettings(failures_to_rest=1))
PRIVATE = Settings(endpoints=(attrs.evolve(WORK_ENDPOINT, private=True), HOME_ENDPOINT))


def asked(stage: Stage, base_url: str, method: str = "POST") -> list[UpstreamRequest]:
    """What an endpoint was asked."""
    requests = [exchange.request for exchange in stage.upstream.exchanges]
    return [one for one in requests if one.url.startswith(base_url) and one.method == method]


async def status(stage: Stage, name: str = "work") -> EndpointStatus:
    """How an endpoint is."""
    found = {each.name: each for each in await stage.router.ask(ListEndpoints())}
    return found[name]


async def led(stage: Stage, model: str = WORK) -> str:
    """Which endpoint a turn would be sent to."""
    return (await stage.router.ask(FindRoute(Wish(model, turn(model=model), "")))).endpoint
