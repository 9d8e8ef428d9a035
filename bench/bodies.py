"""What is asked of a peer, in the two dialects of the load: the same question in each.

Small is one line of text; large is LARGE_BODY_BYTES in the shape of a real turn, with a system
prompt, 30 tools and 20 messages.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LARGE_BODY_BYTES = 120_000
TURN = "lorem ipsum dolor " * 60
SYSTEM = "You are a careful assistant. " * 600
TURNS = [{"role": role, "content": TURN} for role in ("user", "assistant") * 10]
HELLO = {"role": "user", "content": "Say hello."}


@dataclass(frozen=True)
class Dialect:
    """How to ask in a dialect, and by which bytes to know a delta of text in the answer."""

    path: str
    delta_mark: bytes
    make_body: Callable[[str, bool, bool], bytes]
    """From the model's id, whether streamed, and whether large."""


def make_tool(number: int) -> tuple[str, str, dict[str, Any]]:
    """Makes a tool of about 2 kB: its name, description and schema."""
    parameter = {"type": "string", "description": "parameter text " * 6}
    properties = {f"p{index}": parameter for index in range(8)}
    schema = {"type": "object", "properties": properties, "required": ["p0"]}
    return f"Tool{number}", "Does a thing, described at some length. " * 25, schema


def make_message(model: str, streamed: bool, large: bool) -> bytes:
    """Encodes a request of Anthropic Messages."""
    body: dict[str, Any] = {"model": model, "max_tokens": 1024, "stream": streamed}
    if not large:
        return json.dumps({**body, "messages": [HELLO]}).encode()
    body["system"] = [{"type": "text", "text": SYSTEM}]
    body["tools"] = [
        {"name": name, "description": description, "input_schema": schema}
        for name, description, schema in map(make_tool, range(30))
    ]
    body["messages"] = [*TURNS, HELLO]
    body["system"][0]["text"] += "x" * missing_bytes(body)
    return json.dumps(body).encode()


def make_completion(model: str, streamed: bool, large: bool) -> bytes:
    """Encodes a request of Chat Completions."""
    body: dict[str, Any] = {"model": model, "max_tokens": 1024, "stream": streamed}
    if streamed:
        body["stream_options"] = {"include_usage": True}
    if not large:
        return json.dumps({**body, "messages": [HELLO]}).encode()
    system = {"role": "system", "content": SYSTEM}
    body["messages"] = [system, *TURNS, HELLO]
    body["tools"] = [
        {
            "type": "function",
            "function": {"name": name, "description": description, "parameters": schema},
        }
        for name, description, schema in map(make_tool, range(30))
    ]
    system["content"] += "x" * missing_bytes(body)
    return json.dumps(body).encode()


def missing_bytes(body: dict[str, Any]) -> int:
    """Returns how much padding makes a body as large as it is to be."""
    missing = LARGE_BODY_BYTES - len(json.dumps(body))
    assert missing > 0
    return missing


MESSAGES = Dialect("/v1/messages?beta=true", b'"text_delta"', make_message)
CHAT = Dialect("/v1/chat/completions", b'"content":" tok', make_completion)
