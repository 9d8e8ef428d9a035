"""Answers of Gemini's as transcripts: what comes, and what is told of it."""

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
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.names import fitting
from understudy.protocols.dialect import NEED_DATA, UpstreamNonsense
from understudy.protocols.gemini.names import RULE
from understudy.protocols.gemini.signatures import neutral
from understudy.protocols.records import Usage

from .wire import MODEL, call, chunk, event, events_of, read, reader, stream, text, usage

START = AnswerStarted()
END = AnswerEnded("end_turn")
SIGNED = ThinkingSigned(neutral("c2ln", MODEL, on_thought=False))


def tool(id_: str, name: str, json_text: str) -> list[AnswerEvent]:
    return [ToolUseStarted(id_, name), ToolInputDelta(json_text), BlockEnded()]


def test_text() -> None:
    body = stream(chunk(text("Hé")), chunk(text("llo")), chunk(text(""), finish="STOP"))
    assert read(body) == [START, TextDelta("Hé"), TextDelta("llo"), END]


def test_plain_chunks_in_between_keep_the_usage() -> None:
    body = stream(
        chunk(text("a"), **usage(9, 1)),
        chunk(text(""), text("b"), **usage(9, 2)),
        chunk(text("c"), **usage(9, 3)),
        chunk(text("d"), finish="STOP"),
    )
    texts = [TextDelta(letter) for letter in "abcd"]
    ended = AnswerEnded("end_turn", Usage(9, 3))
    assert read(body) == [AnswerStarted(Usage(9)), *texts, ended]


def test_usage_is_counted_once_the_cached_not_twice_and_thoughts_as_output() -> None:
    counts = usage(100, 3, cachedContentTokenCount=60, toolUsePromptTokenCount=4)
    last = usage(100, 7, cachedContentTokenCount=60, thoughtsTokenCount=5)
    found = read(stream(chunk(text("a"), **counts), chunk(text("b"), finish="STOP", **last)))
    assert found[0] == AnswerStarted(Usage(44, 0, 60))
    assert found[-1] == AnswerEnded("end_turn", Usage(44, 12, 60))


def test_usage_behind_the_finish_reason_counts() -> None:
    body = stream(chunk(text("a"), finish="STOP"), {**usage(5, 2), "candidates": []})
    assert read(body)[-1] == AnswerEnded("end_turn", Usage(5, 2))


def test_a_finish_reason_in_each_chunk_ends_nothing_early() -> None:
    body = stream(chunk(text("a"), finish="STOP"), chunk(text("b"), finish="STOP"))
    assert read(body) == [START, TextDelta("a"), TextDelta("b"), END]


def test_several_calls_in_a_chunk_get_ids_of_their_own() -> None:
    body = stream(
        chunk(text("I look."), call("Read", path="a"), call("Bash")),
        chunk({"functionCall": {"id": "own", "name": "Read", "args": {}}}, finish="STOP"),
    )
    assert read(body) == [
        START,
        TextDelta("I look."),
        BlockEnded(),
        *tool("call_a1_0", "Read", '{"path":"a"}'),
        *tool("call_a1_1", "Bash", "{}"),
        *tool("own", "Read", "{}"),
        AnswerEnded("tool_use"),
    ]


def test_an_id_that_comes_twice_is_given_to_one_call() -> None:
    twice: dict[str, Any] = {"functionCall": {"id": "own", "name": "Read", "args": {}}}
    body = stream(chunk(twice), chunk(twice, finish="STOP"))
    ids = [event.id for event in read(body) if isinstance(event, ToolUseStarted)]
    assert ids == ["own", "call_a1_1"]


def test_a_call_s_name_comes_back_as_the_client_has_it() -> None:
    name = "mcp__" + "x" * 80 + ".read"
    body = stream(chunk(call(fitting(name, RULE)), finish="STOP"))
    assert ToolUseStarted("call_a1_0", name) in read(body, name)


def test_thoughts_and_the_signature_of_a_call() -> None:
    signed = {**call("Read"), "thoughtSignature": "c2ln"}
    body = stream(chunk(text("hm", thought=True)), chunk(signed, call("Bash"), finish="STOP"))
    assert read(body) == [
        START,
        ThinkingDelta("hm"),
        SIGNED,
        BlockEnded(),
        *tool("call_a1_0", "Read", "{}"),
        *tool("call_a1_1", "Bash", "{}"),
        AnswerEnded("tool_use"),
    ]


def test_a_signature_without_thoughts_is_a_block_of_its_own() -> None:
    signed = {**call("Read"), "thoughtSignature": "c2ln"}
    assert read(stream(chunk(signed, finish="STOP")))[1:3] == [SIGNED, BlockEnded()]


def test_a_signature_on_the_last_empty_text() -> None:
    last = chunk(text("", thoughtSignature="c2ln"), finish="STOP")
    assert read(stream(chunk(text("a")), last)) == [
        START,
        TextDelta("a"),
        BlockEnded(),
        SIGNED,
        BlockEnded(),
        END,
    ]


def test_a_signature_on_the_thought_itself_is_told_apart() -> None:
    body = stream(chunk(text("hm", thought=True, thoughtSignature="c2ln"), finish="STOP"))
    mine = ThinkingSigned(neutral("c2ln", MODEL, on_thought=True))
    assert read(body) == [START, ThinkingDelta("hm"), mine, BlockEnded(), END]
    assert mine != SIGNED


@pytest.mark.parametrize(
    ("finish", "stop"),
    [
        ("STOP", "end_turn"),
        ("MAX_TOKENS", "max_tokens"),
        ("SAFETY", "refusal"),
        ("RECITATION", "refusal"),
        ("PROHIBITED_CONTENT", "refusal"),
        ("SOMETHING_NEW", "SOMETHING_NEW"),
    ],
)
def test_finish_reasons(finish: str, stop: str) -> None:
    found = read(stream(chunk(text("a"), finish=finish)))[-1]
    assert isinstance(found, AnswerEnded)
    assert found.stop_reason == stop
    assert found.details == (finish if stop == "refusal" else "")


def test_a_malformed_call_is_an_error_that_another_try_may_mend() -> None:
    body = chunk(finish="MALFORMED_FUNCTION_CALL")
    body["candidates"][0]["finishMessage"] = "Malformed function call: print("
    words = (
        "the model's answer went wrong (MALFORMED_FUNCTION_CALL): Malformed function call: print("
    )
    assert read(stream(body)) == [START, AnswerFailed("api_error", words, 502)]


def test_a_malformed_call_behind_a_whole_one_fails_nothing() -> None:
    body = stream(chunk(call("Read")), chunk(finish="MALFORMED_FUNCTION_CALL"))
    assert read(body)[-1] == AnswerEnded("tool_use")


def test_a_blocked_prompt_is_a_refusal() -> None:
    feedback = {"blockReason": "PROHIBITED_CONTENT", "blockReasonMessage": "no"}
    body = stream({"promptFeedback": feedback, **usage(9)}, chunk(text("never")))
    ended = AnswerEnded("refusal", Usage(9), details="prompt PROHIBITED_CONTENT: no")
    assert read(body) == [AnswerStarted(Usage(9)), ended]


def test_an_error_in_mid_stream_as_an_event_and_as_bare_json() -> None:
    error = {"error": {"code": 503, "message": "busy", "status": "UNAVAILABLE"}}
    failed = AnswerFailed("overloaded_error", "busy", 503)
    for told in (event(error), json.dumps(error, indent=2).encode(), event([error])):
        body = stream(chunk(text("a"))) + told + b"\n\n" + stream(chunk(text("never")))
        assert read(body) == [START, TextDelta("a"), failed]
    assert read(json.dumps([error]).encode()) == [START, failed]


def test_a_body_without_a_finish_reason_was_cut() -> None:
    whole = stream(chunk(text("a")), chunk(text("b"), finish="STOP"))
    assert read(stream(chunk(text("a")))) == [START, TextDelta("a")]
    assert read(whole[:-20]) == [START, TextDelta("a")]
    assert read(b"") == []
    assert read(b"<html>\n\nBad gateway</html>") == []
    unspecified = chunk(text("a"), finish="FINISH_REASON_UNSPECIFIED")
    assert read(stream(unspecified)) == [START, TextDelta("a")]


def test_an_answer_in_one_piece_and_as_an_array() -> None:
    whole = chunk(text("a"), call("Read"), finish="STOP", **usage(1, 2))
    wanted = [
        AnswerStarted(Usage(1)),
        TextDelta("a"),
        BlockEnded(),
        *tool("call_a1_0", "Read", "{}"),
        AnswerEnded("tool_use", Usage(1, 2)),
    ]
    assert read(json.dumps(whole, indent=2).encode()) == wanted
    parts = [chunk(text("a"), **usage(1, 1)), chunk(call("Read"), finish="STOP", **usage(1, 2))]
    assert read(b"\r\n" + json.dumps(parts).encode()) == wanted
    assert read(json.dumps(whole).encode()[:-1]) == []
    assert read(b"[]") == []


def test_both_spellings_of_members() -> None:
    body = {
        "candidates": [
            {
                "content": {
                    "parts": {"function_call": {"name": "Read"}, "thought_signature": "c2ln"}
                },
                "finish_reason": "STOP",
            }
        ],
        "usage_metadata": {"prompt_token_count": 3},
    }
    found = read(event(body))
    assert found[:2] == [AnswerStarted(Usage(3)), SIGNED]
    assert found[-1] == AnswerEnded("tool_use", Usage(3))


def test_grounding_is_cited() -> None:
    last = chunk(text(" won."), finish="STOP")
    last["candidates"][0]["groundingMetadata"] = {
        "groundingChunks": [{"web": {"uri": "https://a", "title": "A"}}, {"maps": {}}],
        "groundingSupports": [
            {"segment": {"text": "Spain won."}, "groundingChunkIndices": [0, 1, 7, "x"]}
        ],
    }
    citation = {
        "type": "web_search_result_location",
        "url": "https://a",
        "title": "A",
        "cited_text": "Spain won.",
        "encrypted_index": "",
    }
    assert read(stream(chunk(text("Spain")), last))[3:] == [Cited(citation), END]


def test_log_probabilities() -> None:
    body = chunk(text("Hi"), finish="STOP")
    body["candidates"][0]["logprobsResult"] = {
        "chosenCandidates": [{"token": "Hi", "logProbability": -0.5}],
        "topCandidates": [{"candidates": [{"token": "Ho", "logProbability": -1}]}],
    }
    top = {"token": "Ho", "logprob": -1, "bytes": [72, 111]}
    hi = {"token": "Hi", "logprob": -0.5, "bytes": [72, 105], "top_logprobs": [top]}
    assert read(stream(body))[1] == TextDelta("Hi", (hi,))


def test_parts_of_gemini_s_own_kinds_stay_verbatim() -> None:
    code = {"executableCode": {"language": "PYTHON", "code": "1"}}
    found = read(stream(chunk(code, {"somethingNew": 1}, finish="STOP")))
    assert found == [START, OtherBlock("gemini", code), END]


@pytest.mark.parametrize("noise", [b": ping\n\n", b"\n\n", b"data: [DONE]\n\n", b"event: x\n\n"])
def test_what_says_nothing_is_passed_over(noise: bytes) -> None:
    body = noise + event(chunk(text("a"))) + noise + event(chunk(finish="STOP")) + noise
    assert read(body) == [START, TextDelta("a"), END]


@pytest.mark.parametrize(
    "nonsense", [b"data: {oops}\n\n", b"data: 7\n\n", b'data: "x"\n\n', event(chunk(call("")))]
)
def test_nonsense(nonsense: bytes) -> None:
    with pytest.raises(UpstreamNonsense):
        read(nonsense + event(chunk(text("a"))))


def test_no_buffer_is_without_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    module = "understudy.protocols.gemini.frames."
    monkeypatch.setattr(module + "EVENT_BYTES_MAX", 100)
    monkeypatch.setattr(module + "ANSWER_BYTES_MAX", 200)
    for body, size in ((b"data: x", 101), (b"{", 201)):
        with pytest.raises(UpstreamNonsense, match="bytes without an end"):
            events_of(reader(), [body + b" " * size])
    assert events_of(reader(), [b" " * 300]) == []


def test_a_reader_needs_data_until_there_is_some() -> None:
    found = reader()
    assert found.next_event() is NEED_DATA
    whole: Any = event(chunk(text("a")))
    found.receive_data(whole[:-1])
    assert found.next_event() is NEED_DATA
    found.receive_data(whole[-1:])
    assert found.next_event() == START
