"""Answers as Ollama's clients read them: each line JSON by itself, the last one done."""

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
    Cited,
    OtherBlock,
    TextDelta,
    ThinkingDelta,
    ThinkingRedacted,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.records import Usage

from .inputs import few_examples
from .wire import EVENTS, MODEL, client_lines, read, writer, written

COMMON = {"model": MODEL, "created_at": "1970-01-01T00:00:00Z", "done": False}
FINAL = {
    "done": True,
    "done_reason": "stop",
    "total_duration": 0,
    "load_duration": 0,
    "prompt_eval_duration": 0,
    "eval_duration": 0,
    "prompt_eval_count": 26,
    "eval_count": 9,
}
CALLS: list[dict[str, Any]] = [
    {"id": "call_1", "function": {"index": 0, "name": "read", "arguments": {"path": "a\u00e9"}}},
    {"id": "call_a1_1", "function": {"index": 1, "name": "list", "arguments": {}}},
    {"id": "call_a1_2", "function": {"index": 2, "name": "read", "arguments": {"path": "b"}}},
]


def said(content: str = "", **members: object) -> dict[str, object]:
    return {**COMMON, "message": {"role": "assistant", "content": content, **members}}


def test_a_streamed_answer_is_a_line_for_each_piece() -> None:
    assert client_lines(written(EVENTS)) == [
        said(thinking="hm "),
        said(thinking="\u00e9\U0001f600"),
        said("Hel"),
        said("lo \u2028 \U0001f600"),
        *(said(tool_calls=[call]) for call in CALLS),
        {**said(), **FINAL},
    ]


def test_an_answer_in_one_piece_says_all_at_its_end() -> None:
    to = writer(streamed=False)
    assert [to.send(event) for event in EVENTS] == [b""] * len(EVENTS)
    assert to.ping() == b""
    text, thinking = "Hello \u2028 \U0001f600", "hm \u00e9\U0001f600"
    whole = said(text, thinking=thinking, tool_calls=CALLS)
    assert json.loads(to.end()) == {**whole, **FINAL}


def test_generate_says_it_in_members_of_its_own() -> None:
    found = client_lines(written(EVENTS, generate=True))
    assert found[0] == {**COMMON, "response": "", "thinking": "hm "}
    assert found[2] == {**COMMON, "response": "Hel"}
    assert found[4] == {**COMMON, "response": "", "tool_calls": CALLS[:1]}
    assert found[-1] == {**COMMON, "response": "", **FINAL}
    whole = json.loads(written(EVENTS, generate=True, streamed=False))
    assert whole["response"] == "Hello \u2028 \U0001f600"
    assert whole["thinking"] == "hm \u00e9\U0001f600"


@pytest.mark.parametrize(
    ("streamed", "content_type"),
    [(True, b"application/x-ndjson"), (False, b"application/json; charset=utf-8")],
)
def test_the_content_type_says_which_it_is(streamed: bool, content_type: bytes) -> None:
    assert dict(writer(streamed=streamed).headers) == {b"content-type": content_type}


@pytest.mark.parametrize("generate", [False, True])
def test_a_ping_is_an_empty_piece_of_text(generate: bool) -> None:
    (found,) = client_lines(writer(generate=generate).ping())
    assert found == ({**COMMON, "response": ""} if generate else said())


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("end_turn", "stop"),
        ("tool_use", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("pause_turn", "stop"),
        ("refusal", "stop"),
        ("something_new", "stop"),
    ],
)
def test_each_stop_reason(reason: str, told: str) -> None:
    found = client_lines(written([AnswerStarted(), TextDelta("x"), AnswerEnded(reason)]))
    assert found[-1]["done_reason"] == told
    assert sum(line["done"] for line in found) == 1


def test_a_refusal_without_a_word_says_its_reason() -> None:
    ended = AnswerEnded("refusal", details="I must not.")
    told = client_lines(written([AnswerStarted(), ended]))
    assert [line["message"]["content"] for line in told] == ["I must not.", ""]
    assert json.loads(written([ended], streamed=False))["message"]["content"] == "I must not."
    spoken = client_lines(written([TextDelta("No."), ended]))
    assert [line["message"]["content"] for line in spoken] == ["No.", ""]


def test_the_whole_prompt_is_counted_whatever_came_from_a_cache() -> None:
    usage = Usage(10, 3, 200, 7)
    (ended,) = client_lines(written([AnswerEnded("end_turn", usage)]))
    assert (ended["prompt_eval_count"], ended["eval_count"]) == (217, 3)
    started: list[AnswerEvent] = [
        AnswerStarted(Usage(1)),
        AnswerStarted(Usage(5, 0, 6)),
        AnswerEnded("end_turn"),
    ]
    assert client_lines(written(started))[-1]["prompt_eval_count"] == 11


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        ("", {}),
        ("{}", {}),
        ('{"a": {"b": [1, 2.5, null]}}', {"a": {"b": [1, 2.5, None]}}),
        ('{"a": ', {"__unparsedToolInput": {"raw": '{"a": ', "len": 6}}),
        ("[1]", {"__unparsedToolInput": {"raw": "[1]", "len": 3}}),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_input_is_gathered_until_its_block_ends(text: str, arguments: object, size: int) -> None:
    to = writer()
    pieces = [text[place : place + size] for place in range(0, len(text), size)]
    before = [to.send(ToolUseStarted("c", "t")), *(to.send(ToolInputDelta(p)) for p in pieces)]
    assert not any(before)
    (found,) = client_lines(to.send(BlockEnded()))
    assert found["message"]["tool_calls"][0]["function"]["arguments"] == arguments


def test_a_call_that_was_not_closed_is_told_at_the_end() -> None:
    found = client_lines(written([ToolUseStarted("c", "t"), AnswerEnded("tool_use")]))
    assert [bool(line["message"].get("tool_calls")) for line in found] == [True, False]


def test_log_probabilities_stand_beside_the_message() -> None:
    shown = {"token": "Hi", "logprob": -0.25, "bytes": [72, 105], "top_logprobs": []}
    events: list[AnswerEvent] = [TextDelta("Hi", (shown,)), AnswerEnded("end_turn")]
    assert client_lines(written(events))[0] == {**said("Hi"), "logprobs": [shown]}
    assert json.loads(written(events, streamed=False))["logprobs"] == [shown]


def test_a_failure_is_an_error_and_nothing_comes_after_it() -> None:
    events: list[AnswerEvent] = [
        AnswerStarted(),
        TextDelta("x"),
        AnswerFailed("api_error", "it broke"),
    ]
    assert client_lines(written(events))[1:] == [{"error": "it broke"}]
    assert json.loads(written(events, streamed=False)) == {"error": "it broke"}


def test_what_ollama_has_no_word_for_is_left_out() -> None:
    silent: list[AnswerEvent] = [
        ThinkingSigned("s"),
        ThinkingRedacted("d"),
        Cited({"type": "char_location"}),
        OtherBlock("anthropic", {"type": "server_tool_use"}),
        ToolInputDelta("of no call"),
        BlockEnded(),
    ]
    to = writer()
    assert [to.send(event) for event in silent] == [b""] * len(silent)


PIECES = st.lists(
    st.one_of(
        st.text(max_size=9).map(TextDelta),
        st.text(max_size=9).map(ThinkingDelta),
        st.text(max_size=9).map(ToolInputDelta),
        st.just(ToolUseStarted("c", "t")),
        st.just(BlockEnded()),
    ),
    max_size=9,
)


@few_examples
@given(PIECES, st.booleans())
def test_any_events_are_lines_that_a_client_reads(
    events: list[AnswerEvent], generate: bool
) -> None:
    found = client_lines(written([*events, AnswerEnded("end_turn")], generate=generate))
    assert [line["done"] for line in found] == [False] * (len(found) - 1) + [True]


def test_what_is_written_is_read_again() -> None:
    assert read([written(EVENTS)]) == EVENTS
