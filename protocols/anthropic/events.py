"""Server-sent events and errors that we write ourselves in the Anthropic dialect.

Used only where no upstream has spoken yet (after our own commit) or will speak no more. An error's
`type` decides what the client does next: docs/claude-code.md has the table.
"""

from __future__ import annotations

from typing import Any

import msgspec

PING = b'event: ping\ndata: {"type": "ping"}\n\n'

STREAM_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
)
JSON_HEADERS = ((b"content-type", b"application/json"),)

ERROR_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    413: "request_too_large",
    429: "rate_limit_error",
    500: "api_error",
    502: "api_error",
    503: "overloaded_error",
    504: "timeout_error",
    529: "overloaded_error",
}
"""The dialect's error type for each status that we answer with."""


def event(kind: str, data: Any) -> bytes:
    """One server-sent event: its name, and its data as JSON."""
    return b"event: %s\ndata: %s\n\n" % (kind.encode(), msgspec.json.encode(data))


def message_start(message: str, model: str, input_tokens: int) -> bytes:
    """The event that opens an answer, with what is known of its input already."""
    usage = {"input_tokens": input_tokens, "output_tokens": 0}
    return event(
        "message_start",
        {
            "type": "message_start",
            "message": {
                "id": message,
                "type": "message",
                "role": "assistant",
                "model": model,
                "content": [],
                "stop_reason": None,
                "stop_sequence": None,
                "usage": usage,
            },
        },
    )


def error_event(kind: str, message: str) -> bytes:
    """The event that ends a stream with an error."""
    return event("error", {"type": "error", "error": {"type": kind, "message": message}})


def error_body(kind: str, message: str, request: str = "") -> bytes:
    """The JSON body of an error response."""
    body: dict[str, Any] = {"type": "error", "error": {"type": kind, "message": message}}
    if request:
        body["request_id"] = request
    return msgspec.json.encode(body)


def text_delta(index: int, text: str) -> bytes:
    """A piece of text inside block `index`."""
    return event(
        "content_block_delta",
        {
            "type": "content_block_delta",
            "index": index,
            "delta": {"type": "text_delta", "text": text},
        },
    )
