"""Contents of Gemini's clients as neutral messages."""

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
from understudy.protocols.gemini.signatures import neutral, shown

from .wire import call, conversation, messages, model, text, user


def response(name: str, answer: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {"functionResponse": {"name": name, "response": answer, **members}}


def blocks(*parts: dict[str, Any]) -> tuple[Block, ...]:
    (message,) = messages(model(*parts))
    return message.blocks


def result(answer: dict[str, Any], **members: Any) -> ToolResult:
    found = messages(model(call("Read")), user(response("Read", answer, **members)))[1].blocks[0]
    assert isinstance(found, ToolResult)
    return found


def test_roles_and_texts() -> None:
    contents: list[Any] = [
        {"parts": [text("a")]},
        model(text("b"), text("")),
        {"role": "function", "parts": [text("c")]},
        {"role": "system", "parts": {"text": "d"}},
        {"role": "user", "parts": []},
        "e",
        7,
    ]
    found = conversation(contents=contents).messages
    said = [(message.role, message.blocks[0]) for message in found]
    assert [(role, block.text) for role, block in said if isinstance(block, Text)] == [
        ("user", "a"),
        ("assistant", "b"),
        ("user", "c"),
        ("system", "d"),
        ("user", "e"),
    ]


def test_a_role_that_is_unknown_is_a_user_s_and_counted() -> None:
    found = conversation(contents=[{"role": "critic", "parts": [text("a")]}])
    assert found.messages[0].role == "user"
    assert found.unknown == ("role critic",)


def test_one_content_may_stand_without_a_list() -> None:
    assert conversation(contents=user(text("a"))).messages[0].blocks == (Text("a"),)
    assert conversation(contents="a").messages[0].blocks == (Text("a"),)


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [
        ("image/png", "image"),
        ("audio/wav", "audio"),
        ("video/mp4", "video"),
        ("application/pdf", "document"),
    ],
)
def test_media(media_type: str, kind: Any) -> None:
    inline = {"inlineData": {"mimeType": media_type, "data": "aGk=", "displayName": "x"}}
    snake = {"inline_data": {"mime_type": media_type, "data": "aGk=", "display_name": "x"}}
    wanted = Media(kind, media_type, data="aGk=", title="x")
    assert messages(user(inline, snake))[0].blocks == (wanted, wanted)


def test_files_by_address_and_files_that_only_google_can_read() -> None:
    own = "https://generativelanguage.googleapis.com/v1beta/files/abc"
    parts = [
        {"fileData": {"mimeType": "application/pdf", "fileUri": uri}}
        for uri in ("https://example.org/a.pdf", own, "gs://bucket/a.pdf")
    ]
    found = messages(user(*parts, {"fileData": {}}))[0].blocks
    assert found == (
        Media("document", "application/pdf", url="https://example.org/a.pdf"),
        Media("document", "application/pdf", file_id=own),
        Media("document", "application/pdf", file_id="gs://bucket/a.pdf"),
    )


def test_calls_and_responses_without_ids_find_each_other_by_name_and_order() -> None:
    found = messages(
        model(call("Read", path="a"), call("Bash"), call("Read", path="b")),
        user(response("Read", {"output": "A"}), response("Bash", {"output": "x"})),
        user(response("Read", {"output": "B"})),
        model(call("Read")),
    )
    uses = [block for block in found[0].blocks if isinstance(block, ToolUse)]
    assert [use.id for use in uses] == ["call_1", "call_2", "call_3"]
    results = [*found[1].blocks, *found[2].blocks]
    assert results == [
        ToolResult("call_1", (Text("A"),)),
        ToolResult("call_2", (Text("x"),)),
        ToolResult("call_3", (Text("B"),)),
    ]
    assert found[3].blocks == (ToolUse("call_4", "Read", {}),)


def test_ids_are_kept_and_never_made_twice() -> None:
    found = messages(
        model(call("Read"), {"function_call": {"id": "call_1", "name": "Read", "args": {"a": 1}}}),
        user(response("Read", {"output": "B"}, id="call_1"), response("Read", {"output": "A"})),
    )
    assert found[0].blocks == (ToolUse("call_2", "Read", {}), ToolUse("call_1", "Read", {"a": 1}))
    assert found[1].blocks == (
        ToolResult("call_1", (Text("B"),)),
        ToolResult("call_2", (Text("A"),)),
    )


def test_an_id_of_the_client_s_own_making_belongs_to_the_oldest_call_of_its_name() -> None:
    found = messages(model(call("Read")), user(response("Read", {"output": "A"}, id="Read-17-x")))
    assert found[1].blocks == (ToolResult("call_1", (Text("A"),)),)


def test_an_id_that_two_calls_have_takes_no_other_call_s_response() -> None:
    answers = [("a", "first"), ("a", "second"), ("b", "third")]
    found = messages(
        model(*({"functionCall": {"id": given, "name": "Read"}} for given, _ in answers)),
        user(*(response("Read", {"output": words}, id=given) for given, words in answers)),
    )[1].blocks
    assert found == tuple(ToolResult(given, (Text(words),)) for given, words in answers)


def test_a_response_without_a_call_stays_one() -> None:
    found = messages(user(response("Read", {"output": "A"}), response("Read", {}, id="x")))
    assert found[0].blocks == (ToolResult("orphan_Read", (Text("A"),)), ToolResult("x", ()))


@pytest.mark.parametrize(
    ("answer", "words", "is_error"),
    [
        ({"output": "a"}, "a", False),
        ({"result": "a"}, "a", False),
        ({"output": ["a", 1]}, '["a",1]', False),
        ({"error": "no"}, "no", True),
        ({"error": {"code": 5}}, '{"code":5}', True),
        ({"temperature": 7}, '{"temperature":7}', False),
        ({"output": "a", "error": "b"}, '{"output":"a","error":"b"}', True),
    ],
)
def test_what_a_tool_said(answer: dict[str, Any], words: str, is_error: bool) -> None:
    assert result(answer) == ToolResult("call_1", (Text(words),), is_error)


def test_a_response_that_says_nothing() -> None:
    for empty in ({}, {"output": ""}):
        assert result(empty, scheduling="SILENT", willContinue=False) == ToolResult("call_1", ())


def test_media_inside_a_response() -> None:
    parts = [{"inlineData": {"mimeType": "image/png", "data": "aGk="}}, {"other": 1}]
    image = Media("image", "image/png", data="aGk=")
    assert result({"output": "a"}, parts=parts).content == (Text("a"), image)


def test_a_signature_on_a_call_is_the_thinking_in_front_of_it() -> None:
    signed = {**call("Read"), "thoughtSignature": "c2ln"}
    own = neutral("c2ln", "m", on_thought=False)
    use = ToolUse("call_1", "Read", {})
    assert blocks(signed) == (Thinking("", own), use)
    assert blocks(text("hm", thought=True), signed) == (Thinking("hm", own), use)
    ours = {**call("Read"), "thought_signature": shown("c2ln")}
    assert blocks(text("hm", thought=True), ours) == (Thinking("hm", "c2ln"), use)


def test_a_signature_on_an_empty_text_and_on_a_thought() -> None:
    after = neutral("c2ln", "m", on_thought=False)
    assert blocks(text("a"), text("", thoughtSignature="c2ln")) == (Text("a"), Thinking("", after))
    on_thought = neutral("c2ln", "m", on_thought=True)
    signed = text("hm", thought=True, thoughtSignature="c2ln")
    assert blocks(signed, text("a")) == (Thinking("hm", on_thought), Text("a"))
    assert blocks(text("", thought=True), text("a")) == (Text("a"),)


def test_hidden_thinking_comes_back() -> None:
    hidden = shown("x/+=é", redacted=True)
    urlsafe = hidden.replace("+", "-").replace("/", "_").rstrip("=")
    for wire in (hidden, urlsafe):
        for thought in (False, True):
            found = blocks(text("", thought=thought, thoughtSignature=wire), text("a"))
            assert found == (RedactedThinking("x/+=é"), Text("a"))


def test_a_signature_of_ours_that_is_broken_is_taken_for_google_s() -> None:
    for wire in (shown("c2ln")[:13] + "é", shown("c2ln")[:17]):
        thinking, _ = blocks(text("a", thoughtSignature=wire))
        assert thinking == Thinking("", neutral(wire, "m", on_thought=False))


def test_parts_of_gemini_s_own_kinds_stay_verbatim() -> None:
    part = {"executableCode": {"language": "PYTHON", "code": "1"}}
    assert blocks(part) == (Other("gemini", "executableCode", part),)


def test_a_part_that_is_unknown_is_counted() -> None:
    found = conversation(contents=[user({"smell": 1}, text("a", videoMetadata={}))])
    assert found.messages[0].blocks == (Text("a"),)
    assert found.unknown == ("part smell", "part videoMetadata")
