"""An answer as a client gets it: every event in order, and the object that holds it all.

What it must look like for the official SDK's strict validation was checked against that SDK; the
matrix of all dialects does so for each of its cells.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
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
from understudy.protocols.openai_responses import writer as module
from understudy.protocols.openai_responses.dialect import SERVED
from understudy.protocols.records import Usage

from .playbook import Json, body, request, streamed, told

STARTED = AnswerStarted(Usage(30, 0, 60, 10))
ENDED = AnswerEnded("end_turn", Usage(0, 9, reasoning_tokens=4))
TEXT: list[AnswerEvent] = [STARTED, TextDelta("a"), TextDelta("b"), BlockEnded(), ENDED]
OF_TEXT = ["content_part.added", "output_text.delta", "output_text.delta", "output_text.done"]


def test_the_events_of_a_text() -> None:
    events = streamed(TEXT)
    assert told(events) == [
        "created",
        "in_progress",
        "output_item.added",
        *OF_TEXT,
        "content_part.done",
        "output_item.done",
        "completed",
    ]
    assert [each["sequence_number"] for each in events] == list(range(len(events)))
    part: Json = {"type": "output_text", "text": "ab", "annotations": [], "logprobs": []}
    item = {"type": "message", "id": "msg_1_0", "role": "assistant"}
    assert events[2]["item"] == {**item, "status": "in_progress", "content": []}
    place = {"item_id": "msg_1_0", "output_index": 0, "content_index": 0}
    for each in events[3:8]:
        assert place.items() <= each.items()
    assert (events[4]["delta"], events[5]["delta"]) == ("a", "b")
    assert events[6]["text"] == "ab"
    assert events[7]["part"] == part
    assert events[8]["item"] == {**item, "status": "completed", "content": [part]}
    assert events[9]["response"]["output"] == [events[8]["item"]]


def test_the_object_at_its_start_and_at_its_end() -> None:
    asked: dict[str, Any] = {
        "model": "mine",
        "instructions": "be\r\nbrief",
        "metadata": {"a": "b"},
        "tools": [{"type": "function", "name": "f", "parameters": None}],
        "tool_choice": "required",
        "temperature": 0.5,
        "parallel_tool_calls": None,
    }
    events = streamed(TEXT, **asked)
    first, last = events[0]["response"], events[-1]["response"]
    whole = body(TEXT, **asked)
    assert last == {**whole, "usage": last["usage"]}
    assert (first["status"], first["output"], first["usage"]) == ("in_progress", [], None)
    assert (last["id"], last["object"], last["status"]) == ("resp_1", "response", "completed")
    assert last["parallel_tool_calls"] is True
    assert last["usage"] == {
        "input_tokens": 100,
        "input_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 10},
        "output_tokens": 9,
        "output_tokens_details": {"reasoning_tokens": 4},
        "total_tokens": 109,
    }
    for key in ("model", "instructions", "metadata", "tools", "tool_choice", "temperature"):
        assert first[key] == last[key] == asked[key]


def test_a_request_that_is_printed_over_lines_breaks_no_event() -> None:
    members = {"model": "m", "input": "a", "stream": True, "tools": [{"type": "x"}]}
    for end in ("\n", "\r\n"):
        data = json.dumps(members, indent=1).replace("\n", end).encode()
        writer = SERVED.writer(SERVED.parse(data), "1")
        frames = writer.send(AnswerStarted()).split(b"\n\n")
        assert [len(frame.splitlines()) for frame in frames] == [2, 2, 0]


def test_thinking_is_a_summary_and_its_signature_stands_in_the_finished_item() -> None:
    thought: list[AnswerEvent] = [
        ThinkingDelta("h"),
        ThinkingDelta("m"),
        ThinkingSigned("c2ln"),
        BlockEnded(),
    ]
    events = streamed([STARTED, *thought, ENDED])
    assert told(events)[2:-1] == [
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
    ]
    item = {
        "type": "reasoning",
        "id": "rs_1_0",
        "summary": [{"type": "summary_text", "text": "hm"}],
        "encrypted_content": "understudy:anthropic  c2ln",
    }
    assert events[2]["item"] == {**item, "summary": [], "encrypted_content": None}
    assert events[-2]["item"] == item
    assert body([STARTED, *thought, ENDED])["output"] == [item]


@pytest.mark.parametrize(
    ("event", "encrypted"),
    [
        (ThinkingSigned("understudy:gemini g x"), "understudy:gemini g x"),
        (ThinkingSigned("c2ln"), "understudy:anthropic  c2ln"),
        (ThinkingSigned(""), None),
        (ThinkingRedacted("ZGF0"), "understudy:redacted understudy:anthropic  ZGF0"),
    ],
)
def test_thinking_without_text_is_an_item_too(event: AnswerEvent, encrypted: str | None) -> None:
    output = body([STARTED, event, BlockEnded(), TextDelta("a"), ENDED])["output"]
    assert [item["type"] for item in output] == ["reasoning", "message"]
    assert (output[0]["summary"], output[0]["encrypted_content"]) == ([], encrypted)
    assert len({item["id"] for item in output}) == 2


def test_blocks_of_other_kinds_end_one_another() -> None:
    events: list[AnswerEvent] = [
        STARTED,
        ThinkingDelta("a"),
        TextDelta("b"),
        ToolUseStarted("c", "f"),
        ToolInputDelta("{}"),
        ThinkingDelta("d"),
        ThinkingRedacted("e"),
        ToolInputDelta("to no tool"),
        ENDED,
    ]
    items = streamed(events)[-1]["response"]["output"]
    kinds = ["reasoning", "message", "function_call", "reasoning", "reasoning"]
    assert [item["type"] for item in items] == kinds
    assert body(events)["output"] == items


def test_each_block_of_text_is_a_part_and_empty_text_is_nothing() -> None:
    end = BlockEnded()
    two: list[AnswerEvent] = [TextDelta("a"), end, TextDelta(""), end, TextDelta("b"), end]
    item = body([STARTED, ThinkingDelta(""), *two, ENDED])["output"][0]
    assert [part["text"] for part in item["content"]] == ["a", "b"]
    assert told(streamed([STARTED, *two, ENDED])).count("content_part.added") == 2


def test_citations_are_told_when_their_text_is_whole() -> None:
    web = {"type": "web_search_result_location", "url": "u", "title": "t", "cited_text": "c"}
    page = {"type": "page_location", "file_id": "f", "document_title": "d"}
    plain = {"type": "char_location", "file_id": None}
    cited: list[AnswerEvent] = [
        Cited(web),
        TextDelta("ab"),
        Cited(page),
        Cited(plain),
        BlockEnded(),
    ]
    events = streamed([STARTED, *cited, ENDED])
    notes = [
        {"type": "url_citation", "url": "u", "title": "t", "start_index": 0, "end_index": 2},
        {"type": "file_citation", "file_id": "f", "filename": "d", "index": 2},
    ]
    added = [each for each in events if "annotation" in each]
    assert [each["annotation"] for each in added] == notes
    assert [each["annotation_index"] for each in added] == [0, 1]
    assert events[-2]["item"]["content"][0]["annotations"] == notes


def test_logprobs_have_every_member() -> None:
    given = {"token": "é", "logprob": -0.5, "bytes": None, "top_logprobs": [{"token": "b"}]}
    known = {
        "token": "é",
        "bytes": [195, 169],
        "logprob": -0.5,
        "top_logprobs": [{"token": "b", "bytes": [98], "logprob": 0.0}],
    }
    events = streamed([STARTED, TextDelta("é", (given,)), ENDED])
    assert events[4]["logprobs"] == [known]
    assert events[-1]["response"]["output"][0]["content"][0]["logprobs"] == [known]


@pytest.mark.parametrize(
    ("reason", "status", "why"),
    [
        ("end_turn", "completed", None),
        ("tool_use", "completed", None),
        ("stop_sequence", "completed", None),
        ("something new", "completed", None),
        ("max_tokens", "incomplete", {"reason": "max_output_tokens"}),
        ("model_context_window_exceeded", "incomplete", {"reason": "max_output_tokens"}),
        ("refusal", "incomplete", {"reason": "content_filter"}),
    ],
)
def test_how_an_answer_ends(reason: str, status: str, why: Any) -> None:
    events: list[AnswerEvent] = [STARTED, TextDelta("a"), AnswerEnded(reason)]
    last = streamed(events)[-1]
    assert last["type"] == f"response.{status}"
    assert last["response"]["output"][0]["status"] == status
    for response in (last["response"], body(events)):
        assert (response["status"], response["incomplete_details"]) == (status, why)


def test_a_refusal_s_own_words_are_a_part() -> None:
    for before in ([TextDelta("a")], []):
        events = streamed([STARTED, *before, AnswerEnded("refusal", details="I can't")])
        assert told(events)[-6:] == [
            "content_part.added",
            "refusal.delta",
            "refusal.done",
            "content_part.done",
            "output_item.done",
            "completed",
        ]
        refusal = {"type": "refusal", "refusal": "I can't"}
        assert events[-2]["item"]["content"][-1] == refusal
        assert events[-1]["response"]["status"] == "completed"


def test_a_failure_is_told_in_the_object_and_nothing_follows() -> None:
    failures: list[AnswerEvent] = [AnswerFailed("rate_limit_error", "slow"), ENDED]
    events = streamed([STARTED, TextDelta("a"), *failures])
    assert told(events)[-1] == "failed"
    error = {"code": "rate_limit_exceeded", "message": "slow"}
    for response in (events[-1]["response"], body([STARTED, *failures])):
        assert (response["status"], response["error"]) == ("failed", error)
    assert told(streamed(failures)) == ["created", "in_progress", "failed"]
    long = AnswerFailed("invalid_request_error", "prompt is too long: 9 tokens > 5 maximum")
    assert body([long])["error"]["code"] == "context_length_exceeded"


def test_an_item_of_this_dialect_is_written_and_another_s_is_not() -> None:
    item = {"type": "web_search_call", "id": "ws_1", "status": "completed"}
    others: list[AnswerEvent] = [
        TextDelta("a"),
        OtherBlock("openai-responses", item),
        OtherBlock("anthropic", {"type": "server_tool_use"}),
    ]
    assert body([STARTED, *others, ENDED])["output"][1:] == [item]


def test_a_start_that_comes_twice_is_written_once() -> None:
    events = streamed([AnswerStarted(), AnswerStarted(Usage(5)), AnswerEnded("end_turn")])
    assert told(events) == ["created", "in_progress", "completed"]
    assert events[-1]["response"]["usage"]["input_tokens"] == 5


def test_headers_and_pings() -> None:
    stream, whole = SERVED.writer(request(stream=True), "1"), SERVED.writer(request(), "1")
    assert stream.headers[0] == (b"content-type", b"text/event-stream; charset=utf-8")
    assert whole.headers[0] == (b"content-type", b"application/json")
    assert (stream.ping(), whole.ping()) == (b": still here\n\n", b"")
    assert json.loads(whole.end())["status"] == "incomplete"


def test_an_answer_that_grows_too_large_is_told_as_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ANSWER_BYTES_MAX", 1000)
    endless = [TextDelta("x" * 100)] * 50
    events = streamed([STARTED, *endless, ENDED])
    assert told(events).count("output_text.delta") == 11
    assert told(events)[-1] == "failed"
