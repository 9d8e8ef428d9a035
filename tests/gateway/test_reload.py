"""The settings file changes while the server runs: clients see the good ones, the page the bad."""

from __future__ import annotations

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.app import follow_settings
from understudy.io.ports import SearchError
from understudy.protocols.settings import SearchSettings

from .client import BEARER
from .conftest import SETTINGS, Stage

TURN = b'{"model":"claude-z","messages":[]}'


async def models(stage: Stage) -> list[str]:
    found = (await stage.ask("GET", "/v1/models")).json()["data"]
    return [model["id"] for model in found]


async def problems(stage: Stage) -> list[str]:
    found: list[str] = (await stage.ask("GET", "/status.json")).json()["problems"]
    return found


async def test_a_change_of_the_file_is_seen_by_clients(
    stage: Stage, nursery: trio.Nursery, mock_clock: MockClock
) -> None:
    mock_clock.rate = 10.0  # the file is looked at twice a second
    board = stage.gateway.status
    nursery.start_soon(follow_settings, stage.settings_file, stage.parts, stage.router, board)
    good = SETTINGS.format(port=stage.upstream.port)

    stage.settings_path.write_text(good.replace("claude-x", "claude-z"))
    with trio.fail_after(30):
        while "work/claude-z" not in await models(stage):
            await trio.sleep(0.1)
    assert "work/claude-x" not in await models(stage)
    assert (await stage.ask("POST", "/v1/messages", BEARER, TURN)).status == 200
    assert b'"claude-z"' in stage.upstream.asked[0].body

    stage.settings_path.write_text(good.replace('"work"', '"wo rk"'))
    with trio.fail_after(30):
        while not await problems(stage):
            await trio.sleep(0.1)
    (problem,) = await problems(stage)
    assert str(stage.settings_path) in problem
    assert "endpoint" in problem
    assert "work/claude-z" in await models(stage)
    assert (await stage.ask("POST", "/v1/messages", BEARER, TURN)).status == 200

    stage.settings_path.write_text(good + "[server]\nport = 7400\n")
    with trio.fail_after(30):
        while "work/claude-x" not in await models(stage):
            await trio.sleep(0.1)
    assert await problems(stage) == ["server.port has changed: restart Understudy to apply it"]


async def test_a_search_endpoint_is_the_one_of_the_settings_that_hold(stage: Stage) -> None:
    assert stage.parts.search() is None
    search = SearchSettings("searxng", "http://127.0.0.1:1")
    stage.parts.settings = attrs.evolve(stage.parts.settings, search=search)
    found = stage.parts.search()
    assert found is not None
    with pytest.raises(SearchError, match=r"the search endpoint 127\.0\.0\.1:1 cannot be used"):
        await found.search("what is new", 5)
