"""What endpoints stream: each test is the transcript of an answer and the events it becomes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    Cited,
    TextDelta,
    ThinkingDelta,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.request import Conversation, Sampling
from understudy.protocols.dialect import UpstreamNonsense
from understudy.protocols.openai_chat import content as content_module
from understudy.protocols.openai_chat import reader as reader_module
from understudy.protocols.openai_chat.dialect import UPSTREAM
from understudy.protocols.records import Usage

from .wire import (
    ANSWER,
    DONE,
    MODEL,
    STARTED,
    STREAMED,
    body,
    call,
    calls,
    chunk,
    content,
    data,
    drained,
    read,
)

SIGNED = ThinkingSigned(f"understudy:openai-chat {MODEL} reasoning_content")
USAGE = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}


def test_openai_s_own_stream() -> None:
    usage = data({"choices": [], "usage": USAGE})
    assert read(
        chunk(role="assistant", content="", refusal=None),
        chunk(content="Hel"),
        chunk(content="lo"),
        chunk("stop"),
        usage,
        DONE,
    ) == [STARTED, TextDelta("Hel"), TextDelta("lo"), AnswerEnded("end_turn", Usage(10, 5))]


def test_empty_and_null_content_says_nothing() -> None:
    assert content(chunk(content=None), chunk(content=""), chunk(tool_calls=None)) == []


@pytest.mark.parametrize(
    ("finish", "expected"),
    [
        ("stop", "end_turn"),
        ("eos", "end_turn"),
        ("length", "max_tokens"),
        ("model_length", "max_tokens"),
        ("content_filter", "refusal"),
        ("tool_calls", "end_turn"),
        ("stop_sequence", "stop_sequence"),
        ("made_up", "made_up"),
        ("m" * 500, "m" * reader_module.REASON_CHARACTERS_MAX),
    ],
)
def test_why_it_ended(finish: str, expected: str) -> None:
    assert read(chunk(finish, content="x"), DONE)[-1] == AnswerEnded(expected)


@pytest.mark.parametrize("finish", ["stop", "tool_calls", "function_call"])
def test_an_answer_with_a_call_ended_for_it_whatever_the_server_says(finish: str) -> None:
    ended = read(calls(call(0, "{}", id="a", name="f")), chunk(finish), DONE)[-1]
    assert ended == AnswerEnded("tool_use")


def test_an_answer_that_was_cut_off_for_its_length_is_told_so_even_with_a_call() -> None:
    ended = read(calls(call(0, '{"a', id="a", name="f")), chunk("length"), DONE)[-1]
    assert ended == AnswerEnded("max_tokens")


def test_a_stop_sequence_that_the_server_names() -> None:
    met: dict[str, Any] = {"index": 0, "delta": {}, "finish_reason": "stop", "stop_reason": "END"}
    asked = Conversation((), sampling=Sampling(stop_sequences=("END",)), streamed=True)
    end = AnswerEnded("stop_sequence", stop_sequence="END")
    assert read(data({"choices": [met]}), DONE, conversation=asked)[-1] == end
    for other in ({**met, "stop_reason": 128009}, {**met, "stop_reason": "other"}):
        ended = read(data({"choices": [other]}), DONE, conversation=asked)[-1]
        assert ended == AnswerEnded("end_turn")


def test_a_refusal_is_the_end_s_own_words() -> None:
    events = read(chunk(refusal="I "), chunk(refusal="will not."), chunk("stop"), DONE)
    assert events == [STARTED, AnswerEnded("refusal", details="I will not.")]


def test_log_probabilities_come_with_their_text() -> None:
    entry = {"token": "a", "logprob": -0.1, "bytes": [97], "top_logprobs": []}
    choice = {"index": 0, "delta": {"content": "a"}, "logprobs": {"content": [entry]}}
    assert content(data({"choices": [choice]})) == [TextDelta("a", (entry,))]


def test_citations_of_pages() -> None:
    cited = {"url": "http://x", "title": "X", "start_index": 0, "end_index": 1}
    annotations = [{"type": "url_citation", "url_citation": cited}, {"type": "file_citation"}, 7]
    events = content(chunk(content="a", annotations=annotations))
    citation = {
        "type": "web_search_result_location",
        "url": "http://x",
        "title": "X",
        "cited_text": "",
        "encrypted_index": "",
    }
    assert events == [TextDelta("a"), Cited(citation)]


@pytest.mark.parametrize(
    "frames",
    [
        [chunk(reasoning_content="h"), chunk(reasoning_content="m", content=None)],
        [chunk(reasoning_content="h", reasoning="h"), chunk(reasoning="m", reasoning_content="m")],
    ],
)
def test_thinking_is_signed_for_its_model_before_the_text(frames: list[bytes]) -> None:
    thought = [ThinkingDelta("h"), ThinkingDelta("m"), SIGNED, BlockEnded()]
    assert content(*frames, chunk(content="x")) == [*thought, TextDelta("x")]
    assert content(*frames) == thought
    started = [ToolUseStarted("a", "f"), ToolInputDelta("{}"), BlockEnded()]
    assert content(*frames, calls(call(0, "{}", id="a", name="f"))) == [*thought, *started]


def test_thinking_under_its_newer_name_goes_back_under_that() -> None:
    events = content(chunk(reasoning="hm", reasoning_details=[]), chunk(content="x"))
    assert events[1] == ThinkingSigned(f"understudy:openai-chat {MODEL} reasoning")


def test_a_thought_after_the_text_is_a_block_of_its_own() -> None:
    again = content(chunk(reasoning_content="a"), chunk(content="x"), chunk(reasoning_content="b"))
    first = [ThinkingDelta("a"), SIGNED, BlockEnded(), TextDelta("x")]
    assert again == [*first, ThinkingDelta("b"), SIGNED, BlockEnded()]


def test_entries_with_signatures_are_put_together_and_carried_by_the_signature() -> None:
    def details(*entries: dict[str, Any], **members: Any) -> bytes:
        return chunk(reasoning_details=list(entries), **members)

    text = {"type": "reasoning.text", "index": 0, "format": "anthropic-claude-v1"}
    secret = {"type": "reasoning.encrypted", "data": "zzz", "index": 1}
    events = content(
        details({**text, "text": "a"}, reasoning="a"),
        details({**text, "text": "b"}, reasoning="b"),
        details({**text, "signature": "s"}),
        chunk(content="x"),
        details(secret),
    )
    assert events[:2] == [ThinkingDelta("a"), ThinkingDelta("b")]
    first, last = events[2], events[5]
    assert isinstance(first, ThinkingSigned)
    assert isinstance(last, ThinkingSigned)
    assert events[3:5] == [BlockEnded(), TextDelta("x")]
    assert json.loads(first.signature.split(" ", 2)[2]) == [
        {**text, "text": "ab", "signature": "s"}
    ]
    assert json.loads(last.signature.split(" ", 2)[2]) == [secret]
    assert events[6:] == [BlockEnded()]


def test_entries_alone_are_readable_and_plain_ones_are_not_carried() -> None:
    entry = {"type": "reasoning.text", "text": "hm", "signature": None}
    assert content(chunk(reasoning_details=[entry, 7])) == [
        ThinkingDelta("hm"),
        SIGNED,
        BlockEnded(),
    ]
    summary = {"type": "reasoning.summary", "summary": "hm"}
    assert content(chunk(reasoning_details=[summary]))[0] == ThinkingDelta("hm")


def test_mistral_s_thinking_stands_in_the_content() -> None:
    thinking = {"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}
    text = {"type": "text", "text": "x"}
    events = content(chunk(content=[thinking, {"type": "reference"}, text]))
    assert events == [ThinkingDelta("hm"), SIGNED, BlockEnded(), TextDelta("x")]


@pytest.mark.parametrize(
    "frames",
    [
        [chunk(content="x"), chunk("stop"), data({"choices": [], "usage": USAGE})],
        [chunk(content="x"), chunk("stop", usage=USAGE)],
        [chunk(content="x", usage={**USAGE, "completion_tokens": 1}), chunk("stop", usage=USAGE)],
        [chunk(content="x"), chunk("stop"), data({"x_groq": {"usage": USAGE}})],
        [
            chunk(content="x"),
            data({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop", "usage": USAGE}]}),
        ],
    ],
    ids=["own chunk", "same chunk", "each chunk", "groq", "choice"],
)
def test_usage_is_counted_once_wherever_it_stands(frames: list[bytes]) -> None:
    assert read(*frames, DONE)[-1] == AnswerEnded("end_turn", Usage(10, 5))


def test_usage_in_the_first_chunk_is_known_at_the_start() -> None:
    first = read(chunk(content="x", usage={**USAGE, "completion_tokens": 1}))[0]
    assert first == AnswerStarted(Usage(10))


def test_other_choices_are_not_read() -> None:
    other = {"index": 1, "delta": {"content": "no"}, "finish_reason": "length"}
    mine = {"index": 0, "delta": {"content": "yes"}, "finish_reason": "stop"}
    events = read(data({"choices": [other, mine, other]}), DONE)
    assert events == [STARTED, TextDelta("yes"), AnswerEnded("end_turn")]


def test_what_is_no_answer_is_passed_over() -> None:
    frames = [b": OPENROUTER PROCESSING\n\n", b"\n\n", data({"type": "ping"}), b"retry: 5\n\n"]
    azure = data({"choices": [], "prompt_filter_results": [{"prompt_index": 0}]})
    assert content(*frames, azure, b"event: x\nid: 1\n" + chunk(content="x")) == [TextDelta("x")]


def test_a_stream_is_complete_with_its_mark_or_where_it_ends_after_a_reason() -> None:
    said = [STARTED, TextDelta("x"), AnswerEnded("end_turn")]
    assert read(chunk(content="x"), DONE) == said
    assert read(chunk(content="x"), b"data:[DONE]") == said
    assert read(chunk(content="x"), chunk("stop")) == said
    assert read(chunk(content="x"), chunk("stop").rstrip()) == said
    assert read(chunk(content="x"), chunk("stop"), DONE, chunk(content="more"), b"?\n\n") == said


@pytest.mark.parametrize("rest", [b"", b": ping\n\n", chunk(content="y")[:-20], b"data: {\r\n"])
def test_a_stream_that_ends_without_a_reason_was_cut(rest: bytes) -> None:
    assert read(chunk(content="x"), rest) == [STARTED, TextDelta("x")]
    assert read(rest) == []


@pytest.mark.parametrize("rest", [b"data: {\n\n", b"data: 7\n\n", b'data: {"a":"\xff"}\n\n'])
def test_nonsense_is_told_after_the_events_before_it(rest: bytes) -> None:
    reader = UPSTREAM.reader(STREAMED, MODEL, ANSWER)
    reader.receive_data(chunk(content="x") + rest + chunk(content="y"))
    assert [reader.next_event(), reader.next_event()] == [STARTED, TextDelta("x")]
    for _ in range(2):
        with pytest.raises(UpstreamNonsense):
            reader.next_event()


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        (
            data({"error": {"message": "boom", "type": "server_error", "code": None}}),
            AnswerFailed("api_error", "boom", 500),
        ),
        (
            data(
                {"error": {"code": 502, "message": "gone"}, "choices": [{"finish_reason": "error"}]}
            ),
            AnswerFailed("api_error", "gone", 502),
        ),
        (
            data({"object": "error", "message": "busy", "type": "x", "code": 503}),
            AnswerFailed("overloaded_error", "busy", 503),
        ),
        (
            data({"error": {"message": "m", "code": "404"}}),
            AnswerFailed("not_found_error", "m", 404),
        ),
        (data({"error": "plain words"}), AnswerFailed("api_error", "plain words", 500)),
        (
            b'error: {"code":400,"message":"bad","type":"invalid_request_error"}\n\n',
            AnswerFailed("invalid_request_error", "bad", 400),
        ),
        (
            data({"choices": [{"index": 0, "delta": {}, "finish_reason": "error"}]}),
            AnswerFailed("api_error", reader_module.SILENT_FAILURE, 500),
        ),
        (
            data({"choices": [{"finish_reason": "error", "error": {"message": "m", "code": 429}}]}),
            AnswerFailed("rate_limit_error", "m", 429),
        ),
        (
            data({"error": {"message": "m", "code": "context_length_exceeded"}}),
            AnswerFailed("invalid_request_error", "prompt is too long: m", 400),
        ),
    ],
)
def test_an_error_in_mid_stream_ends_the_answer(frame: bytes, expected: AnswerFailed) -> None:
    events = read(chunk(content="x"), frame, chunk(content="y"), DONE)
    assert events == [STARTED, TextDelta("x"), expected]


def test_an_error_that_comes_first_is_all_that_comes() -> None:
    assert read(data({"error": {"message": "m"}}), DONE) == [AnswerFailed("api_error", "m", 500)]


def test_a_body_in_one_piece_is_read_at_its_end_whatever_was_asked_for() -> None:
    found = body(
        "tool_calls",
        content="x",
        reasoning_content="hm",
        tool_calls=[
            call(None, "{}", id="a", name="f"),
            call(None, "", id="b", name="g"),
        ],
    )
    expected = [
        STARTED,
        ThinkingDelta("hm"),
        SIGNED,
        BlockEnded(),
        TextDelta("x"),
        ToolUseStarted("a", "f"),
        ToolInputDelta("{}"),
        BlockEnded(),
        ToolUseStarted("b", "g"),
        ToolInputDelta("{}"),
        BlockEnded(),
        AnswerEnded("tool_use", Usage(3, 2)),
    ]
    for conversation in (Conversation(()), STREAMED):
        events = read(b"\n \n", found[:9], found[9:], conversation=conversation)
        assert events == [AnswerStarted(Usage(3)), *expected[1:]]
    streamed = read(chunk(content="x"), DONE, conversation=Conversation(()))
    assert streamed == [STARTED, TextDelta("x"), AnswerEnded("end_turn")]


def test_a_body_needs_no_reason() -> None:
    assert read(body(None, content="x"))[-1] == AnswerEnded("end_turn", Usage(3, 2))


@pytest.mark.parametrize(
    "raw", [b'{"error":{"message":"m","code":404}}', b'[{"error":{"message":"m","code":404}}]']
)
def test_a_body_that_is_an_error(raw: bytes) -> None:
    assert read(raw) == [AnswerFailed("not_found_error", "m", 404)]


@pytest.mark.parametrize(
    "raw", [b"{", b"{}", b"[]", b'{"choices":[]}', b'{"choices":{}}', b"[" * 99999]
)
def test_a_body_that_makes_no_sense(raw: bytes) -> None:
    with pytest.raises(UpstreamNonsense):
        read(raw)


def test_a_web_page_is_no_answer() -> None:
    assert read(b"<html><body>\n\nhello</body>") == []


@pytest.mark.parametrize("beginning", [b"data: {", b"{"])
def test_an_answer_over_its_limit_is_nonsense_and_not_kept(
    monkeypatch: pytest.MonkeyPatch, beginning: bytes
) -> None:
    monkeypatch.setattr(reader_module, "EVENT_BYTES_MAX", 1000)
    monkeypatch.setattr(reader_module, "ANSWER_BYTES_MAX", 1000)
    reader = UPSTREAM.reader(STREAMED, MODEL, ANSWER)
    reader.receive_data(beginning.ljust(1000))
    with pytest.raises(UpstreamNonsense, match="more than 1000 bytes"):
        reader.receive_data(b" ")
    reader.receive_data(b" " * 100)
    reader.receive_end()
    assert list(drained(reader)) == []


@pytest.mark.parametrize(
    "frame",
    [
        chunk(refusal="x" * 300),
        chunk(reasoning_details=[{"type": "reasoning.text", "text": "x" * 300, "index": 0}]),
        calls(call(0, "x" * 300, id="a", name="f")),
    ],
    ids=["refusal", "details", "arguments"],
)
def test_what_is_held_back_has_a_limit(monkeypatch: pytest.MonkeyPatch, frame: bytes) -> None:
    monkeypatch.setattr(content_module, "ANSWER_BYTES_MAX", 1000)
    assert read(frame, frame, frame)
    with pytest.raises(UpstreamNonsense, match="holds back more than"):
        read(frame, frame, frame, frame)


def test_an_answer_that_is_nothing_but_its_end_mark_is_an_empty_one() -> None:
    events = read(b"data: [DONE]\n\n")
    assert [type(event) for event in events] == [AnswerStarted, AnswerEnded]
