"""Turns that go elsewhere: by a fallback, by a rule, with another key; and those that may not."""

from __future__ import annotations

import attrs
import pytest
from trio.testing import MockClock
from understudy.actors.backend.exchange import ROUTE_HEADER
from understudy.io.ports import UpstreamRequest
from understudy.protocols.records import TurnOutcome
from understudy.protocols.settings_data import (
    KeyReference,
    RoutingSettings,
    RuleSettings,
    Settings,
)

from .scripts import HOME, WORK, always, one_after_the_other, refusal, stream, turn
from .stage import (
    ENVIRONMENT,
    HOME_ENDPOINT,
    HOME_URL,
    WORK_ENDPOINT,
    WORK_URL,
    Stage,
    open_stage,
)

OVERLOADED = refusal(529, "overloaded_error", "Overloaded")
FALLING_BACK = Settings(
    endpoints=(attrs.evolve(WORK_ENDPOINT, fallback=(HOME,)), HOME_ENDPOINT),
)
PRIVATE = Settings(endpoints=(attrs.evolve(WORK_ENDPOINT, private=True), HOME_ENDPOINT))


def asked(stage: Stage, base_url: str) -> list[UpstreamRequest]:
    """What an endpoint was asked."""
    requests = [exchange.request for exchange in stage.upstream.exchanges]
    return [request for request in requests if request.url.startswith(base_url)]


async def outcomes(stage: Stage) -> list[tuple[str, str, TurnOutcome]]:
    """Each line of the ledger, the oldest first: its id, the endpoint, and how it ended."""
    lines = reversed(await stage.ledger())
    return [(line.turn, line.endpoint, line.outcome) for line in lines]


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 529])
async def test_what_an_endpoint_refuses_another_answers(
    status: int, autojump_clock: MockClock
) -> None:
    async with open_stage(FALLING_BACK, check=False) as stage:
        stage.work.respond = always(refusal(status, "any_error", "Not now"))
        reader = await stage.read(turn(model=WORK))
        assert reader.head.status == 200
        [said] = [value for name, value in reader.head.headers if name == ROUTE_HEADER]
        failed = f"work/claude-x was asked for; work/claude-x failed ({status})"
        assert said.decode() == f"home/claude-y; attempt 2; {failed}; work falls back to {HOME}"
        assert await outcomes(stage) == [
            (reader.turn.id, "work", TurnOutcome.REFUSED),
            (f"{reader.turn.id}~2", "home", TurnOutcome.ANSWERED),
        ]


async def test_what_is_wrong_with_the_request_is_told(autojump_clock: MockClock) -> None:
    async with open_stage(FALLING_BACK) as stage:
        stage.work.respond = always(refusal(400, "invalid_request_error", "Wrong"))
        reader = await stage.read(turn(model=WORK))
        assert reader.head.status == 400
        assert asked(stage, HOME_URL) == []


async def test_the_last_one_s_refusal_is_the_client_s(autojump_clock: MockClock) -> None:
    async with open_stage(FALLING_BACK, check=False) as stage:
        stage.work.respond = always(OVERLOADED)
        stage.home.respond = always(refusal(429, "rate_limit_error", "Enough"))
        reader = await stage.read(turn(model=WORK))
        assert reader.head.status == 429
        assert b"Enough" in reader.body


async def test_it_is_tried_again_after_a_pause_where_the_settings_say_so(
    autojump_clock: MockClock,
) -> None:
    settings = attrs.evolve(FALLING_BACK, routing=RoutingSettings(retries=1))
    async with open_stage(settings, check=False) as stage:
        stage.work.respond = one_after_the_other(OVERLOADED, stream())
        stage.home.respond = always(OVERLOADED)
        reader = await stage.read(turn(model=WORK))
        assert reader.head.status == 200
        assert [len(asked(stage, WORK_URL)), len(asked(stage, HOME_URL))] == [2, 1]
        first, _, third = [exchange.opened_seconds for exchange in stage.upstream.exchanges]
        assert third - first == pytest.approx(0.375)


async def test_a_place_that_has_failed_too_often_rests(autojump_clock: MockClock) -> None:
    async with open_stage(FALLING_BACK, check=False) as stage:
        stage.work.respond = always(OVERLOADED)
        for number in range(5):
            await stage.read(turn(f"question {number}", model=WORK))
        assert len(asked(stage, WORK_URL)) == FALLING_BACK.routing.failures_to_rest
        assert len(asked(stage, HOME_URL)) == 5


async def test_the_next_key_is_taken_where_one_is_refused(autojump_clock: MockClock) -> None:
    keys = (KeyReference("env", "FIRST"), KeyReference("env", "SECOND"))
    work = attrs.evolve(WORK_ENDPOINT, key=keys[0], spare_keys=keys[1:])
    environment = {**ENVIRONMENT, "FIRST": "key-1", "SECOND": "key-2"}
    settings = Settings(endpoints=(work,))
    async with open_stage(settings, environment=environment, check=False) as stage:
        stage.work.respond = one_after_the_other(
            refusal(429, "rate_limit_error", "Enough"), stream(), stream()
        )
        for number in range(2):
            assert (await stage.read(turn(f"question {number}", model=WORK))).head.status == 200
        used = [dict(request.headers)[b"x-api-key"] for request in asked(stage, WORK_URL)]
        assert len(set(used[:2])) == 2
        assert used[2] == used[1], "the other one rests"


async def test_a_rule_leads_elsewhere(autojump_clock: MockClock) -> None:
    rule = RuleSettings((HOME,), when=("background",))
    settings = Settings(endpoints=(WORK_ENDPOINT, HOME_ENDPOINT), rules=(rule,))
    async with open_stage(settings) as stage:
        await stage.read(turn("question 1", model="claude-haiku-5-5"))
        await stage.read(turn("question 2", model=WORK))
        assert [len(asked(stage, WORK_URL)), len(asked(stage, HOME_URL))] == [1, 1]


async def test_a_private_conversation_goes_nowhere_else(autojump_clock: MockClock) -> None:
    async with open_stage(PRIVATE, check=False) as stage:
        assert (await stage.read(turn("question 1", model=WORK))).head.status == 200
        assert (await stage.read(turn("question 2", model="unknown"))).head.status == 200
        reader = await stage.read(turn("question 3", model=HOME))
        assert reader.refused.status == 403
        assert asked(stage, HOME_URL) == []


async def test_a_rule_that_names_it_lets_it_leave(autojump_clock: MockClock) -> None:
    rule = RuleSettings((WORK, HOME), origin=("work",))
    async with open_stage(attrs.evolve(PRIVATE, rules=(rule,)), check=False) as stage:
        stage.work.respond = always(OVERLOADED)
        assert (await stage.read(turn(model=WORK))).head.status == 200
        assert len(asked(stage, HOME_URL)) == 1
