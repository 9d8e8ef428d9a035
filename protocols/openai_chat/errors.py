"""Errors as clients of Chat Completions expect them.

The official libraries go by the status; programs read `code`, above all `context_length_exceeded`,
and the words behind it, so a prompt that is too long is told in OpenAI's words, not Anthropic's.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

from ..dialect import Failure

_KINDS: dict[str, tuple[str, str | None]] = {
    "invalid_request_error": ("invalid_request_error", None),
    "authentication_error": ("invalid_request_error", "invalid_api_key"),
    "permission_error": ("invalid_request_error", "permission_denied"),
    "billing_error": ("insufficient_quota", "insufficient_quota"),
    "not_found_error": ("invalid_request_error", "model_not_found"),
    "request_too_large": ("invalid_request_error", "request_too_large"),
    "rate_limit_error": ("requests", "rate_limit_exceeded"),
    "timeout_error": ("server_error", "timeout"),
    "overloaded_error": ("server_error", "server_overloaded"),
    "api_error": ("server_error", None),
}
"""The dialect's `type` and `code` for Anthropic's error types."""

_TOO_LONG = re.compile(r"prompt is too long: (\d+) tokens > (\d+) maximum")


def error_object(kind: str, message: str) -> dict[str, Any]:
    """The `error` member of a body, or of an event in a stream."""
    error_type, code = _KINDS.get(kind, (kind, None))
    if message.startswith("prompt is too long"):
        code = "context_length_exceeded"
    found = _TOO_LONG.search(message)
    if found is not None:
        message = (
            f"This model's maximum context length is {found.group(2)} tokens. However, your "
            f"messages resulted in {found.group(1)} tokens. Please reduce the length of the "
            "messages."
        )
    param = "messages" if code == "context_length_exceeded" else None
    return {"message": message, "type": error_type, "param": param, "code": code}


def error_body(failure: Failure, request_id: str) -> bytes:
    """The JSON body of an error response."""
    body: dict[str, Any] = {"error": error_object(failure.kind, failure.message)}
    if request_id:
        body["request_id"] = request_id
    return msgspec.json.encode(body)


def error_event(kind: str, message: str) -> bytes:
    """The event that tells in mid-stream that the answer has failed."""
    return b"data: " + msgspec.json.encode({"error": error_object(kind, message)}) + b"\n\n"
