"""Chat Completions as these servers stream them: what they have in common, and a call in pieces."""

from __future__ import annotations

import json
from typing import Any

from .host import ARGUMENTS, Asked, Json, Reply, as_events, as_json, tool_result

USAGE = {"prompt_tokens": 21, "completion_tokens": 7, "total_tokens": 28}


def complaints(body: Json) -> str:
    """What every one of them would refuse: a message without a role, a result without its call."""
    calls: set[str] = set()
    for message in body.get("messages", ()):
        calls |= {call["id"] for call in message.get("tool_calls") or ()}
        if message.get("role") not in ("system", "user", "assistant", "tool"):
            return f"no such role: {message.get('role')!r}"
        if message["role"] == "tool" and message.get("tool_call_id") not in calls:
            return f"no such call: {message.get('tool_call_id')!r}"
    return "" if body.get("messages") else "no messages"


def delta(about: Json, content: Json, finish: str | None = None, **choice: Any) -> Json:
    """One chunk. `about` is what each chunk of this server carries."""
    choices = [{"index": 0, "delta": content, **choice, "finish_reason": finish}]
    return {**about, "object": "chat.completion.chunk", "choices": choices}


def call_pieces(body: Json, call_id: str) -> list[Json]:
    """A call of the first tool, as deltas: its name first, then its arguments in two pieces."""
    name = body["tools"][0]["function"]["name"]
    arguments = json.dumps(ARGUMENTS)
    first = {"index": 0, "id": call_id, "type": "function", "function": {"name": name}}
    pieces = (arguments[:5], arguments[5:])
    more = [{"index": 0, "function": {"arguments": piece}} for piece in pieces]
    return [{"tool_calls": [each]} for each in (first, *more)]


def streamed(asked: Asked, about: Json, opening: Json, call_id: str, **choice: Any) -> Reply:
    """The round trip: a call of the first tool, or a text that repeats its result."""
    body = asked.body
    wrong = complaints(body)
    if wrong:
        return as_json({"error": {"message": wrong, "type": "invalid_request_error"}}, 400)
    result = tool_result(body["messages"])
    if result is None:
        said, finish = call_pieces(body, call_id), "tool_calls"
    else:
        said, finish = [{"content": "It says: "}, {"content": result}], "stop"
    chunks = [delta(about, opening, **choice)]
    chunks += [delta(about, piece, **choice) for piece in said]
    chunks.append(delta(about, {}, finish, **choice))
    if body.get("stream_options", {}).get("include_usage"):
        chunks.append({**about, "object": "chat.completion.chunk", "choices": [], "usage": USAGE})
    return as_events(chunks)
