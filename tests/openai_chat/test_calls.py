"""Tool calls as servers stream them: numbered or not, whole or in pieces, one by one or mixed."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.request import Conversation
from understudy.protocols.dialect import UpstreamNonsense
from understudy.protocols.openai_chat.calls import CALLS_MAX
from understudy.protocols.openai_chat.outgoing import tool_names

from .wire import ANSWER, DONE, MODEL, assistant, call, calls, chunk, content, read, tool, use


def called(name: str, call_id: str, *inputs: str) -> list[AnswerEvent]:
    """The events of one call."""
    return [ToolUseStarted(call_id, name), *map(ToolInputDelta, inputs), BlockEnded()]


BOTH = [*called("f", "a", '{"x"', ":1}"), *called("g", "b", "{}")]


@pytest.mark.parametrize(
    "frames",
    [
        [
            calls(call(0, "", id="a", name="f")),
            calls(call(0, '{"x"')),
            calls(call(0, ":1}")),
            calls(call(1, "", id="b", name="g")),
            calls(call(1, "{}")),
        ],
        [
            calls(call(0, '{"x"', id="a", name="f")),
            calls(call(0, ":1}"), call(1, "{}", id="b", name="g")),
        ],
        [
            calls(call(None, '{"x"', id="a", name="f")),
            calls(call(None, ":1}")),
            calls(call(None, "{}", id="b", name="g")),
        ],
        [
            calls(call(None, '{"x"', id="a", name="f")),
            calls(call(None, ":1}", id="a")),
            calls(call(None, "{}", id="b", name="g")),
        ],
        [
            calls(call(0, '{"x"', id="a", name="f")),
            calls(call(0, ":1}", id="a", name="f")),
            calls(call(0, "{}", id="b", name="g")),
        ],
        [
            calls(call(0, id="a")),
            calls(call(0, '{"x"', name="f")),
            calls(call(0, ":1}", id="other")),
            calls(call(1, "{}", id="b", name="g", type="function")),
        ],
        [
            calls(call(0, id="a", name="f"), call(1, id="b", name="g")),
            calls(call(0, '{"x"')),
            calls(call(1, "{}")),
            calls(call(0, ":1}")),
        ],
        [
            calls(call(1, id="b"), call(0, id="a"))[:0],
            calls(call(0, '{"x"', id="a", name="f"), call(1, id="b", name="g"), call(0, ":1}")),
        ],
    ],
    ids=["openai", "dense", "no index", "ids", "same index", "late name", "mixed", "no arguments"],
)
def test_two_calls_however_they_come(frames: list[bytes]) -> None:
    assert content(*frames) == BOTH


def test_a_call_without_id_gets_one_that_is_unique() -> None:
    frames = [calls(call(0, '{"x":1}', name="f")), calls(call(0, "{}", name="g"))]
    first, second = (
        called("f", f"call_{ANSWER}_0", '{"x":1}'),
        called("g", f"call_{ANSWER}_1", "{}"),
    )
    assert content(*frames) == [*first, *second]
    unnumbered = [calls(call(None, '{"x":1}', id="", name="f"), call(None, "{}", name="g"))]
    assert content(*unnumbered) == [*first, *second]


def test_an_id_that_is_in_use_already_is_replaced() -> None:
    before = Conversation((assistant(use("f", "call_0")),), streamed=True)
    frames = [calls(call(0, "{}", id="call_0", name="f"), call(1, "{}", id="call_0", name="g"))]
    events = read(*frames, DONE, conversation=before)[1:-1]
    first, second = called("f", f"call_{ANSWER}_0", "{}"), called("g", f"call_{ANSWER}_1", "{}")
    assert events == [*first, *second]


@pytest.mark.parametrize("arguments", [None, "", {}])
def test_empty_arguments_are_an_empty_object(arguments: Any) -> None:
    assert content(calls(call(0, arguments, id="a", name="f"))) == called("f", "a", "{}")


def test_arguments_may_be_the_object_itself() -> None:
    assert content(calls(call(0, {"x": 1}, id="a", name="f"))) == called("f", "a", '{"x":1}')


def test_arguments_that_are_no_json_are_passed_on_and_hold_back_the_next_call() -> None:
    frames = [calls(call(0, '{"x":', id="a", name="f")), calls(call(1, "{}", id="b", name="g"))]
    assert read(*frames)[1:] == [ToolUseStarted("a", "f"), ToolInputDelta('{"x":')]
    assert content(*frames) == [*called("f", "a", '{"x":'), *called("g", "b", "{}")]


def test_a_later_call_is_open_as_soon_as_the_one_before_it_is_whole() -> None:
    frames = [calls(call(0, "{}", id="a", name="f")), calls(call(1, '{"y', id="b", name="g"))]
    started = [ToolUseStarted("b", "g"), ToolInputDelta('{"y')]
    assert read(*frames)[1:] == [*called("f", "a", "{}"), *started]


def test_many_mixed_calls_come_in_order_and_whole() -> None:
    count, pieces = 20, 30
    frames = [calls(*(call(n, id=f"id{n}", name="f") for n in range(count)))]
    frames += [
        calls(call(n, f"{'[' if p == 0 else ''}{p}{']' if p == pieces - 1 else ','}"))
        for p in range(pieces)
        for n in reversed(range(count))
    ]
    events = content(*frames)
    text = "[" + ",".join(map(str, range(pieces))) + "]"
    starts = [event.id for event in events if isinstance(event, ToolUseStarted)]
    inputs = "".join(event.json_text for event in events if isinstance(event, ToolInputDelta))
    assert starts == [f"id{n}" for n in range(count)]
    assert inputs == text * count


def test_text_after_a_whole_call_ends_it_and_text_inside_one_waits() -> None:
    whole = calls(call(0, "{}", id="a", name="f"))
    half, rest = calls(call(0, '{"x"', id="a", name="f")), calls(call(0, ":1}"))
    text = chunk(content="so")
    assert content(text, whole, text) == [TextDelta("so"), *called("f", "a", "{}"), TextDelta("so")]
    assert content(half, text, rest) == [*called("f", "a", '{"x"', ":1}"), TextDelta("so")]


def test_thinking_inside_a_call_waits_and_is_signed() -> None:
    frames = [calls(call(0, '{"x"', id="a", name="f")), chunk(reasoning_content="hm")]
    signed = ThinkingSigned(f"understudy:openai-chat {MODEL} reasoning_content")
    thought = [ThinkingDelta("hm"), signed, BlockEnded()]
    assert content(*frames, calls(call(0, ":1}"))) == [*called("f", "a", '{"x"', ":1}"), *thought]


def test_the_old_form() -> None:
    frames = [
        chunk(function_call={"name": "f", "arguments": ""}),
        chunk(function_call={"arguments": '{"x":1}'}),
        chunk("function_call"),
    ]
    events = read(*frames, DONE)
    assert events[1:] == [*called("f", f"call_{ANSWER}_0", '{"x":1}'), AnswerEnded("tool_use")]


def test_names_come_back_as_the_client_has_them() -> None:
    name = "mcp__server.with.dots__tool"
    conversation = Conversation((), tools=(tool(name), tool("plain")), streamed=True)
    short = "mcp__server_with_dots__tool_"
    sent = tool_names(conversation).sent(name)
    assert sent.startswith(short)
    for wire, expected in ((sent, name), ("plain", "plain"), ("unknown.tool", "unknown.tool")):
        frame = calls(call(0, "{}", id="a", name=wire))
        events = read(frame, DONE, conversation=conversation)
        assert events[1:-1] == called(expected, "a", "{}")


@pytest.mark.parametrize(
    "item", [{}, {"index": 0}, {"index": 0, "function": {}}, call(None, "{}"), 7]
)
def test_a_call_that_says_nothing_is_none(item: Any) -> None:
    assert read(chunk(tool_calls=[item]), chunk("stop"), DONE)[1:] == [AnswerEnded("end_turn")]


def test_arguments_without_a_name_and_calls_without_end_are_nonsense() -> None:
    with pytest.raises(UpstreamNonsense, match="without a name"):
        read(calls(call(0, "{}", id="a")), DONE)
    many = [call(n, "{}", id=f"{n}", name="f") for n in range(CALLS_MAX + 1)]
    assert content(calls(*many[:-1]))
    with pytest.raises(UpstreamNonsense, match="tool calls"):
        read(calls(*many))


def test_a_call_that_was_cut_is_not_ended() -> None:
    frames = [calls(call(0, '{"x"', id="a", name="f")), calls(call(1, "{}", id="b", name="g"))]
    assert read(*frames)[1:] == [ToolUseStarted("a", "f"), ToolInputDelta('{"x"')]
