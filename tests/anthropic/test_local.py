"""A request reshaped for a local engine: everything readable, nothing that changes each turn."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from understudy.protocols.anthropic.local import KEPT_KEYS, local_body
from understudy.protocols.conversation.pairing import INTERRUPTED

from .requests import ODD_BODIES, assistant, few_examples, request, result, text, use, user

BILLING = "x-anthropic-billing-header: cc_version=2.1.330.{}; cc_entrypoint=cli"


def shaped(*, answer_tokens_max: int = 0, **members: Any) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(local_body(request(**members), "tiny", answer_tokens_max))
    return body


def test_only_what_the_engine_documents_is_sent() -> None:
    kept: dict[str, Any] = {
        "max_tokens": 9,
        "stop_sequences": ["x"],
        "stream": True,
        "temperature": 0.5,
        "tool_choice": {"type": "auto"},
        "top_k": 3,
        "top_p": 0.9,
    }
    assert tuple(kept) == KEPT_KEYS
    tools = [{"name": "Read", "input_schema": {"type": "object"}}]
    found = shaped(**kept, tools=tools, thinking={}, metadata={}, safeguards=[], betas=["x"])
    assert set(found) == {"model", "messages", "tools", *kept}
    assert {key: found[key] for key in kept} == kept
    assert found["model"] == "tiny"
    assert found["tools"] == [{**tools[0], "description": ""}]


def test_two_turns_that_differ_in_the_billing_line_send_the_same_bytes() -> None:
    def body(suffix: str) -> bytes:
        system: list[Any] = [
            text(BILLING.format(suffix)),
            {**text("a"), "cache_control": {}},
            text("b"),
        ]
        return local_body(request(system=system, messages=[user("hello")]), "tiny")

    assert body("413") == body("9bb")
    assert json.loads(body("413"))["system"] == "a\n\nb"


def test_two_turns_that_differ_in_the_tokens_left_send_the_same_bytes() -> None:
    def body(left: int) -> bytes:
        countdown = f"<total_tokens>{left} tokens left</total_tokens>"
        said = [user("go"), assistant(use("t")), user(result("t", "done"))]
        system = {"role": "system", "content": countdown}
        return local_body(request(messages=[*said, system]), "tiny")

    assert body(9_000) == body(8_000)
    assert b"tokens left" not in body(9_000)


@pytest.mark.parametrize(
    ("system", "expected"),
    [
        ("plain", "plain"),
        ([text("a"), text(""), 7, {"type": "text"}], "a"),
        ([text(BILLING)], None),
        ([], None),
        (None, None),
        (7, None),
        ({"type": "text"}, None),
    ],
)
def test_the_system_prompt_is_one_text(system: Any, expected: str | None) -> None:
    assert shaped(system=system).get("system") == expected


@pytest.mark.parametrize("content", ["today", [text("today")], [text("to"), text("day")]])
def test_a_system_message_becomes_a_reminder_in_the_user_s_turn(content: Any) -> None:
    words = "today" if content != [text("to"), text("day")] else "to\n\nday"
    found = shaped(messages=[user("a"), {"role": "system", "content": content}, assistant()])
    reminder = text(f"<system-reminder>\n{words}\n</system-reminder>")
    assert found["messages"] == [user(text("a"), reminder)]


@pytest.mark.parametrize("content", [[], "", None, [text("")], 7, {"type": "text"}])
def test_an_empty_message_is_left_out_and_its_neighbours_are_joined(content: Any) -> None:
    for role in ("system", "assistant", "user"):
        found = shaped(messages=[user("a"), {"role": role, "content": content}, user("b")])
        assert found["messages"] == [user(text("a"), text("b"))]


def test_thinking_is_left_out() -> None:
    blocks = [
        {"type": "thinking", "thinking": "x", "signature": "c2ln"},
        {"type": "redacted_thinking", "data": "x"},
        {"text": "no type"},
    ]
    found = shaped(messages=[user("a"), assistant(*blocks, text("b")), user("c")])
    assert found["messages"] == [user(text("a")), assistant(text("b")), user(text("c"))]


def test_a_tool_call_and_its_result_are_told_plainly() -> None:
    call: dict[str, Any] = {**use("Bash", command="ls"), "cache_control": {}, "caller": "x"}
    answer = {**result("Bash", [text("a"), text("b")]), "is_error": True}
    found = shaped(messages=[assistant(call), user(answer)])
    assert found["messages"] == [assistant(use("Bash", command="ls")), user(result("Bash", "a\nb"))]


def test_an_input_that_was_no_json_is_kept_as_the_client_tells_it() -> None:
    call = use("Bash", __unparsedToolInput='{"command": "ec')
    failed = user(result("Bash", "no JSON"))
    unparsed = {"__unparsedToolInput": {"raw": "{", "len": 1}}
    assert shaped(messages=[assistant(call), failed])["messages"] == [assistant(call), failed]
    for broken, told in (("{", unparsed), (None, {}), (["ls"], {})):
        found = shaped(messages=[assistant({**call, "input": broken}), failed])
        assert found["messages"] == [assistant({**call, "input": told}), failed]


def test_pain_10_a_broken_history_is_repaired() -> None:
    found = shaped(
        messages=[user("a"), assistant(use("Bash")), user(text("b"), result("gone", "x"))]
    )
    assert found["messages"][2] == user(result("Bash", INTERRUPTED), text("b"))


def test_pain_2_two_turns_that_differ_in_the_tokens_left_send_the_same_bytes() -> None:
    def body(left: int) -> bytes:
        told = f"<total_tokens>{left} tokens left</total_tokens>"
        history = [user("go"), assistant(use("Bash")), user(result("Bash", "x"))]
        return local_body(request(messages=[*history, {"role": "system", "content": told}]), "m")

    assert body(14_999_028) == body(14_990_001)


def test_a_reference_beside_text_is_named() -> None:
    found = shaped(messages=[user({"type": "tool_reference", "tool_name": "WebFetch"})])
    assert found["messages"] == [user(text("The tool WebFetch can be called now."))]


def test_a_document_s_text_is_read() -> None:
    source = {"type": "text", "media_type": "text/plain", "data": "words"}
    found = shaped(messages=[user({"type": "document", "title": "t", "source": source})])
    assert found["messages"] == [user(text("t\nwords"))]


def test_a_result_s_references_and_images_are_named() -> None:
    content = [
        {"type": "tool_reference", "tool_name": "WebFetch"},
        text("loaded"),
        {"type": "image", "source": {"data": "aGk="}},
        7,
    ]
    found = shaped(messages=[assistant(use("Search")), user(result("Search", content))])["messages"]
    said = "The tool WebFetch can be called now.\nloaded\n[image: this model cannot read it]"
    assert found[1:] == [user(result("Search", said))]


def test_what_a_text_model_cannot_see_is_named() -> None:
    found = shaped(messages=[user({"type": "image"}, {"type": "document"}, text("look"))])
    words = [block["text"] for block in found["messages"][0]["content"]]
    assert words[0] == "[image: this model cannot read it]"
    assert words[1:] == ["[document: this model cannot read it]", "look"]


PNG: dict[str, Any] = {"type": "base64", "media_type": "image/png", "data": "aGk="}
IMAGE: dict[str, Any] = {"type": "image", "source": PNG}
UNSEEN: list[dict[str, Any]] = [
    {"type": "image", "source": {**PNG, "media_type": "image/webp"}},
    {"type": "image", "source": {"type": "url", "url": "https://example.com/a.png"}},
]


def seen(*messages: dict[str, Any]) -> list[dict[str, Any]]:
    body = local_body(request(messages=list(messages)), "m", sees_images=True)
    found: list[dict[str, Any]] = json.loads(body)["messages"]
    return found


def test_a_model_with_eyes_is_shown_images() -> None:
    assert seen(user(text("look"), IMAGE)) == [user(text("look"), IMAGE)]


def test_a_model_with_eyes_is_shown_what_a_tool_has_seen() -> None:
    found = seen(assistant(use("Shot")), user(result("Shot", [text("here"), IMAGE])))
    assert found[1:] == [user(result("Shot", [text("here"), IMAGE]))]


@pytest.mark.parametrize("image", UNSEEN)
def test_what_eyes_cannot_read_or_is_not_at_hand_is_named(image: dict[str, Any]) -> None:
    assert seen(user(image)) == [user(text("[image: this model cannot read it]"))]


def test_tools_that_no_one_here_can_call_are_not_shown() -> None:
    schema = {"type": "object", "properties": {"path": {"type": "string"}}}
    tools: list[Any] = [
        {"name": "Read", "description": "reads", "input_schema": schema, "cache_control": {}},
        {"name": "Later", "input_schema": schema, "defer_loading": True},
        {"name": "DeferredToolPlaceholder", "input_schema": {}, "defer_loading": True},
        {"type": "web_search_20250305", "name": "web_search"},
        7,
    ]
    found = shaped(tools=tools)["tools"]
    assert [tool["name"] for tool in found] == ["Read", "Later"]
    assert found[0] == {"name": "Read", "description": "reads", "input_schema": schema}


@pytest.mark.parametrize("tools", [None, [], [{"type": "web_search_20250305"}], 7, {}, "Read"])
def test_without_tools_there_is_no_choice_of_one(tools: Any) -> None:
    found = shaped(tools=tools, tool_choice={"type": "any"})
    assert not {"tools", "tool_choice"} & set(found)


@pytest.mark.parametrize(("asked", "sent"), [(None, 256), (32_000, 256), (5, 5), (0, 256)])
def test_the_length_of_an_answer_is_bounded(asked: int | None, sent: int) -> None:
    assert shaped(max_tokens=asked, answer_tokens_max=256)["max_tokens"] == sent


def test_the_length_of_an_answer_is_the_client_s_without_a_bound() -> None:
    assert shaped(max_tokens=32_000)["max_tokens"] == 32_000
    assert "max_tokens" not in shaped()


@few_examples
@given(ODD_BODIES)
def test_an_odd_request_is_reshaped_without_a_crash(value: dict[str, Any]) -> None:
    found = shaped(**value)
    roles = [message["role"] for message in found["messages"]]
    assert set(roles) <= {"user", "assistant"}
    assert all(first != second for first, second in itertools.pairwise(roles))
    for message in found["messages"]:
        assert {block["type"] for block in message["content"]} <= {
            "text",
            "tool_use",
            "tool_result",
        }
        texts = [block["text"] for block in message["content"] if block["type"] == "text"]
        assert all(isinstance(words, str) and words for words in texts)
