"""The prompt diet: what to leave out when a request is longer than a small model's window.

Kept are the head of the system prompt, every tool's name and arguments, and the newest turns. What
goes, goes in steps of a quarter of the window: a cut that moved with every turn would change the
prompt's beginning each time, and the engine would have to read all of it again. For the same reason
the bytes-per-token estimate is rounded. A tool's result is never kept without its call.

An endpoint with more than ROOM_TOKENS has room: there the client is told that the prompt is too
long, and compacts it with a model's help, which loses less.
"""

from __future__ import annotations

from math import ceil
from typing import Any

import attrs
import msgspec

from ..json_values import list_of, object_of, objects_of, text_of
from ..request import ServedRequest
from .request import parse_request

ROOM_TOKENS = 65_536
STEP_SHARE = 0.25
HEAD_SHARE = 0.125
RESERVE_SHARE = 0.25
RESERVE_TOKENS = 1_024


@attrs.frozen
class Diet:
    """The shortened request, and what to tell the user."""

    request: ServedRequest
    dropped_messages: int
    notice: str


def bytes_per_token(request: ServedRequest, tokens: int) -> float:
    """How many bytes a token of this request has, rounded down to a quarter."""
    return max(1.0, int(4 * len(request.body) / max(1, tokens)) / 4)


def put_on_diet(
    request: ServedRequest, tokens: int, window_tokens: int, token_bytes: float
) -> Diet:
    """Shortens a request of `tokens` towards a window; whether it fits must be counted again.

    `token_bytes` is what `bytes_per_token` gave; a conversation keeps the one it began with, or
    the cut would move when the figure drifts.
    """
    window_bytes = window_tokens * token_bytes
    system = head_of_system(request.value("system"), int(window_bytes * HEAD_SHARE))
    tools = [bare_tool(tool) for tool in request.items("tools")]
    messages = request.items("messages")
    reserve = min(request.max_tokens or RESERVE_TOKENS, int(window_tokens * RESERVE_SHARE))
    fixed = len(msgspec.json.encode([system, tools]))
    room = window_bytes - reserve * token_bytes - fixed
    first = first_kept(messages, room, window_bytes * STEP_SHARE)
    kept = {"messages": messages[first:], "system": system, "tools": tools}
    body = request.json.splice({key: msgspec.json.encode(value) for key, value in kept.items()})
    notice = (
        f"[Understudy: this request has {tokens} tokens and {request.model} reads {window_tokens}. "
        f"The oldest {first} of {len(messages)} messages, the end of the system prompt and the "
        "tools' descriptions were left out. /compact, or a model with a larger window, avoids it.]"
        "\n\n"
    )
    return Diet(parse_request(body), first, notice)


def head_of_system(system: Any, limit_bytes: int) -> Any:
    """The beginning of the system prompt, as far as `limit_bytes` reach; same shape."""
    if isinstance(system, str):
        return system[:limit_bytes]
    kept: list[Any] = []
    for block in objects_of(system):
        text = text_of(block.get("text"))
        if text and limit_bytes > 0:
            kept.append({**block, "text": text[:limit_bytes]})
            limit_bytes -= len(text)
    return kept


def bare_tool(tool: Any) -> Any:
    """A tool with its name and arguments, without a word of description."""
    if not isinstance(tool, dict):
        return tool
    bare = {key: value for key, value in object_of(tool).items() if key != "description"}
    if "input_schema" in bare:
        bare["input_schema"] = _without_descriptions(bare["input_schema"])
    return bare


def _without_descriptions(schema: Any) -> Any:
    """A JSON Schema less its prose; an argument that is called `description` stays."""
    if isinstance(schema, list):
        return [_without_descriptions(item) for item in list_of(schema)]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: _without_descriptions(value) for name, value in object_of(inner).items()}
        if key == "properties" and isinstance(inner, dict)
        else _without_descriptions(inner)
        for key, inner in object_of(schema).items()
        if key not in ("description", "title", "examples", "$schema")
    }


def first_kept(messages: list[Any], room_bytes: float, step_bytes: float) -> int:
    """The index of the first message to keep: past whole steps, and where a turn begins."""
    sizes = [len(msgspec.json.encode(message)) for message in messages]
    excess = sum(sizes) - room_bytes
    if excess <= 0:
        return 0
    to_drop = ceil(excess / step_bytes) * step_bytes
    starts = [index for index, message in enumerate(messages) if begins_turn(message)]
    dropped = 0.0
    for index, size in enumerate(sizes):
        if dropped >= to_drop and index in starts:
            return index
        dropped += size
    return starts[-1] if starts else 0


def begins_turn(message: Any) -> bool:
    """Whether a message is the user's own word, and not the answer to a tool call."""
    found = object_of(message)
    blocks = objects_of(found.get("content"))
    answers = any(block.get("type") == "tool_result" for block in blocks)
    return found.get("role") == "user" and not answers
