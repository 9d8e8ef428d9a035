"""Requests as clients of the Messages API send them, read into the neutral conversation."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from understudy.protocols.anthropic.dialect import SERVED
from understudy.protocols.conversation.blocks import (
    Block,
    Media,
    Other,
    Text,
    ToolReference,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.request import (
    Conversation,
    OutputFormat,
    Reasoning,
    Sampling,
    Tool,
    ToolChoice,
)
from understudy.protocols.request import BadRequest

from .requests import ODD_BODIES, assistant, few_examples, request, result, text, use, user

CACHE = {"type": "ephemeral"}
BILLING = "x-anthropic-billing-header: cc_version=2.1.330.413; cc_entrypoint=cli"
SYSTEM = [text(BILLING), {**text("You help."), "cache_control": CACHE}, text("Be brief.")]
SCHEMA = {"type": "object", "properties": {"path": {"type": "string"}}}
TOOL = {"name": "Read", "description": "Reads", "input_schema": SCHEMA}
READ = Tool("Read", "Reads", SCHEMA)
PLACEHOLDER: dict[str, Any] = {
    "name": "DeferredToolPlaceholder",
    "input_schema": {},
    "defer_loading": True,
}


def conversation(**members: Any) -> Conversation:
    return SERVED.conversation(request(**members))


def said(*messages: Any) -> list[tuple[str, tuple[Block, ...]]]:
    found = conversation(messages=list(messages)).messages
    return [(message.role, message.blocks) for message in found]


def only(block: dict[str, Any]) -> Block:
    ((_, blocks),) = said(user(block))
    (found,) = blocks
    return found


def reminder(content: Any, **members: Any) -> dict[str, Any]:
    return {"role": "system", "content": content, **members}


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("plain", ("plain",)),
        (f"{BILLING}\nplain", ("plain",)),
        ([text("a"), text(""), 7, {"type": "text"}], ("a",)),
        ([text(BILLING)], ()),
        (None, ()),
        (7, ()),
    ],
)
def test_pain_1_the_system_prompt_is_read_without_the_billing_line(
    system: Any, expected: tuple[str, ...]
) -> None:
    assert tuple(block.text for block in conversation(system=system).system) == expected


@pytest.mark.parametrize("role", ["ctx", "msg", "tool", 7, None])
def test_an_odd_role_is_the_user_s(role: Any) -> None:
    assert said({"role": role, "content": "x"}) == [("user", (Text("x"),))]


IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": "aGk="}}
PDF = {"type": "base64", "media_type": "application/pdf", "data": "aGk="}


def document(source: Any, **members: Any) -> dict[str, Any]:
    return {"type": "document", "source": source, **members}


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (
            {**text("a"), "citations": [{"type": "x"}, 7], "cache_control": CACHE},
            Text("a", CACHE, ({"type": "x"},)),
        ),
        (IMAGE, Media("image", "image/png", data="aGk=")),
        (
            {"type": "image", "source": {"type": "url", "url": "https://x"}},
            Media("image", url="https://x"),
        ),
        (
            {"type": "image", "source": {"type": "file", "file_id": "f"}},
            Media("image", file_id="f"),
        ),
        (
            document(PDF, title="t", cache_control=CACHE),
            Media("document", "application/pdf", data="aGk=", title="t", cache=CACHE),
        ),
        (
            document({"type": "url", "url": "https://x"}),
            Media("document", "application/pdf", url="https://x"),
        ),
        (document({"type": "file", "file_id": "f"}), Media("document", file_id="f")),
        (
            document({"type": "text", "media_type": "text/plain", "data": "words"}),
            Media("document", "text/plain", text="words"),
        ),
        (
            document({"type": "content", "content": [text("a"), text("b")]}),
            Media("document", "text/plain", text="a\n\nb"),
        ),
        (document({"type": "content", "content": "a"}), Media("document", "text/plain", text="a")),
        (
            {"type": "search_result", "title": "t", "source": "s", "content": [text("a")]},
            Media("document", "text/plain", text="a", title="t, s"),
        ),
        ({**use("Read"), "input": {}}, ToolUse("toolu_Read", "Read", {})),
        ({**use("Read"), "input": None}, ToolUse("toolu_Read", "Read", {})),
        (
            {**use("Read"), "input": "{x"},
            ToolUse("toolu_Read", "Read", {"__unparsedToolInput": {"raw": "{x", "len": 2}}),
        ),
        ({"type": "tool_reference", "tool_name": "x"}, ToolReference("x")),
        (result("Read", None), ToolResult("toolu_Read", ())),
        (result("Read", ""), ToolResult("toolu_Read", ())),
        (
            result("Read", [text("a"), IMAGE, document(PDF), use("x"), 7]),
            ToolResult(
                "toolu_Read",
                (
                    Text("a"),
                    Media("image", "image/png", data="aGk="),
                    Media("document", "application/pdf", data="aGk="),
                    Other("anthropic", "tool_use", use("x")),
                ),
            ),
        ),
    ],
)
def test_every_kind_of_block(block: dict[str, Any], expected: Block) -> None:
    assert only(block) == expected


@pytest.mark.parametrize(
    "block",
    [
        {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "x"}},
        {"type": "web_search_tool_result", "tool_use_id": "s", "content": []},
        {"type": "mcp_tool_use", "id": "m"},
        {"type": "container_upload", "file_id": "f"},
        {"type": "brand_new", "x": [1.5]},
        {"type": "image", "source": {"type": "brand_new"}},
        {"type": "image"},
        {"type": "document", "source": {"type": "content", "content": [IMAGE]}},
        {"type": "search_result", "content": [IMAGE]},
        {"type": "tool_addition", "tool": {"type": "mcp_toolset_reference"}},
        {"no": "type"},
        {"type": ["text"]},
    ],
)
def test_a_block_without_a_neutral_form_is_kept_as_it_is(block: dict[str, Any]) -> None:
    found = only(block)
    kind = block.get("type")
    assert found == Other("anthropic", kind if isinstance(kind, str) else "", block)


def test_a_tool_that_the_system_adds_in_mid_conversation() -> None:
    added = {"type": "tool_addition", "tool": {"type": "tool_reference", "name": "WebFetch"}}
    assert said(user("go"), reminder([added]))[1] == ("system", (ToolReference("WebFetch"),))


def test_a_system_message_for_one_turn_goes_with_it() -> None:
    passing = reminder("now", clear_at="next_user_message")
    lasting = reminder("always", clear_at="never")
    found = said(user("a"), passing, lasting, assistant(text("b")), user("c"), passing)
    assert [role for role, _ in found] == ["user", "system", "assistant", "user", "system"]
    assert found[1] == ("system", (Text("always"),))


def test_a_server_tool_is_kept_whole() -> None:
    tool = {"type": "web_search_20250305", "name": "web_search", "max_uses": 5}
    strict = {**TOOL, "type": "custom", "strict": True, "cache_control": CACHE}
    found = conversation(messages=[], tools=[tool, strict, 7]).tools
    assert found == (
        Tool("web_search", server=tool),
        Tool("Read", "Reads", SCHEMA, strict=True, cache=CACHE),
    )


@pytest.mark.parametrize(
    ("choice", "expected", "parallel"),
    [
        ({"type": "auto"}, ToolChoice("auto"), None),
        ({"type": "any", "disable_parallel_tool_use": True}, ToolChoice("any"), False),
        ({"type": "auto", "disable_parallel_tool_use": False}, ToolChoice("auto"), True),
        ({"type": "tool", "name": "Read"}, ToolChoice("tool", "Read"), None),
        ({"type": "tool"}, None, None),
        ({"type": "none"}, ToolChoice("none"), None),
        ({"type": "brand_new"}, None, None),
        (7, None, None),
    ],
)
def test_a_choice_of_tools(choice: Any, expected: ToolChoice | None, parallel: bool | None) -> None:
    found = conversation(tool_choice=choice)
    assert (found.tool_choice, found.parallel_tools) == (expected, parallel)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"thinking": {"type": "enabled", "budget_tokens": 2_048}}, Reasoning(True, 2_048)),
        ({"thinking": {"type": "disabled", "budget_tokens": 5}}, Reasoning(False)),
        ({"thinking": {"type": "adaptive", "display": "summarized"}}, Reasoning(shown=True)),
        ({"thinking": {"type": "brand_new"}}, Reasoning()),
        ({"output_config": {"effort": "max"}}, Reasoning(effort="max")),
        ({"output_config": {"effort": ["high"]}}, Reasoning()),
        ({"output_config": 7, "thinking": "x"}, Reasoning()),
    ],
)
def test_how_much_to_think(members: dict[str, Any], expected: Reasoning) -> None:
    assert conversation(**members).reasoning == expected


def test_the_newest_message_s_effort_has_the_last_word() -> None:
    messages = [
        user("a"),
        reminder("x", output_config={"effort": "low"}),
        user("b"),
        reminder([], output_config={"effort": "xhigh"}),
        reminder("y", output_config={}),
    ]
    found = conversation(messages=messages, output_config={"effort": "medium"})
    assert found.reasoning.effort == "xhigh"


@pytest.mark.parametrize("place", ["output_config", "output_format"])
def test_structured_output(place: str) -> None:
    wanted = {"type": "json_schema", "schema": SCHEMA}
    members = {place: {"format": wanted} if place == "output_config" else wanted}
    assert conversation(**members).output == OutputFormat(SCHEMA, strict=True)
    assert conversation(output_format={"type": "text"}).output is None


def test_sampling() -> None:
    found = conversation(
        temperature=0.5, top_p=1, top_k=40, stop_sequences=["a", "", 7, "b"], max_tokens=9
    )
    assert found.sampling == Sampling(9, 0.5, 1, 40, ("a", "b"))
    odd = conversation(temperature=True, top_p="x", top_k=1.5, stop_sequences="a", max_tokens=-1)
    assert odd.sampling == Sampling()


def test_row_3_what_is_not_known_is_named_and_never_refused() -> None:
    members: dict[str, Any] = {
        key: {} for key in ("container", "mcp_servers", "service_tier", "brand_new")
    }
    found = conversation(**members, output_config={"task_budget": 7})
    assert found.unknown == (*members, "output_config.task_budget")


def test_a_number_that_no_one_can_hold_is_refused_with_its_place() -> None:
    found = SERVED.parse(b'{"model":"m","messages":[{"x":1e999}]}')
    with pytest.raises(BadRequest, match="messages"):
        SERVED.conversation(found)


@few_examples
@given(ODD_BODIES)
def test_an_odd_request_is_read_without_a_crash(value: dict[str, Any]) -> None:
    found = SERVED.conversation(SERVED.parse(json.dumps(value).encode()))
    assert all(message.blocks for message in found.messages)
