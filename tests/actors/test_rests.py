"""Endpoints that rest: how a turn meets them, who tries them, and the probes at a rest's end."""

from __future__ import annotations

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.protocols.routing.probe import PROBES_MAX
from understudy.protocols.routing.wish import NoteKeysChanged
from understudy.protocols.settings_data import (
    KeyReference,
    RoutingSettings,
    Settings,
)
from understudy.simulations.upstream import HANG, RefuseConnection, SendHead

from .routes import (
    COOLDOWN_SECONDS,
    FALLING_BACK,
    LONG_SECONDS,
    OVERLOADED,
    QUICK,
    asked,
    led,
    status,
)
from .scripts import HOME, WORK, always, one_after_the_other, refusal, stream, turn
from .stage import (
    HOME_ENDPOINT,
    HOME_URL,
    WORK_ENDPOINT,
    WORK_URL,
    open_stage,
)


async def test_a_trial_that_is_left_is_given_back(autojump_clock: MockClock) -> None:
    async with open_stage(QUICK, check=False) as stage:
        stage.work.respond = one_after_the_other(
            OVERLOADED, [SendHead(404)], [HANG], stream(), stream()
        )
        await stage.read(turn("question 1", model=WORK))
        await trio.sleep(COOLDOWN_SECONDS + 1)
        trial = stage.start(turn("question 2", model=WORK))
        await trio.sleep(1)
        assert (await status(stage)).state == "on trial"
        assert await led(stage) == "home"
        trial.leave()
        await trial.ended.wait()
        assert (await stage.read(turn("question 3", model=WORK))).head.status == 200
        assert (await status(stage)).state == "idle"
        assert len(asked(stage, WORK_URL)) == 3


async def test_a_turn_that_is_left_while_it_waits_gives_its_trial_back(
    autojump_clock: MockClock,
) -> None:
    alone = Settings(
        endpoints=(WORK_ENDPOINT,), routing=RoutingSettings(retries=1, failures_to_rest=1)
    )
    async with open_stage(alone, check=False) as stage:
        stage.work.respond = always(OVERLOADED)
        reader = stage.start(turn(model=WORK))
        await trio.sleep(3)
        assert (await status(stage)).state == "resting"
        reader.leave()
        await reader.ended.wait()
        stage.work.respond = always(stream())
        await trio.sleep(COOLDOWN_SECONDS)
        assert (await status(stage)).state == "idle"


async def test_what_rests_is_asked_at_the_end_of_each_rest_and_no_sooner(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(QUICK, check=False) as stage:
        stage.work.respond = always([RefuseConnection()])
        await stage.read(turn(model=WORK))
        found = await status(stage)
        assert found.state == "resting"
        assert found.rest_seconds == pytest.approx(COOLDOWN_SECONDS, abs=1)
        assert found.why == "it failed (503)"
        await trio.sleep(COOLDOWN_SECONDS - 1)
        assert asked(stage, WORK_URL, "GET") == []
        await trio.sleep(2)
        [probe] = asked(stage, WORK_URL, "GET")
        assert probe.url == f"{WORK_URL}/v1/models"
        assert dict(probe.headers)[b"x-api-key"] == b"key-of-work"
        assert (await status(stage)).rest_seconds == pytest.approx(2 * COOLDOWN_SECONDS, abs=2)
        stage.work.respond = always([SendHead(401)])
        await trio.sleep(2 * COOLDOWN_SECONDS)
        assert (await status(stage)).state == "idle", "somebody is there; the next turn finds out"
        assert await led(stage) == "work"
        await trio.sleep(10_000)
        assert len(asked(stage, WORK_URL, "GET")) == 2


async def test_probes_come_to_an_end(autojump_clock: MockClock) -> None:
    async with open_stage(QUICK, check=False) as stage:
        stage.work.respond = always([HANG])
        stage.work.respond = one_after_the_other(OVERLOADED, [HANG])
        await stage.read(turn(model=WORK))
        await trio.sleep(LONG_SECONDS)
        assert len(asked(stage, WORK_URL, "GET")) == PROBES_MAX
        assert await led(stage) == "work"


async def test_where_nothing_rests_nothing_is_asked(autojump_clock: MockClock) -> None:
    async with open_stage(FALLING_BACK, check=False) as stage:
        stage.work.respond = one_after_the_other(OVERLOADED, stream())
        for number in range(2):
            await stage.read(turn(f"question {number}", model=WORK))
        await trio.sleep(LONG_SECONDS)
        assert asked(stage, WORK_URL, "GET") == asked(stage, HOME_URL, "GET") == []


async def test_a_key_of_the_keychain_is_not_read_for_a_probe(autojump_clock: MockClock) -> None:
    kept = attrs.evolve(WORK_ENDPOINT, key=KeyReference("keychain", "work"), fallback=(HOME,))
    settings = attrs.evolve(QUICK, endpoints=(kept, HOME_ENDPOINT))
    async with open_stage(settings, check=False) as stage:
        await stage.read(turn(model=WORK))
        assert (await status(stage)).why == "it denied access (403)"
        await trio.sleep(LONG_SECONDS)
        assert asked(stage, WORK_URL, "GET") == []


async def test_a_key_that_was_changed_is_tried_with_the_next_turn(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(QUICK, check=False) as stage:
        stage.work.respond = one_after_the_other(refusal(401, "x", "No"), stream())
        await stage.read(turn("question 1", model=WORK))
        assert await led(stage) == "home"
        stage.router.post(NoteKeysChanged())
        await stage.read(turn("question 2", model=WORK))
        assert len(asked(stage, WORK_URL)) == 2
