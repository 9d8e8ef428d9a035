"""The engine in the world: its stories, what its lives do over sockets, and that both can fail.

That it keeps its port's promises is in `tests/conformance/test_engine.py`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from random import Random

import pytest
import trio
from trio.testing import MockClock
from understudy import app
from understudy.actors.backend.engine import EngineBackend
from understudy.actors.backend.exchange import Exchange
from understudy.io.engines.llama_server import START_SECONDS
from understudy.io.ports import (
    EngineError,
    EngineProcess,
    EngineSpec,
    UpstreamBroken,
    UpstreamRequest,
    UpstreamUnreachable,
)
from understudy.io.upstream.connection import Connection
from understudy.io.upstream.http11 import Http11Upstream
from understudy.simulations.engine import REPLY, Life, SimulatedEngine
from understudy.simulations.engine_process import SimulatedProcess, Slots
from understudy.simulations.scenarios.engine import engine_crash, engine_turn
from understudy.simulations.scenarios.engine_esc import engine_hangs, esc_in_prefill
from understudy.simulations.world.chance import Chance
from understudy.simulations.world.hosts import Hosts
from understudy.simulations.world.lives import drawn_lives
from understudy.simulations.world.network import VirtualNetwork
from understudy.simulations.world.run import Scenario, run

SEEDS = range(20)
SPEC = EngineSpec("small", "/models/small.gguf", 2048)
STORIES = [engine_turn, engine_crash, esc_in_prefill, engine_hangs]
SITES = ("fails to load", "crashes", "hangs", "ignores esc", "is slow")


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.__name__))
def test_nothing_is_found(story: Scenario) -> None:
    found = [run(story, seed, app) for seed in SEEDS]
    assert [result for result in found if result.complaints] == []


@pytest.mark.parametrize("story", STORIES, ids=lambda story: str(story.__name__))
def test_one_seed_is_one_run(story: Scenario) -> None:
    assert run(story, 7, app, trace=True) == run(story, 7, app, trace=True)


@asynccontextmanager
async def open_engine(*lives: Life) -> AsyncGenerator[tuple[SimulatedEngine, Http11Upstream]]:
    """An engine on a virtual network, and a client."""
    network, upstream = VirtualNetwork(Random(1)), Http11Upstream()
    network.install()
    async with trio.open_nursery() as nursery:
        yield SimulatedEngine(Hosts(network, nursery), lives), upstream
        await upstream.aclose()
        await trio.sleep(1)
        assert network.open_sockets == 0
        nursery.cancel_scope.cancel("the test is over")


async def ask(upstream: Http11Upstream, process: EngineProcess, *, streamed: bool = False) -> bytes:
    """The body of an answer."""
    message = {"role": "user", "content": "Who are you?"}
    body = json.dumps({"max_tokens": 9, "messages": [message], "stream": streamed}).encode()
    url, answer = f"{process.base_url}/v1/messages", b""
    async with upstream.open(UpstreamRequest("POST", url, process.headers, body)) as response:
        while piece := await response.receive():
            answer += piece
    return answer


async def test_a_prompt_takes_the_time_of_its_tokens(autojump_clock: MockClock) -> None:
    life = Life(prefill_seconds=1, prefill_token_seconds=0.1, token_seconds=0.5)
    async with open_engine(life) as (engine, upstream), engine.open(SPEC) as process:
        began_seconds = trio.current_time()
        answer = json.loads(await ask(upstream, process))
        tokens = answer["usage"]["input_tokens"]
        wanted = 1 + 0.1 * tokens + 0.5 * len(REPLY)
        assert trio.current_time() - began_seconds == pytest.approx(wanted, abs=0.02)


async def test_a_request_waits_for_a_slot(autojump_clock: MockClock) -> None:
    async with open_engine(Life(prefill_seconds=10)) as (engine, upstream):
        async with engine.open(SPEC) as process, trio.open_nursery() as nursery:
            began_seconds = trio.current_time()
            for _ in range(SPEC.slots + 1):
                nursery.start_soon(ask, upstream, process)
        assert 20 < trio.current_time() - began_seconds < 22


async def test_a_slot_whose_client_left_stays_busy_for_a_while(autojump_clock: MockClock) -> None:
    life = Life(prefill_seconds=10, ignores_esc_seconds=7)
    async with open_engine(life) as (engine, upstream), engine.open(SPEC):
        [process] = engine.processes
        async with trio.open_nursery() as nursery:
            for _ in range(SPEC.slots):
                nursery.start_soon(ask, upstream, process)
            await trio.sleep(1)
            nursery.cancel_scope.cancel("Esc")
        began_seconds = trio.current_time()
        await ask(upstream, process)
        assert 17 <= trio.current_time() - began_seconds < 18
        assert (process.slots.working, process.slots.busy) == (0, 0)


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("life", [Life(crash_seconds=0.55), Life(crash_tokens=2)])
async def test_a_crash_resets_and_refuses(
    life: Life, streamed: bool, autojump_clock: MockClock
) -> None:
    async with open_engine(life) as (engine, upstream), engine.open(SPEC) as process:
        with pytest.raises(UpstreamBroken, match="reset"):
            await ask(upstream, process, streamed=streamed)
        assert "SIGSEGV" in await process.wait()
        with pytest.raises(UpstreamUnreachable):
            await ask(upstream, process)


async def test_a_process_that_hangs_answers_nothing_more(autojump_clock: MockClock) -> None:
    life = Life(hang_seconds=5)
    async with open_engine(life) as (engine, upstream), engine.open(SPEC) as process:
        assert await ask(upstream, process)
        await trio.sleep(5)
        health = UpstreamRequest("GET", f"{process.base_url}/health", ())
        with trio.move_on_after(1_000) as patience:
            async with upstream.open(health):
                raise AssertionError("it is well")
        assert patience.cancelled_caught


async def test_a_load_has_an_end(autojump_clock: MockClock) -> None:
    async with open_engine(Life(load_seconds=START_SECONDS + 1)) as (engine, _):
        with pytest.raises(EngineError, match="was not ready within"):
            async with engine.open(SPEC):
                raise AssertionError("opened")


@pytest.mark.parametrize("site", SITES)
def test_chance_draws_each_fault_by_its_name(site: str) -> None:
    chance = Chance(1, {f"engine.{site}#2"})
    draw = drawn_lives(chance)
    assert draw() == Life(), "nothing strikes before it has started"
    chance.start()
    lives = [draw() for _ in range(3)]
    assert [life == Life() for life in lives] == [True, False, True]
    assert chance.struck == [f"engine.{site}#2"]


def finds(story: Scenario, words: str) -> bool:
    """Whether a story complains in these words, under one of a few seeds."""
    return any(words in line for seed in SEEDS for line in run(story, seed, app).complaints)


def test_an_engine_that_is_started_for_each_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = EngineBackend.answer

    async def forget(self: EngineBackend, exchange: object) -> None:
        await whole(self, exchange)  # type: ignore[arg-type]  # it is passed on as it came
        vars(self)["_keeper"].usable.process.kill()

    monkeypatch.setattr(EngineBackend, "answer", forget)
    assert finds(engine_turn, "the engine was started 2 times")


def test_an_engine_that_is_not_stopped_with_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    async def leave_it(self: SimulatedProcess) -> None:
        assert self.stopped_seconds < 0
        await trio.lowlevel.checkpoint()

    monkeypatch.setattr(SimulatedProcess, "stop", leave_it)
    assert finds(engine_turn, "engine processes outlive the server")


def test_a_connection_to_the_engine_that_esc_does_not_close(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def keep(self: Connection) -> None:
        assert self.is_quiet() in (True, False)

    monkeypatch.setattr(Connection, "close", keep)
    assert finds(esc_in_prefill, "Esc has not closed")


def test_a_crash_that_looks_like_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    async def end_cleanly(self: Exchange, why: str) -> None:
        assert why

    monkeypatch.setattr(Exchange, "_break", end_cleanly)
    assert finds(engine_crash, "the answer is AnswerEnding.COMPLETE")


def test_a_slot_that_is_not_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def keep(self: Slots, slot: int, after_seconds: float) -> None:
        assert slot < self.busy
        assert after_seconds >= 0

    monkeypatch.setattr(Slots, "give_back", keep)
    assert finds(engine_turn, "working for nobody")
