"""Ollama's answers as events: the same under every split, and nothing but nonsense refused."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.request import Conversation
from understudy.protocols.dialect import (
    ANSWER_BYTES_MAX,
    EVENT_BYTES_MAX,
    NEED_DATA,
    UpstreamNonsense,
)
from understudy.protocols.ollama import lines
from understudy.protocols.ollama.dialect import UPSTREAM
from understudy.protocols.ollama.lines import LineBuffer
from understudy.protocols.records import Usage

from .inputs import CALLS, VALUES, few_examples, objects, pieces, single_bytes, splits
from .wire import (
    ANSWER,
    EVENTS,
    MODEL,
    STREAMED,
    WHOLE,
    call,
    done,
    limited,
    line,
    read,
    said,
)

STREAM = b"".join(ANSWER)


def test_a_streamed_answer_is_read_event_by_event() -> None:
    assert read([STREAM]) == EVENTS


def test_every_split_in_two_gives_the_same() -> None:
    for chunks in splits(STREAM):
        assert read(chunks) == EVENTS, chunks[0][-40:]
    assert read(single_bytes(STREAM)) == EVENTS


@few_examples
@given(pieces(STREAM.replace(b"\n", b"\r\n\n")))
def test_any_pieces_give_the_same_with_blank_lines_and_carriage_returns(
    chunks: list[bytes],
) -> None:
    assert read(chunks) == EVENTS


def test_the_last_line_needs_no_end() -> None:
    assert read([STREAM.rstrip(b"\n")]) == EVENTS


def test_an_answer_in_one_piece_is_read_at_its_end() -> None:
    calls = [call("read", {"path": "a"}, id="call_1")]
    message = {"role": "assistant", "content": "Hi", "tool_calls": calls}
    body = json.dumps(json.loads(done(message=message)), indent=1).encode()
    wanted = [
        AnswerStarted(),
        TextDelta("Hi"),
        ToolUseStarted("call_1", "read"),
        ToolInputDelta('{"path":"a"}'),
        BlockEnded(),
        AnswerEnded("tool_use", Usage(26, 9)),
    ]
    for chunks in splits(body):
        assert read(chunks, WHOLE) == wanted


@pytest.mark.parametrize(
    ("ending", "conversation", "reason"),
    [
        (done("stop"), STREAMED, "end_turn"),
        (done(None), STREAMED, "end_turn"),
        (done(""), STREAMED, "end_turn"),
        (done("load"), STREAMED, "end_turn"),
        (done("length"), STREAMED, "max_tokens"),
        (done("length"), limited(9), "max_tokens"),
        (done("length"), limited(10), "max_tokens"),
        (done("length"), limited(200), "model_context_window_exceeded"),
        (done("something_new"), STREAMED, "something_new"),
    ],
)
def test_each_reason_to_end(ending: bytes, conversation: Conversation, reason: str) -> None:
    assert read([said("x"), ending], conversation)[-1] == AnswerEnded(reason, Usage(26, 9))


def test_a_limit_that_is_met_in_the_midst_of_calls_is_no_wish_for_results() -> None:
    events = read([said(tool_calls=[call("read", {})]), done("length")])
    assert isinstance(events[-1], AnswerEnded)
    assert events[-1].stop_reason == "max_tokens"


def test_counts_that_are_missing_or_odd_are_no_tokens() -> None:
    for odd in (None, -3, "7", 1.5, [1]):
        events = read([said("x"), done(prompt_eval_count=odd, eval_count=odd)])
        assert events[-1] == AnswerEnded("end_turn", Usage())


def test_an_answer_without_its_last_line_was_cut() -> None:
    for place in range(len(ANSWER[0]), len(STREAM) - 1):
        events = read([STREAM[:place]])
        assert 2 <= len(events) < len(EVENTS)
        assert events == EVENTS[: len(events)]


def test_what_comes_after_the_end_is_not_read() -> None:
    assert read([STREAM + b"not json\n"]) == EVENTS
    assert read([STREAM, b"x" * 10, b"\n"]) == EVENTS


def test_an_error_in_the_middle_ends_the_answer() -> None:
    broken = said("Hel") + b'{"error":"model runner has unexpectedly stopped"}\n' + done()
    failed = AnswerFailed("api_error", "model runner has unexpectedly stopped", 500)
    for chunks in splits(broken):
        assert read(chunks) == [AnswerStarted(), TextDelta("Hel"), failed]


def test_an_error_before_the_start_is_one_too() -> None:
    said_so = "server busy, please try again.  maximum pending requests exceeded"
    events = read([json.dumps({"error": said_so}).encode()])
    assert events == [AnswerFailed("overloaded_error", said_so, 503)]


def test_ids_of_calls_are_unique_in_an_answer() -> None:
    calls = [call("a", {}, id="call_x"), call("b", {}, id="call_x"), call("c", {}, id=7)]
    events = read([said(tool_calls=calls), done()])
    ids = [event.id for event in events if isinstance(event, ToolUseStarted)]
    assert ids == ["call_x", "call_a1_1", "call_a1_2"]


@pytest.mark.parametrize(
    ("arguments", "text"),
    [(None, "{}"), ("", ""), ('{"a": 1}', '{"a": 1}'), ("{broken", "{broken"), ([1], "[1]")],
)
def test_arguments_that_are_no_object_go_on_as_they_are(arguments: object, text: str) -> None:
    events = read([said(tool_calls=[call("a", arguments)]), done()])
    assert ToolInputDelta(text) in events


def test_log_probabilities_keep_their_text() -> None:
    shown: list[dict[str, Any]] = [{"token": "Hi", "logprob": -0.25, "top_logprobs": []}]
    message = {"role": "assistant", "content": "Hi"}
    events = read([line(message=message, logprobs=shown), line(logprobs=shown), done()])
    assert events[1:3] == [TextDelta("Hi", (shown[0],)), TextDelta("", (shown[0],))]


@pytest.mark.parametrize("nonsense", [b"{\n", b"[]\n", b"7\n", b"\xff\n", b"[" * 5_000 + b"\n"])
def test_a_line_that_is_no_object_is_nonsense(nonsense: bytes) -> None:
    with pytest.raises(UpstreamNonsense):
        read([nonsense])
    with pytest.raises(UpstreamNonsense):
        read([nonsense], WHOLE)


@pytest.mark.parametrize(
    ("conversation", "bytes_max"), [(STREAMED, EVENT_BYTES_MAX), (WHOLE, ANSWER_BYTES_MAX)]
)
def test_what_is_not_whole_yet_has_a_limit(conversation: Conversation, bytes_max: int) -> None:
    reader = UPSTREAM.reader(conversation, MODEL, "a1")
    reader.receive_data(b"x" * bytes_max)
    assert reader.next_event() is NEED_DATA
    reader.receive_data(b"x")
    with pytest.raises(UpstreamNonsense):
        reader.receive_data(b"x")
    with pytest.raises(UpstreamNonsense):
        reader.next_event()


def test_each_byte_of_a_long_line_is_looked_at_once() -> None:
    looked_at: list[int] = []

    class Counting(bytearray):
        def find(self, sub: bytes, start: int = 0) -> int:  # type: ignore[override]  # as called
            looked_at.append(len(self) - start)
            return super().find(sub, start)

    buffer = LineBuffer(Counting())
    for _ in range(5_000):
        buffer.add(b"x" * 100)
        assert buffer.take_line() is None
    buffer.add(b"\n")
    assert buffer.take_line() == b"x" * 500_000
    assert sum(looked_at) <= 500_001


def test_a_line_of_ours_is_one_line_for_every_client() -> None:
    separators = "\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
    data = lines.line({"text": separators})
    assert len(data.decode().splitlines()) == 1
    assert json.loads(data) == {"text": separators}


LINES = objects(
    message=objects(content=VALUES, thinking=VALUES, tool_calls=VALUES | st.lists(CALLS)),
    done=VALUES | st.just(True),
    done_reason=VALUES,
    error=VALUES,
    logprobs=VALUES,
    eval_count=VALUES,
)


@few_examples
@given(st.lists(LINES, max_size=5), st.booleans(), st.data())
def test_odd_lines_are_events_or_nonsense(
    found: list[object], streamed: bool, data: st.DataObject
) -> None:
    body = b"".join(json.dumps(value).encode() + b"\n" for value in found)
    chunks = data.draw(pieces(body))
    conversation = Conversation((), streamed=streamed)
    events: list[AnswerEvent] = []
    try:
        events = read(chunks, conversation)
    except UpstreamNonsense:
        return
    last = [event for event in events if isinstance(event, AnswerEnded | AnswerFailed)]
    assert last in ([], events[-1:])


@few_examples
@given(st.binary(max_size=80).flatmap(pieces), st.booleans())
def test_any_bytes_are_events_or_nonsense(chunks: list[bytes], streamed: bool) -> None:
    try:
        read(chunks, Conversation((), streamed=streamed))
    except UpstreamNonsense:
        return
