"""An upstream's answer as neutral events: each kind of item, in any order, cut anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable
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
    ThinkingDelta,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.dialect import UpstreamNonsense
from understudy.protocols.openai_responses import item_reader, items_reader, reader
from understudy.protocols.records import Usage

from .pieces import few_examples, pieces, single_bytes, splits
from .playbook import (
    CREATED,
    WHOLE_USAGE,
    Json,
    added,
    arguments,
    completed,
    done,
    event,
    joined,
    read,
    text,
)

END = AnswerEnded("end_turn", WHOLE_USAGE)
CALLED = AnswerEnded("tool_use", WHOLE_USAGE)
STARTED = AnswerStarted()

REASONING = {"id": "rs_1", "summary": [{"type": "summary_text", "text": "hm so"}]}
SIGNED = ThinkingSigned("understudy:openai-responses gpt-5.5 rs_1 ENC")
WORDS = "Grüße \U0001f600 \n\ndata: [DONE]"
ANSWER = [
    CREATED,
    event("in_progress", response={}),
    added(0, "reasoning", id="rs_1", summary=[]),
    event("reasoning_summary_part.added", output_index=0, summary_index=0, part={}),
    event("reasoning_summary_text.delta", output_index=0, summary_index=0, delta="hm"),
    event("reasoning_summary_text.delta", output_index=0, summary_index=0, delta=" so"),
    event("reasoning_summary_text.done", output_index=0, summary_index=0, text="hm so"),
    event("reasoning_summary_part.done", output_index=0, summary_index=0, part={}),
    done(0, "reasoning", encrypted_content="ENC", **REASONING),
    added(1, "message", id="msg_1", content=[]),
    event("content_part.added", output_index=1, content_index=0, part={"type": "output_text"}),
    text(1, "Grüße \U0001f600"),
    text(1, " \n\ndata: [DONE]"),
    event(
        "output_text.done",
        output_index=1,
        content_index=0,
        text="Grüße \U0001f600 \n\ndata: [DONE]",
    ),
    event("content_part.done", output_index=1, content_index=0, part={"type": "output_text"}),
    done(1, "message", id="msg_1", content=[{"type": "output_text", "text": ""}]),
    added(2, "function_call", id="fc_1", call_id="call_1", name="f", arguments=""),
    arguments(2, '{"a":'),
    arguments(2, "1}"),
    event("function_call_arguments.done", output_index=2, arguments='{"a":1}'),
    done(2, "function_call", id="fc_1", call_id="call_1", name="f", arguments='{"a":1}'),
    completed(),
]
MEANING: list[AnswerEvent] = [
    STARTED,
    ThinkingDelta("hm so"),
    SIGNED,
    BlockEnded(),
    TextDelta(WORDS),
    BlockEnded(),
    ToolUseStarted("call_1", "f"),
    ToolInputDelta('{"a":1}'),
    BlockEnded(),
    CALLED,
]


@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"], ids=["LF", "CRLF", "CR"])
def test_every_split_in_two_gives_the_same(ends: bytes) -> None:
    data = b"".join(ANSWER).replace(b"\n", ends)
    assert joined(read([data])) == MEANING
    for chunks in splits(data):
        assert joined(read(chunks)) == MEANING, chunks[0][-40:]
    assert joined(read(single_bytes(data))) == MEANING


@few_examples
@given(st.data())
def test_any_pieces_give_the_same(data: st.DataObject) -> None:
    assert joined(read(data.draw(pieces(b"".join(ANSWER))))) == MEANING


def test_an_answer_in_one_piece_says_the_same() -> None:
    output = [
        {"type": "reasoning", "encrypted_content": "ENC", **REASONING},
        {"type": "message", "content": [{"type": "output_text", "text": "a"}]},
        {"type": "function_call", "call_id": "call_1", "name": "f", "arguments": '{"a":1}'},
    ]
    usage = {"input_tokens": 3, "output_tokens": 2}
    whole = json.dumps({"status": "completed", "output": output, "usage": usage}).encode()
    meaning = [
        AnswerStarted(Usage(3, 2)),
        *MEANING[1:4],
        TextDelta("a"),
        *MEANING[5:9],
        AnswerEnded("tool_use", Usage(3, 2)),
    ]
    for chunks in splits(b" " + whole):
        assert read(chunks) == meaning


@pytest.mark.parametrize(
    ("members", "wanted"),
    [
        ({"incomplete_details": {"reason": "max_output_tokens"}}, "max_tokens"),
        ({"incomplete_details": {"reason": "content_filter"}}, "refusal"),
        ({"incomplete_details": {"reason": "steered"}}, "steered"),
        ({}, "max_tokens"),
    ],
)
def test_why_an_answer_is_incomplete(members: dict[str, Any], wanted: str) -> None:
    response: Json = {"status": "incomplete", "output": [], **members}
    ended = AnswerEnded(wanted, Usage())
    assert read([event("incomplete", response=response)]) == [STARTED, ended]
    assert read([json.dumps(response).encode()]) == [STARTED, ended]


OVERFLOW = "Your input exceeds the context window of this model."


@pytest.mark.parametrize(
    ("error", "wanted"),
    [
        ({"code": "server_error", "message": "boom"}, AnswerFailed("api_error", "boom")),
        (
            {"code": "rate_limit_exceeded", "message": "slow"},
            AnswerFailed("rate_limit_error", "slow", 429),
        ),
        (
            {"code": "context_length_exceeded", "message": OVERFLOW},
            AnswerFailed("invalid_request_error", f"prompt is too long: {OVERFLOW}", 400),
        ),
        (
            {"type": "invalid_request_error", "message": "bad"},
            AnswerFailed("invalid_request_error", "bad", 400),
        ),
        ({}, AnswerFailed("api_error", "the endpoint says that the answer has failed")),
    ],
)
def test_a_failure_in_mid_answer(error: dict[str, str], wanted: AnswerFailed) -> None:
    failed = event("failed", response={"status": "failed", "error": error})
    flat = event("error", **{**error, "type": "error"})
    assert read([CREATED, text(0, "a"), failed]) == [STARTED, TextDelta("a"), wanted]
    assert read([event("error", error=error) if error else flat]) == [wanted]
    body = json.dumps({"status": "failed", "error": error, "output": []}).encode()
    assert read([body]) == [wanted]


def test_errors_without_a_name() -> None:
    boom = AnswerFailed("api_error", "boom")
    assert read([b'data: {"error":{"message":"boom"}}\n\n', completed()]) == [boom]
    assert read([b'{"error":"boom"}']) == [boom]


def test_nothing_comes_after_the_end() -> None:
    assert read([completed(), text(0, "a"), b"data: nonsense\n\n"]) == [STARTED, END]
    assert read([completed() + text(0, "a") + b"data: nonsense"]) == [STARTED, END]


def test_a_stream_that_stops_early_was_cut() -> None:
    for count in range(len(ANSWER)):
        found = read(ANSWER[:count])
        assert not any(isinstance(each, AnswerEnded | AnswerFailed) for each in found)
        assert joined(found) == MEANING[: len(joined(found))] or found[-1] != MEANING[-1]
    assert joined(read([b"".join(ANSWER)[:-2]])) == MEANING, "only its empty line is missing"
    assert read([json.dumps({"status": "in_progress", "output": []}).encode()]) == []


@pytest.mark.parametrize(
    "data",
    [
        b"data: {\n\n",
        b"data: 7\n\n",
        b'data: "\xff"\n\n',
        b"data: " + b"[" * 50_000 + b"\n\n",
        b"{",
        b'{"output":7}',
        b"<html>",
    ],
)
def test_nonsense_is_called_so(data: bytes) -> None:
    if data == b"<html>":
        assert read([data]) == []
        return
    with pytest.raises(UpstreamNonsense):
        read([data])


def test_comments_and_unknown_events_are_passed_over() -> None:
    odd = [b": ping\n\n", b"data: [DONE]\n\n", event("new.kind", output_index=0), b"event: x\n\n"]
    assert joined(read([*odd, *ANSWER[:5], *odd, *ANSWER[5:]])) == MEANING


def test_what_waits_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "EVENT_BYTES_MAX", 1000)
    with pytest.raises(UpstreamNonsense, match="an event has more than 1000 bytes"):
        read([b"data: " + b"x" * 1001])
    monkeypatch.setattr(reader, "ANSWER_BYTES_MAX", 1000)
    with pytest.raises(UpstreamNonsense, match="the answer has more than 1000 bytes"):
        read([b"{" + b" " * 1001])
    monkeypatch.setattr(items_reader, "ANSWER_BYTES_MAX", 1000)
    call = [added(index, "function_call", call_id="a", name="f") for index in range(20)]
    with pytest.raises(UpstreamNonsense, match="never end"):
        read(call)


FRAMES: list[Callable[[int], bytes]] = [
    lambda number: added(number, "message", id=f"m{number}"),
    lambda number: text(number, "a"),
    lambda number: added(0, "message", id=f"m{number}"),
    lambda number: text(0, "a", number),
]


@pytest.mark.parametrize("frame", FRAMES)
def test_items_and_parts_are_bounded(
    frame: Callable[[int], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(items_reader, "ITEMS_MAX", 50)
    monkeypatch.setattr(item_reader, "PARTS_MAX", 50)
    with pytest.raises(UpstreamNonsense, match="more than 50"):
        read([frame(number) for number in range(60)])
