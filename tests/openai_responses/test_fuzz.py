"""Anything may come; only UpstreamNonsense and BadRequest come out."""

from __future__ import annotations

import json
from typing import Any

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
from understudy.protocols.openai_responses.dialect import SERVED, UPSTREAM
from understudy.protocols.openai_responses.item_reader import ADDED, DONE
from understudy.protocols.openai_responses.reader import ENDS, FAILURES, STARTS
from understudy.protocols.openai_responses.text_readers import MessageReader, ReasoningReader
from understudy.protocols.request import BadRequest

from .pieces import VALUES, few_examples, pieces
from .playbook import read

KINDS = [
    *STARTS,
    *ENDS,
    *FAILURES,
    ADDED,
    DONE,
    *MessageReader.readers,
    *ReasoningReader.readers,
    "response.function_call_arguments.delta",
    "response.function_call_arguments.done",
    "response.content_part.added",
    "error",
    "?",
]
GIVEN_KINDS = [
    "function_call_output",
    "local_shell_call",
    "tool_search_call",
    "tool_search_output",
    "additional_tools",
    "item_reference",
    "custom_tool_call_output",
]
ITEM_KINDS = ["message", "reasoning", "function_call", "custom_tool_call", "web_search_call", "?"]
PARTS = VALUES | st.fixed_dictionaries(
    {
        "type": st.sampled_from(
            ["output_text", "refusal", "input_image", "input_file", "input_audio"]
        )
    },
    optional={
        "text": VALUES,
        "refusal": VALUES,
        "annotations": VALUES | st.lists(VALUES),
        "image_url": VALUES,
        "file_data": VALUES,
        "input_audio": VALUES | st.dictionaries(st.sampled_from(["data", "format"]), VALUES),
        "logprobs": VALUES | st.lists(VALUES),
    },
)
TEXT = st.text(max_size=6)
ITEMS = VALUES | st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from([*ITEM_KINDS, *GIVEN_KINDS]),
        "role": st.sampled_from(["user", "assistant", "developer", 7]),
        "id": st.sampled_from(["a", "b", 7]),
        "call_id": VALUES,
        "name": st.sampled_from(["f", "g", "", 7]),
        "arguments": TEXT | VALUES,
        "input": TEXT | VALUES,
        "action": VALUES,
        "execution": st.sampled_from(["client", "server"]),
        "namespace": VALUES,
        "tools": VALUES | st.lists(VALUES),
        "output": VALUES | st.lists(PARTS, max_size=2),
        "content": TEXT | VALUES | st.lists(PARTS, max_size=3),
        "summary": VALUES | st.lists(PARTS, max_size=2),
        "encrypted_content": st.sampled_from(["E", "", "understudy:", "understudy:a b c", 7]),
    },
)
RESPONSES = VALUES | st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["completed", "incomplete", "failed", "queued", 7]),
        "output": VALUES | st.lists(ITEMS, max_size=3),
        "usage": VALUES
        | st.dictionaries(st.sampled_from(["input_tokens", "input_tokens_details"]), VALUES),
        "error": VALUES | st.dictionaries(st.sampled_from(["message", "code", "type"]), TEXT),
        "incomplete_details": VALUES | st.fixed_dictionaries({"reason": VALUES}),
    },
)
EVENTS = st.fixed_dictionaries(
    {"type": st.sampled_from(KINDS)},
    optional={
        "output_index": st.integers(-1, 3) | VALUES,
        "content_index": st.integers(-1, 2) | VALUES,
        "summary_index": st.integers(-1, 2) | VALUES,
        "item_id": st.sampled_from(["a", "b", 7]),
        "item": ITEMS,
        "part": PARTS,
        "delta": TEXT | VALUES,
        "text": TEXT | VALUES,
        "refusal": TEXT,
        "arguments": TEXT,
        "name": st.sampled_from(["f", ""]),
        "annotation": VALUES,
        "logprobs": VALUES | st.lists(VALUES),
        "response": RESPONSES,
        "error": VALUES,
        "message": VALUES,
        "code": VALUES,
    },
)


def judged(events: list[AnswerEvent]) -> None:
    """The neutral form's own law: one start, one end, and no tool use interleaved."""
    calling = False
    for place, event in enumerate(events):
        last = place == len(events) - 1
        assert not isinstance(event, AnswerEnded | AnswerFailed) or last
        assert isinstance(event, AnswerStarted) == (place == 0) or isinstance(event, AnswerFailed)
        if isinstance(event, ToolUseStarted):
            assert not calling
            calling = True
        elif isinstance(event, BlockEnded):
            calling = False
        elif isinstance(event, ToolInputDelta):
            assert calling
        else:
            assert not calling or isinstance(event, AnswerFailed)


@few_examples
@given(st.lists(EVENTS, max_size=8), st.booleans(), st.data())
def test_any_events_are_read_or_called_nonsense(
    events: list[Any], ended: bool, data: st.DataObject
) -> None:
    frames = [f"data: {json.dumps(event)}\n\n".encode() for event in events]
    whole = b"".join(frames) + (b'data: {"type":"response.completed"}\n\n' if ended else b"")
    try:
        found = read([whole])
    except UpstreamNonsense:
        return
    judged(found)
    assert read(data.draw(pieces(whole))) == found


@few_examples
@given(RESPONSES, st.binary(max_size=40))
def test_any_body_is_read_or_called_nonsense(response: Any, odd: bytes) -> None:
    for body in (json.dumps(response).encode(), odd, b"{" + odd, b"data: " + odd + b"\n\n"):
        try:
            judged(read([body]))
        except UpstreamNonsense:
            continue


@few_examples
@given(
    st.fixed_dictionaries(
        {"model": st.just("m"), "input": st.lists(ITEMS, max_size=5)},
        optional={
            "instructions": VALUES,
            "tools": VALUES | st.lists(ITEMS, max_size=3),
            "tool_choice": VALUES | ITEMS,
            "text": VALUES | st.fixed_dictionaries({"format": VALUES}),
            "reasoning": VALUES,
            "include": VALUES,
            "stop": VALUES,
            "temperature": VALUES,
            "stream": st.booleans(),
            "metadata": VALUES,
        },
    )
)
def test_any_request_is_read_translated_and_answered(value: dict[str, Any]) -> None:
    found = SERVED.parse(json.dumps(value).encode())
    try:
        conversation = SERVED.conversation(found)
    except BadRequest:
        return
    assert json.loads(UPSTREAM.request(conversation, "gpt-5.5").body)["model"] == "gpt-5.5"
    assert json.loads(UPSTREAM.relayed(found, "n").body)["model"] == "n"
    writer = SERVED.writer(found, "1")
    events: list[AnswerEvent] = [
        AnswerStarted(),
        TextDelta("a"),
        ThinkingDelta("b"),
        ThinkingSigned("c"),
        ToolUseStarted("d", "f"),
        AnswerEnded("tool_use"),
    ]
    data = [writer.send(event) for event in events]
    judged(read([b"".join([*data, writer.end()])]))


@given(st.binary(max_size=100), st.integers(100, 599))
def test_any_error_body_is_a_failure(body: bytes, status: int) -> None:
    assert UPSTREAM.failure(status, (), body).message
    try:
        SERVED.parse(body)
    except BadRequest:
        return


@few_examples
@given(RESPONSES, st.integers(100, 599))
def test_any_error_value_is_a_failure(value: Any, status: int) -> None:
    assert UPSTREAM.failure(status, (), json.dumps(value).encode()).message
