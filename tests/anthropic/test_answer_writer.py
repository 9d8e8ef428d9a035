"""Answers as clients of the Messages API read them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from understudy.protocols.anthropic.dialect import SERVED
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    OtherBlock,
    TextDelta,
    ThinkingDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.dialect import Failure
from understudy.protocols.records import Usage

from .answers import ANSWERS, END, ENDED, STARTED, WHOLE, frames, written
from .requests import request

USAGE = {
    "input_tokens": 12,
    "cache_creation_input_tokens": 40,
    "cache_read_input_tokens": 3000,
    "output_tokens": 41,
}


def kinds(events: list[dict[str, Any]]) -> list[str]:
    return [event["type"] for event in events]


def deltas(*events: AnswerEvent) -> list[dict[str, Any]]:
    found = frames(written([STARTED, *events, ENDED]))
    return [event["delta"] for event in found if event["type"] == "content_block_delta"]


def message(*events: AnswerEvent) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(written(events, streamed=False))
    return found


def test_row_5_a_stream_begins_with_its_message_and_ends_with_its_end() -> None:
    found = frames(written(WHOLE, model="my-model"))
    assert found[0]["message"] == {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "my-model",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {**USAGE, "output_tokens": 1},
    }
    assert kinds(found[-2:]) == ["message_delta", "message_stop"]
    assert found[-2]["delta"] == {"stop_reason": "tool_use", "stop_sequence": None}
    assert found[-2]["usage"] == USAGE


def test_pain_7_blocks_are_nested_as_the_client_wants_them() -> None:
    open_index = None
    next_index = 0
    for event in frames(written(WHOLE))[1:-2]:
        if event["type"] == "content_block_start":
            assert (open_index, event["index"]) == (None, next_index)
            open_index = event["index"]
            next_index += 1
        else:
            assert event["index"] == open_index
            open_index = None if event["type"] == "content_block_stop" else open_index
    assert (open_index, next_index) == (None, 7)


def test_a_tool_s_input_comes_as_deltas_alone() -> None:
    found = frames(written(WHOLE))
    begun = [event["content_block"] for event in found if event["type"] == "content_block_start"]
    assert [block["input"] for block in begun if block["type"] == "tool_use"] == [{}, {}]
    call = ToolUseStarted("t", "ping")
    assert deltas(call, ToolInputDelta('{"a'), ToolInputDelta('":1}'), END) == [
        {"type": "input_json_delta", "partial_json": '{"a'},
        {"type": "input_json_delta", "partial_json": '":1}'},
    ]


@pytest.mark.parametrize("said", [[], [""], [" "], ["", " "]])
def test_pain_8_an_input_of_nothing_is_an_empty_object(said: list[str]) -> None:
    pieces = [ToolInputDelta(piece) for piece in said]
    found = deltas(ToolUseStarted("t", "ping"), *pieces, END)
    assert json.loads("".join(delta["partial_json"] for delta in found)) == {}
    content = message(STARTED, ToolUseStarted("t", "ping"), *pieces, END, ENDED)["content"]
    assert content == [{"type": "tool_use", "id": "t", "name": "ping", "input": {}}]


def test_a_block_that_nobody_ended_is_ended_by_the_next() -> None:
    call = ToolUseStarted("t", "ping")
    found = frames(
        written([STARTED, ThinkingDelta("a"), TextDelta("b"), call, TextDelta("c"), ENDED])
    )
    assert kinds(found).count("content_block_start") == 4
    assert kinds(found).count("content_block_stop") == 4


def test_usage_that_is_told_twice_is_counted_once() -> None:
    first, second = AnswerStarted(Usage(5)), AnswerStarted(Usage(7, 0, 3))
    found = frames(written([first, second, AnswerEnded("end_turn", Usage(output_tokens=2))]))
    assert kinds(found).count("message_start") == 1
    assert found[-2]["usage"] == {
        "input_tokens": 7,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 3,
        "output_tokens": 2,
    }


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("end_turn", "end_turn"),
        ("max_tokens", "max_tokens"),
        ("stop_sequence", "stop_sequence"),
        ("tool_use", "tool_use"),
        ("refusal", "refusal"),
        ("pause_turn", "pause_turn"),
        ("model_context_window_exceeded", "model_context_window_exceeded"),
        ("some_new_reason", "end_turn"),
    ],
)
def test_every_stop_reason(reason: str, told: str) -> None:
    ended = AnswerEnded(reason, stop_sequence="END" if reason == "stop_sequence" else "")
    sequence = "END" if reason == "stop_sequence" else None
    delta = frames(written([STARTED, ended]))[-2]["delta"]
    body = message(STARTED, ended)
    for found in (delta, body):
        assert (found["stop_reason"], found["stop_sequence"]) == (told, sequence)


def test_a_refusal_says_why() -> None:
    ended = AnswerEnded("refusal", details="not that")
    expected = {"type": "refusal", "category": None, "explanation": "not that"}
    assert frames(written([STARTED, ended]))[-2]["delta"]["stop_details"] == expected
    assert message(STARTED, ended)["stop_details"] == expected


def test_no_verdict_is_ever_made_up() -> None:
    for streamed in (True, False):
        assert b"safeguard" not in written(WHOLE, streamed=streamed)


def test_a_server_tool_s_input_comes_as_a_delta_and_another_dialect_s_block_not_at_all() -> None:
    use = {"type": "server_tool_use", "id": "s", "name": "web_search", "input": {"query": "x"}}
    blocks = [OtherBlock("anthropic", use), OtherBlock("gemini", {"executableCode": {}})]
    found = frames(written([STARTED, *blocks, ENDED]))
    begun = [event["content_block"] for event in found if event["type"] == "content_block_start"]
    assert begun == [{**use, "input": {}}]
    assert deltas(*blocks) == [{"type": "input_json_delta", "partial_json": '{"query":"x"}'}]
    assert message(STARTED, *blocks, ENDED)["content"] == [use]


def test_a_message_in_one_piece() -> None:
    found = message(*WHOLE)
    assert found == {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m",
        "content": [
            {"type": "thinking", "thinking": "h\u00e9m", "signature": "c2ln"},
            {"type": "redacted_thinking", "data": "c2Vj"},
            {
                "type": "text",
                "text": "one \U0001f600\n\ntwo",
                "citations": [{"type": "char_location", "cited_text": "x"}],
            },
            {"type": "text", "text": "another"},
            {"type": "tool_use", "id": "toolu_1", "name": "ping", "input": {"a": 1}},
            {"type": "tool_use", "id": "toolu_2", "name": "ping", "input": {}},
            {"type": "new_kind", "n": [1, {}]},
        ],
        "stop_reason": "tool_use",
        "stop_sequence": None,
        "usage": USAGE,
    }


@pytest.mark.parametrize("broken", ['{"a": ', "[1]", "7", "null", "[" * 100_000])
def test_row_11_an_input_that_is_no_object_is_told_as_the_client_tells_it(broken: str) -> None:
    found = message(STARTED, ToolUseStarted("t", "x"), ToolInputDelta(broken), END, ENDED)
    expected = {"__unparsedToolInput": {"raw": broken, "len": len(broken)}}
    assert found["content"][0]["input"] == expected


def test_row_12_what_fails_is_told_before_content_and_cut_after_it() -> None:
    failed = AnswerFailed("overloaded_error", "busy")
    error = {"type": "error", "error": {"type": "overloaded_error", "message": "busy"}}
    writer = SERVED.writer(request(stream=True), "1")
    assert writer.cut_after_content
    assert frames(writer.send(failed)) == [error]
    assert message(STARTED, failed) == error


def test_a_ping_keeps_a_stream_alive_and_a_body_is_not_begun() -> None:
    assert frames(SERVED.writer(request(stream=True), "1").ping()) == [{"type": "ping"}]
    assert SERVED.writer(request(stream=False), "1").ping() == b""
    assert written([TextDelta("a"), END], streamed=False).startswith(b"{")


def test_headers_say_what_comes() -> None:
    kinds = {
        streamed: dict(SERVED.writer(request(stream=streamed), "1").headers)[b"content-type"]
        for streamed in (True, False)
    }
    assert kinds == {True: b"text/event-stream; charset=utf-8", False: b"application/json"}


def test_an_error_response_names_its_request() -> None:
    failure = Failure(400, "invalid_request_error", "prompt is too long: 9 tokens > 5 maximum")
    assert json.loads(SERVED.error(failure, "req_1")) == {
        "type": "error",
        "error": {"type": failure.kind, "message": failure.message},
        "request_id": "req_1",
    }


@given(ANSWERS)
def test_a_stream_makes_the_message_that_a_body_is(events: tuple[AnswerEvent, ...]) -> None:
    made: list[dict[str, Any]] = []
    inputs: dict[int, str] = {}
    for event in frames(written(events)):
        if event["type"] == "content_block_start":
            begun: dict[str, Any] = event["content_block"]
            made.append(begun)
        elif event["type"] == "content_block_delta":
            add(made, event["delta"], inputs, int(event["index"]))
    for index, joined in inputs.items():
        made[index]["input"] = json.loads(joined)
    assert made == json.loads(written(events, streamed=False))["content"]


def add(
    made: list[dict[str, Any]], delta: dict[str, Any], inputs: dict[int, str], index: int
) -> None:
    """What a client does with a delta."""
    block = made[index]
    match delta.pop("type"):
        case "input_json_delta":
            inputs[index] = inputs.get(index, "") + delta["partial_json"]
        case "citations_delta":
            block.setdefault("citations", []).append(delta["citation"])
        case _:
            for key, value in delta.items():
                block[key] += value
