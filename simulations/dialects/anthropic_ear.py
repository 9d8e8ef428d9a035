"""A plain client of Anthropic's Messages, beside the simulated Claude Code, which has this ear too.

Legality is judged by `world/legality.py`; here is what is understood.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from ...protocols.json_values import object_of, text_of
from ..world.claude_reply import Reply
from ..world.legality import stream_complaints, whole_complaints
from .ear import SCHEMA, TOOLS, Ear, Json, Prompt, Results, Turn, event_of, frames_of, object_in
from .meaning import Calls, Heard


class AnthropicEar(Ear):
    """See the module."""

    dialect: ClassVar[str] = "anthropic"
    path: ClassVar[str] = "v1/messages"

    def body(self, model: str, turns: Sequence[Turn], words: str, *, streamed: bool) -> Json:
        """See Ear."""
        tools = [{"name": name, "description": name, "input_schema": SCHEMA} for name in TOOLS]
        return {
            "model": model,
            "max_tokens": 1_000,
            "system": words,
            "messages": [_message(turn) for turn in turns],
            "tools": tools,
            "stream": streamed,
        }

    def heard(self, body: bytes, *, complete: bool) -> Heard:
        """See Ear."""
        reply = Reply()
        reply.receive(body, 0.0)
        frames, _ = frames_of(body, complete=complete)
        events = [event_of(frame.partition(b"\n")[2]) or {} for frame in frames]
        complaints = stream_complaints(body, complete=complete)
        return _heard(reply, complaints, [_usage(event) for event in events])

    def heard_whole(self, body: bytes) -> Heard:
        """See Ear."""
        reply = Reply()
        reply.receive_whole(body, 0.0)
        value = object_in(body) or {}
        return _heard(reply, whole_complaints(body), [_usage(value)])

    def refusal(self, status: int, body: Json) -> str:
        """See Ear."""
        error = object_of(body.get("error"))
        known = body.get("type") == "error" and "type" in error
        return text_of(error.get("message")) if known else ""


def _usage(event: Json) -> Json:
    begun = object_of(object_of(event.get("message")).get("usage"))
    return object_of(event.get("usage")) or begun


def _heard(reply: Reply, complaints: list[str], usages: Sequence[Json]) -> Heard:
    blocks = reply.blocks
    counts: dict[str, int] = {}
    for usage in usages:
        counts |= {key: value for key, value in usage.items() if isinstance(value, int)}
    kinds = ("input_tokens", "cache_read_input_tokens", "cache_creation_input_tokens")
    total = sum(counts.get(kind, 0) for kind in kinds)
    return Heard(
        reply.text,
        "".join(block.text for block in blocks if block.kind == "thinking"),
        tuple(Calls(block.id, block.name, block.text) for block in reply.tools),
        reply.stopped and not reply.error,
        reply.message or reply.error,
        (total, counts.get("output_tokens", 0)) if counts else None,
        tuple(complaints),
        [block.replayed() for block in reply.kept],
    )


def _message(turn: Turn) -> Json:
    match turn:
        case Prompt(text):
            return {"role": "user", "content": text}
        case Results(results):
            blocks = [
                {"type": "tool_result", "tool_use_id": call.id, "content": text}
                for call, text in results
            ]
            return {"role": "user", "content": blocks}
        case Heard():
            return {"role": "assistant", "content": turn.echo}
