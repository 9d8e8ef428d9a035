"""Listings kept fresh: when endpoints are asked, what stays when they do not answer."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import attrs
import pytest
import trio
from trio.testing import MockClock, wait_all_tasks_blocked
from understudy.io.discovery.listings import (
    DOUBT_SECONDS,
    IDLE_SECONDS,
    REFRESH_SECONDS,
    ListingKeeper,
    is_asked,
)
from understudy.io.key_ring import KeyRing
from understudy.io.ports import UpstreamRequest
from understudy.protocols.routing.table import Listings
from understudy.protocols.settings_data import (
    EndpointSettings,
    KeyReference,
    ModelFacts,
    Settings,
)
from understudy.simulations.upstream import (
    RefuseConnection,
    Script,
    SendBytes,
    SendHead,
    SimulatedUpstream,
)

NEAR = "http://127.0.0.1:11434"
FAR = "https://far.test"
OLLAMA = EndpointSettings("near", (), ("ollama",), NEAR, provider="ollama")
REMOTE = EndpointSettings(
    "far", (), ("openai-chat",), FAR, KeyReference("env", "FAR_KEY"), provider="openrouter"
)
NAMED = EndpointSettings("work", ("m",), ("anthropic",), "https://work.test")
QWEN = {"model": "qwen3:8b", "digest": "5", "capabilities": ["completion", "tools"]}


def ollama(*models: Any, running: tuple[Any, ...] = ()) -> dict[str, Any]:
    return {
        f"{NEAR}/api/version": {"version": "0.33.0"},
        f"{NEAR}/api/tags": {"models": list(models)},
        f"{NEAR}/api/ps": {"models": list(running)},
        f"{NEAR}/api/show": {"capabilities": ["completion", "tools"]},
    }


LOADED = ({"model": "qwen3:8b", "context_length": 4096},)


@attrs.define(eq=False)
class House:
    """A keeper with its peers; `table` is what they answer by URL, `told` what was applied."""

    keeper: ListingKeeper
    nursery: trio.Nursery
    upstream: SimulatedUpstream
    table: dict[str, Any]
    told: list[Listings]

    @property
    def asked(self) -> list[UpstreamRequest]:
        """What was asked since this was last looked at."""
        requests = [exchange.request for exchange in self.upstream.exchanges]
        self.upstream.exchanges.clear()
        return requests

    def answer(self, request: UpstreamRequest) -> Script:
        """What the table says; None: nobody listens there."""
        value = self.table.get(request.url.partition("?")[0], b"")
        if value is None:
            return [RefuseConnection()]
        if value == b"":
            return [SendHead(404, ())]
        return [SendHead(200, ()), SendBytes(json.dumps(value).encode())]

    async def rest(self, seconds: float = 0.0) -> None:
        """Lets some time go by."""
        await trio.sleep(seconds)
        await wait_all_tasks_blocked()


@asynccontextmanager
async def open_house(
    *endpoints: EndpointSettings, table: Mapping[str, Any] | None = None
) -> AsyncGenerator[House]:
    told: list[Listings] = []

    async def apply(listings: Listings) -> None:
        await trio.lowlevel.checkpoint()
        told.append(listings)

    upstream = SimulatedUpstream()
    keys = KeyRing({"FAR_KEY": "key-of-far"})
    keeper = ListingKeeper(upstream, keys.find, lambda: 0.5, apply)
    async with trio.open_nursery() as nursery:
        house = House(keeper, nursery, upstream, dict(table or {}), told)
        for base_url in (NEAR, FAR):
            upstream.listen(base_url, house.answer)
        keeper.follow(Settings(endpoints=endpoints), nursery)
        await house.rest()
        yield house
        nursery.cancel_scope.cancel()


async def test_an_endpoint_is_asked_at_once_and_while_turns_are_made(
    autojump_clock: MockClock,
) -> None:
    async with open_house(OLLAMA, NAMED, table=ollama(QWEN)) as house:
        assert house.told == [{"near": (ModelFacts("qwen3:8b", None, ("tools",)),)}]
        assert {each.url for each in house.asked} == set(ollama(QWEN))
        house.table.update(ollama(QWEN, running=LOADED))
        await house.rest(REFRESH_SECONDS * 1.3)
        assert house.told[-1] == {"near": (ModelFacts("qwen3:8b", 4096, ("tools",)),)}
        assert f"{NEAR}/api/show" not in {each.url for each in house.asked}


async def test_nobody_is_asked_while_no_turn_is_made(autojump_clock: MockClock) -> None:
    async with open_house(OLLAMA, table=ollama(QWEN, running=LOADED)) as house:
        await house.rest(IDLE_SECONDS + REFRESH_SECONDS * 2)
        assert house.asked
        await house.rest(IDLE_SECONDS * 100)
        assert house.asked == []
        house.keeper.heard("somebody", 200)
        await house.rest()
        assert house.asked


async def test_a_model_that_is_not_there_makes_its_endpoint_doubted(
    autojump_clock: MockClock,
) -> None:
    async with open_house(OLLAMA, table=ollama(QWEN, running=LOADED)) as house:
        await house.rest(DOUBT_SECONDS)
        assert house.asked
        house.keeper.heard("near", 200)
        await house.rest()
        assert house.asked == []
        house.table.update(ollama(QWEN, {**QWEN, "model": "new"}, running=LOADED))
        house.keeper.heard("near", 404)
        await house.rest()
        assert [each.id for each in house.told[-1]["near"]] == ["qwen3:8b", "new"]
        assert house.asked
        house.keeper.heard("near", 404)
        await house.rest()
        assert house.asked == [], "it was asked a moment ago"


async def test_a_turn_that_loads_a_model_makes_its_window_known(autojump_clock: MockClock) -> None:
    async with open_house(OLLAMA, table=ollama(QWEN)) as house:
        await house.rest(DOUBT_SECONDS)
        house.table.update(ollama(QWEN, running=LOADED))
        house.keeper.heard("near", 200)
        await house.rest()
        assert house.told[-1]["near"][0].context_tokens == 4096


async def test_what_was_listed_stays_while_an_endpoint_is_down(
    autojump_clock: MockClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with open_house(OLLAMA, table=ollama(QWEN)) as house:
        listed = house.told[-1]
        house.table.update(dict.fromkeys(house.table))
        await house.rest(REFRESH_SECONDS * 3)
        assert house.told[-1] == listed
    words = [record.getMessage() for record in caplog.records]
    assert len([each for each in words if "could not be asked" in each]) == 1, "said once"
    assert "what it listed last stays" in words[-1]


async def test_an_endpoint_that_comes_later_is_listed(autojump_clock: MockClock) -> None:
    async with open_house(OLLAMA, table=dict.fromkeys(ollama())) as house:
        assert house.told == [{}]
        house.table.update(ollama(QWEN))
        await house.rest(REFRESH_SECONDS * 1.3)
        assert [each.id for each in house.told[-1]["near"]] == ["qwen3:8b"]


async def test_an_endpoint_at_another_address_has_said_nothing(autojump_clock: MockClock) -> None:
    async with open_house(OLLAMA, table=ollama(QWEN)) as house:
        moved = attrs.evolve(OLLAMA, base_url="http://127.0.0.1:1")
        house.keeper.follow(Settings(endpoints=(moved,)), house.nursery)
        await house.rest()
        assert house.told[-1] == {}


async def test_without_such_endpoints_there_is_no_task(autojump_clock: MockClock) -> None:
    async with open_house(NAMED) as house:
        assert not house.nursery.child_tasks
        house.keeper.heard("work", 404)
        await house.rest(IDLE_SECONDS)
        assert house.asked == []
        house.table.update(ollama(QWEN))
        house.keeper.follow(Settings(endpoints=(NAMED, OLLAMA)), house.nursery)
        await house.rest()
        assert "near" in house.told[-1]
        house.keeper.follow(Settings(endpoints=(NAMED,)), house.nursery)
        await house.rest()
        assert house.told[-1] == {}
        assert not house.nursery.child_tasks


async def test_a_remote_endpoint_is_sent_its_own_key(autojump_clock: MockClock) -> None:
    page = {"data": [{"id": "a/b", "context_length": 65_536}, {"id": "c"}]}
    async with open_house(REMOTE, table={f"{FAR}/v1/models": page}) as house:
        assert house.told == [{"far": (ModelFacts("a/b", 65_536), ModelFacts("c"))}]
        [request] = house.asked
        assert (b"authorization", b"Bearer key-of-far") in request.headers


async def test_a_key_that_is_not_there_is_told(
    autojump_clock: MockClock, caplog: pytest.LogCaptureFixture
) -> None:
    missing = attrs.evolve(REMOTE, key=KeyReference("env", "NO_SUCH_KEY"))
    async with open_house(missing) as house:
        assert house.asked == []
    assert "NO_SUCH_KEY" in caplog.text


async def test_a_keychain_is_not_asked_every_few_minutes(autojump_clock: MockClock) -> None:
    kept = attrs.evolve(REMOTE, key=KeyReference("keychain", "far"))
    async with open_house(kept) as house:
        await house.rest(REFRESH_SECONDS * 4)
        assert len(house.told) == 1


def test_who_is_asked() -> None:
    engine = EndpointSettings("here", ("m",), engine="llama.cpp", file="/m.gguf")
    known = attrs.evolve(OLLAMA, models=("qwen3:8b",))
    assert [is_asked(each) for each in (OLLAMA, known, REMOTE, NAMED, engine)] == [
        True,
        True,
        True,
        False,
        False,
    ]
