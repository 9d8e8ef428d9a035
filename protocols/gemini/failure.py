"""Errors, both ways: `google.rpc.Status` with its details, and a neutral `Failure`.

Sources: AIP-193 (errors), `google/rpc/error_details.proto` (RetryInfo, ErrorInfo), and messages
that users report. A wrong key is a 400 here, and so is an account that may not use the API; a
client would take either for a malformed request and ask again in other words, so both become 403.
"""

from __future__ import annotations

import math
import re
from typing import Any

import msgspec

from ..conversation.answer import AnswerFailed
from ..dialect import KINDS_BY_STATUS, Failure, Headers
from ..json_values import list_of, object_of, objects_of, text_of
from .members import whole

MESSAGE_CHARACTERS_MAX = 2_000
RETRY_SECONDS_MAX = 86_400

_KINDS = {
    "INVALID_ARGUMENT": "invalid_request_error",
    "OUT_OF_RANGE": "invalid_request_error",
    "FAILED_PRECONDITION": "permission_error",
    "UNAUTHENTICATED": "authentication_error",
    "PERMISSION_DENIED": "permission_error",
    "NOT_FOUND": "not_found_error",
    "RESOURCE_EXHAUSTED": "rate_limit_error",
    "DEADLINE_EXCEEDED": "timeout_error",
    "UNAVAILABLE": "overloaded_error",
}
_STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    408: "DEADLINE_EXCEEDED",
    409: "ABORTED",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    499: "CANCELLED",
    501: "UNIMPLEMENTED",
    502: "UNAVAILABLE",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
    529: "UNAVAILABLE",
}
_KEY_REASONS = ("API_KEY_INVALID", "API_KEY_SERVICE_BLOCKED", "SERVICE_DISABLED")
_TOO_LONG = (
    re.compile(r"input token count \(?(\d+)\)? exceeds the maximum[^\d]{0,40}\(?(\d+)"),
    re.compile(r"input token count is (\d+) but model only supports up to (\d+)"),
)
_TOO_LONG_UNCOUNTED = re.compile(r"input token count exceeds the maximum[^\d]{0,40}\(?(\d+)")
_NEUTRAL_TOO_LONG = re.compile(r"prompt is too long: (\d+) tokens > (\d+) maximum")
_TOO_LARGE = re.compile(r"payload size exceeds the limit", re.IGNORECASE)
_DURATION = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)s")


def read_failure(status: int, headers: Headers, body: bytes) -> Failure:
    """What an error response says; one that is no JSON still gives a kind and a message."""
    error = error_of(_decoded(body))
    message = text_of(error.get("message")) or f"the endpoint answered with status {status}"
    details = objects_of(error.get("details"))
    word = text_of(error.get("status"))
    kind = _KINDS.get(word) or KINDS_BY_STATUS.get(status, "api_error")
    if any(detail.get("reason") in _KEY_REASONS for detail in details):
        kind = "permission_error"
    if kind == "permission_error":
        status = 403
    too_long = _too_long(message)
    if too_long or _TOO_LARGE.search(message):
        kind = "invalid_request_error" if too_long else "request_too_large"
    message = too_long or message[:MESSAGE_CHARACTERS_MAX]
    return Failure(status, kind, message, _retry_seconds(headers, details))


def failed(error: dict[str, Any]) -> AnswerFailed:
    """An error that came in mid-stream, or as the body of a 200."""
    code = whole(error.get("code")) or 500
    found = read_failure(
        code if 400 <= code <= 599 else 500, (), msgspec.json.encode({"error": error})
    )
    return AnswerFailed(found.kind, found.message, found.status)


def error_of(value: Any) -> dict[str, Any]:
    """The error object in a body: at its top, or in the first item of a list; {} for none."""
    items = list_of(value)
    return object_of(object_of(items[0] if items else value).get("error"))


def error_body(failure: Failure, request_id: str = "") -> bytes:
    """The body of an error response."""
    return msgspec.json.encode(error_value(failure, request_id))


def error_value(failure: Failure, request_id: str = "") -> dict[str, Any]:
    """The same, not encoded."""
    details: list[dict[str, Any]] = []
    if failure.retry_after_seconds is not None:
        delay = f"{failure.retry_after_seconds}s"
        details.append({"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": delay})
    if request_id:
        kind = "type.googleapis.com/google.rpc.RequestInfo"
        details.append({"@type": kind, "requestId": request_id})
    error: dict[str, Any] = {
        "code": failure.status,
        "message": _in_our_words(failure.message),
        "status": _STATUSES.get(failure.status, "INTERNAL"),
    }
    return {"error": {**error, "details": details} if details else error}


def _in_our_words(message: str) -> str:
    """A prompt that is too long is told as Gemini tells it."""
    found = _NEUTRAL_TOO_LONG.search(message)
    if found is None:
        return message
    asked, most = found.groups()
    return f"The input token count ({asked}) exceeds the maximum number of tokens allowed ({most})."


def _too_long(message: str) -> str:
    """The neutral words for a prompt that is too long; "" if the message does not say that.

    Where only the limit is told, the count is the least that is over it.
    """
    for pattern in _TOO_LONG:
        if found := pattern.search(message):
            return f"prompt is too long: {found.group(1)} tokens > {found.group(2)} maximum"
    if found := _TOO_LONG_UNCOUNTED.search(message):
        digits = found.group(1)[:18]
        return f"prompt is too long: {int(digits) + 1} tokens > {digits} maximum"
    return ""


def _retry_seconds(headers: Headers, details: list[dict[str, Any]]) -> int | None:
    """When to try again: as the details say it, else as the header does."""
    told = [text_of(detail.get("retryDelay")) for detail in details]
    told += [value.decode("latin-1") + "s" for key, value in headers if key == b"retry-after"]
    for text in told:
        if found := _DURATION.fullmatch(text):
            return min(math.ceil(float(found.group(1))), RETRY_SECONDS_MAX)
    return None


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
