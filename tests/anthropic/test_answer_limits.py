"""Answers in one piece, answers without end, and events that no one has ever seen."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.anthropic import block_reader
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerFailed,
    AnswerStarted,
    OtherBlock,
    TextDelta,
    ThinkingDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.dialect import ANSWER_BYTES_MAX, EVENT_BYTES_MAX, UpstreamNonsense

from .answers import (
    END,
    WHOLE,
    drained,
    in_one_piece,
    read,
    reader,
    written,
)
from .requests import VALUES, few_examples
from .streams import (
    delta,
    opened,
    splits,
)


def test_an_answer_in_one_piece_under_every_split() -> None:
    body = written(WHOLE, streamed=False)
    expected = in_one_piece(WHOLE)
    for cut in splits(b" \n" + body):
        assert read(cut) == expected
    assert read([body], ended=False) == []


def test_a_refusal_in_one_piece_says_why() -> None:
    body = {"type": "message", "stop_reason": "refusal", "stop_sequence": "x"}
    details = {"type": "refusal", "category": "bio", "explanation": None}
    found = read([json.dumps({**body, "stop_details": details}).encode()])
    assert found == [
        AnswerStarted(),
        AnswerEnded("refusal", stop_sequence="x", details="bio"),
    ]


def test_an_error_in_one_piece() -> None:
    body = b'{"type":"error","error":{"type":"not_found_error","message":"no"}}'
    assert read([body]) == [AnswerFailed("not_found_error", "no", 404)]


@pytest.mark.parametrize("body", [b"{}", b'{"type":"list"}', b'{"type":"message"'])
def test_an_answer_in_one_piece_that_is_no_message_is_nonsense(body: bytes) -> None:
    found = reader()
    found.receive_data(body)
    with pytest.raises(UpstreamNonsense, match="no message"):
        found.receive_end()


def test_an_empty_answer_was_cut() -> None:
    assert read([]) == []
    assert read([b" \n"]) == []


def test_an_event_has_a_limit() -> None:
    found = reader()
    found.receive_data(b"data: " + b"x" * EVENT_BYTES_MAX)
    with pytest.raises(UpstreamNonsense, match="an event of more than"):
        found.next_event()


def test_an_answer_in_one_piece_has_a_limit() -> None:
    found = reader()
    with pytest.raises(UpstreamNonsense, match="an answer of more than"):
        found.receive_data(b"{" + b"x" * ANSWER_BYTES_MAX)


def test_what_waits_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_reader, "ANSWER_BYTES_MAX", 5)
    found = reader()
    call = opened(0, type="tool_use", id="a", name="ping", input={})
    found.receive_data(
        call + opened(1, type="text", text="") + delta(1, "text_delta", text="123456")
    )
    with pytest.raises(UpstreamNonsense, match="do not end"):
        drained(found)


def test_an_event_in_many_pieces_takes_linear_time() -> None:
    found = reader()
    found.receive_data(b"data: {")
    for _ in range(20_000):
        found.receive_data(b" " * 100)
        assert drained(found) == []


EVENT_KINDS = (
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
    "error",
    "?",
)
DELTA_KINDS = ("text_delta", "input_json_delta", "thinking_delta", "signature_delta", "?", None)
BLOCK_KINDS = ("text", "tool_use", "thinking", "redacted_thinking", "server_tool_use", None, 7)
ODD_EVENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(EVENT_KINDS)},
    optional={
        "index": st.sampled_from([0, 1, 2, None, "0", True]),
        "message": VALUES,
        "delta": VALUES
        | st.fixed_dictionaries(
            {"type": st.sampled_from(DELTA_KINDS)},
            optional={"text": VALUES, "partial_json": VALUES, "thinking": VALUES},
        ),
        "content_block": VALUES
        | st.fixed_dictionaries(
            {"type": st.sampled_from(BLOCK_KINDS)},
            optional={"text": VALUES, "input": VALUES, "id": VALUES, "name": VALUES},
        ),
        "usage": VALUES,
        "error": VALUES,
    },
)


@few_examples
@given(st.lists(ODD_EVENTS, max_size=8))
def test_odd_events_are_read_in_order_or_refused(events: list[dict[str, Any]]) -> None:
    stream = b"".join(b"data: %s\n\n" % json.dumps(each).encode() for each in events)
    try:
        found = read([stream])
    except UpstreamNonsense:
        return
    in_call = False
    for place, each in enumerate(found):
        assert isinstance(each, AnswerStarted | AnswerFailed) or place > 0
        assert isinstance(each, ToolInputDelta) <= in_call
        assert not in_call or not isinstance(each, TextDelta | ThinkingDelta | OtherBlock)
        in_call = (in_call or isinstance(each, ToolUseStarted)) and each != END
    assert written(found, streamed=False)


@given(st.binary(max_size=120), st.booleans())
def test_any_bytes_are_read_or_refused(data: bytes, framed: bool) -> None:
    try:
        read([b"data: " + data + b"\n\n" if framed else data])
    except UpstreamNonsense:
        return
