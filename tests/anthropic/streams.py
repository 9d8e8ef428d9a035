"""Answers as an upstream streams them, and the ways to cut their bytes into pieces."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st


def event(kind: str, **members: Any) -> bytes:
    """One event as Anthropic writes it."""
    return f"event: {kind}\ndata: {json.dumps({'type': kind, **members})}\n\n".encode()


def start(**usage: int) -> bytes:
    """The `message_start` with this usage."""
    message: dict[str, Any] = {"id": "msg_1", "role": "assistant", "content": [], "usage": usage}
    return event("message_start", message=message)


def opened(index: int, **block: Any) -> bytes:
    """A `content_block_start`."""
    return event("content_block_start", index=index, content_block=block)


def delta(index: int, kind: str, **members: str) -> bytes:
    """A `content_block_delta`."""
    return event("content_block_delta", index=index, delta={"type": kind, **members})


def closed(index: int) -> bytes:
    """A `content_block_stop`."""
    return event("content_block_stop", index=index)


PING = event("ping")
COMMENT = b": still here\n\n"
SHAM = 'not an event: "type":"message_stop" \n\n event: error \r\n \u00e9\U0001f600'
LAST_DELTA = event(
    "message_delta",
    delta={"stop_reason": "tool_use", "stop_sequence": None},
    usage={"output_tokens": 41},
)
STOP = event("message_stop")
ENDING = LAST_DELTA + STOP

BODY = [
    PING,
    opened(0, type="thinking", thinking="", signature=""),
    delta(0, "thinking_delta", thinking="hm"),
    delta(0, "signature_delta", signature="c2ln"),
    closed(0),
    COMMENT,
    opened(1, type="text", text=""),
    delta(1, "text_delta", text=SHAM),
    delta(1, "text_delta", text="."),
    closed(1),
    opened(2, type="tool_use", id="toolu_1", name="ping", input={}),
    delta(2, "input_json_delta", partial_json='{"type":"error","a'),
    delta(2, "input_json_delta", partial_json='":1}'),
    closed(2),
    opened(3, type="tool_use", id="toolu_2", name="Read", input={}),
    delta(3, "input_json_delta", partial_json="{}"),
    closed(3),
]
START = start(
    input_tokens=12, cache_read_input_tokens=3000, cache_creation_input_tokens=40, output_tokens=1
)
ANSWER = [PING, COMMENT, START, *BODY, LAST_DELTA, STOP]
DELTAS = 7


def carriage(frames: list[bytes]) -> list[bytes]:
    """The same with CR LF at the end of each line."""
    return [frame.replace(b"\n", b"\r\n") for frame in frames]


def splits(data: bytes) -> Iterator[list[bytes]]:
    """Every way to cut the data in two."""
    for place in range(len(data) + 1):
        yield [data[:place], data[place:]]


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
