"""A client's request: what routing reads of it, and all of it in neutral words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.conversation.blocks import (
    Block,
    Media,
    Other,
    RedactedThinking,
    Text,
    Thinking,
    ToolReference,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.request import (
    Message,
    OutputFormat,
    Reasoning,
    Sampling,
    ToolChoice,
)
from understudy.protocols.dialect import Failure
from understudy.protocols.openai_responses.dialect import SERVED
from understudy.protocols.request import BadRequest

from .playbook import Json, conversation, request

NAME = "openai-responses"


def user(*blocks: Block) -> Message:
    return Message("user", blocks)


def assistant(*blocks: Block) -> Message:
    return Message("assistant", blocks)


def messages(*items: Any) -> tuple[Message, ...]:
    return conversation(input=items).messages


def test_what_routing_reads() -> None:
    found = request(model="x", stream=True, max_output_tokens=7)
    assert (found.model, found.streamed, found.max_tokens) == ("x", True, 7)
    assert found.dialect == NAME
    assert found.same_question(request(model="y", max_output_tokens=None))
    assert not found.same_question(request(instructions="s"))
    assert not found.same_question(request(previous_response_id="resp_1"))
    assert SERVED.parse(b'{"model":"m","previous_response_id":"r"}').model == "m"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"{", "not a JSON object"),
        (b'{"input":"a"}', "model: expected a string"),
        (b'{"model":"m"}', "input: expected a string or a list"),
        (b'{"model":"m","input":{}}', "input: expected a string or a list"),
        (b'{"model":"m","input":7,"previous_response_id":"r"}', "input: expected"),
        (b'{"model":"m","input":"a","stream":"yes"}', "stream: expected true or false"),
        (b'{"model":"m","input":"a","max_output_tokens":"5"}', "max_output_tokens: expected"),
    ],
)
def test_what_cannot_be_understood_is_told_with_its_place(body: bytes, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        SERVED.parse(body)


def test_input_may_be_one_string() -> None:
    assert conversation(input="hi").messages == (user(Text("hi")),)
    assert conversation(input="").messages == ()


def test_parts_of_every_kind() -> None:
    parts = [
        {"type": "input_text", "text": "a"},
        {"type": "input_image", "image_url": "data:image/png;base64,QUJD", "detail": "low"},
        {"type": "input_image", "image_url": {"url": "http://x/y.png"}},
        {"type": "input_image", "file_id": "file-1"},
        {"type": "input_file", "filename": "a.txt", "file_data": "data:text/plain;base64,QQ=="},
        {"type": "input_file", "file_data": "QUJD"},
        {"type": "input_file", "file_url": "http://x/y.pdf"},
        {"type": "input_file", "file_id": "file-2"},
        {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "wav"}},
        {"type": "input_image"},
        {"type": "input_file"},
        {"type": "hologram", "x": 1},
    ]
    assert messages({"role": "user", "content": parts}) == (
        user(
            Text("a"),
            Media("image", "image/png", data="QUJD", detail="low"),
            Media("image", url="http://x/y.png"),
            Media("image", file_id="file-1"),
            Media("document", "text/plain", data="QQ==", title="a.txt"),
            Media("document", "application/pdf", data="QUJD"),
            Media("document", url="http://x/y.pdf"),
            Media("document", file_id="file-2"),
            Media("audio", "audio/wav", data="QUJD"),
            Other(NAME, "input_image", {"type": "input_image"}),
            Other(NAME, "input_file", {"type": "input_file"}),
            Other(NAME, "hologram", {"type": "hologram", "x": 1}),
        ),
    )


def test_a_turn_of_the_assistant_is_one_message_and_outputs_are_another() -> None:
    found = messages(
        {"role": "user", "content": "one"},
        {"role": "user", "content": "two"},
        {"type": "reasoning", "id": "rs", "summary": [{"text": "hm"}], "encrypted_content": "E"},
        {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "a"}]},
        {"type": "message", "role": "assistant", "content": [{"type": "refusal", "refusal": "no"}]},
        {"type": "function_call", "call_id": "c1", "name": "f", "arguments": '{"a":1}'},
        {"type": "function_call", "call_id": "c2", "name": "f", "arguments": "{oops"},
        {"type": "function_call_output", "call_id": "c2", "output": "text"},
        {
            "type": "function_call_output",
            "call_id": "c1",
            "output": [
                {"type": "input_text", "text": "b"},
                {"type": "input_image", "image_url": "http://x"},
            ],
        },
        {"role": "developer", "content": "late"},
        {"role": "assistant", "content": "easy"},
    )
    unparsed = {"__unparsedToolInput": {"raw": "{oops", "len": 5}}
    assert found == (
        user(Text("one")),
        user(Text("two")),
        assistant(
            Thinking("hm", "understudy:openai-responses  rs E"),
            Text("a"),
            Text("no"),
            ToolUse("c1", "f", {"a": 1}),
            ToolUse("c2", "f", unparsed),
        ),
        user(
            ToolResult("c2", (Text("text"),)),
            ToolResult("c1", (Text("b"), Media("image", url="http://x"))),
        ),
        Message("system", (Text("late"),)),
        assistant(Text("easy")),
    )


def test_calls_that_are_codex_s_own() -> None:
    found = messages(
        {"type": "custom_tool_call", "call_id": "c1", "name": "apply_patch", "input": "*** x"},
        {"type": "custom_tool_call_output", "call_id": "c1", "output": "done"},
        {
            "type": "local_shell_call",
            "call_id": "c2",
            "action": {"type": "exec", "command": ["ls"], "env": {}, "timeout_ms": 5},
        },
        {"type": "local_shell_call_output", "id": "c2", "output": "files"},
        {
            "type": "function_call",
            "call_id": "c3",
            "namespace": "mcp__gh",
            "name": "issue",
            "arguments": "",
        },
        {
            "type": "tool_search_call",
            "call_id": "c4",
            "execution": "client",
            "arguments": {"query": "x"},
        },
        {
            "type": "tool_search_output",
            "call_id": "c4",
            "execution": "client",
            "tools": [{"type": "function", "name": "found", "parameters": {}}],
        },
    )
    assert found == (
        assistant(ToolUse("c1", "apply_patch", {"input": "*** x"})),
        user(ToolResult("c1", (Text("done"),))),
        assistant(ToolUse("c2", "local_shell", {"command": ["ls"], "timeout_ms": 5})),
        user(ToolResult("c2", (Text("files"),))),
        assistant(
            ToolUse("c3", "mcp__gh__issue", {}), ToolUse("c4", "tool_search", {"query": "x"})
        ),
        user(ToolResult("c4", (ToolReference("found"),))),
    )


def test_items_without_a_neutral_form_are_kept_at_their_place() -> None:
    search = {"type": "web_search_call", "id": "ws_1", "status": "completed"}
    approval = {"type": "mcp_approval_response", "approve": True}
    hosted: Json = {"type": "tool_search_output", "tools": []}
    asked: Json = {"type": "tool_search_call", "arguments": {}}
    items = [search, {"id": "msg_1"}, asked, approval, hosted]
    found = conversation(input=items)
    assert found.messages == (
        assistant(
            Other(NAME, "web_search_call", search),
            Other(NAME, "item_reference", {"id": "msg_1"}),
            Other(NAME, "tool_search_call", asked),
        ),
        user(Other(NAME, "mcp_approval_response", approval)),
        user(Other(NAME, "tool_search_output", hosted)),
    )
    assert found.unknown == tuple(
        f"input.{kind}"
        for kind in (
            "web_search_call",
            "item_reference",
            "tool_search_call",
            "mcp_approval_response",
            "tool_search_output",
        )
    )


@pytest.mark.parametrize(
    ("encrypted", "wanted"),
    [
        (None, Thinking("hm", "")),
        ("E", Thinking("hm", "understudy:openai-responses  rs E")),
        ("understudy:anthropic  c2ln", Thinking("hm", "c2ln")),
        ("understudy:gemini g-3 a b", Thinking("hm", "understudy:gemini g-3 a b")),
        ("understudy:redacted understudy:anthropic  ZGF0", RedactedThinking("ZGF0")),
        ("understudy:broken", Thinking("hm", "")),
    ],
)
def test_whose_thinking_it_is(encrypted: str | None, wanted: Block) -> None:
    content = [{"type": "reasoning_text", "text": "hm"}]
    item = {"type": "reasoning", "id": "rs", "summary": [], "content": content}
    found = messages({**item, "encrypted_content": encrypted})
    assert found == (assistant(wanted),)


def test_instructions_and_the_first_system_messages_are_the_system_prompt() -> None:
    items = [{"role": "developer", "content": "d"}, {"role": "system", "content": "s"}]
    late = {"role": "system", "content": "late"}
    found = conversation(instructions="i", input=[*items, {"role": "user", "content": "u"}, late])
    assert found.system == (Text("i"), Text("d"), Text("s"))
    assert found.messages == (user(Text("u")), Message("system", (Text("late"),)))
    assert conversation(input=items).messages == ()


def test_how_it_is_to_be_answered() -> None:
    found = conversation(
        stream=True,
        max_output_tokens=9,
        temperature=0.5,
        top_p=1,
        top_k=3,
        stop="x",
        seed=7,
        presence_penalty=0.1,
        frequency_penalty=0.2,
        top_logprobs=2,
        parallel_tool_calls=False,
        safety_identifier="u",
        reasoning={"effort": "xhigh", "summary": "auto"},
    )
    assert found.streamed
    assert found.sampling == Sampling(9, 0.5, 1, 3, ("x",), 7, 0.1, 0.2, logprobs=2)
    assert found.reasoning == Reasoning(True, effort="xhigh", shown=True)
    assert (found.parallel_tools, found.user, found.unknown) == (False, "u", ())


def test_what_is_not_said_is_none() -> None:
    found = conversation(temperature="hot", top_p=True, top_k=1.5, top_logprobs=None, stop=[7])
    assert found.sampling == Sampling()
    assert found.reasoning == Reasoning()
    assert (found.parallel_tools, found.tool_choice, found.output) == (None, None, None)
    assert conversation(include=["message.output_text.logprobs"]).sampling.logprobs == 0
    assert conversation(user="u").user == "u"
    assert conversation(max_output_tokens=-5).sampling.max_tokens is None
    assert conversation(temperature=10**400).sampling.temperature is None


@pytest.mark.parametrize(
    ("effort", "wanted"),
    [("none", Reasoning(False, effort="none")), ("?", Reasoning()), (None, Reasoning())],
)
def test_effort(effort: str | None, wanted: Reasoning) -> None:
    assert conversation(reasoning={"effort": effort}).reasoning == wanted


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ({"type": "text"}, None),
        ({"type": "json_object"}, OutputFormat()),
        (
            {"type": "json_schema", "name": "n", "schema": {"type": "object"}, "strict": True},
            OutputFormat({"type": "object"}, "n", True),
        ),
        ({"type": "json_schema"}, OutputFormat({}, "", None)),
    ],
)
def test_structured_output(given: Any, wanted: OutputFormat | None) -> None:
    assert conversation(text={"format": given}).output == wanted


@pytest.mark.parametrize(
    ("chosen", "wanted"),
    [
        ("auto", ToolChoice("auto")),
        ("none", ToolChoice("none")),
        ("required", ToolChoice("any")),
        ({"type": "function", "name": "f"}, ToolChoice("tool", "f")),
        ({"type": "custom", "name": "patch"}, ToolChoice("tool", "patch")),
        ({"type": "local_shell"}, ToolChoice("tool", "local_shell")),
        ({"type": "web_search_preview"}, ToolChoice("tool", "web_search")),
        ({"type": "allowed_tools", "mode": "required", "tools": []}, ToolChoice("any")),
        ({"type": "mcp", "server_label": "s"}, None),
        ("?", None),
    ],
)
def test_tool_choice(chosen: Any, wanted: ToolChoice | None) -> None:
    tools = [{"type": "web_search"}, {"type": "local_shell"}]
    found = conversation(tools=tools, tool_choice=chosen)
    assert found.tool_choice == wanted
    assert found.unknown == (("tool_choice",) if wanted is None else ())


def test_allowed_tools_are_all_that_is_offered() -> None:
    tools = [{"type": "function", "name": name} for name in "abc"]
    allowed = [{"type": "function", "name": "c"}, {"type": "function", "name": "a"}]
    chosen = {"type": "allowed_tools", "mode": "auto", "tools": allowed}
    found = conversation(tools=tools, tool_choice=chosen)
    assert [tool.name for tool in found.tools] == ["a", "c"]


def test_members_without_a_neutral_form_are_named_if_they_change_anything() -> None:
    found = conversation(
        background=True,
        prompt={"id": "p"},
        service_tier="flex",
        truncation="auto",
        text={"verbosity": "low"},
        conversation=None,
        store=False,
        include=["reasoning.encrypted_content"],
        metadata={"a": "b"},
        prompt_cache_key="k",
    )
    wanted = ("background", "prompt", "service_tier", "truncation", "text.verbosity")
    assert found.unknown == wanted
    ordinary = conversation(background=False, service_tier="auto", truncation="disabled")
    assert ordinary.unknown == ()


def test_an_answer_that_is_not_kept_is_never_gone_on_from_in_silence() -> None:
    with pytest.raises(BadRequest) as refused:
        conversation(input="go on", previous_response_id="resp_gone")
    words = "Previous response with id 'resp_gone' not found."
    assert str(refused.value) == words
    told = json.loads(SERVED.error(Failure(400, "invalid_request_error", words), "r"))["error"]
    assert (told["code"], told["param"]) == ("previous_response_not_found", "previous_response_id")
