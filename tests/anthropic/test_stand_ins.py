"""Server tools for models that are not Anthropic's, from the first call to the next request."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.anthropic.dialect import SERVED
from understudy.protocols.anthropic.server_blocks import (
    SEALED_FOR_OTHERS,
    Found,
    is_own,
    neutral_result,
)
from understudy.protocols.anthropic.stand_ins import (
    WebSearch,
    called,
    continued,
    found_on_web,
    searched_tools,
    stand_in_of,
    standing_in,
    web_search_of,
)
from understudy.protocols.conversation.answer import AnswerEnded, AnswerEvent, TextDelta
from understudy.protocols.conversation.blocks import (
    Block,
    Other,
    Text,
    ToolReference,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.repair import repaired
from understudy.protocols.conversation.request import Conversation, Message, Tool

from .answers import STARTED, written
from .neutral import assistant, user
from .requests import request

REGEX = {"type": "tool_search_tool_regex_20251119", "name": "tool_search_tool_regex"}
BM25 = {"type": "tool_search_tool_bm25", "name": "tool_search_tool_bm25"}
WEB = {
    "type": "web_search_20250305",
    "name": "web_search",
    "max_uses": 3,
    "allowed_domains": ["x.org", 7],
}
WEATHER = Tool("get_weather", "Tells the weather", {"type": "object"}, deferred=True)
GO = (user("go"),)


def server(definition: dict[str, Any]) -> Tool:
    return Tool(definition["name"], server=definition)


def call(name: str, **given: Any) -> ToolUse:
    return ToolUse("call_1", name, given)


@pytest.mark.parametrize(
    ("definition", "expected"),
    [
        (REGEX, "tool_search"),
        (BM25, "tool_search"),
        (WEB, "web_search"),
        ({"type": "web_search_20260318", "name": "web_search"}, "web_search"),
        ({"type": "code_execution_20250825", "name": "code_execution"}, None),
        ({"type": 7, "name": "odd"}, None),
    ],
)
def test_what_stands_in_for_a_server_tool(definition: dict[str, Any], expected: str | None) -> None:
    assert stand_in_of(server(definition)) == expected
    shown = standing_in(Conversation(GO, tools=(server(definition),))).tools
    assert [tool.name for tool in shown] == ([definition["name"]] if expected else [])
    for tool in shown:
        assert tool.server is None
        assert tool.schema["required"] == ["query"]


def test_plain_tools_are_shown_as_they_are_and_are_no_stand_ins() -> None:
    plain = Tool("web_search", "the client's own")
    conversation = Conversation(GO, tools=(plain, WEATHER))
    assert standing_in(conversation).tools == (plain,)
    assert called(conversation, "web_search") is None
    assert called(Conversation(GO, tools=(server(WEB),)), "web_search") == server(WEB)


def test_pain_14_a_search_for_tools_is_run_here_and_loads_what_it_finds() -> None:
    conversation = Conversation(GO, tools=(server(REGEX), WEATHER))
    assert [tool.name for tool in standing_in(conversation).tools] == ["tool_search_tool_regex"]
    asked = call("tool_search_tool_regex", query="weather")
    told = searched_tools(conversation, server(REGEX), asked)
    use, result = (block.value for block in told.blocks)
    assert use == {
        "type": "server_tool_use",
        "id": "srvtoolu_understudy_call_1",
        "name": "tool_search_tool_regex",
        "input": {"query": "weather"},
    }
    assert result == {
        "type": "tool_search_tool_result",
        "tool_use_id": use["id"],
        "content": {
            "type": "tool_search_tool_search_result",
            "tool_references": [{"type": "tool_reference", "tool_name": "get_weather"}],
        },
    }
    assert told.result == ToolResult("call_1", (ToolReference("get_weather"),))
    again = standing_in(continued(conversation, (asked,), (told.result,)))
    assert [tool.name for tool in again.tools] == ["tool_search_tool_regex", "get_weather"]


def test_a_search_by_words() -> None:
    conversation = Conversation(GO, tools=(server(BM25), WEATHER))
    found, none = (
        searched_tools(conversation, server(BM25), call("tool_search_tool_bm25", query=query))
        for query in ("Weather?", "mail")
    )
    assert found.result.content == (ToolReference("get_weather"),)
    assert none.result == ToolResult("call_1", (Text("No tool fits."),))


@pytest.mark.parametrize("given", [{}, {"query": 7}, {"query": " "}])
def test_a_search_for_nothing_is_an_error_that_the_model_reads(given: dict[str, Any]) -> None:
    told = searched_tools(Conversation(GO), server(REGEX), call("tool_search_tool_regex", **given))
    assert told.blocks[1].value["content"] == {
        "type": "tool_search_tool_result_error",
        "error_code": "invalid_tool_input",
    }
    assert told.result.is_error
    assert web_search_of(server(WEB), call("web_search", **given)) is None


def test_what_a_web_search_asks_for() -> None:
    asked = web_search_of(server(WEB), call("web_search", query="trio"))
    assert asked == WebSearch("trio", ("x.org",), (), 3)
    bare = server({"type": "web_search_20250305", "name": "web_search", "max_uses": True})
    assert web_search_of(bare, call("web_search", query="trio")) == WebSearch("trio")


def test_pain_13_pages_that_were_found_on_the_web() -> None:
    pages = (Found("Trio", "https://trio", "A library.", "1 day"), Found("Empty", "https://e"))
    told = found_on_web(call("web_search", query="trio"), pages)
    assert told.blocks[1].value == {
        "type": "web_search_tool_result",
        "tool_use_id": "srvtoolu_understudy_call_1",
        "content": [
            {
                "type": "web_search_result",
                "title": "Trio",
                "url": "https://trio",
                "encrypted_content": "understudy:A library.",
                "page_age": "1 day",
            },
            {
                "type": "web_search_result",
                "title": "Empty",
                "url": "https://e",
                "encrypted_content": "understudy:",
                "page_age": None,
            },
        ],
    }
    words = "Trio\nhttps://trio\n1 day\nA library.\n\nEmpty\nhttps://e"
    assert told.result == ToolResult("call_1", (Text(words),))
    nothing = found_on_web(call("web_search", query="trio"), ())
    assert nothing.result.content == (Text("Nothing was found."),)


def test_pain_13_a_search_that_nobody_can_run_is_a_clear_error() -> None:
    told = found_on_web(call("web_search", query="trio"), "unavailable")
    assert told.blocks[1].value["content"] == {
        "type": "web_search_tool_result_error",
        "error_code": "unavailable",
    }
    failed = (Text("The tool failed: unavailable."),)
    assert told.result == ToolResult("call_1", failed, is_error=True)


def test_the_client_gives_it_back_and_the_model_sees_the_same_again() -> None:
    conversation = Conversation(GO, tools=(server(WEB),))
    asked = call("web_search", query="trio")
    told = found_on_web(asked, (Found("Trio", "https://trio", "A library."),))
    seen = continued(conversation, (Text("I look."), asked), (told.result,))
    answer: list[AnswerEvent] = [
        STARTED,
        TextDelta("I look."),
        *told.blocks,
        TextDelta("Seen."),
        AnswerEnded("end_turn"),
    ]
    content = json.loads(written(answer, streamed=False))["content"]
    assert [is_own(block) for block in content] == [False, True, True, False]
    history = [
        {"role": "user", "content": "go"},
        {"role": "assistant", "content": content},
        {"role": "user", "content": "thanks"},
    ]
    again = standing_in(SERVED.conversation(request(messages=history, tools=[WEB])))
    assert repaired(again) == again
    assert [plain_ids(message) for message in again.messages] == [
        *(plain_ids(message) for message in seen.messages),
        assistant("Seen."),
        user("thanks"),
    ]


def plain_ids(message: Message) -> Message:
    """The message with every id of a call the same."""
    blocks: list[Block] = []
    for block in message.blocks:
        match block:
            case ToolUse():
                blocks.append(ToolUse("x", block.name, block.input))
            case ToolResult():
                blocks.append(ToolResult("x", block.content, block.is_error))
            case _:
                blocks.append(block)
    return Message(message.role, tuple(blocks))


def other(value: dict[str, Any]) -> Other:
    return Other("anthropic", value["type"], value)


def test_what_anthropic_s_own_tools_found_is_told_as_far_as_it_can_be_read() -> None:
    use = {
        "type": "server_tool_use",
        "id": "srvtoolu_1",
        "name": "web_search",
        "input": {"query": "x"},
    }
    page = {"type": "web_search_result", "title": "T", "url": "u", "encrypted_content": "sealed"}
    result = {"type": "web_search_tool_result", "tool_use_id": "srvtoolu_1", "content": [page]}
    unknown: dict[str, Any] = {"type": "bash_tool_result", "tool_use_id": "srvtoolu_2"}
    ran: dict[str, Any] = {"type": "server_tool_use", "id": "srvtoolu_2", "name": "bash"}
    blocks = (other(use), other(ran), other(result), other(unknown), Text("done"))
    found = repaired(standing_in(Conversation((*GO, assistant(*blocks)))))
    assert found.messages[1:] == (
        assistant(
            ToolUse("srvtoolu_1", "web_search", {"query": "x"}), ToolUse("srvtoolu_2", "bash", {})
        ),
        user(
            ToolResult("srvtoolu_1", (Text(f"T\nu\n{SEALED_FOR_OTHERS}"),)),
            ToolResult("srvtoolu_2", (other(unknown),)),
        ),
        assistant("done"),
    )


def test_blocks_of_another_dialect_stay() -> None:
    foreign = Other("gemini", "x_tool_result", {})
    conversation = Conversation((*GO, assistant("a", foreign)))
    assert standing_in(conversation).messages == conversation.messages


@pytest.mark.parametrize("value", [{}, {"content": 7}, {"content": {"tool_references": 7}}])
def test_an_odd_result_is_read_without_a_crash(value: dict[str, Any]) -> None:
    assert neutral_result(value).tool_use_id == ""
