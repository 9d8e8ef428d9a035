"""Pains 7, 8, 9 and 20: streams that are broken on their way from one dialect to the other."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from understudy.protocols.conversation.answer import AnswerEnded, TextDelta
from understudy.protocols.settings import parse_settings

from .stage import (
    OTHERS,
    TOOL,
    Json,
    body,
    chunks,
    data_of,
    events_of,
    result,
    said,
    sent_json,
    told,
    use,
)

ANSWER = chunks(
    {"role": "assistant", "content": ""},
    {"reasoning_content": "I think."},
    {"content": "Let me "},
    {"content": "look."},
    {"tool_calls": [{"index": 0, "id": "a", "function": {"name": "Read", "arguments": ""}}]},
    {"tool_calls": [{"index": 0, "function": {"arguments": '{"path"'}}]},
    {"tool_calls": [{"index": 0, "function": {"arguments": ':"x"}'}}]},
    finish="tool_calls",
)


def deltas(stream: bytes, kind: str, member: str) -> str:
    """The deltas of a kind, joined."""
    found = [each["delta"] for each in data_of(stream) if each["type"] == "content_block_delta"]
    return "".join(delta[member] for delta in found if delta["type"] == kind)


def test_pain_07_a_translated_stream_that_is_broken() -> None:
    """Two starts, thinking inside text, and input deltas dropped or empty in the place of text."""
    stream = told(events_of("openai-chat", ANSWER))
    events = data_of(stream)
    counts = Counter(event["type"] for event in events)
    assert (counts["message_start"], counts["message_stop"]) == (1, 1)
    assert events[0]["type"] == "message_start"
    assert events[-1]["type"] == "message_stop"
    blocks = [event["content_block"]["type"] for event in events if "content_block" in event]
    assert blocks == ["thinking", "text", "tool_use"]
    assert counts["content_block_start"] == counts["content_block_stop"] == 3
    assert deltas(stream, "thinking_delta", "thinking") == "I think."
    assert deltas(stream, "text_delta", "text") == "Let me look."
    assert json.loads(deltas(stream, "input_json_delta", "partial_json")) == {"path": "x"}
    assert [e["delta"]["stop_reason"] for e in events if e["type"] == "message_delta"] == [
        "tool_use"
    ]


@pytest.mark.parametrize("arguments", ["", " ", None, {}, "{}"])
def test_pain_08_a_tool_call_with_empty_arguments(arguments: object) -> None:
    call = {"index": 0, "id": "a", "function": {"name": "Read", "arguments": arguments}}
    stream = told(events_of("openai-chat", chunks({"tool_calls": [call]}, finish="tool_calls")))
    assert json.loads(deltas(stream, "input_json_delta", "partial_json")) == {}


@pytest.mark.parametrize("dialect", OTHERS)
def test_pain_08_arguments_that_are_no_json_go_back_as_an_object(dialect: str) -> None:
    broken = {"__unparsedToolInput": {"raw": '{"path": "x', "len": 11}}
    call = {"type": "tool_use", "id": "a", "name": "Read", "input": '{"path": "x'}
    history = body(said("user", "go"), said("assistant", call), said("user", result("a")))
    assert json.dumps(broken)[2:20] in json.dumps(sent_json(dialect, history)).replace("\\", "")


def parallel(*interleaved: tuple[int, str]) -> list[bytes]:
    """Two calls whose deltas come by turns."""
    begun = [
        {"index": index, "id": f"c{index}", "function": {"name": "Read", "arguments": ""}}
        for index in (0, 1)
    ]
    more = [
        {"tool_calls": [{"index": index, "function": {"arguments": piece}}]}
        for index, piece in interleaved
    ]
    return chunks({"tool_calls": begun}, *more, finish="tool_calls")


def test_pain_09_parallel_calls_run_into_one_another() -> None:
    turns = [(0, '{"n"'), (1, '{"n"'), (0, ":0}"), (1, ":1}")]
    events = data_of(told(events_of("openai-chat", parallel(*turns))))
    starts = [event["content_block"]["id"] for event in events if "content_block" in event]
    inputs = {0: "", 1: ""}
    for event in events:
        if event["type"] == "content_block_delta":
            inputs[event["index"]] += event["delta"]["partial_json"]
    assert starts == ["c0", "c1"]
    assert [json.loads(inputs[index]) for index in (0, 1)] == [{"n": 0}, {"n": 1}]


@pytest.mark.parametrize("dialect", OTHERS)
def test_pain_09_results_of_parallel_calls_stand_directly_behind_them(dialect: str) -> None:
    history = (
        said("user", "go"),
        said("assistant", use("a"), use("b"), use("c")),
        said("user", result("c"), {"type": "text", "text": "hurry"}, result("a"), result("b")),
    )
    found = sent_json(dialect, body(*history, tools=[TOOL]))
    if dialect == "gemini":
        content = found["contents"][-1]["parts"]
        assert [p["functionResponse"]["id"] for p in content[:3]] == ["a", "b", "c"]
        return
    items: list[Json] = found.get("messages") or found["input"]
    kinds = [item.get("type", "message") if "call_id" in item else item["role"] for item in items]
    results = ["tool"] * 3 if dialect != "openai-responses" else ["function_call_output"] * 3
    assert kinds[-4:] == [*results, "user"]


def test_pain_20_characters_that_are_cut_between_two_chunks() -> None:
    words = "Zoë 漢字 🙂👩‍👩‍👧"
    line = json.dumps({"choices": [{"delta": {"content": words}}]}, ensure_ascii=False)
    stream = b"data: %b\n\ndata: [DONE]\n\n" % line.encode()
    events = events_of("openai-chat", [bytes([byte]) for byte in stream])
    assert TextDelta(words) in events


def test_pain_20_cached_tokens_are_counted_once() -> None:
    details = {"cached_tokens": 900}
    usage = {"prompt_tokens": 1_000, "completion_tokens": 5, "prompt_tokens_details": details}
    events = events_of("openai-chat", chunks({"content": "x"}, usage=usage))
    ended = events[-1]
    assert isinstance(ended, AnswerEnded)
    assert (ended.usage.input_tokens, ended.usage.cache_read_tokens) == (100, 900)
    [last] = [event for event in data_of(told(events)) if event["type"] == "message_delta"]
    assert last["usage"]["input_tokens"] + last["usage"]["cache_read_input_tokens"] == 1_000


def test_pain_20_a_base_url_with_v1_leads_to_v1_v1_messages() -> None:
    table = '[[endpoint]]\nname="w"\ndialect="anthropic"\nbase_url="http://a.test/v1"\nmodels=["m"]'
    settings = parse_settings(table, "settings.toml")
    assert settings.endpoints[0].base_url == "http://a.test"
