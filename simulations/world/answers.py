"""What a scripted endpoint says, in the Anthropic dialect: steps for `VirtualPeer`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from ...io.ports import Headers
from ...protocols.anthropic import events
from ..upstream import HANG, SendBytes, SendHead, Step, Wait

INPUT_TOKENS = 11
TEXTS = ("To", " be", ", or", " not", " to", " be", ".")
DELTA_CHARACTERS = 16
"""Of a tool's input, which comes in pieces."""

Call = tuple[str, str]
"""A tool's name, and the `command` in its input."""


def event(kind: str, **data: Any) -> bytes:
    """One event of the dialect."""
    return events.event(kind, {"type": kind, **data})


def answer_events(texts: Sequence[str] = TEXTS) -> list[bytes]:
    """The events of a whole answer of one text block."""
    block = {"type": "text", "text": ""}
    ending = {"stop_reason": "end_turn", "stop_sequence": None}
    return [
        events.message_start("msg_peer", "claude-x", INPUT_TOKENS),
        event("content_block_start", index=0, content_block=block),
        *(events.text_delta(0, text) for text in texts),
        event("content_block_stop", index=0),
        event("message_delta", delta=ending, usage={"output_tokens": len(texts)}),
        event("message_stop"),
    ]


def streamed(texts: Sequence[str] = TEXTS, *, pause_seconds: float = 0.1) -> list[Step]:
    """A well-behaved answer, or with a long pause a slow one."""
    return paced(answer_events(texts), pause_seconds=pause_seconds)


def paced(pieces: Sequence[bytes], *, pause_seconds: float = 0.1) -> list[Step]:
    """A stream of these events, with a pause before each."""
    steps: list[Step] = [SendHead()]
    for piece in pieces:
        steps += [Wait(pause_seconds), SendBytes(piece)]
    return steps


def call_events(calls: Sequence[Call], ids: Iterator[int]) -> list[bytes]:
    """The events of an answer that uses tools; their ids are numbered from `ids`."""
    pieces = [events.message_start("msg_peer", "claude-x", INPUT_TOKENS)]
    for index, (name, command) in enumerate(calls):
        block: dict[str, Any] = {
            "type": "tool_use",
            "id": f"toolu_{next(ids)}",
            "name": name,
            "input": {},
        }
        pieces.append(event("content_block_start", index=index, content_block=block))
        told = msgspec.json.encode({"command": command}).decode()
        for start in range(0, len(told), DELTA_CHARACTERS):
            part = told[start : start + DELTA_CHARACTERS]
            delta = {"type": "input_json_delta", "partial_json": part}
            pieces.append(event("content_block_delta", index=index, delta=delta))
        pieces.append(event("content_block_stop", index=index))
    ending = {"stop_reason": "tool_use", "stop_sequence": None}
    usage = {"output_tokens": len(pieces)}
    return [*pieces, event("message_delta", delta=ending, usage=usage), event("message_stop")]


def whole(text: str) -> list[Step]:
    """An answer to a request that asked for no stream."""
    message = {
        "id": "msg_peer",
        "type": "message",
        "role": "assistant",
        "model": "claude-x",
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
        "usage": {"input_tokens": INPUT_TOKENS, "output_tokens": len(text)},
    }
    body = msgspec.json.encode(message)
    length = (b"content-length", b"%d" % len(body))
    return [SendHead(200, (*events.JSON_HEADERS, length)), SendBytes(body)]


def stalling_after(pieces: int) -> list[Step]:
    """An answer that falls silent after so many events; 0 is silence from the start."""
    return [*streamed()[: 1 + 2 * pieces], HANG] if pieces else [HANG]


def refused(status: int, *, retry_after_seconds: int | None = None) -> list[Step]:
    """An error response, such as 429 with a retry-after."""
    body = events.error_body(events.ERROR_KINDS.get(status, "api_error"), "as scripted")
    headers: Headers = (*events.JSON_HEADERS, (b"content-length", b"%d" % len(body)))
    if retry_after_seconds is not None:
        headers = (*headers, (b"retry-after", b"%d" % retry_after_seconds))
    return [SendHead(status, headers), SendBytes(body)]
