"""Answers for Gemini's clients as transcripts: events in, chunks out."""

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
from understudy.protocols.dialect import AnswerWriter, UpstreamNonsense
from understudy.protocols.gemini.dialect import SERVED
from understudy.protocols.gemini.grounding import CITATIONS_MAX
from understudy.protocols.gemini.signatures import shown
from understudy.protocols.records import Usage

from .wire import chunks_of, event, read, request, written

THOUGHTS: dict[str, Any] = {"generationConfig": {"thinkingConfig": {"includeThoughts": True}}}
END = AnswerEnded("end_turn")
TOOL: list[AnswerEvent] = [
    ToolUseStarted("toolu_1", "Read"),
    ToolInputDelta('{"pa'),
    ToolInputDelta('th":"a"}'),
    BlockEnded(),
]
CALL = {"functionCall": {"id": "toolu_1", "name": "Read", "args": {"path": "a"}}}
EMPTY = {"text": ""}


def writer(streamed: bool = True, array: bool = False, **members: Any) -> AnswerWriter:
    return SERVED.writer(request(streamed, array, **members), "resp_1")


def parts(events: list[AnswerEvent], streamed: bool, **members: Any) -> list[Any]:
    """The parts of an answer, in either form; the last, empty one of a stream left out."""
    body = written(writer(streamed, **members), [AnswerStarted(), *events, END])
    chunks = chunks_of(body) if streamed else [json.loads(body)]
    found = [part for each in chunks for part in each["candidates"][0]["content"]["parts"]]
    return found[:-1] if streamed and found[-1] == EMPTY else found


def test_a_stream() -> None:
    found = writer()
    names = {"modelVersion": "m", "responseId": "resp_1"}
    hello = {"content": {"parts": [{"text": "Hé\n"}], "role": "model"}, "index": 0}
    last = {"content": {"parts": [EMPTY], "role": "model"}, "finishReason": "STOP", "index": 0}
    counts = {
        "promptTokenCount": 11,
        "candidatesTokenCount": 5,
        "totalTokenCount": 16,
        "cachedContentTokenCount": 7,
    }
    assert found.send(AnswerStarted(Usage(3))) == b""
    assert chunks_of(found.send(TextDelta("Hé\n"))) == [{"candidates": [hello], **names}]
    assert chunks_of(found.send(AnswerEnded("end_turn", Usage(3, 5, 7, 1)))) == [
        {"candidates": [last], "usageMetadata": counts, **names}
    ]
    assert found.end() == b""
    assert found.headers[0] == (b"content-type", b"text/event-stream")


def test_an_array_is_json_at_its_end_with_pings_anywhere() -> None:
    found = writer(array=True)
    body = found.ping()
    for each in (AnswerStarted(), TextDelta("a"), TextDelta("b"), END):
        body += found.send(each) + found.ping()
    texts = [each["candidates"][0]["content"]["parts"] for each in json.loads(body + found.end())]
    assert texts == [[{"text": "a"}], [{"text": "b"}], [EMPTY]]
    assert found.headers[0] == (b"content-type", b"application/json; charset=UTF-8")
    assert writer(array=True).end() == b"[]"


def test_a_ping_is_an_empty_line_and_no_comment() -> None:
    assert writer().ping() == b"\n\n"
    assert writer(streamed=False).ping() == b""


def test_one_piece_is_sent_at_its_end() -> None:
    found = writer(streamed=False)
    events = [AnswerStarted(), TextDelta("a"), TextDelta("b"), *TOOL, AnswerEnded("tool_use")]
    assert b"".join(map(found.send, events)) == b""
    body = json.loads(found.end())
    assert body["candidates"][0]["content"] == {"parts": [{"text": "ab"}, CALL], "role": "model"}
    assert body["candidates"][0]["finishReason"] == "STOP"
    assert body["usageMetadata"]["totalTokenCount"] == 0


@pytest.mark.parametrize("streamed", [True, False])
def test_a_call_is_written_whole(streamed: bool) -> None:
    assert parts(TOOL, streamed) == [CALL]
    empty: list[AnswerEvent] = [ToolUseStarted("i", "Now"), BlockEnded()]
    assert parts(empty, streamed) == [{"functionCall": {"id": "i", "name": "Now", "args": {}}}]


@pytest.mark.parametrize("broken", ['{"pa', "[1]", "nul", '"x"', "{" * 5_000])
def test_an_input_that_is_no_object_is_told_as_such(broken: str) -> None:
    events: list[AnswerEvent] = [ToolUseStarted("i", "Read"), ToolInputDelta(broken), BlockEnded()]
    arguments = {"__unparsedToolInput": {"raw": broken, "len": len(broken)}}
    assert parts(events, True)[0]["functionCall"]["args"] == arguments


def test_citations_have_a_limit() -> None:
    cited: list[AnswerEvent] = [Cited({"url": f"https://{n}"}) for n in range(CITATIONS_MAX + 1)]
    body = written(writer(), [TextDelta("a"), *cited, END])
    grounding = chunks_of(body)[-1]["candidates"][0]["groundingMetadata"]
    assert len(grounding["groundingChunks"]) == CITATIONS_MAX


def test_a_call_that_is_open_at_the_end_is_written() -> None:
    assert parts(TOOL[:-1], True) == [CALL]


@pytest.mark.parametrize("streamed", [True, False])
def test_thoughts_are_for_those_who_ask_and_signatures_for_all(streamed: bool) -> None:
    events: list[AnswerEvent] = [ThinkingDelta("hm"), ThinkingSigned("c2ln"), BlockEnded(), *TOOL]
    signed = {**CALL, "thoughtSignature": shown("c2ln")}
    assert parts(events, streamed) == [signed]
    thought = {"text": "hm", "thought": True}
    assert parts(events, streamed, **THOUGHTS) == [thought, signed]


@pytest.mark.parametrize("streamed", [True, False])
def test_a_signature_goes_on_the_text_behind_it_or_on_an_empty_one(streamed: bool) -> None:
    signed = {"thoughtSignature": shown("c2ln")}
    both: list[AnswerEvent] = [ThinkingSigned("c2ln"), TextDelta("a"), TextDelta("b")]
    assert parts(both, streamed) == [{"text": "a", **signed}, {"text": "b"}]
    last: list[AnswerEvent] = [TextDelta("a"), ThinkingSigned("c2ln")]
    assert parts(last, streamed) == [{"text": "a"}, {"text": "", **signed}]
    two: list[AnswerEvent] = [ThinkingRedacted("x"), ThinkingSigned("c2ln"), TextDelta("a")]
    hidden = {"text": "", "thoughtSignature": shown("x", redacted=True)}
    assert parts(two, streamed) == [hidden, {"text": "a", **signed}]


@pytest.mark.parametrize("streamed", [True, False])
def test_thoughts_and_text_are_not_joined(streamed: bool) -> None:
    events: list[AnswerEvent] = [ThinkingDelta("a"), TextDelta("b"), ThinkingDelta("c")]
    thoughts = [{"text": each, "thought": True} for each in "ac"]
    assert parts(events, streamed, **THOUGHTS) == [thoughts[0], {"text": "b"}, thoughts[1]]


@pytest.mark.parametrize(
    ("stop", "finish"),
    [
        ("end_turn", "STOP"),
        ("max_tokens", "MAX_TOKENS"),
        ("stop_sequence", "STOP"),
        ("tool_use", "STOP"),
        ("pause_turn", "STOP"),
        ("model_context_window_exceeded", "MAX_TOKENS"),
        ("refusal", "SAFETY"),
        ("something_new", "OTHER"),
        ("SOMETHING_NEW", "SOMETHING_NEW"),
    ],
)
def test_stop_reasons(stop: str, finish: str) -> None:
    found = chunks_of(writer().send(AnswerEnded(stop)))
    assert found[0]["candidates"][0]["finishReason"] == finish


def test_a_refusal_says_what_it_is_in_gemini_s_own_word_if_it_has_one() -> None:
    said = chunks_of(writer().send(AnswerEnded("refusal", details="I will not")))[0]
    assert said["candidates"][0]["finishMessage"] == "I will not"
    own = chunks_of(writer().send(AnswerEnded("refusal", details="RECITATION: a song")))[0]
    assert own["candidates"][0]["finishReason"] == "RECITATION"
    assert own["candidates"][0]["finishMessage"] == "a song"


def test_a_blocked_prompt_is_told_as_gemini_tells_it() -> None:
    details = "prompt PROHIBITED_CONTENT: no"
    found = chunks_of(writer().send(AnswerEnded("refusal", details=details)))[0]
    assert found["promptFeedback"] == {
        "blockReason": "PROHIBITED_CONTENT",
        "blockReasonMessage": "no",
    }
    assert "candidates" not in found
    bare = chunks_of(writer().send(AnswerEnded("refusal", details="prompt OTHER")))[0]
    assert bare["promptFeedback"] == {"blockReason": "OTHER"}
    late = writer()
    late.send(TextDelta("a"))
    assert "candidates" in chunks_of(late.send(AnswerEnded("refusal", details=details)))[0]


@pytest.mark.parametrize("streamed", [True, False])
def test_an_error_stands_first_where_the_sdks_look_for_it(streamed: bool) -> None:
    body = written(writer(streamed), [TextDelta("a"), AnswerFailed("overloaded_error", "x", 529)])
    told = body.split(b"\r\n\r\n")[-2].removeprefix(b"data: ") if streamed else body
    assert told.startswith(b'{"error":')
    error = {"code": 529, "message": "x", "status": "UNAVAILABLE"}
    assert json.loads(told) == {"error": error}


def test_citations_of_pages_are_grounding() -> None:
    cited: list[AnswerEvent] = [
        Cited({"url": "https://a", "title": "A", "cited_text": words}) for words in ("x", "y")
    ]
    body = written(writer(), [TextDelta("x y"), *cited, Cited({"document_index": 0}), END])
    assert chunks_of(body)[-1]["candidates"][0]["groundingMetadata"] == {
        "groundingChunks": [{"web": {"uri": "https://a", "title": "A"}}],
        "groundingSupports": [
            {"segment": {"text": words}, "groundingChunkIndices": [0]} for words in ("x", "y")
        ],
    }


@pytest.mark.parametrize("streamed", [True, False])
def test_log_probabilities(streamed: bool) -> None:
    top = {"token": "Ho", "logprob": -1.0, "bytes": [72, 111]}
    hi = {"token": "Hi", "logprob": -0.5, "bytes": [72, 105], "top_logprobs": [top]}
    events: list[AnswerEvent] = [AnswerStarted(), TextDelta("Hi", (hi,)), END]
    body = written(writer(streamed), events)
    assert TextDelta("Hi", (hi,)) in read(body)


def test_parts_of_other_dialects_are_left_out() -> None:
    code = {"executableCode": {"code": "1"}}
    assert parts([OtherBlock("gemini", code), OtherBlock("anthropic", code)], True) == [code]


def test_what_is_kept_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("understudy.protocols.gemini.writer.ANSWER_BYTES_MAX", 10)
    monkeypatch.setattr("understudy.protocols.gemini.chunks.ANSWER_BYTES_MAX", 10)
    call = writer()
    call.send(ToolUseStarted("i", "Read"))
    for found, more in (
        (call, ToolInputDelta("x" * 11)),
        (writer(False), TextDelta("x" * 11)),
        (writer(False), OtherBlock("gemini", {"executableCode": "x" * 11})),
    ):
        with pytest.raises(UpstreamNonsense):
            found.send(more)


def test_no_event_is_written_for_what_is_empty() -> None:
    found = writer(True, False, **THOUGHTS)
    for each in (TextDelta(""), ThinkingDelta(""), ThinkingSigned(""), BlockEnded()):
        assert found.send(each) == b""
    assert event({}) not in found.send(END)
