"""The tools of a client's request, and how the calls of each kind go back to it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerStarted,
    BlockEnded,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.blocks import Other, Text, ToolResult
from understudy.protocols.conversation.request import Conversation, Message, Tool
from understudy.protocols.openai_responses.client_tools import (
    CUSTOM_SCHEMA,
    SEARCH_DESCRIPTION,
    SHELL_DESCRIPTION,
    SHELL_SCHEMA,
)
from understudy.protocols.openai_responses.dialect import SERVED

from .playbook import Json, body, conversation, outgoing, streamed, told

FUNCTION = {
    "type": "function",
    "name": "f",
    "description": "d",
    "parameters": {"type": "object"},
    "strict": True,
}
GRAMMAR = {"type": "grammar", "syntax": "lark", "definition": "start: X"}
CUSTOM = {"type": "custom", "name": "apply_patch", "description": "Patch.", "format": GRAMMAR}
SEARCH = {"type": "tool_search", "execution": "client", "parameters": {"type": "object"}}
NAMESPACE = {
    "type": "namespace",
    "name": "mcp__gh",
    "tools": [
        {"type": "function", "name": "issue", "defer_loading": True},
        {"type": "custom", "name": "raw"},
        {"type": "web_search"},
    ],
}
LOADED = {
    "type": "tool_search_output",
    "call_id": "c",
    "execution": "client",
    "tools": [{"type": "function", "name": "late"}],
}
MORE = {"type": "additional_tools", "role": "developer", "tools": [{"type": "local_shell"}]}


def test_each_kind_of_tool_in_neutral_form() -> None:
    tools = [FUNCTION, CUSTOM, NAMESPACE, SEARCH, FUNCTION]
    found = conversation(tools=tools, input=[LOADED, MORE]).tools
    described = "Patch.\n\nThe input must fit this grammar (lark):\nstart: X"
    assert found == (
        Tool("f", "d", {"type": "object"}, True),
        Tool("apply_patch", described, CUSTOM_SCHEMA),
        Tool("mcp__gh__issue", deferred=True),
        Tool("mcp__gh__raw", schema=CUSTOM_SCHEMA),
        Tool("tool_search", SEARCH_DESCRIPTION, {"type": "object"}),
        Tool("late", deferred=True),
        Tool("local_shell", SHELL_DESCRIPTION, SHELL_SCHEMA),
    )


def test_where_nobody_searches_every_tool_is_shown() -> None:
    hosted = {"type": "tool_search"}
    found = conversation(tools=[NAMESPACE, hosted])
    assert [(tool.name, tool.deferred) for tool in found.tools] == [
        ("mcp__gh__issue", False),
        ("mcp__gh__raw", False),
    ]
    assert found.unknown == ()


def test_web_search_becomes_the_neutral_server_tool_and_other_hosted_ones_are_unknown() -> None:
    search = {
        "type": "web_search",
        "filters": {"allowed_domains": ["a.org"]},
        "user_location": {"type": "approximate", "city": "Berlin"},
    }
    hosted = [{"type": kind} for kind in ("file_search", "mcp", "file_search", "computer")]
    found = conversation(tools=[search, *hosted, 7])
    server = {
        "type": "web_search_20250305",
        "name": "web_search",
        "allowed_domains": ["a.org"],
        "user_location": {"type": "approximate", "city": "Berlin"},
    }
    assert found.tools == (Tool("web_search", server=server),)
    assert found.unknown == ("tools.file_search", "tools.mcp", "tools.computer")


def call(name: str, *deltas: str) -> list[AnswerEvent]:
    inputs = [ToolInputDelta(delta) for delta in deltas]
    ended: list[AnswerEvent] = [BlockEnded(), AnswerEnded("tool_use")]
    return [AnswerStarted(), ToolUseStarted("call_1", name), *inputs, *ended]


@pytest.mark.parametrize(
    ("name", "given", "wanted"),
    [
        (
            "f",
            '{"a":1}',
            {"type": "function_call", "id": "fc_1_0", "name": "f", "arguments": '{"a":1}'},
        ),
        ("f", "", {"type": "function_call", "id": "fc_1_0", "name": "f", "arguments": "{}"}),
        (
            "apply_patch",
            '{"input":"*** \\"x\\""}',
            {
                "type": "custom_tool_call",
                "id": "ctc_1_0",
                "name": "apply_patch",
                "input": '*** "x"',
            },
        ),
        (
            "apply_patch",
            "*** not JSON",
            {
                "type": "custom_tool_call",
                "id": "ctc_1_0",
                "name": "apply_patch",
                "input": "*** not JSON",
            },
        ),
        (
            "mcp__gh__issue",
            "{}",
            {
                "type": "function_call",
                "id": "fc_1_0",
                "name": "issue",
                "namespace": "mcp__gh",
                "arguments": "{}",
            },
        ),
        (
            "tool_search",
            '{"query":"x"}',
            {
                "type": "tool_search_call",
                "id": "tsc_1_0",
                "execution": "client",
                "arguments": {"query": "x"},
            },
        ),
        (
            "local_shell",
            '{"command":["ls"]}',
            {
                "type": "local_shell_call",
                "id": "lsh_1_0",
                "action": {"type": "exec", "command": ["ls"], "env": {}},
            },
        ),
        (
            "nobody's",
            "{}",
            {"type": "function_call", "id": "fc_1_0", "name": "nobody's", "arguments": "{}"},
        ),
    ],
)
def test_a_call_goes_back_as_its_tool_s_own_kind(name: str, given: str, wanted: Json) -> None:
    tools = [FUNCTION, CUSTOM, NAMESPACE, SEARCH]
    wanted = {**wanted, "call_id": "call_1", "status": "completed"}
    members: dict[str, Any] = {"tools": tools, "input": [MORE]}
    assert body(call(name, given), **members)["output"] == [wanted]
    events = streamed(call(name, given), **members)
    assert events[-2]["item"] == wanted
    assert events[-1]["response"]["output"] == [wanted]
    assert events[2]["item"] == {**wanted, **_empty(wanted), "status": "in_progress"}


def _empty(item: Json) -> Json:
    """What an item has before its input comes."""
    action: Json = {"type": "exec", "command": [], "env": {}}
    empty: Json = {"arguments": "", "input": "", "action": action}
    if item["type"] == "tool_search_call":
        empty["arguments"] = {}
    return {key: empty[key] for key in empty if key in item}


def test_tools_that_cannot_be_read_are_nobody_s() -> None:
    asked = SERVED.parse(b'{"model":"m","input":"a","tools":[{"type":"custom","x":1e999}]}')
    writer = SERVED.writer(asked, "1")
    for event in call("f", "{}"):
        writer.send(event)
    assert json.loads(writer.end())["output"][0]["type"] == "function_call"


def test_a_function_s_input_comes_as_it_is_written_and_a_custom_one_s_at_once() -> None:
    function = streamed(call("f", '{"a"', "", ":1}"), tools=[FUNCTION])
    assert told(function)[2:-1] == [
        "output_item.added",
        "function_call_arguments.delta",
        "function_call_arguments.delta",
        "function_call_arguments.done",
        "output_item.done",
    ]
    assert [each["delta"] for each in function[3:5]] == ['{"a"', ":1}"]
    assert function[5]["arguments"] == '{"a":1}'
    custom = streamed(call("apply_patch", '{"input"', ':"x"}'), tools=[CUSTOM])
    assert told(custom)[2:-1] == [
        "output_item.added",
        "custom_tool_call_input.delta",
        "custom_tool_call_input.done",
        "output_item.done",
    ]
    assert (custom[3]["delta"], custom[4]["input"]) == ("x", "x")


def test_a_part_without_a_type_in_a_tool_s_output_is_left_out() -> None:
    nameless = Other("openai-responses", "", {"x": 1})
    asked = Message("user", (ToolResult("c", (nameless, Text("done"))),))
    sent = outgoing(Conversation((asked,)))
    assert sent["input"][-1]["output"] == "done"
