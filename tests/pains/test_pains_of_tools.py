"""Pains 13, 14 and 15: web search that finds nothing, tool search, and media in a tool's result."""

from __future__ import annotations

import json

import pytest
from trio.testing import MockClock
from understudy.io.ports import Search
from understudy.simulations.search import SimulatedSearch

from .stage import (
    OTHERS,
    TOOL,
    Json,
    body,
    chunks,
    data_of,
    one_after_the_other,
    open_product,
    result,
    said,
    sent,
    sent_json,
    streamed,
    use,
)

SEARCH = {"type": "web_search_20250305", "name": "web_search"}
ASKED = body(said("user", "What is new?"), tools=[SEARCH, TOOL])


def calling(name: str, **given: str) -> list[bytes]:
    """A model that calls a tool."""
    function = {"name": name, "arguments": json.dumps(given)}
    call = {"index": 0, "id": "a", "function": function}
    return chunks({"tool_calls": [call]}, finish="tool_calls")


async def searched(search: Search | None) -> tuple[list[Json], Json]:
    """The blocks that the client is told, and the model's second question."""
    respond = one_after_the_other(
        streamed(*calling("web_search", query="news")), streamed(*chunks({"content": "So it is."}))
    )
    async with open_product("openai-chat", respond, search=search) as product:
        reader = await product.read(ASKED)
        blocks = [
            event["content_block"] for event in data_of(reader.body) if "content_block" in event
        ]
        return blocks, product.asked()[1]


async def test_pain_13_a_web_search_that_is_silently_empty(autojump_clock: MockClock) -> None:
    blocks, again = await searched(None)
    kinds = [block["type"] for block in blocks]
    assert kinds == ["server_tool_use", "web_search_tool_result", "text"]
    assert blocks[1]["content"]["error_code"] == "unavailable"
    assert again["messages"][-1]["role"] == "tool"
    assert "unavailable" in again["messages"][-1]["content"]


async def test_pain_13_a_web_search_finds_pages_for_any_model(autojump_clock: MockClock) -> None:
    search = SimulatedSearch()
    blocks, again = await searched(search)
    assert search.asked == ["news"]
    pages = blocks[1]["content"]
    assert pages[0]["url"] == "https://pages.example/1"
    assert "Page 1 is about news." in again["messages"][-1]["content"]
    names = [tool["function"]["name"] for tool in again["tools"]]
    assert names == ["web_search", "Read"]


def deferred(number: int) -> Json:
    """One of many tools that wait until they are found."""
    schema = {"type": "object", "properties": {"city": {"description": "x" * 500}}}
    return {"name": f"mcp__maps__{number}", "description": f"Map {number}.", "input_schema": schema}


MANY = [{**deferred(number), "defer_loading": True} for number in range(200)]
FINDER = {"type": "tool_search_tool_bm25_20251119", "name": "tool_search"}


@pytest.mark.parametrize("dialect", OTHERS)
def test_pain_14_schemas_of_all_tools_on_turn_one(dialect: str) -> None:
    request = body(said("user", "hi"), tools=[FINDER, TOOL, *MANY])
    assert len(request) > 100_000
    assert len(sent(dialect, request)) < 2_000
    found = body(
        said("user", "hi"),
        said("assistant", use("a", "ToolSearch")),
        said("user", result("a", [{"type": "tool_reference", "tool_name": "mcp__maps__7"}])),
        tools=[FINDER, TOOL, *MANY],
    )
    assert b"Map 7." in sent(dialect, found)
    assert b"Map 8." not in sent(dialect, found)


async def test_pain_14_tool_search_with_a_model_that_has_none(autojump_clock: MockClock) -> None:
    respond = one_after_the_other(
        streamed(*calling("tool_search", query="map 7")),
        streamed(*calling("mcp__maps__7", city="Paris")),
    )
    async with open_product("openai-chat", respond) as product:
        reader = await product.read(body(said("user", "hi"), tools=[FINDER, TOOL, *MANY]))
        first, second = (
            [tool["function"]["name"] for tool in asked["tools"]] for asked in product.asked()
        )
    assert first == ["tool_search", "Read"]
    assert "mcp__maps__7" in second
    names = [
        event["content_block"].get("name")
        for event in data_of(reader.body)
        if "content_block" in event
    ]
    assert names == ["tool_search", None, "mcp__maps__7"]


IMAGE = "iVBORw0KGgoAAAANSUhEUg=="
PDF = "JVBERi0xLjQK"


def shown(kind: str, media_type: str, data: str) -> bytes:
    """A tool that has answered with an image or a document."""
    source = {"type": "base64", "media_type": media_type, "data": data}
    answer = result("a", [{"type": kind, "source": source}])
    return body(said("user", "go"), said("assistant", use("a")), said("user", answer), tools=[TOOL])


@pytest.mark.parametrize("dialect", OTHERS)
def test_pain_15_an_image_in_a_tool_s_result_is_dropped(dialect: str) -> None:
    assert IMAGE.encode() in sent(dialect, shown("image", "image/png", IMAGE))


@pytest.mark.parametrize("dialect", OTHERS)
def test_pain_15_a_pdf_in_a_tool_s_result_is_dropped(dialect: str) -> None:
    request = shown("document", "application/pdf", PDF)
    if dialect == "ollama":  # which has no documents: the model is told that there was one
        assert "cannot read" in sent_json(dialect, request)["messages"][-1]["content"]
    else:
        assert PDF.encode() in sent(dialect, request)
