"""Neutral messages as Gemini's contents."""

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
    ToolReference,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.request import Conversation, Message
from understudy.protocols.gemini.signatures import DUMMY, neutral

from .wire import MODEL, dropped, model, sent, text, user

OLD = "gemini-2.5-flash"
PNG = Media("image", "image/png", data="aGk=")
WAV = Media("audio", "audio/wav", data="aGk=")
INLINE = {"inlineData": {"mimeType": "image/png", "data": "aGk="}}


def asked(*blocks: Block) -> Message:
    return Message("user", blocks)


def answered(*blocks: Block) -> Message:
    return Message("assistant", blocks)


def use(name: str) -> ToolUse:
    return ToolUse(f"toolu_{name}", name, {"a": 1})


def result(name: str, *content: Any, is_error: bool = False) -> ToolResult:
    return ToolResult(f"toolu_{name}", content, is_error)


def called(name: str, signature: str = "") -> dict[str, Any]:
    part = {"functionCall": {"id": f"toolu_{name}", "name": name, "args": {"a": 1}}}
    return {**part, "thoughtSignature": signature} if signature else part


def response(name: str, **answer: Any) -> dict[str, Any]:
    return {"functionResponse": {"id": f"toolu_{name}", "name": name, "response": answer}}


def contents(*messages: Message, name: str = MODEL) -> list[dict[str, Any]]:
    return list(sent(Conversation(messages), name)["contents"])


def mine(payload: str, *, on_thought: bool = False, name: str = MODEL) -> str:
    return neutral(payload, name, on_thought=on_thought)


def test_neighbours_of_one_role_are_joined_and_empty_ones_left_out() -> None:
    found = contents(
        asked(Text("a"), Text("")),
        asked(Text("b")),
        answered(Text("")),
        asked(Text("c")),
        answered(Text("d")),
        answered(Text("e")),
    )
    assert found == [user(text("a"), text("b"), text("c")), model(text("d"), text("e"))]


def test_a_system_message_in_mid_conversation_is_a_reminder() -> None:
    system = Message("system", (Text("x"), Text("y")))
    found = contents(asked(Text("a")), system, Message("system", ()))
    assert found == [user(text("a"), text("<system-reminder>\nx\n\ny\n</system-reminder>"))]


def test_results_come_first_and_in_the_order_of_the_calls() -> None:
    found = contents(
        answered(use("Read"), use("Bash")),
        asked(Text("now"), result("Bash", Text("no"), is_error=True)),
        asked(result("Read", Text("a"), Text("b"))),
    )
    both = (response("Read", output="a\nb"), response("Bash", error="no"))
    assert found[1] == user(*both, text("now"))


def test_a_result_without_a_call_and_a_second_one_are_told_as_text() -> None:
    orphan, again = result("Bash", Text("o"), PNG), result("Read", Text("2"))
    found = contents(answered(use("Read")), asked(result("Read", Text("1")), again, orphan))
    assert found[1] == user(response("Read", output="1"), text("2"), text("o"), INLINE)


def test_media_in_a_result_stand_where_the_model_reads_them() -> None:
    messages = (answered(use("Read")), asked(result("Read", Text("a"), PNG, WAV)))
    audio = {"inlineData": {"mimeType": "audio/wav", "data": "aGk="}}
    new = response("Read", output="a")
    new["functionResponse"]["parts"] = [INLINE]
    assert contents(*messages)[1] == user(new, audio)
    old = user(response("Read", output="a"), INLINE, audio)
    assert contents(*messages, name=OLD)[1] == old


def test_media_by_address_by_file_and_as_text() -> None:
    own = "https://generativelanguage.googleapis.com/v1beta/files/abc"
    blocks = (
        Media("image", url="https://example.org/a.JPG?x=1"),
        Media("image", url="https://example.org/a"),
        Media("document", "application/pdf", file_id=own, title="t"),
        Media("document", file_id="file-123"),
        Media("document", text="words", title="t"),
        Media("document", text="words"),
        Media("document", data="aGk=", title="t"),
    )
    asked_for = Conversation((asked(*blocks),))
    assert sent(asked_for)["contents"][0]["parts"] == [
        {"fileData": {"mimeType": "image/jpeg", "fileUri": "https://example.org/a.JPG?x=1"}},
        {"fileData": {"fileUri": "https://example.org/a"}},
        {"fileData": {"mimeType": "application/pdf", "fileUri": own}},
        text("[document: a file that this model cannot reach]"),
        text("t\nwords"),
        text("words"),
        {"inlineData": {"mimeType": "application/pdf", "data": "aGk=", "displayName": "t"}},
    ]
    assert dropped(asked_for) == ("document by file id",)


def test_what_another_dialect_put_into_a_result_is_named() -> None:
    foreign = Other("anthropic", "search_result", {})
    asked_for = Conversation((answered(use("Read")), asked(result("Read", Text("a"), foreign))))
    assert sent(asked_for)["contents"][1] == user(response("Read", output="a"))
    assert dropped(asked_for) == ("content.search_result",)


def test_a_reference_to_a_tool_is_told() -> None:
    found = contents(answered(use("Find")), asked(result("Find", ToolReference("WebFetch"))))
    assert found[1] == user(response("Find", output="The tool WebFetch can be called now."))
    assert contents(asked(ToolReference("X"))) == [user(text("The tool X can be called now."))]


def test_own_thinking_goes_back_on_the_part_that_it_came_with() -> None:
    thinking = Thinking("hm", mine("c2ln"))
    assert contents(answered(thinking, use("Read"), use("Bash"))) == [
        model(called("Read", "c2ln"), called("Bash"))
    ]
    assert contents(answered(thinking, Text("a"))) == [model(text("a", thoughtSignature="c2ln"))]
    assert contents(answered(Text("a"), thinking)) == [
        model(text("a"), text("", thoughtSignature="c2ln"))
    ]
    second = Thinking("", mine("Mg=="))
    assert contents(answered(thinking, second, use("Read"))) == [
        model(text("", thoughtSignature="c2ln"), called("Read", "Mg=="))
    ]


def test_a_signature_that_came_on_a_thought_goes_back_on_it() -> None:
    thinking = Thinking("hm", mine("c2ln", on_thought=True))
    assert contents(answered(thinking, Text("a"))) == [
        model(text("hm", thought=True, thoughtSignature="c2ln"), text("a"))
    ]


@pytest.mark.parametrize(
    "foreign",
    [
        Thinking("hm", "c2ln"),
        Thinking("hm"),
        Thinking("hm", mine("c2ln", name="gemini-3-flash")),
        RedactedThinking("x"),
    ],
)
def test_foreign_thinking_is_left_out_and_its_call_signed_where_it_must_be(foreign: Block) -> None:
    message = answered(foreign, Text("a"), use("Read"), use("Bash"))
    assert contents(message) == [model(text("a"), called("Read", DUMMY), called("Bash"))]
    assert contents(message, name=OLD) == [model(text("a"), called("Read"), called("Bash"))]
    for name in ("gemini-flash-latest", "models/gemini-3.1-pro-preview", "gemini-10"):
        assert DUMMY in str(contents(message, name=name))
    for name in ("gemma-3-27b", "gemini-2.0-flash", "tunedModels/x"):
        assert DUMMY not in str(contents(message, name=name))


def test_each_message_with_a_call_has_a_signature() -> None:
    found = contents(answered(use("Read")), answered(Text("b"), use("Bash")))
    assert found == [model(called("Read", DUMMY), text("b"), called("Bash", DUMMY))]


def test_own_parts_go_back_verbatim_and_others_are_named() -> None:
    code = {"executableCode": {"code": "1"}}
    own = Other("gemini", "executableCode", {**code, "thoughtSignature": "c2ln"})
    other = Other("anthropic", "server_tool_use", {"type": "server_tool_use"})
    found = Conversation((answered(Thinking("", mine("Mg==")), own, other),))
    assert sent(found)["contents"] == [model({**code, "thoughtSignature": "Mg=="})]
    assert dropped(found) == ("content.server_tool_use",)
