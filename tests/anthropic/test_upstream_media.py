"""Images and documents for a Messages API, beside text and inside results."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from understudy.protocols.anthropic.dialect import UPSTREAM
from understudy.protocols.conversation.blocks import (
    Media,
    Text,
    ToolResult,
)
from understudy.protocols.conversation.origin import signed
from understudy.protocols.conversation.request import (
    Conversation,
    Message,
)

from .neutral import assistant, use, user
from .requests import text

MODEL = "claude-opus-5-5"
CACHE = {"type": "ephemeral"}
GO = (user("go"),)
FOREIGN = signed("gemini", "g", "c2ln")


def body(conversation: Conversation, model: str = MODEL) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(UPSTREAM.request(conversation, model).body)
    return found


def messages(*history: Message) -> list[Any]:
    found: list[Any] = body(Conversation(history))["messages"]
    return found


def dropped(conversation: Conversation) -> tuple[str, ...]:
    return UPSTREAM.request(conversation, MODEL).dropped


def test_pain_15_media_stand_inside_a_result_and_beside_one_that_failed() -> None:
    image = Media("image", "image/png", data="aGk=")
    written = {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": "aGk="},
    }
    good = messages(user("a"), assistant(use("t")), user(ToolResult("t", (Text("x"), image))))
    assert good[2]["content"][0]["content"] == [text("x"), written]
    failed = ToolResult("t", (Text("x"), image), is_error=True)
    bad = messages(user("a"), assistant(use("t")), user(failed, "b"))[2]["content"]
    assert bad[0]["content"] == [text("x")]
    assert bad[1:] == [written, text("b")]


PDF = {"type": "base64", "media_type": "application/pdf", "data": "aGk="}
WORDS = base64.b64encode("h\u00e9".encode()).decode()


@pytest.mark.parametrize(
    ("media", "kind", "source"),
    [
        (Media("image", url="https://x"), "image", {"type": "url", "url": "https://x"}),
        (Media("image", file_id="f"), "image", {"type": "file", "file_id": "f"}),
        (Media("document", "application/pdf", data="aGk="), "document", PDF),
        (Media("document", url="https://x"), "document", {"type": "url", "url": "https://x"}),
        (Media("document", file_id="f"), "document", {"type": "file", "file_id": "f"}),
        (
            Media("document", "text/plain", text="x"),
            "document",
            {"type": "text", "media_type": "text/plain", "data": "x"},
        ),
        (
            Media("document", "text/markdown", data=WORDS),
            "document",
            {"type": "text", "media_type": "text/plain", "data": "h\u00e9"},
        ),
    ],
)
def test_media(media: Media, kind: str, source: dict[str, str]) -> None:
    conversation = Conversation((user("a", media),))
    assert body(conversation)["messages"][0]["content"][1] == {"type": kind, "source": source}
    assert dropped(conversation) == ()


def test_a_document_keeps_its_title_and_its_mark_for_the_cache() -> None:
    media = Media("document", "text/plain", text="x", title="t", cache=CACHE)
    found = messages(user(media))[0]["content"][0]
    assert (found["title"], found["cache_control"]) == ("t", CACHE)


@pytest.mark.parametrize(
    "media",
    [
        Media("audio", "audio/wav", data="aGk="),
        Media("video", url="https://x"),
        Media("image", "image/tiff", data="aGk="),
        Media("document", "application/zip", data="aGk="),
        Media("document", "text/plain", data="not base64"),
        Media("document", "text/plain", data=base64.b64encode(b"\xff").decode()),
    ],
)
def test_what_cannot_be_shown_is_named_in_a_word(media: Media) -> None:
    conversation = Conversation((user("a", media),))
    words = body(conversation)["messages"][0]["content"][1]["text"]
    assert words.startswith(f"[{media.kind}")
    assert dropped(conversation) == (media.kind,)
