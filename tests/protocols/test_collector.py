"""What an answer has said, as the blocks that the model is asked again with."""

from __future__ import annotations

import pytest
from understudy.protocols.conversation import collector
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerStarted,
    BlockEnded,
    Cited,
    TextDelta,
    ThinkingDelta,
    ThinkingRedacted,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.arguments import parsed_input
from understudy.protocols.conversation.blocks import (
    Block,
    RedactedThinking,
    Text,
    Thinking,
    ToolUse,
)
from understudy.protocols.conversation.collector import BlockCollector

END = BlockEnded()


def collected(*events: AnswerEvent) -> tuple[Block, ...]:
    """The blocks of these events."""
    found = BlockCollector()
    for event in events:
        found.note(event)
    return found.blocks


def test_a_whole_answer_becomes_its_blocks_in_order() -> None:
    assert collected(
        AnswerStarted(),
        ThinkingDelta("h"),
        ThinkingDelta("m"),
        ThinkingSigned("sig"),
        END,
        ThinkingRedacted("sealed"),
        TextDelta("I "),
        TextDelta("look."),
        Cited({"url": "u"}),
        END,
        ToolUseStarted("c1", "a"),
        ToolInputDelta('{"x":'),
        ToolInputDelta("1}"),
        END,
        ToolUseStarted("c2", "b"),
        END,
        AnswerEnded("tool_use"),
    ) == (
        Thinking("hm", "sig"),
        RedactedThinking("sealed"),
        Text("I look."),
        ToolUse("c1", "a", {"x": 1}),
        ToolUse("c2", "b", {}),
    )


def test_a_block_ends_where_another_kind_begins() -> None:
    assert collected(ThinkingDelta("a"), TextDelta("b"), ThinkingDelta("c"), TextDelta("d")) == (
        Thinking("a"),
        Text("b"),
        Thinking("c"),
        Text("d"),
    )


def test_a_signature_alone_is_a_block_of_its_own_and_closes_what_was_open() -> None:
    assert collected(TextDelta("a"), ThinkingSigned("sig"), TextDelta("b")) == (
        Text("a"),
        Thinking("", "sig"),
        Text("b"),
    )


def test_two_texts_with_an_end_between_them_are_two() -> None:
    assert collected(TextDelta("a"), END, TextDelta("b"), END) == (Text("a"), Text("b"))
    assert collected(TextDelta(""), END, END) == ()


def test_the_open_block_is_there_too_and_asking_twice_changes_nothing() -> None:
    found = BlockCollector()
    for event in (ToolUseStarted("c1", "a"), ToolInputDelta("{}")):
        found.note(event)
    assert found.blocks == found.blocks == (ToolUse("c1", "a", {}),)


@pytest.mark.parametrize("text", ['{"x":', "[1]", "7", "null", '"a"', "[" * 100_000, "\ud800"])
def test_an_input_that_is_no_object_stays_whole(text: str) -> None:
    assert parsed_input(text) == {"__unparsedToolInput": {"raw": text, "len": len(text)}}


@pytest.mark.parametrize("text", ["", " \n", "{}"])
def test_no_input_is_an_empty_object(text: str) -> None:
    assert parsed_input(text) == {}


def test_what_is_over_the_limit_is_not_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collector, "SAID_CHARACTERS_MAX", 5)
    assert collected(TextDelta("abc"), TextDelta("de"), TextDelta("f"), END, TextDelta("g")) == (
        Text("abcde"),
    )
