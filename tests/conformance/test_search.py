"""The `Search` port's promises, kept before each kind of endpoint and by the simulated one."""

from __future__ import annotations

import pytest
import trio
from understudy.io.ports import SearchError
from understudy.protocols.search_result import SearchResult
from understudy.protocols.settings_data import SEARCH_RESULTS_MAX

from .search_stage import BODIES, PATIENCE_SECONDS, HttpStage, SearchStage, SimulatedStage

PAGES = [
    SearchResult(
        f"Title {n} ü", f"https://pages.example/{n}?q=a&b", f"Text {n}, „quoted“", "2 days"
    )
    for n in range(1, SEARCH_RESULTS_MAX + 1)
]


@pytest.fixture(params=[*BODIES, "simulated"])
def stage(request: pytest.FixtureRequest) -> SearchStage:
    """Each adapter, the real one before each kind of endpoint."""
    return SimulatedStage() if request.param == "simulated" else HttpStage(request.param)


async def test_pages_come_whole_and_in_their_order(stage: SearchStage) -> None:
    async with stage.finding(PAGES[:3]) as search:
        assert list(await search.search("what is new", 5)) == PAGES[:3]


@pytest.mark.parametrize("limit", [1, 7, SEARCH_RESULTS_MAX])
async def test_there_are_no_more_than_were_asked_for(stage: SearchStage, limit: int) -> None:
    async with stage.finding(PAGES) as search:
        assert list(await search.search("what is new", limit)) == PAGES[:limit]


async def test_nothing_found_is_no_failure(stage: SearchStage) -> None:
    async with stage.finding([]) as search:
        assert list(await search.search("what is new", 5)) == []


async def test_a_page_may_have_no_age(stage: SearchStage) -> None:
    ageless = SearchResult("Title", "https://pages.example/", "Text")
    async with stage.finding([ageless]) as search:
        assert list(await search.search("what is new", 5)) == [ageless]


async def test_one_search_follows_another(stage: SearchStage) -> None:
    async with stage.finding(PAGES[:1]) as search:
        for _ in range(3):
            assert len(await search.search("what is new", 5)) == 1


async def test_a_failure_is_told_without_the_query(stage: SearchStage) -> None:
    async with stage.failing() as search:
        with pytest.raises(SearchError) as caught:
            await search.search("a-secret plan", 5)
    assert "secret" not in str(caught.value)


async def test_an_endpoint_that_says_nothing_is_left_in_time(stage: SearchStage) -> None:
    async with stage.silent(patience_seconds=PATIENCE_SECONDS) as search:
        with trio.fail_after(5), pytest.raises(SearchError):
            await search.search("what is new", 5)


async def test_who_is_cancelled_leaves_at_once(stage: SearchStage) -> None:
    async with stage.silent(patience_seconds=3_600.0) as search:
        with trio.move_on_after(0.05) as scope:
            await search.search("what is new", 5)
        assert scope.cancelled_caught
    assert stage.left == 1


async def test_a_search_is_a_checkpoint(stage: SearchStage) -> None:
    async with stage.finding(PAGES) as search:
        with trio.CancelScope() as scope:
            scope.cancel()
            await search.search("what is new", 5)
        assert scope.cancelled_caught
