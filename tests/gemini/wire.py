"""Gemini's wire as the tests write it: chunks, parts, streams, and ways to feed a reader."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from understudy.protocols.conversation.answer import AnswerEvent
from understudy.protocols.conversation.request import Conversation, Message, Tool
from understudy.protocols.dialect import NEED_DATA, AnswerReader, AnswerWriter, Target
from understudy.protocols.gemini.dialect import SERVED, UPSTREAM
from understudy.protocols.gemini.served import GeminiRequest

MODEL = "gemini-3-pro"
few_examples = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def chunk(*parts: dict[str, Any], finish: str = "", **members: Any) -> dict[str, Any]:
    """A chunk whose candidate has these parts; `usage` and others are members of the chunk."""
    candidate: dict[str, Any] = {"content": {"parts": list(parts), "role": "model"}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    return {"candidates": [candidate], "modelVersion": MODEL, **members}


def text(words: str, **members: Any) -> dict[str, Any]:
    """A text part."""
    return {"text": words, **members}


def call(name: str, **given: Any) -> dict[str, Any]:
    """A function call without an id."""
    return {"functionCall": {"name": name, "args": given}}


def event(value: Any) -> bytes:
    """One server-sent event as Google writes it."""
    return f"data: {json.dumps(value, ensure_ascii=False)}\r\n\r\n".encode()


def stream(*chunks: dict[str, Any]) -> bytes:
    """A stream of events."""
    return b"".join(map(event, chunks))


def usage(prompt: int = 0, output: int = 0, **members: int) -> dict[str, Any]:
    """The member `usageMetadata` of a chunk."""
    counts = {"promptTokenCount": prompt, "candidatesTokenCount": output, **members}
    return {"usageMetadata": counts}


def reader(*tools: str, model: str = MODEL) -> AnswerReader:
    """A reader for an answer to a conversation with these tools."""
    conversation = Conversation((), tools=tuple(map(Tool, tools)))
    return UPSTREAM.reader(conversation, model, "a1")


def events_of(found: AnswerReader, pieces: Iterable[bytes]) -> list[AnswerEvent]:
    """What a reader tells of these pieces of a body."""
    events: list[AnswerEvent] = []

    def drain() -> None:
        while (event := found.next_event()) is not NEED_DATA:
            events.append(event)

    for piece in pieces:
        found.receive_data(piece)
        drain()
    found.receive_end()
    drain()
    return events


def read(body: bytes, *tools: str) -> list[AnswerEvent]:
    """The events of a body that comes in one piece."""
    return events_of(reader(*tools), [body])


def request(streamed: bool = True, array: bool = False, **members: Any) -> GeminiRequest:
    """A client's request with these members."""
    body = json.dumps({"contents": [], **members}).encode()
    return SERVED.parse(body, Target("m", streamed, array))


def conversation(**members: Any) -> Conversation:
    """The neutral conversation of a client's request."""
    return SERVED.conversation(request(**members))


def messages(*contents: dict[str, Any]) -> tuple[Message, ...]:
    """The neutral messages of these contents."""
    return conversation(contents=list(contents)).messages


def user(*parts: dict[str, Any]) -> dict[str, Any]:
    """A user's content."""
    return {"role": "user", "parts": list(parts)}


def model(*parts: dict[str, Any]) -> dict[str, Any]:
    """A model's content."""
    return {"role": "model", "parts": list(parts)}


def written(writer: AnswerWriter, events: Iterable[AnswerEvent]) -> bytes:
    """The bytes of an answer."""
    return b"".join([*(writer.send(event) for event in events), writer.end()])


def chunks_of(body: bytes) -> list[dict[str, Any]]:
    """The chunks in a stream of events, read strictly: nothing else may be in it."""
    found: list[dict[str, Any]] = []
    for frame in body.split(b"\r\n\r\n"):
        if frame:
            assert frame.startswith(b"data: ")
            found.append(json.loads(frame.removeprefix(b"data: ")))
    return found


def sent(asked: Conversation, name: str = MODEL) -> dict[str, Any]:
    """The body for an endpoint."""
    return dict(json.loads(UPSTREAM.request(asked, name).body))


def dropped(asked: Conversation, name: str = MODEL) -> tuple[str, ...]:
    """What could not be said to an endpoint."""
    return UPSTREAM.request(asked, name).dropped


def single_bytes(data: bytes) -> list[bytes]:
    """The data one byte at a time."""
    return [data[place : place + 1] for place in range(len(data))]


def pieces(data: bytes) -> st.SearchStrategy[list[bytes]]:
    """The data cut anywhere, in any number of pieces."""
    places = st.lists(st.integers(0, len(data)), max_size=12).map(sorted)
    return places.map(
        lambda cuts: [
            data[first:last] for first, last in zip([0, *cuts], [*cuts, len(data)], strict=True)
        ]
    )
