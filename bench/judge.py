"""Whether a peer's answer is right: its text, its usage and its stop reason, as a client reads it.

A gateway that leaves something out does less work, so a measurement says what it left out.
"""

from __future__ import annotations

import json
from typing import Any

from mock_answers import INPUT_TOKENS, PLAIN_TEXT, PLAIN_TOKENS, streamed_text

STOP_REASON = "end_turn"


def wrong_with_stream(body: bytes, tokens: int) -> list[str]:
    """Returns what is wrong with a streamed answer of so many tokens in Messages; [] if nothing."""
    text, stop_reason, last_kind = "", None, ""
    usage: dict[str, Any] = {}
    for line in body.split(b"\n"):
        if not line.startswith(b"data:"):
            continue
        event = json.loads(line[5:])
        last_kind = event["type"]
        if last_kind == "message_start":
            usage.update(event["message"]["usage"])
        elif last_kind == "content_block_delta":
            text += event["delta"].get("text", "")
        elif last_kind == "message_delta":
            stop_reason = event["delta"]["stop_reason"]
            usage.update(event.get("usage") or {})
    wrong = differences(text, stop_reason, usage, streamed_text(tokens), tokens)
    return wrong if last_kind == "message_stop" else [*wrong, f"the last event is {last_kind!r}"]


def wrong_with_message(body: bytes) -> list[str]:
    """Returns what is wrong with an answer that was not streamed; [] if nothing."""
    message = json.loads(body)
    text = "".join(block.get("text", "") for block in message["content"])
    usage: dict[str, Any] = message.get("usage") or {}
    return differences(text, message["stop_reason"], usage, PLAIN_TEXT, PLAIN_TOKENS)


def differences(
    text: str, stop_reason: object, usage: dict[str, Any], expected_text: str, tokens: int
) -> list[str]:
    """Returns how an answer differs from what the mock has said."""
    told = {
        "text": (text, expected_text),
        "stop_reason": (stop_reason, STOP_REASON),
        "input_tokens": (usage.get("input_tokens"), INPUT_TOKENS),
        "output_tokens": (usage.get("output_tokens"), tokens),
    }
    return [
        f"{name} is {found!r}, not {expected!r}"[:120]
        for name, (found, expected) in told.items()
        if found != expected
    ]
