"""Anthropic Messages, as the provider answers (docs.claude.com, "Streaming Messages", "Errors").

Told apart by habit, and legal: usage is split between `message_start` and `message_delta`, pings
stand anywhere, a tool's input begins with an empty delta, a signature comes in a delta of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..answer import Answer, CallTool, Failure, Manner, Part, Say, Think, natural_stop
from ..question import Json
from .anthropic_rules import hear
from .rules import Complaints
from .script import Asked, Frames, Heard, Script, dump, event

ERROR_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    529: "overloaded_error",
}
VERSIONS = ("2023-06-01", "2026-10-21")
"""The second is what the newest SDK asks for: it has no sampling, and the messages are the same."""
MESSAGE_ID = "msg_01ScriptedUpstream"


class AnthropicScript(Script):
    dialect = "anthropic"

    def listens_at(self, target: str) -> bool:
        return target in ("/v1/messages", "/v1/messages?beta=true")

    def credential(self, headers: Mapping[str, str]) -> str:
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        return headers.get("x-api-key", bearer)

    def hear(self, asked: Asked, body: Json, complaints: Complaints) -> Heard:
        complaints.that(
            asked.headers.get("anthropic-version") in VERSIONS,
            f"anthropic-version: header is required: {VERSIONS}",
        )
        if asked.headers.get("anthropic-version") == VERSIONS[1]:
            for name in ("temperature", "top_p", "top_k"):
                complaints.that(name not in body, f"{name}: not in version {VERSIONS[1]}")
        return hear(body, complaints)

    def frames(self, answer: Answer, heard: Heard, manner: Manner) -> Frames:
        made: list[bytes] = []

        def add(kind: str, **members: Any) -> None:
            made.append(event({"type": kind, **members}, manner, kind))

        add("message_start", message=message(answer, heard) | UNFINISHED)
        add("ping")
        for index, part in enumerate(answer.parts):
            add("content_block_start", index=index, content_block=opened(part, heard, index))
            for delta in deltas(part, manner):
                add("content_block_delta", index=index, delta=delta)
            add("content_block_stop", index=index)
        if answer.failure:
            add("error", **self.error(answer.failure))
            return Frames(tuple(made), len(made))
        add("message_delta", delta=ending(answer), usage={"output_tokens": answer.usage.output})
        add("message_stop")
        return Frames(tuple(made), len(made) - 1)

    def whole(self, answer: Answer, heard: Heard) -> Json:
        content = [closed(part, heard, index) for index, part in enumerate(answer.parts)]
        found = message(answer, heard)
        found["usage"]["output_tokens"] = answer.usage.output
        return found | ending(answer) | {"content": content}

    def error(self, failure: Failure) -> Json:
        kind = ERROR_TYPES.get(failure.status, "api_error")
        return {
            "type": "error",
            "error": {"type": kind, "message": failure.message},
            "request_id": "req_011Scripted",
        }


UNFINISHED: Json = {"stop_reason": None, "stop_sequence": None}


def message(answer: Answer, heard: Heard) -> Json:
    """The message before it has content."""
    usage = answer.usage
    return {
        "id": MESSAGE_ID,
        "type": "message",
        "role": "assistant",
        "model": heard.model,
        "content": [],
        "usage": {
            "input_tokens": usage.input,
            "cache_creation_input_tokens": usage.cache_write,
            "cache_read_input_tokens": usage.cache_read,
            "cache_creation": {
                "ephemeral_5m_input_tokens": usage.cache_write,
                "ephemeral_1h_input_tokens": 0,
            },
            "output_tokens": 1,
            "service_tier": "standard",
        },
    }


def ending(answer: Answer) -> Json:
    """Why it stopped."""
    stop = answer.stop or natural_stop(answer, "end_turn", "tool_use")
    details = {"type": "refusal", "category": None, "explanation": answer.refusal}
    return {
        "stop_reason": "refusal" if answer.refusal else stop,
        "stop_sequence": answer.stop_sequence or None,
        "stop_details": details if answer.refusal else None,
    }


def opened(part: Part, heard: Heard, index: int) -> Json:
    """A block at its start: empty."""
    match part:
        case Say():
            return {"type": "text", "text": ""}
        case Think(redacted=False):
            return {"type": "thinking", "thinking": "", "signature": ""}
        case Think():
            return closed(part, heard, index)
        case CallTool():
            return closed(part, heard, index) | {"input": {}}


def closed(part: Part, heard: Heard, index: int) -> Json:
    """A whole block."""
    match part:
        case Say(text):
            return {"type": "text", "text": text}
        case Think(text, signature, redacted=False):
            return {"type": "thinking", "thinking": text, "signature": signature}
        case Think():
            return {"type": "redacted_thinking", "data": part.signature}
        case CallTool(_, given):
            name = heard.tool_name(part)
            return {"type": "tool_use", "id": f"toolu_01Call{index}", "name": name, "input": given}


def deltas(part: Part, manner: Manner) -> Iterator[Json]:
    """A block's content in deltas."""
    match part:
        case Say(text):
            for piece in manner.pieces(text):
                yield {"type": "text_delta", "text": piece}
        case Think(redacted=True):
            pass
        case Think(text, signature):
            for piece in manner.pieces(text):
                yield {"type": "thinking_delta", "thinking": piece}
            yield {"type": "signature_delta", "signature": signature}
        case CallTool(_, given):
            yield {"type": "input_json_delta", "partial_json": ""}
            for piece in manner.pieces(dump(given, manner)):
                yield {"type": "input_json_delta", "partial_json": piece}
