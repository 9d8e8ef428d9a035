"""A client's messages: every role, every form of content, calls and results old and new."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.conversation.blocks import (
    Block,
    Media,
    Other,
    RedactedThinking,
    Text,
    Thinking,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.request import Message

from .wire import assistant, heard, use, user

CACHE = {"type": "ephemeral"}
PIXEL = "iVBORw0KGgo="


def only(part: Any) -> tuple[Block, ...]:
    """The blocks of one message of a user with this part."""
    messages = heard({"role": "user", "content": [part]}).messages
    return messages[0].blocks if messages else ()


@pytest.mark.parametrize("content", ["hi", [{"type": "text", "text": "hi"}], ["hi"]])
@pytest.mark.parametrize("role", ["user", "assistant"])
def test_content_is_a_string_or_parts(role: Any, content: Any) -> None:
    assert heard({"role": role, "content": content}).messages == (Message(role, (Text("hi"),)),)


@pytest.mark.parametrize("content", ["", None, [], [{"type": "text", "text": ""}], 7, [None]])
def test_an_empty_message_is_left_out(content: Any) -> None:
    assert heard({"role": "user", "content": content}).messages == ()


def test_leading_system_messages_are_the_system_prompt_and_later_ones_stay() -> None:
    found = heard(
        {"role": "system", "content": "a"},
        {"role": "developer", "content": [{"type": "text", "text": "b", "cache_control": CACHE}]},
        {"role": "user", "content": "hi"},
        {"role": "developer", "content": "c"},
        {"role": "system", "content": ""},
    )
    assert found.system == (Text("a"), Text("b", CACHE))
    assert found.messages == (user("hi"), Message("system", (Text("c"),)))


def test_an_odd_role_is_the_user_s_and_is_named() -> None:
    found = heard({"role": "ctx", "content": "hi"})
    assert found.messages == (user("hi"),)
    assert found.unknown == ("role ctx",)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (
            {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}},
            Media("image", "image/png", PIXEL),
        ),
        (
            {"type": "image_url", "image_url": {"url": "http://x/y.png", "detail": "low"}},
            Media("image", url="http://x/y.png", detail="low"),
        ),
        ({"type": "input_image", "image_url": "http://x/y"}, Media("image", url="http://x/y")),
        (
            {"type": "video_url", "video_url": {"url": "http://x/y"}},
            Media("video", url="http://x/y"),
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "mp3"}},
            Media("audio", "audio/mpeg", "QUJD"),
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "flac"}},
            Media("audio", "audio/flac", "QUJD"),
        ),
        (
            {
                "type": "file",
                "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBE"},
            },
            Media("document", "application/pdf", "JVBE", title="a.pdf"),
        ),
        (
            {"type": "file", "file": {"filename": "a.pdf", "file_data": "JVBE"}},
            Media("document", "application/pdf", "JVBE", title="a.pdf"),
        ),
        (
            {"type": "file", "file": {"file_data": "data:image/png;charset=x;base64,AA=="}},
            Media("image", "image/png", "AA=="),
        ),
        (
            {"type": "file", "file": {"file_data": "https://x/a.pdf"}},
            Media("document", url="https://x/a.pdf"),
        ),
        ({"type": "file", "file": {"file_id": "file-1"}}, Media("document", file_id="file-1")),
        ({"type": "refusal", "refusal": "no"}, Text("no")),
        ({"text": "no type"}, Text("no type")),
        ({"type": "text", "text": "x", "cache_control": CACHE}, Text("x", CACHE)),
        (
            {"type": "text", "text": "x", "prompt_cache_breakpoint": {"mode": "explicit"}},
            Text("x", CACHE),
        ),
        (
            {"type": "hologram", "x": 1},
            Other("openai-chat", "hologram", {"type": "hologram", "x": 1}),
        ),
    ],
)
def test_a_part_of_each_kind(part: dict[str, Any], expected: Block) -> None:
    assert only(part) == (expected,)


@pytest.mark.parametrize(
    "part",
    [
        {"type": "image_url"},
        {"type": "image_url", "image_url": {"url": 7}},
        {"type": "input_audio", "input_audio": "x"},
        {"type": "file", "file": {}},
        {"type": "refusal"},
        {"type": 7, "x": 1},
        {},
    ],
)
def test_a_part_that_holds_nothing_is_left_out(part: dict[str, Any]) -> None:
    assert only(part) == ()


def test_a_cache_marker_of_a_whole_message_goes_to_its_last_text() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]
    found = heard({"role": "user", "content": parts, "cache_control": CACHE})
    assert found.messages == (user("a", Text("b", CACHE)),)


def test_calls_and_results_in_one_message_of_the_user() -> None:
    found = heard(
        {
            "role": "assistant",
            "content": None,
            "tool_calls": [
                {"id": "1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}},
                {"id": "2", "type": "function", "function": {"name": "g", "arguments": ""}},
            ],
        },
        {"role": "tool", "tool_call_id": "2", "content": "two"},
        {"role": "tool", "tool_call_id": "1", "content": [{"type": "text", "text": "one"}]},
        {"role": "user", "content": "go on"},
    )
    assert found.messages == (
        assistant(use("f", "1", a=1), use("g", "2")),
        user(ToolResult("2", (Text("two"),)), ToolResult("1", (Text("one"),))),
        user("go on"),
    )


@pytest.mark.parametrize("arguments", ["{", "[1]", "7", "null", '{"a": NaN}', "[" * 9999])
def test_arguments_that_are_no_object_are_kept_as_they_are(arguments: str) -> None:
    function = {"name": "f", "arguments": arguments}
    found = heard({"role": "assistant", "tool_calls": [{"id": "1", "function": function}]})
    unparsed = {"__unparsedToolInput": {"raw": arguments, "len": len(arguments)}}
    assert found.messages == (assistant(ToolUse("1", "f", unparsed)),)


def test_arguments_may_be_the_object_itself_and_a_call_without_an_id_gets_one() -> None:
    item = {"function": {"name": "f", "arguments": {"a": 1}}}
    found = heard({"role": "user", "content": "x"}, {"role": "assistant", "tool_calls": [item]})
    assert found.messages[1] == assistant(use("f", "call_1_0", a=1))


def test_a_call_of_a_custom_tool_has_its_text_as_input() -> None:
    item = {"id": "1", "type": "custom", "custom": {"name": "patch", "input": "*** Begin"}}
    found = heard({"role": "assistant", "tool_calls": [item]})
    assert found.messages == (assistant(use("patch", "1", input="*** Begin")),)


def test_the_old_form_has_ids_by_its_place() -> None:
    def old(name: str) -> dict[str, Any]:
        return {"role": "assistant", "function_call": {"name": name, "arguments": "{}"}}

    found = heard(
        old("f"),
        {"role": "function", "name": "f", "content": "one"},
        old("f"),
        {"role": "function", "name": "f", "content": "two"},
        {"role": "function", "name": "g", "content": "three"},
    )
    assert found.messages == (
        assistant(use("f", "call_0_0")),
        user(ToolResult("call_0_0", (Text("one"),))),
        assistant(use("f", "call_2_0")),
        user(ToolResult("call_2_0", (Text("two"),)), ToolResult("call_g", (Text("three"),))),
    )


def test_a_refusal_given_back_is_text() -> None:
    found = heard({"role": "assistant", "content": None, "refusal": "I will not."})
    assert found.messages == (assistant("I will not."),)


@pytest.mark.parametrize("member", ["reasoning_content", "reasoning"])
def test_plain_thinking_given_back_is_nobody_s(member: str) -> None:
    found = heard({"role": "assistant", "content": "x", member: "hm"})
    assert found.messages == (assistant(Thinking("hm"), "x"),)


def test_thinking_given_back_in_pieces_is_put_together_with_its_signature() -> None:
    entries: list[dict[str, Any]] = [
        {"type": "reasoning.text", "text": "a", "index": 0},
        {"type": "reasoning.text", "text": "b", "index": 0},
        {"type": "reasoning.text", "signature": "s1", "index": 0},
        {"type": "reasoning.encrypted", "data": "secret", "index": 1},
        {"type": "reasoning.text", "text": "c", "signature": "s2", "index": 2},
        {"type": "reasoning.text", "text": "d", "signature": "google's", "format": "google-x"},
        {"type": "reasoning.summary", "summary": "e"},
        {"type": "reasoning.encrypted"},
        {"type": "reasoning.text", "text": ""},
    ]
    message = {"role": "assistant", "reasoning_content": "abc", "reasoning_details": entries}
    assert heard({**message, "content": "x"}).messages == (
        assistant(
            Thinking("ab", "s1"),
            RedactedThinking("secret"),
            Thinking("c", "s2"),
            Thinking("d"),
            Thinking("e"),
            "x",
        ),
    )
