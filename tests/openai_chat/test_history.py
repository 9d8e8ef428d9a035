"""A conversation's messages as an endpoint gets them."""

from __future__ import annotations

import base64
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
from understudy.protocols.conversation.origin import signed
from understudy.protocols.conversation.request import Conversation, Message
from understudy.protocols.openai_chat.dialect import UPSTREAM

from .wire import MODEL, assistant, said, sent, use, user

CACHE = {"type": "ephemeral"}
IMAGE = Media("image", "image/png", "iVBORw0KGgo=")
PDF = Media("document", "application/pdf", "JVBE", title="a.pdf")
IMAGE_PART: dict[str, Any] = {
    "type": "image_url",
    "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="},
}
PDF_PART: dict[str, Any] = {
    "type": "file",
    "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBE"},
}


def text(words: str) -> dict[str, Any]:
    return {"type": "text", "text": words}


def wire_call(name: str, call_id: str, arguments: str) -> dict[str, Any]:
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": arguments}}


def result(call_id: str, *content: Any, is_error: bool = False) -> ToolResult:
    blocks = tuple(Text(block) if isinstance(block, str) else block for block in content)
    return ToolResult(call_id, blocks, is_error)


def dropped(*messages: Message, model: str = MODEL) -> tuple[str, ...]:
    """What of these messages could not be said."""
    return UPSTREAM.request(Conversation(messages), model).dropped


def test_the_system_prompt_is_one_message_and_a_later_one_stays_at_its_place() -> None:
    later = Message("system", (Text("now"), Text("then")))
    assert said(user("a"), assistant("b"), later, user("c"), system=(Text("x"), Text("y"))) == [
        {"role": "system", "content": "x\n\ny"},
        {"role": "user", "content": "a"},
        {"role": "assistant", "content": "b"},
        {"role": "system", "content": "now\n\nthen"},
        {"role": "user", "content": "c"},
    ]


def test_what_is_empty_is_not_sent() -> None:
    empty = Message("system", (Text(""),))
    assert said(user(""), assistant(""), empty, user("x"), system=(Text(""),)) == [
        {"role": "user", "content": "x"}
    ]


def test_text_alone_is_a_string_and_the_user_s_neighbours_are_joined() -> None:
    assert said(user("a", "b"), user("c")) == [{"role": "user", "content": "a\n\nb\n\nc"}]
    assert said(user("a", IMAGE), user("c")) == [
        {"role": "user", "content": [text("a"), IMAGE_PART, text("c")]}
    ]


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (IMAGE, IMAGE_PART),
        (PDF, PDF_PART),
        (
            Media("image", url="http://x", detail="low"),
            {"type": "image_url", "image_url": {"url": "http://x", "detail": "low"}},
        ),
        (
            Media("document", "application/pdf", "JVBE"),
            {"type": "file", "file": {**PDF_PART["file"], "filename": "document.pdf"}},
        ),
        (
            Media("audio", "audio/mpeg", "QUJD"),
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "mp3"}},
        ),
        (
            Media("audio", "audio/flac", "QUJD"),
            {"type": "input_audio", "input_audio": {"data": "QUJD", "format": "flac"}},
        ),
        (
            Media("video", url="http://x/v"),
            {"type": "video_url", "video_url": {"url": "http://x/v"}},
        ),
        (
            Media("document", file_id="file-abc"),
            {"type": "file", "file": {"file_id": "file-abc"}},
        ),
        (
            Other("openai-chat", "hologram", {"type": "hologram", "text": {}}),
            {"type": "hologram", "text": {}},
        ),
    ],
)
def test_a_medium_is_a_part(block: Block, expected: dict[str, Any]) -> None:
    assert said(user(block)) == [{"role": "user", "content": [expected]}]
    assert dropped(user(block)) == ()


@pytest.mark.parametrize(
    ("media", "words", "unsent"),
    [
        (Media("document", text="body", title="notes"), "notes\n\nbody", ()),
        (Media("document", text="body"), "body", ()),
        (Media("document", "text/plain", base64.b64encode(b"body").decode()), "body", ()),
        (Media("document", "text/plain", "/w==", title="t"), "[document: t]", ()),
        (
            Media("document", url="http://x/a.pdf"),
            "[document: http://x/a.pdf]",
            ("document by url",),
        ),
        (Media("image", file_id="file_011"), "[image: file_011]", ("image by file_id",)),
    ],
)
def test_a_medium_that_is_text_or_cannot_be_sent_is_told(
    media: Media, words: str, unsent: tuple[str, ...]
) -> None:
    assert said(user(media)) == [{"role": "user", "content": words}]
    assert dropped(user(media)) == unsent
    called = [assistant(use()), user(result("call_1", media))]
    assert said(*called)[1] == {"role": "tool", "tool_call_id": "call_1", "content": words}
    assert dropped(*called) == unsent


def test_calls_and_their_results_stand_directly_behind_one_another() -> None:
    found = said(
        assistant("Let me see.", use("f", "c1", path="\u00e9"), use("g", "c2")),
        Message("system", (Text("3 tokens left"),)),
        user("by the way", result("c2", "two"), result("c1", "one", "more")),
        assistant("Done."),
    )
    assert found == [
        {
            "role": "assistant",
            "content": "Let me see.",
            "tool_calls": [
                wire_call("f", "c1", '{"path":"\u00e9"}'),
                wire_call("g", "c2", "{}"),
            ],
        },
        {"role": "tool", "tool_call_id": "c2", "content": "two"},
        {"role": "tool", "tool_call_id": "c1", "content": "one\nmore"},
        {"role": "system", "content": "3 tokens left"},
        {"role": "user", "content": "by the way"},
        {"role": "assistant", "content": "Done."},
    ]


def test_images_and_documents_in_a_result_come_next_and_name_their_call() -> None:
    found = said(
        assistant(use("Read", "c1"), use("Shot", "c2")),
        user(result("c1", "a page", PDF), result("c2", IMAGE), "and now?"),
    )
    assert found[0]["content"] is None
    assert found[1:] == [
        {"role": "tool", "tool_call_id": "c1", "content": "a page"},
        {
            "role": "tool",
            "tool_call_id": "c2",
            "content": "The result is in the next message.",
        },
        {
            "role": "user",
            "content": [
                text("Result of Read (c1):"),
                PDF_PART,
                text("Result of Shot (c2):"),
                IMAGE_PART,
                text("and now?"),
            ],
        },
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("no such file", "Error: no such file"),
        ("Error: no such file", "Error: no such file"),
        ("<tool_use_error>bad</tool_use_error>", "<tool_use_error>bad</tool_use_error>"),
        ("", "Error: "),
    ],
)
def test_a_result_that_is_an_error_says_so(words: str, expected: str) -> None:
    assert (
        said(assistant(use()), user(result("call_1", words, is_error=True)))[1]["content"]
        == expected
    )
    assert said(assistant(use()), user(result("call_1", words)))[1]["content"] == words


def test_a_reference_to_a_tool_is_told_in_words() -> None:
    found = said(assistant(use()), user(result("call_1", ToolReference("WebFetch"), "loaded")))
    assert found[1]["content"] == "The tool WebFetch can be called now.\nloaded"


def test_broken_arguments_are_an_object_that_templates_can_read() -> None:
    broken = {"__unparsedToolInput": {"raw": "{", "len": 1}}
    found = said(assistant(ToolUse("c", "f", broken)), user(result("c", "x")))
    assert json.loads(found[0]["tool_calls"][0]["function"]["arguments"]) == broken


def test_names_are_shortened_and_the_same_in_calls_tools_and_choice() -> None:
    name = "mcp__a.b__" + "x" * 90
    function = said(assistant(use(name)), user(result("call_1", "x")))[0]["tool_calls"][0][
        "function"
    ]
    assert 60 < len(function["name"]) <= 64
    assert set(function["name"]) <= set("mcp_abx0123456789def")
    again = said(assistant(use(name)), user(result("call_1", "x")))[0]["tool_calls"][0]["function"]
    assert again == function


@pytest.mark.parametrize(
    ("model", "call_id", "fits"),
    [
        (MODEL, "call_abc-123.x", True),
        (MODEL, "toolu_" + "0" * 40, False),
        (MODEL, "a b", False),
        ("mistral-large-latest", "abcdefgh1", True),
        ("mistralai/Devstral-Small", "call_1", False),
    ],
)
def test_ids_fit_and_stay_paired(model: str, call_id: str, fits: bool) -> None:
    conversation = Conversation((assistant(use("f", call_id)), user(result(call_id, "x"))))
    call, answer = sent(conversation, model)["messages"]
    wire = call["tool_calls"][0]["id"]
    assert answer["tool_call_id"] == wire
    assert (wire == call_id) == fits
    assert len(wire) <= (9 if "stral" in model else 40)


def test_a_model_gets_its_own_thinking_back_under_the_name_it_gave() -> None:
    def back(payload: str, model: str = MODEL) -> dict[str, Any]:
        thinking = Thinking("hm", signed("openai-chat", model, payload))
        return said(assistant(thinking, "x"))[0]

    plain = {"role": "assistant", "content": "x"}
    assert back("reasoning_content") == {**plain, "reasoning_content": "hm"}
    assert back("reasoning") == {**plain, "reasoning": "hm"}
    assert back("") == {**plain, "reasoning_content": "hm"}
    entries = [{"type": "reasoning.encrypted", "data": "zzz"}]
    assert back(json.dumps(entries)) == {**plain, "reasoning_details": entries}
    assert back("[broken") == {**plain, "reasoning_content": "hm"}
    assert back("reasoning_content", "another") == plain


@pytest.mark.parametrize(
    "thinking",
    [
        Thinking("hm"),
        Thinking("hm", "c2ln"),
        Thinking("hm", signed("gemini", MODEL, "x")),
        Thinking("hm", signed("openai-chat", "another", "reasoning_content")),
        RedactedThinking("c2ln"),
    ],
)
def test_thinking_of_another_is_dropped_and_never_becomes_text(thinking: Block) -> None:
    found = assistant(thinking, "x")
    assert said(found) == [{"role": "assistant", "content": "x"}]
    assert dropped(found) == ("thinking",)
    assert said(assistant(thinking)) == []


def test_several_thoughts_go_back_as_one() -> None:
    thoughts = [
        Thinking(word, signed("openai-chat", MODEL, "reasoning_content")) for word in ("a", "b")
    ]
    assert said(assistant(*thoughts, "x"))[0]["reasoning_content"] == "ab"


def test_an_answer_s_texts_are_one_with_an_empty_line_where_something_else_stood_between() -> None:
    other = Other("anthropic", "server_tool_use", {})
    found = assistant("a", "b", other, "c", IMAGE)
    assert said(found) == [{"role": "assistant", "content": "ab\n\nc"}]
    assert dropped(found) == ("block server_tool_use", "block Media")


def test_what_no_endpoint_knows_is_dropped_and_named() -> None:
    foreign = Other("anthropic", "search_result", {"type": "search_result"})
    cached = user(Text("x", CACHE), foreign, ToolReference("f"))
    assert said(cached) == [{"role": "user", "content": "x"}]
    assert dropped(cached) == ("cache_control", "block search_result", "block ToolReference")
    in_result = [assistant(use()), user(result("call_1", "x", foreign))]
    assert dropped(*in_result) == ("block search_result",)
