"""What a client of the dialect may be shown, written from the API reference and not from our code.

A complete streamed answer of status 200 begins with `message_start`, opens and closes its blocks
in order, and ends with `message_stop` or an `error`, with nothing after it. One that was cut may
stop anywhere, but must have been legal so far. Comments, pings and events of unknown kinds may
stand between any two events: clients pass over them.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

_FRAME = re.compile(rb"event: (\w+)\ndata: (\{.*\})")
FINAL = ("message_stop", "error")
KNOWN = {
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    *FINAL,
}


def stream_complaints(body: bytes, *, complete: bool) -> list[str]:
    """What is illegal in a streamed body."""
    *frames, rest = body.split(b"\n\n")
    complaints = [f"ends inside an event: {rest[:80]!r}"] if complete and rest else []
    events: list[dict[str, Any]] = []
    for frame in frames:
        if frame.startswith(b":"):
            continue
        found = _FRAME.fullmatch(frame)
        event: dict[str, Any] = msgspec.json.decode(found[2]) if found else {"type": "?"}
        if found is None or event["type"] != found[1].decode():
            return [*complaints, f"not an event: {frame[:80]!r}"]
        if event["type"] == "ping" and events and events[-1]["type"] in FINAL:
            complaints.append("a ping comes after the end")
        if event["type"] in KNOWN:
            events.append(event)
    kinds = [str(event["type"]) for event in events]
    if kinds and kinds[0] not in ("message_start", "error"):
        complaints.append(f"begins with {kinds[0]}")
    if kinds.count("message_start") > 1:
        complaints.append("message_start comes twice")
    if any(kind in FINAL for kind in kinds[:-1]):
        complaints.append("something comes after the end")
    if complete and not (kinds and kinds[-1] in FINAL):
        complaints.append(f"a clean end without message_stop, after {kinds[-1:]}")
    return complaints + _block_complaints(events)


def whole_complaints(body: bytes) -> list[str]:
    """What is wrong with an answer of status 200 that is not streamed."""
    try:
        message = msgspec.json.decode(body, type=_Message)
    except msgspec.MsgspecError as problem:
        return [f"not a whole message: {problem}"]
    return [] if message.type == "message" and message.content else ["a message of no content"]


def refusal_complaints(status: int, body: bytes) -> list[str]:
    """What is wrong with an error response: it has the dialect's shape, and says something."""
    try:
        error = msgspec.json.decode(body, type=_ErrorBody).error
    except msgspec.MsgspecError as problem:
        return [f"status {status} without an error in the dialect: {problem}"]
    return [] if error.message else [f"status {status} without a word"]


class _Message(msgspec.Struct):
    type: str
    content: list[dict[str, Any]]


class _Error(msgspec.Struct):
    type: str
    message: str


class _ErrorBody(msgspec.Struct):
    type: str
    error: _Error


def _block_complaints(events: list[dict[str, Any]]) -> list[str]:
    complaints: list[str] = []
    is_open: int | None = None
    for event in events:
        kind = event["type"]
        if kind == "content_block_start":
            if is_open is not None:
                complaints.append(f"block {event['index']} begins inside {is_open}")
            is_open = event["index"]
        elif kind in ("content_block_delta", "content_block_stop"):
            if event["index"] != is_open:
                complaints.append(f"{kind} of {event['index']} while {is_open} is open")
            if kind == "content_block_stop":
                is_open = None
        elif kind == "message_stop" and is_open is not None:
            complaints.append(f"message_stop while {is_open} is open")
    return complaints
