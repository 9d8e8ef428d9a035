"""Server tools at an endpoint that has none: rounds, limits, failures, and what the client sees."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest
import trio
from trio.testing import MockClock
from understudy.actors.backend.server_tools import ROUNDS_MAX
from understudy.io.ports import Search
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.json_values import object_of
from understudy.protocols.records import TurnOutcome, Usage
from understudy.protocols.search_result import SearchResult
from understudy.simulations.search import SimulatedSearch
from understudy.simulations.upstream import HANG, CutConnection, Ending, Step

from .dialects import (
    ANTHROPIC,
    CHAT,
    EVENTS,
    SAID,
    USAGE,
    answer,
    calling,
    dialect_turn,
    refusal_of,
    said,
    settings_for,
)
from .legal import read_events
from .scripts import LOCAL, one_after_the_other
from .stage import Reader, Stage, open_stage

WEB: dict[str, Any] = {"type": "web_search_20250305", "name": "web_search"}
FINDER = {"type": "tool_search_tool_bm25_20251119", "name": "tool_search_tool_bm25"}
WEATHER = {
    "name": "get_weather",
    "description": "Tells the weather of a city",
    "input_schema": {"type": "object"},
    "defer_loading": True,
}
PLAIN = {"name": "note", "input_schema": {"type": "object"}}
QUERY = '{"query":"weather"}'
SEARCHING = answer(CHAT, calling("web_search", QUERY))
ANSWERED = answer(CHAT)
TWICE = Usage(USAGE.input_tokens * 2, USAGE.output_tokens * 2)


async def ask(
    *scripts: Sequence[Step], search: Search | None = None, **members: Any
) -> tuple[Reader, Stage]:
    """Reads one turn at an endpoint that answers its requests by these scripts."""
    members = {"tools": [WEB], **members}
    async with open_stage(settings_for(CHAT), search=search) as stage:
        stage.work.respond = one_after_the_other(*scripts)
        reader = await stage.read(dialect_turn(ANTHROPIC, **members))
        assert reader.record in (None, await stage.line(reader))
        return reader, stage


def blocks(reader: Reader) -> list[dict[str, Any]]:
    """The blocks that the client was told, without their deltas."""
    events = read_events(reader.body)[0]
    return [event["content_block"] for event in events if "content_block" in event]


def kinds(reader: Reader) -> list[str]:
    """Their kinds."""
    return [block["type"] for block in blocks(reader)]


def results(reader: Reader) -> list[Any]:
    """What the client was told of searches on the web."""
    found = [block for block in blocks(reader) if block["type"] == "web_search_tool_result"]
    return [block["content"] for block in found]


def codes(reader: Reader) -> list[str]:
    """How each search has failed; "" for one that has not."""
    return [str(object_of(one).get("error_code", "")) for one in results(reader)]


def stop_reason(reader: Reader) -> str:
    """Why the answer has ended."""
    [delta] = [event for event in read_events(reader.body)[0] if event["type"] == "message_delta"]
    return str(delta["delta"]["stop_reason"])


def asked(stage: Stage, number: int) -> dict[str, Any]:
    """What the endpoint was asked."""
    body: dict[str, Any] = json.loads(stage.upstream.exchanges[number].request.body)
    return body


def names(stage: Stage, number: int) -> list[str]:
    """The tools that the model was shown."""
    return [tool["function"]["name"] for tool in asked(stage, number).get("tools", [])]


async def test_a_search_is_run_here_and_the_model_goes_on(autojump_clock: MockClock) -> None:
    search = SimulatedSearch()
    reader, stage = await ask(SEARCHING, ANSWERED, search=search)
    assert search.asked == ["weather"]
    assert kinds(reader) == ["server_tool_use", "web_search_tool_result", "text"]
    assert results(reader)[0][0]["url"] == "https://pages.example/1"
    assert said(ANTHROPIC, reader.body) == SAID
    assert stop_reason(reader) == "end_turn"
    *_, call, result = asked(stage, 1)["messages"]
    assert call["tool_calls"][0]["function"]["name"] == "web_search"
    assert "Page 1 is about weather." in result["content"]
    assert reader.record is not None
    assert (reader.record.outcome, reader.record.usage) == (TurnOutcome.ANSWERED, TWICE)
    assert reader.record.tool_uses == (), "the client has nothing to run"


async def test_an_answer_in_one_piece_says_all_of_it(autojump_clock: MockClock) -> None:
    first = answer(CHAT, calling("web_search", QUERY), streamed=False)
    second = answer(CHAT, streamed=False)
    reader, _ = await ask(first, second, search=SimulatedSearch(), stream=False)
    found = [block["type"] for block in json.loads(reader.body)["content"]]
    assert found == ["server_tool_use", "web_search_tool_result", "text"]
    assert json.loads(reader.body)["usage"]["output_tokens"] == TWICE.output_tokens


async def test_the_local_engine_s_model_searches_too(autojump_clock: MockClock) -> None:
    """Its own answer calls nothing; it is shown the stand-in, and the turn ends as ever."""
    async with open_stage(settings_for(CHAT), search=SimulatedSearch()) as stage:
        reader = await stage.read(dialect_turn(ANTHROPIC, model=LOCAL, tools=[WEB]))
        shown = asked(stage, -1)["tools"]
    assert [tool["name"] for tool in shown] == ["web_search"]
    assert "input_schema" in shown[0]
    assert reader.record is not None
    assert reader.record.outcome is TurnOutcome.ANSWERED


async def test_a_tool_that_was_found_can_be_called(autojump_clock: MockClock) -> None:
    finding = answer(CHAT, calling(FINDER["name"], QUERY))
    call = answer(CHAT, calling("get_weather", "{}", "call_2"))
    reader, stage = await ask(finding, call, tools=[FINDER, WEATHER])
    assert (names(stage, 0), names(stage, 1)) == (
        [FINDER["name"]],
        [FINDER["name"], "get_weather"],
    )
    assert kinds(reader) == ["server_tool_use", "tool_search_tool_result", "tool_use"]
    assert stop_reason(reader) == "tool_use"
    assert reader.record is not None
    assert reader.record.tool_uses == ("call_2",)


@pytest.mark.parametrize("search", [None, SimulatedSearch(failing_calls=[1, 2, 3])])
async def test_a_search_that_fails_is_told_to_both(
    search: Search | None, autojump_clock: MockClock
) -> None:
    reader, stage = await ask(SEARCHING, ANSWERED, search=search)
    assert codes(reader) == ["unavailable"]
    assert asked(stage, 1)["messages"][-1]["content"], "never silently empty"
    assert said(ANTHROPIC, reader.body) == SAID


@pytest.mark.parametrize("arguments", ["{}", '{"query":7}', '{"que'])
async def test_a_search_for_nothing_is_the_model_s_error(
    arguments: str, autojump_clock: MockClock
) -> None:
    search = SimulatedSearch()
    calls = answer(CHAT, calling("web_search", arguments))
    reader, _ = await ask(calls, ANSWERED, search=search)
    assert codes(reader) == ["invalid_tool_input"]
    assert search.asked == []


async def test_max_uses_counts_searches_of_the_web_alone(autojump_clock: MockClock) -> None:
    finding = answer(CHAT, calling(FINDER["name"], QUERY))
    empty = answer(CHAT, calling("web_search", "{}"))
    tools = [{**WEB, "max_uses": 1}, FINDER, WEATHER]
    search = SimulatedSearch()
    scripts = [finding, empty, SEARCHING, SEARCHING, ANSWERED]
    reader, _ = await ask(*scripts, search=search, tools=tools)
    assert codes(reader) == ["invalid_tool_input", "", "max_uses_exceeded"]
    assert len(search.asked) == 1


@pytest.mark.parametrize(
    ("limits", "wanted"),
    [
        ({}, ["a.org", "Docs.a.org", "a.org.evil.com", "b.com"]),
        ({"allowed_domains": ["A.org"]}, ["a.org", "Docs.a.org"]),
        ({"allowed_domains": ["a.org/guide"]}, ["Docs.a.org"]),
        ({"allowed_domains": ["a.org/guide/*"]}, ["Docs.a.org"]),
        ({"blocked_domains": ["a.org"]}, ["a.org.evil.com", "b.com"]),
        ({"allowed_domains": ["c.net"]}, []),
    ],
)
async def test_the_client_says_which_domains_may_be_found(
    limits: dict[str, Any], wanted: list[str], autojump_clock: MockClock
) -> None:
    paths = {"a.org": "/guidebook", "Docs.a.org": "/Guide/one", "a.org.evil.com": "/", "b.com": ""}
    pages = [SearchResult(host, f"https://{host}{path}", "") for host, path in paths.items()]
    search = SimulatedSearch(lambda _query: pages)
    reader, _ = await ask(SEARCHING, ANSWERED, search=search, tools=[{**WEB, **limits}])
    assert [page["title"] for page in results(reader)[0]] == wanted


async def test_a_search_that_the_client_demands_is_made_once(autojump_clock: MockClock) -> None:
    choice = {"type": "tool", "name": "web_search"}
    reader, stage = await ask(SEARCHING, ANSWERED, search=SimulatedSearch(), tool_choice=choice)
    assert "tool_choice" in asked(stage, 0)
    assert "tool_choice" not in asked(stage, 1), "or the model could never answer"
    assert said(ANTHROPIC, reader.body) == SAID


async def test_a_call_for_the_client_ends_the_answer(autojump_clock: MockClock) -> None:
    mixed: list[AnswerEvent] = [
        AnswerStarted(),
        TextDelta("I look."),
        BlockEnded(),
        ToolUseStarted("call_1", "web_search"),
        ToolInputDelta(QUERY),
        BlockEnded(),
        ToolUseStarted("call_2", "note"),
        ToolInputDelta("{}"),
        BlockEnded(),
        AnswerEnded("tool_use", USAGE),
    ]
    reader, stage = await ask(answer(CHAT, mixed), search=SimulatedSearch(), tools=[WEB, PLAIN])
    assert sorted(kinds(reader)) == sorted(
        ["text", "tool_use", "server_tool_use", "web_search_tool_result"]
    )
    assert stop_reason(reader) == "tool_use"
    assert len(stage.upstream.exchanges) == 1
    assert reader.record is not None
    assert (reader.record.outcome, reader.record.usage) == (TurnOutcome.ANSWERED, USAGE)


async def test_two_searches_at_once_are_both_run(autojump_clock: MockClock) -> None:
    first, second = calling("web_search", QUERY)[:-1], calling("web_search", '{"query":"b"}', "c2")
    search = SimulatedSearch()
    reader, stage = await ask(answer(CHAT, [*first, *second[1:]]), ANSWERED, search=search)
    assert search.asked == ["weather", "b"]
    assert [message["role"] for message in asked(stage, 1)["messages"]][-3:] == [
        "assistant",
        "tool",
        "tool",
    ]
    assert said(ANTHROPIC, reader.body) == SAID


async def test_the_last_time_a_model_is_shown_no_stand_in(autojump_clock: MockClock) -> None:
    scripts = [SEARCHING] * ROUNDS_MAX + [ANSWERED]
    reader, stage = await ask(*scripts, search=SimulatedSearch())
    assert [names(stage, number) for number in (ROUNDS_MAX - 1, ROUNDS_MAX)] == [["web_search"], []]
    assert said(ANTHROPIC, reader.body) == SAID


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_model_that_calls_what_it_is_not_shown_pauses_the_turn(
    streamed: bool, autojump_clock: MockClock
) -> None:
    """The API's own word for it; the client may go on by itself."""
    script = answer(CHAT, calling("web_search", QUERY), streamed=streamed)
    reader, stage = await ask(script, search=SimulatedSearch(), stream=streamed)
    assert len(stage.upstream.exchanges) == ROUNDS_MAX + 1
    reason = stop_reason(reader) if streamed else json.loads(reader.body)["stop_reason"]
    assert reason == "pause_turn"
    assert reader.record is not None
    assert reader.record.outcome is TurnOutcome.ANSWERED
    assert reader.record.usage.output_tokens == USAGE.output_tokens * (ROUNDS_MAX + 1)


async def test_a_long_search_is_pinged_through(autojump_clock: MockClock) -> None:
    search = SimulatedSearch(latency_seconds=100, seconds_max=200)
    reader, _ = await ask(SEARCHING, ANSWERED, search=search)
    found = [event["type"] for event in read_events(reader.body)[0]]
    assert found.count("ping") >= 6
    assert said(ANTHROPIC, reader.body) == SAID


@pytest.mark.parametrize("streamed", [True, False])
async def test_esc_reaches_a_search(streamed: bool, autojump_clock: MockClock) -> None:
    search = SimulatedSearch(latency_seconds=8)
    first = answer(CHAT, calling("web_search", QUERY), streamed=streamed)
    async with open_stage(settings_for(CHAT), search=search) as stage:
        stage.work.respond = one_after_the_other(first, [HANG])
        reader = stage.start(dialect_turn(ANTHROPIC, tools=[WEB], stream=streamed))
        await trio.sleep(5)
        assert search.asked == ["weather"]
        now = trio.current_time()
        reader.leave()
        await reader.ended.wait()
        assert (trio.current_time(), search.left) == (now, 1)
        line = await stage.line(reader)
    assert line.outcome is TurnOutcome.CANCELLED
    assert line.usage.estimated
    assert line.usage.input_tokens == USAGE.input_tokens


async def test_esc_reaches_the_second_answer(autojump_clock: MockClock) -> None:
    async with open_stage(settings_for(CHAT), search=SimulatedSearch()) as stage:
        stage.work.respond = one_after_the_other(SEARCHING, [*ANSWERED[:-4], HANG])
        reader = stage.start(dialect_turn(ANTHROPIC, tools=[WEB]))
        await trio.sleep(5)
        reader.leave()
        await reader.ended.wait()
        endings = [exchange.ending for exchange in stage.upstream.exchanges]
        line = await stage.line(reader)
    assert endings == [Ending.COMPLETE, Ending.LEFT]
    assert line.outcome is TurnOutcome.CANCELLED


async def test_a_connection_lost_after_a_call_was_whole_does_not_matter(
    autojump_clock: MockClock,
) -> None:
    reader, _ = await ask([*SEARCHING, CutConnection()], ANSWERED, search=SimulatedSearch())
    assert said(ANTHROPIC, reader.body) == SAID
    assert reader.cut is None


@pytest.mark.parametrize(
    "second", [refusal_of(CHAT, 503, "overloaded_error", "No."), [CutConnection()]]
)
async def test_a_second_answer_that_fails_is_a_cut_not_an_end(
    second: list[Step], autojump_clock: MockClock
) -> None:
    reader, _ = await ask(SEARCHING, second, search=SimulatedSearch())
    assert kinds(reader) == ["server_tool_use", "web_search_tool_result"]
    assert reader.cut is not None, "content has come: an error event would cost the stream"


async def test_no_block_of_the_second_answer_is_lost(autojump_clock: MockClock) -> None:
    """A call that its dialect ends with the answer alone must not swallow the next block's end."""
    unended = [event for event in calling("web_search", QUERY) if event != BlockEnded()]
    search = SimulatedSearch()
    reader, _ = await ask(answer(CHAT, unended), answer(CHAT, EVENTS), search=search)
    found = [event["type"] for event in read_events(reader.body)[0]]
    assert found.count("content_block_start") == found.count("content_block_stop") == 3
