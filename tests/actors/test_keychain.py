"""Turns whose key is in the keychain: refused, rotated, slow, and left with Esc."""

from __future__ import annotations

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.io.ports import KeptKey
from understudy.protocols.secret import Secret
from understudy.protocols.settings_data import KeyReference, Settings
from understudy.simulations.keychain import SimulatedKeychain

from .scripts import ANSWER, WORK, always, one_after_the_other, refusal, stream, turn
from .stage import HOME_ENDPOINT, WORK_ENDPOINT, WORK_URL, Stage, open_stage

KEYCHAIN_KEY = attrs.evolve(WORK_ENDPOINT, key=KeyReference("keychain", "work"))
SETTINGS = Settings(endpoints=(KEYCHAIN_KEY, HOME_ENDPOINT))


def kept(value: str) -> KeptKey:
    return KeptKey(Secret(value), "work.test:9000")


def keys_seen(stage: Stage) -> list[bytes]:
    """The keys that the endpoint was shown."""
    return [
        value
        for exchange in stage.upstream.exchanges
        if exchange.request.url.startswith(WORK_URL)
        for name, value in exchange.request.headers
        if name == b"x-api-key"
    ]


@pytest.mark.parametrize("status", [401, 403])
async def test_a_key_that_was_refused_is_read_anew(status: int, autojump_clock: MockClock) -> None:
    keychain = SimulatedKeychain({"work": kept("sk-old")})
    async with open_stage(SETTINGS, keychain=keychain, check=False) as stage:
        refused = refusal(status, "authentication_error", "no")
        stage.work.respond = one_after_the_other(refused, stream(ANSWER))
        keychain_later = kept("sk-new")
        await stage.read(turn(model=WORK))
        keychain.keys["work"] = keychain_later
        await stage.read(turn(model=WORK))
        assert keys_seen(stage) == [b"sk-old", b"sk-new"]


async def test_a_key_that_was_taken_is_kept(autojump_clock: MockClock) -> None:
    keychain = SimulatedKeychain({"work": kept("sk-old")})
    async with open_stage(SETTINGS, keychain=keychain) as stage:
        for _ in range(3):
            await stage.read(turn(model=WORK))
        assert (keys_seen(stage), keychain.reads) == ([b"sk-old"] * 3, 1)


async def test_a_locked_keychain_is_the_turn_s_refusal(autojump_clock: MockClock) -> None:
    keychain = SimulatedKeychain({"work": kept("sk-old")}, is_locked=True)
    only = Settings(endpoints=(KEYCHAIN_KEY,))
    async with open_stage(only, keychain=keychain) as stage:
        refused = (await stage.read(turn(model=WORK))).refused
        assert (refused.status, "work: keychain:work: " in refused.message) == (403, True)
        assert "is locked; unlock it" in refused.message
        assert keys_seen(stage) == []


async def test_esc_leaves_a_question_that_nobody_answers(autojump_clock: MockClock) -> None:
    keychain = SimulatedKeychain({"work": kept("sk-old")}, latency_seconds=100)
    async with open_stage(SETTINGS, keychain=keychain) as stage:
        with trio.move_on_after(1):
            await stage.read(turn(model=WORK))
        keychain.latency_seconds = 0
        stage.work.respond = always(stream(ANSWER))
        assert (await stage.read(turn(model=WORK))).head.status == 200
