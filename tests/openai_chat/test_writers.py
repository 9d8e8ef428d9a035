"""Answers as clients of Chat Completions get them: the same events, streamed and in one piece."""

from __future__ import annotations

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
from understudy.protocols.openai_chat import message as message_module
from understudy.protocols.openai_chat.dialect import SERVED
from understudy.protocols.records import Usage

from .wire import ANSWER, DONE, MODEL, STARTED, decoded, deltas, plain, request, streamed

ROLE = {"role": "assistant", "content": "", "refusal": None}
ENDED = AnswerEnded("end_turn")
CALL: list[AnswerEvent] = [
    ToolUseStarted("c1", "f"),
    ToolInputDelta('{"a"'),
    ToolInputDelta(":1}"),
    BlockEnded(),
]
LEGACY: dict[str, Any] = {"functions": [{"name": "f"}]}


def message(*events: AnswerEvent, **members: Any) -> dict[str, Any]:
    """The message of an answer in one piece."""
    found: dict[str, Any] = plain([STARTED, *events, ENDED], **members)["choices"][0]["message"]
    return found


def added(*events: AnswerEvent, **members: Any) -> list[dict[str, Any]]:
    """What the chunks between the first and the last add."""
    found = deltas(streamed([STARTED, *events, ENDED], **members))
    assert (found[0], found[-1]) == (ROLE, {})
    return found[1:-1]


def test_a_stream_byte_for_byte() -> None:
    head = '{"id":"chatcmpl-4f","object":"chat.completion.chunk","created":0,"model":"some-model",'
    choice = '"choices":[{"index":0,"delta":%s,"logprobs":null,"finish_reason":%s}]}'
    lines = [
        head + choice % ('{"role":"assistant","content":"","refusal":null}', "null"),
        head + choice % ('{"content":"\u00e9\\n"}', "null"),
        head + choice % ("{}", '"stop"'),
        "[DONE]",
    ]
    expected = "".join(f"data: {line}\n\n" for line in lines)
    assert streamed([STARTED, TextDelta("\u00e9\n"), ENDED]).decode() == expected


def test_usage_comes_last_and_only_if_it_was_asked_for() -> None:
    events: list[AnswerEvent] = [
        STARTED,
        TextDelta("x"),
        AnswerEnded("end_turn", Usage(2, 5, 7, 1, reasoning_tokens=3)),
    ]
    assert all("usage" not in chunk for chunk in decoded(streamed(events)))
    assert decoded(streamed(events, stream_options={"include_usage": False})) == decoded(
        streamed(events)
    )
    *chunks, last = decoded(streamed(events, stream_options={"include_usage": True}))
    assert all(chunk["usage"] is None for chunk in chunks)
    assert last["choices"] == []
    assert last["usage"] == {
        "prompt_tokens": 10,
        "completion_tokens": 5,
        "total_tokens": 15,
        "prompt_tokens_details": {"cached_tokens": 7, "cache_write_tokens": 1},
        "completion_tokens_details": {"reasoning_tokens": 3},
    }
    assert plain(events)["usage"] == last["usage"]


def test_usage_of_the_start_counts_where_the_end_has_none() -> None:
    started, again = AnswerStarted(Usage(cache_read_tokens=4)), AnswerStarted(Usage(6))
    events: list[AnswerEvent] = [
        started,
        again,
        TextDelta("x"),
        AnswerEnded("end_turn", Usage(output_tokens=2)),
    ]
    asked = {"stream_options": {"include_usage": True}}
    for usage in (plain(events)["usage"], decoded(streamed(events, **asked))[-1]["usage"]):
        assert (usage["prompt_tokens"], usage["completion_tokens"]) == (10, 2)
        assert usage["prompt_tokens_details"] == {"cached_tokens": 4}
    assert [delta.get("role") for delta in deltas(streamed(events))].count("assistant") == 1


def test_a_body_byte_for_byte() -> None:
    assert plain([STARTED, TextDelta("a"), TextDelta("b"), ENDED]) == {
        "id": f"chatcmpl-{ANSWER}",
        "object": "chat.completion",
        "created": 0,
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "message": {"role": "assistant", "content": "ab", "refusal": None},
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {
            "prompt_tokens": 0,
            "completion_tokens": 0,
            "total_tokens": 0,
            "prompt_tokens_details": {"cached_tokens": 0},
            "completion_tokens_details": {"reasoning_tokens": 0},
        },
    }


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("pause_turn", "stop"),
        ("made_up", "stop"),
        ("max_tokens", "length"),
        ("model_context_window_exceeded", "length"),
        ("tool_use", "tool_calls"),
        ("refusal", "content_filter"),
    ],
)
def test_every_stop_reason_has_a_word_that_strict_clients_know(reason: str, expected: str) -> None:
    events: list[AnswerEvent] = [STARTED, TextDelta("x"), AnswerEnded(reason)]
    assert decoded(streamed(events))[-1]["choices"][0]["finish_reason"] == expected
    assert plain(events)["choices"][0]["finish_reason"] == expected


def test_calls_are_numbered_and_come_in_pieces() -> None:
    other: list[AnswerEvent] = [ToolUseStarted("c2", "g"), BlockEnded()]
    assert added(*CALL, *other) == [
        {
            "tool_calls": [
                {
                    "index": 0,
                    "id": "c1",
                    "type": "function",
                    "function": {"name": "f", "arguments": ""},
                }
            ]
        },
        {"tool_calls": [{"index": 0, "function": {"arguments": '{"a"'}}]},
        {"tool_calls": [{"index": 0, "function": {"arguments": ":1}"}}]},
        {
            "tool_calls": [
                {
                    "index": 1,
                    "id": "c2",
                    "type": "function",
                    "function": {"name": "g", "arguments": ""},
                }
            ]
        },
        {"tool_calls": [{"index": 1, "function": {"arguments": "{}"}}]},
    ]
    found = message(*CALL, *other)
    assert found["content"] is None
    assert found["tool_calls"] == [
        {"id": "c1", "type": "function", "function": {"name": "f", "arguments": '{"a":1}'}},
        {"id": "c2", "type": "function", "function": {"name": "g", "arguments": "{}"}},
    ]


def test_a_call_that_the_end_closes_has_arguments_too() -> None:
    assert added(ToolUseStarted("c", "f"), ToolInputDelta(""))[-1] == {
        "tool_calls": [{"index": 0, "function": {"arguments": "{}"}}]
    }


def test_a_client_of_the_old_form_gets_its_one_call_in_it() -> None:
    second: list[AnswerEvent] = [ToolUseStarted("c2", "g"), ToolInputDelta("{}"), BlockEnded()]
    events: list[AnswerEvent] = [STARTED, *CALL, *second, AnswerEnded("tool_use")]
    assert deltas(streamed(events, **LEGACY))[1:-1] == [
        {"function_call": {"name": "f", "arguments": ""}},
        {"function_call": {"arguments": '{"a"'}},
        {"function_call": {"arguments": ":1}"}},
    ]
    assert decoded(streamed(events, **LEGACY))[-1]["choices"][0]["finish_reason"] == "function_call"
    choice = plain(events, **LEGACY)["choices"][0]
    assert choice["finish_reason"] == "function_call"
    assert choice["message"]["function_call"] == {"name": "f", "arguments": '{"a":1}'}
    assert "tool_calls" not in choice["message"]
    both = plain(events, **LEGACY, tools=[{"type": "function", "function": {"name": "g"}}])
    assert "tool_calls" in both["choices"][0]["message"]


def test_thinking_is_shown_and_can_be_given_back() -> None:
    events: list[AnswerEvent] = [
        ThinkingDelta("a"),
        ThinkingDelta("b"),
        ThinkingSigned("s1"),
        BlockEnded(),
        ThinkingRedacted("zzz"),
        ThinkingDelta("c"),
        TextDelta("x"),
        ThinkingSigned("s2"),
        BlockEnded(),
    ]

    def text(index: int, **members: str) -> list[dict[str, Any]]:
        return [{"type": "reasoning.text", **members, "index": index}]

    secret = {"type": "reasoning.encrypted", "data": "zzz", "index": 1}
    assert added(*events) == [
        {"reasoning_content": "a", "reasoning_details": text(0, text="a")},
        {"reasoning_content": "b", "reasoning_details": text(0, text="b")},
        {"reasoning_details": text(0, signature="s1")},
        {"reasoning_details": [secret]},
        {"reasoning_content": "c", "reasoning_details": text(2, text="c")},
        {"content": "x"},
        {"reasoning_details": text(3, signature="s2")},
    ]
    found = message(*events)
    assert (found["content"], found["reasoning_content"]) == ("x", "abc")
    assert found["reasoning_details"] == [
        *text(0, text="ab", signature="s1"),
        secret,
        *text(2, text="c"),
        *text(3, text="", signature="s2"),
    ]


def test_texts_are_one_text_with_an_empty_line_where_something_else_came_between() -> None:
    events: list[AnswerEvent] = [
        ToolUseStarted("c", "f"),
        BlockEnded(),
        TextDelta("a"),
        BlockEnded(),
        TextDelta("b"),
        OtherBlock("anthropic", {"type": "server_tool_use"}),
        TextDelta("c"),
        ThinkingDelta("hm"),
        TextDelta("d"),
    ]
    assert "".join(delta.get("content", "") for delta in added(*events)) == "ab\n\nc\n\nd"
    assert message(*events)["content"] == "ab\n\nc\n\nd"


def test_citations_of_pages_say_where_they_belong_and_others_are_left_out() -> None:
    page = {"type": "web_search_result_location", "url": "http://x", "title": "X"}
    events: list[AnswerEvent] = [
        TextDelta("one "),
        BlockEnded(),
        TextDelta("two"),
        Cited(page),
        Cited({"type": "char_location", "document_index": 0}),
        OtherBlock("anthropic", {}),
        TextDelta("six"),
        Cited(page),
    ]

    def cited(start: int, end: int) -> dict[str, Any]:
        inner = {"start_index": start, "end_index": end, "title": "X", "url": "http://x"}
        return {"type": "url_citation", "url_citation": inner}

    expected = [cited(4, 7), cited(9, 12)]
    found = added(*events)
    assert [delta["annotations"] for delta in found if "annotations" in delta] == [
        [each] for each in expected
    ]
    assert message(*events)["annotations"] == expected


def test_log_probabilities_stand_with_their_text() -> None:
    entry: dict[str, Any] = {"token": "a", "logprob": -0.5, "bytes": None, "top_logprobs": []}
    events: list[AnswerEvent] = [STARTED, TextDelta("a", (entry,)), TextDelta("b"), ENDED]
    choice = decoded(streamed(events))[1]["choices"][0]
    assert choice["delta"] == {"content": "a"}
    assert choice["logprobs"] == {"content": [entry], "refusal": None}
    assert plain(events)["choices"][0]["logprobs"] == {"content": [entry], "refusal": None}


def test_a_refusal_that_says_why_is_told_in_its_own_words() -> None:
    refused: list[AnswerEvent] = [STARTED, AnswerEnded("refusal", details="No.")]
    assert deltas(streamed(refused)) == [ROLE, {"refusal": "No."}, {}]
    choice = plain(refused)["choices"][0]
    assert choice["message"] == {"role": "assistant", "content": None, "refusal": "No."}
    other: list[AnswerEvent] = [STARTED, AnswerEnded("end_turn", details="No.")]
    assert plain(other)["choices"][0]["message"]["refusal"] is None
    assert plain(other)["choices"][0]["message"]["content"] == ""


def test_an_answer_that_failed_says_so_and_has_no_end_mark() -> None:
    failed: list[AnswerEvent] = [
        STARTED,
        TextDelta("x"),
        AnswerFailed("overloaded_error", "busy", 529),
    ]
    error = {
        "message": "busy",
        "type": "server_error",
        "param": None,
        "code": "server_overloaded",
    }
    stream = streamed(failed)
    assert not stream.endswith(DONE)
    assert decoded(stream)[-1] == {"error": error}
    assert plain(failed) == {"error": error}


def test_a_ping_is_a_comment_and_a_body_has_none() -> None:
    writer = SERVED.writer(request(stream=True), ANSWER)
    assert writer.ping() == b": ping\n\n"
    assert dict(writer.headers)[b"content-type"] == b"text/event-stream; charset=utf-8"
    plain_writer = SERVED.writer(request(), ANSWER)
    assert plain_writer.ping() == b""
    assert dict(plain_writer.headers) == {b"content-type": b"application/json"}
    assert not writer.cut_after_content


@pytest.mark.parametrize(
    "event", [TextDelta("x" * 60), ThinkingDelta("x" * 60), ThinkingSigned("x" * 60)]
)
def test_a_body_over_its_limit_is_an_error(
    monkeypatch: pytest.MonkeyPatch, event: AnswerEvent
) -> None:
    monkeypatch.setattr(message_module, "ANSWER_BYTES_MAX", 100)
    assert "choices" in plain([STARTED, event, ENDED])
    assert "longer than" in plain([STARTED, event, event, ENDED])["error"]["message"]
