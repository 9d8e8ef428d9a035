"""Whatever comes in, only BadRequest or UpstreamNonsense comes out, and it fits together."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.request import Conversation
from understudy.protocols.dialect import UpstreamNonsense
from understudy.protocols.openai_chat.completions import COMPLETIONS
from understudy.protocols.openai_chat.dialect import SERVED, UPSTREAM
from understudy.protocols.openai_chat.embeddings import parse_embeddings, read_embeddings
from understudy.protocols.request import BadRequest

from .odd import CHUNK, REQUEST, VALUES
from .wire import ANSWER, MODEL, data, drained, read, request, written

many = settings(max_examples=300, deadline=None)


def in_order(events: list[AnswerEvent]) -> bool:
    """Whether the events come in the order that writers rely on."""
    in_call = False
    for place, event in enumerate(events):
        last = isinstance(event, AnswerEnded | AnswerFailed)
        if last and place != len(events) - 1:
            return False
        if isinstance(event, AnswerStarted) and place:
            return False
        if isinstance(event, ToolInputDelta) != in_call and not isinstance(event, BlockEnded):
            if not (in_call and last):
                return False
            in_call = False
        in_call = isinstance(event, ToolUseStarted | ToolInputDelta)
    return True


@many
@given(st.lists(CHUNK.map(data) | st.binary(max_size=12), max_size=6), st.binary(max_size=3))
def test_any_stream(frames: list[bytes], rest: bytes) -> None:
    try:
        events = read(*frames, rest)
    except UpstreamNonsense:
        return
    writers = (SERVED.writer(request(stream=True), ANSWER), SERVED.writer(request(), ANSWER))
    for writer in writers:
        assert isinstance(written(writer, events), bytes)


@many
@given(st.lists(CHUNK.map(data), max_size=6))
def test_the_events_of_any_stream_are_in_order(frames: list[bytes]) -> None:
    reader = UPSTREAM.reader(Conversation((), streamed=True), MODEL, ANSWER)
    events: list[AnswerEvent] = []
    try:
        for frame in frames:
            reader.receive_data(frame)
            events += drained(reader)
        reader.receive_end()
        events += drained(reader)
    except UpstreamNonsense:
        pass
    assert in_order(events), events


@many
@given(CHUNK)
def test_any_body(answer: Any) -> None:
    raw = json.dumps(answer).encode()
    try:
        read(raw, conversation=Conversation(()))
    except UpstreamNonsense:
        return


@many
@given(REQUEST)
def test_any_request(body: dict[str, Any]) -> None:
    found = SERVED.parse(json.dumps(body).encode())
    try:
        conversation = SERVED.conversation(found)
    except BadRequest:
        return
    out = UPSTREAM.request(conversation, MODEL)
    again = SERVED.conversation(SERVED.parse(out.body))
    assert again.tools == tuple(tool for tool in again.tools if tool.server is None)
    assert isinstance(SERVED.writer(found, ANSWER).end(), bytes)


@many
@given(st.binary(max_size=40) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_bytes(raw: bytes) -> None:
    for parse in (SERVED.parse, COMPLETIONS.parse, parse_embeddings):
        try:
            parse(raw)
        except BadRequest:
            continue
    for read_answer in (read_embeddings, read):
        try:
            read_answer(raw)
        except UpstreamNonsense:
            continue
    assert 400 <= UPSTREAM.failure(418, (), raw).status <= 599
