"""Answers and requests of this dialect, written so that a test reads as a transcript."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from understudy.protocols.conversation.answer import (
    AnswerEvent,
    TextDelta,
    ThinkingDelta,
    ToolInputDelta,
)
from understudy.protocols.conversation.request import Conversation
from understudy.protocols.dialect import NEED_DATA
from understudy.protocols.json_values import object_of
from understudy.protocols.openai_responses.dialect import SERVED, UPSTREAM
from understudy.protocols.records import Usage
from understudy.protocols.request import ServedRequest

Json = dict[str, Any]


def request(**members: Any) -> ServedRequest:
    """A client's request with these members; a model and a word of input unless they say more."""
    return SERVED.parse(json.dumps({"model": "m", "input": "hi", **members}).encode())


def conversation(**members: Any) -> Conversation:
    """The neutral conversation of that request."""
    return SERVED.conversation(request(**members))


def outgoing(asked: Conversation, model: str = "gpt-5.5") -> Json:
    """The body that an upstream gets."""
    return object_of(json.loads(UPSTREAM.request(asked, model).body))


def streamed(events: Iterable[AnswerEvent], **members: Any) -> list[Json]:
    """The data of each event that a client is sent."""
    writer = SERVED.writer(request(stream=True, **members), "1")
    data = b"".join([*(writer.send(event) for event in events), writer.end()])
    found = list[Json]()
    for frame in data.decode().split("\n\n")[:-1]:
        name, line = frame.split("\n")
        value = json.loads(line.removeprefix("data: "))
        assert name == f"event: {value['type']}"
        found.append(value)
    return found


def body(events: Iterable[AnswerEvent], **members: Any) -> Json:
    """The body that a client is sent when it has not asked for a stream."""
    writer = SERVED.writer(request(**members), "1")
    assert b"".join(writer.send(event) for event in events) == b""
    return object_of(json.loads(writer.end()))


def told(events: Iterable[Json]) -> list[str]:
    """The kinds of events, without the common beginning of their names."""
    return [event["type"].removeprefix("response.") for event in events]


def event(kind: str, **members: Any) -> bytes:
    """One event as an upstream sends it."""
    name = kind if kind == "error" else f"response.{kind}"
    return f"event: {name}\ndata: {json.dumps({'type': name, **members})}\n\n".encode()


def added(index: int, kind: str, **members: Any) -> bytes:
    """An item begins."""
    return event("output_item.added", output_index=index, item={"type": kind, **members})


def done(index: int, kind: str, **members: Any) -> bytes:
    """An item ends."""
    return event("output_item.done", output_index=index, item={"type": kind, **members})


def text(index: int, words: str, part: int = 0) -> bytes:
    """A piece of a message's text."""
    return event("output_text.delta", output_index=index, content_index=part, delta=words)


def arguments(index: int, words: str) -> bytes:
    """A piece of a call's arguments."""
    return event("function_call_arguments.delta", output_index=index, delta=words)


USAGE = {
    "input_tokens": 100,
    "input_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 10},
    "output_tokens": 9,
    "output_tokens_details": {"reasoning_tokens": 4},
}
WHOLE_USAGE = Usage(30, 9, 60, 10, reasoning_tokens=4)
"""The same in neutral words."""
CREATED = event("created", response={"status": "in_progress", "output": []})


def completed(*output: Json, **members: Any) -> bytes:
    """The stream ends well."""
    response = {"status": "completed", "output": list(output), "usage": USAGE, **members}
    return event("completed", response=response)


def read(
    chunks: Iterable[bytes], asked: Conversation | None = None, *, model: str = "gpt-5.5"
) -> list[AnswerEvent]:
    """The events that come out of the reader."""
    reader, found = UPSTREAM.reader(asked or Conversation(()), model, "1"), list[AnswerEvent]()
    for chunk in chunks:
        reader.receive_data(chunk)
        while (next_event := reader.next_event()) is not NEED_DATA:
            found.append(next_event)
    reader.receive_end()
    while (next_event := reader.next_event()) is not NEED_DATA:
        found.append(next_event)
    return found


def joined(events: Iterable[AnswerEvent]) -> list[AnswerEvent]:
    """The same with neighbouring deltas of one block as one."""
    found = list[AnswerEvent]()
    for each in events:
        last = found[-1] if found else None
        match last, each:
            case TextDelta(), TextDelta():
                found[-1] = TextDelta(last.text + each.text, last.logprobs + each.logprobs)
            case ThinkingDelta(), ThinkingDelta():
                found[-1] = ThinkingDelta(last.text + each.text)
            case ToolInputDelta(), ToolInputDelta():
                found[-1] = ToolInputDelta(last.json_text + each.json_text)
            case _:
                found.append(each)
    return found
