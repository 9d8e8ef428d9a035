"""Neutral answers as readers yield them, and both ways through the dialect's codecs."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import msgspec
from hypothesis import strategies as st
from understudy.protocols.anthropic.dialect import SERVED, UPSTREAM
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
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
from understudy.protocols.conversation.request import Conversation, Tool
from understudy.protocols.dialect import NEED_DATA, AnswerReader
from understudy.protocols.records import Usage

from .requests import request

STARTED = AnswerStarted(Usage(12, 1, 3000, 40))
ENDED = AnswerEnded("tool_use", Usage(12, 41, 3000, 40))
END = BlockEnded()
WHOLE: tuple[AnswerEvent, ...] = (
    STARTED,
    ThinkingDelta("h\u00e9"),
    ThinkingDelta("m"),
    ThinkingSigned("c2ln"),
    END,
    ThinkingRedacted("c2Vj"),
    TextDelta("one \U0001f600"),
    TextDelta("\n\ntwo"),
    Cited({"type": "char_location", "cited_text": "x"}),
    END,
    TextDelta("another"),
    END,
    ToolUseStarted("toolu_1", "ping"),
    ToolInputDelta('{"a'),
    ToolInputDelta('":1}'),
    END,
    ToolUseStarted("toolu_2", "ping"),
    ToolInputDelta("{}"),
    END,
    OtherBlock("anthropic", {"type": "new_kind", "n": [1, {}]}),
    ENDED,
)

TEXTS = st.text(min_size=1, max_size=8)


def _thinking(text: str, signature: str) -> list[AnswerEvent]:
    return [ThinkingDelta(text), ThinkingSigned(signature), END]


def _call(identity: str, value: str) -> list[AnswerEvent]:
    return [
        ToolUseStarted(identity, "Read"),
        ToolInputDelta(json.dumps({"x": value})),
        END,
    ]


def _texts(texts: list[str]) -> list[AnswerEvent]:
    return [*map(TextDelta, texts), END]


def _cited(text: str) -> list[AnswerEvent]:
    return [TextDelta(text), Cited({"type": "page_location", "cited_text": text}), END]


def _redacted(data: str) -> list[AnswerEvent]:
    return [ThinkingRedacted(data)]


def _odd(value: str) -> list[AnswerEvent]:
    return [OtherBlock("anthropic", {"type": "odd", "value": value})]


def _name(event: AnswerEvent) -> str:
    """What no two segments share: two calls of one answer have two ids."""
    return event.id if isinstance(event, ToolUseStarted) else repr(event)


SEGMENTS = st.one_of(
    st.lists(TEXTS, min_size=1, max_size=3).map(_texts),
    st.builds(_thinking, TEXTS, TEXTS),
    st.builds(_call, TEXTS, TEXTS),
    TEXTS.map(_redacted),
    TEXTS.map(_cited),
    TEXTS.map(_odd),
)
ANSWERS = st.lists(SEGMENTS, max_size=5, unique_by=lambda segment: _name(segment[0])).map(
    lambda segments: (STARTED, *(event for segment in segments for event in segment), ENDED)
)


def written(events: Iterable[AnswerEvent], *, streamed: bool = True, model: str = "m") -> bytes:
    """The answer's bytes as a client gets them."""
    writer = SERVED.writer(request(stream=streamed, model=model), "1")
    return b"".join([*(writer.send(event) for event in events), writer.end()])


def reader(*tools: str, streamed: bool = True) -> AnswerReader:
    """A reader for an answer in a conversation with these tools."""
    named = tuple(Tool(name) for name in tools)
    return UPSTREAM.reader(Conversation((), tools=named, streamed=streamed), "m", "1")


def drained(found: AnswerReader) -> list[AnswerEvent]:
    """Every event that is whole."""
    events: list[AnswerEvent] = []
    while (event := found.next_event()) is not NEED_DATA:
        events.append(event)
    return events


def read(pieces: Iterable[bytes], *tools: str, ended: bool = True) -> list[AnswerEvent]:
    """The events in an answer's bytes."""
    found = reader(*tools)
    events: list[AnswerEvent] = []
    for piece in pieces:
        found.receive_data(piece)
        events += drained(found)
    if ended:
        found.receive_end()
        events += drained(found)
    return events


def joined(events: Iterable[AnswerEvent]) -> list[AnswerEvent]:
    """The same answer with each block's deltas in one piece."""
    result: list[AnswerEvent] = []
    for event in events:
        last = result[-1] if result else None
        match event, last:
            case TextDelta(), TextDelta():
                result[-1] = TextDelta(last.text + event.text)
            case ThinkingDelta(), ThinkingDelta():
                result[-1] = ThinkingDelta(last.text + event.text)
            case ToolInputDelta(), ToolInputDelta():
                result[-1] = ToolInputDelta(last.json_text + event.json_text)
            case _:
                result.append(event)
    return result


def in_one_piece(events: Iterable[AnswerEvent]) -> list[AnswerEvent]:
    """A body tells its usage at once, and an input as an object."""
    told: list[AnswerEvent] = [AnswerStarted(ENDED.usage)]
    for each in joined(events)[1:]:
        if not isinstance(each, ToolInputDelta):
            told.append(each)
        elif given_input := json.loads(each.json_text):
            told.append(ToolInputDelta(msgspec.json.encode(given_input).decode()))
    return told


def frames(stream: bytes) -> list[dict[str, Any]]:
    """The data of each event of a stream, which must bear its kind as its name."""
    found: list[dict[str, Any]] = []
    for frame in stream.split(b"\n\n")[:-1]:
        name, data = frame.split(b"\n")
        value: dict[str, Any] = json.loads(data.removeprefix(b"data: "))
        assert name == b"event: " + value["type"].encode()
        found.append(value)
    return found
