"""Answers of upstreams that speak the Messages API, well or badly."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.anthropic.dialect import UPSTREAM
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    Cited,
    OtherBlock,
    TextDelta,
    ThinkingDelta,
    ThinkingRedacted,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.request import Conversation, Tool
from understudy.protocols.dialect import UpstreamNonsense
from understudy.protocols.records import Usage

from .answers import (
    ANSWERS,
    END,
    ENDED,
    STARTED,
    WHOLE,
    drained,
    in_one_piece,
    joined,
    read,
    reader,
    written,
)
from .streams import (
    ANSWER,
    COMMENT,
    ENDING,
    LAST_DELTA,
    PING,
    SHAM,
    START,
    STOP,
    carriage,
    closed,
    delta,
    event,
    opened,
    pieces,
    single_bytes,
    splits,
    start,
)

EXPECTED: list[AnswerEvent] = [
    STARTED,
    ThinkingDelta("hm"),
    ThinkingSigned("c2ln"),
    END,
    TextDelta(SHAM),
    TextDelta("."),
    END,
    ToolUseStarted("toolu_1", "ping"),
    ToolInputDelta('{"type":"error","a'),
    ToolInputDelta('":1}'),
    END,
    ToolUseStarted("toolu_2", "Read"),
    ToolInputDelta("{}"),
    END,
    ENDED,
]


def content(*frames: bytes) -> list[AnswerEvent]:
    """What comes between the start and the end of an answer."""
    found = read([START, *frames, ENDING])
    assert found[0] == STARTED
    assert isinstance(found[-1], AnswerEnded)
    return found[1:-1]


@pytest.mark.parametrize("frames", [ANSWER, carriage(ANSWER)], ids=["LF", "CR LF"])
def test_an_answer_is_read_under_every_split_of_its_bytes(frames: list[bytes]) -> None:
    data = b"".join(frames)
    assert read([data]) == EXPECTED
    assert read(single_bytes(data)) == EXPECTED
    for cut in splits(data):
        assert read(cut) == EXPECTED


@given(pieces(b"".join(ANSWER)))
def test_an_answer_is_read_in_any_pieces(cut: list[bytes]) -> None:
    assert read(cut) == EXPECTED


@given(ANSWERS, st.data())
def test_what_is_written_is_read_again(
    events: tuple[AnswerEvent, ...], data: st.DataObject
) -> None:
    stream = written(events)
    cut = data.draw(pieces(stream))
    assert joined(read(cut)) == joined(events)
    body = written(events, streamed=False)
    assert read([body]) == in_one_piece(events)


def test_the_whole_answer_goes_round() -> None:
    assert joined(read([written(WHOLE)])) == joined(WHOLE)


@given(st.integers(0, len(b"".join(ANSWER)) - len(STOP) - 1))
def test_an_answer_that_is_cut_does_not_end(place: int) -> None:
    found = read([b"".join(ANSWER)[:place]])
    assert found == EXPECTED[: len(found)]
    assert not any(isinstance(each, AnswerEnded) for each in found)


def test_an_event_at_the_very_end_needs_no_empty_line() -> None:
    assert read([START, LAST_DELTA, STOP.rstrip()])[-1] == ENDED
    assert read([START, LAST_DELTA, STOP.rstrip()[:-1]]) == [STARTED]


def test_what_nobody_asked_for_is_read_at_the_end() -> None:
    found = reader()
    found.receive_data(b"".join(ANSWER))
    found.receive_end()
    assert drained(found) == EXPECTED


def test_pain_8_an_input_given_whole_in_the_beginning_is_not_lost() -> None:
    call = opened(0, type="tool_use", id="t", name="ping", input={"a": 1})
    started = ToolUseStarted("t", "ping")
    assert content(call, closed(0)) == [started, ToolInputDelta('{"a":1}'), END]
    more = delta(0, "input_json_delta", partial_json='{"b":2}')
    assert content(call, more, closed(0)) == [started, ToolInputDelta('{"b":2}'), END]
    empty = opened(0, type="tool_use", id="t", name="ping", input={})
    first = delta(0, "input_json_delta", partial_json="")
    assert content(empty, first, closed(0)) == [started, END]


def test_text_and_thinking_given_whole_in_the_beginning_are_not_lost() -> None:
    found = content(
        opened(0, type="text", text="a", citations=[{"type": "x"}]),
        closed(0),
        opened(1, type="thinking", thinking="b", signature="c2ln"),
        closed(1),
        opened(2, type="redacted_thinking", data="d"),
        closed(2),
    )
    assert found == [
        TextDelta("a"),
        Cited({"type": "x"}),
        END,
        ThinkingDelta("b"),
        ThinkingSigned("c2ln"),
        END,
        ThinkingRedacted("d"),
    ]


def test_pain_7_a_second_beginning_begins_nothing_and_is_not_counted_twice() -> None:
    again = start(input_tokens=15, output_tokens=1)
    found = read([START, opened(0, type="text", text=""), again, *ANSWER[8:10], ENDING])
    assert [type(each) for each in found].count(AnswerStarted) == 1
    assert found[-1] == AnswerEnded("tool_use", Usage(15, 41, 3000, 40))


def test_pain_20_usage_is_taken_over_and_never_added() -> None:
    usage = {"input_tokens": 12, "cache_read_input_tokens": 3000, "output_tokens": 7}
    last = event("message_delta", delta={"stop_reason": "end_turn"}, usage=usage)
    assert read([START, last, last, STOP])[-1] == AnswerEnded("end_turn", Usage(12, 7, 3000, 40))
    odd = event("message_delta", delta={}, usage={"input_tokens": True, "output_tokens": "9"})
    assert read([START, odd, STOP])[-1] == AnswerEnded("end_turn", STARTED.usage)


def test_content_before_any_beginning_begins_the_answer() -> None:
    found = read([opened(0, type="text", text="a"), closed(0), STOP])
    assert found == [AnswerStarted(), TextDelta("a"), END, AnswerEnded("end_turn")]
    assert read([STOP]) == [AnswerStarted(), AnswerEnded("end_turn")]


def test_an_end_that_gives_no_reason_is_told_by_what_was_said() -> None:
    call = opened(0, type="tool_use", id="t", name="ping", input={})
    assert read([START, call, STOP])[-2:] == [END, AnswerEnded("tool_use", STARTED.usage)]


def test_blocks_that_come_at_once_are_told_one_after_the_other() -> None:
    found = content(
        opened(0, type="tool_use", id="a", name="ping", input={}),
        opened(1, type="tool_use", id="b", name="ping", input={}),
        opened(2, type="text", text=""),
        delta(1, "input_json_delta", partial_json="{"),
        delta(2, "text_delta", text="x"),
        delta(0, "input_json_delta", partial_json="{}"),
        closed(1),
        delta(2, "text_delta", text="y"),
        closed(0),
        delta(2, "text_delta", text="z"),
        closed(2),
    )
    assert found == [
        ToolUseStarted("a", "ping"),
        ToolInputDelta("{}"),
        END,
        ToolUseStarted("b", "ping"),
        ToolInputDelta("{"),
        END,
        TextDelta("x"),
        TextDelta("y"),
        TextDelta("z"),
        END,
    ]


def test_a_block_that_is_never_closed_holds_nothing_back() -> None:
    found = read(
        [
            START,
            opened(0, type="text", text=""),
            delta(0, "text_delta", text="a"),
            opened(1, type="thinking", thinking=""),
            delta(0, "text_delta", text="b"),
            delta(1, "thinking_delta", thinking="c"),
        ],
        ended=False,
    )
    assert found == [STARTED, TextDelta("a"), END, END, TextDelta("b"), END, ThinkingDelta("c")]


def test_a_delta_after_its_block_s_end_begins_another() -> None:
    found = content(
        opened(0, type="thinking", thinking="a"),
        closed(0),
        delta(0, "signature_delta", signature="s"),
    )
    assert found == [ThinkingDelta("a"), END, ThinkingSigned("s"), END]


def test_pain_7_a_delta_of_another_kind_than_its_block() -> None:
    inside = delta(0, "thinking_delta", thinking="a")
    assert content(opened(0, type="text", text=""), inside, closed(0)) == [ThinkingDelta("a"), END]
    stray = delta(0, "input_json_delta", partial_json="{}")
    assert content(opened(0, type="text", text="a"), stray, closed(0)) == [TextDelta("a"), END]
    call = opened(0, type="tool_use", id="t", name="ping", input={})
    words = delta(0, "text_delta", text="a")
    assert content(call, words, closed(0)) == [ToolUseStarted("t", "ping"), END]


def test_an_input_of_a_call_that_never_began_is_nonsense() -> None:
    found = reader()
    found.receive_data(START + delta(3, "input_json_delta", partial_json="{}"))
    assert found.next_event() == STARTED
    with pytest.raises(UpstreamNonsense, match="input_json_delta"):
        found.next_event()


def test_what_nobody_knows_survives_or_is_passed_over() -> None:
    found = content(
        event("brand_new", value=1),
        opened(0, type="server_tool_use", id="s", name="web_search", input={}),
        delta(0, "input_json_delta", partial_json='{"query"'),
        delta(0, "input_json_delta", partial_json=':"x"}'),
        closed(0),
        opened(1, type="web_search_tool_result", tool_use_id="s", content=[]),
        closed(1),
        opened(2, type="compaction", content="a"),
        delta(2, "compaction_delta", content="b"),
        closed(2),
        opened(3, type="mcp_tool_use", input={}),
        delta(3, "input_json_delta", partial_json="{"),
        closed(3),
        opened(4, type="text", text=""),
        delta(4, "brand_new_delta", text="x"),
        closed(4),
    )
    unparsed = {"__unparsedToolInput": {"raw": "{", "len": 1}}
    values: list[dict[str, Any]] = [
        {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "x"}},
        {"type": "web_search_tool_result", "tool_use_id": "s", "content": []},
        {"type": "compaction", "content": "ab"},
        {"type": "mcp_tool_use", "input": unparsed},
    ]
    assert found == [*(OtherBlock("anthropic", value) for value in values), END]


def test_a_name_comes_back_as_the_client_has_it_and_a_missing_id_is_made() -> None:
    name = "files.read/" + "x" * 200
    conversation = reader(name)
    body = json.loads(UPSTREAM.request(conversation_with(name), "m").body)
    sent = body["tools"][0]["name"]
    assert sent != name
    conversation.receive_data(START + opened(0, type="tool_use", name=sent, input={}))
    assert drained(conversation)[1:] == [ToolUseStarted("toolu_1_1", name)]


def test_an_id_that_comes_twice_is_given_to_one_call() -> None:
    found = reader()
    use = opened(0, type="tool_use", id="toolu_a", name="Read", input={})
    found.receive_data(START + use + use)
    ids = [event.id for event in drained(found) if isinstance(event, ToolUseStarted)]
    assert ids == ["toolu_a", "toolu_1_2"]


def conversation_with(name: str) -> Conversation:
    return Conversation((), tools=(Tool(name),))


def test_an_error_in_mid_answer() -> None:
    error = event("error", error={"type": "overloaded_error", "message": "busy"})
    found = read([START, error, *ANSWER])
    assert found == [STARTED, AnswerFailed("overloaded_error", "busy", 503)]
    assert read([event("error")]) == [AnswerFailed("api_error", "the endpoint told an error", 500)]


def test_nothing_counts_after_the_end() -> None:
    assert read([START, STOP, *ANSWER, b"rubbish\n\n"])[1:] == [
        AnswerEnded("end_turn", STARTED.usage)
    ]


@pytest.mark.parametrize(
    "harmless", [PING, COMMENT, b"data: [DONE]\n\n", b"event: ping\n\n", b"\n"]
)
def test_what_says_nothing_is_passed_over(harmless: bytes) -> None:
    assert read([harmless, START, harmless, ENDING, harmless]) == [STARTED, ENDED]


@pytest.mark.parametrize("data", [b"{", b"[]", b"7", b"\xff", b"<html>"])
def test_an_event_that_is_no_object_is_nonsense(data: bytes) -> None:
    found = reader()
    found.receive_data(START + b"data: " + data + b"\n\n")
    assert found.next_event() == STARTED
    with pytest.raises(UpstreamNonsense, match="no JSON object"):
        found.next_event()
