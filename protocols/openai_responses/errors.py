"""Errors as a client of this dialect is told them: a type, and a code that programs look at.

The codes are those that Codex acts upon: it stops at `context_length_exceeded`, waits and tries
again at `rate_limit_exceeded` and `server_is_overloaded`. Neutral kinds are Anthropic's words.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from ..conversation.answer import AnswerFailed
from ..dialect import Failure
from ..request import BadRequest

TOO_LONG: Final = "prompt is too long"
"""How a message begins that says so, in the words which Claude Code reads."""
CONTEXT_LENGTH: Final = "context_length_exceeded"
PREVIOUS: Final = "previous_response_id"
ID_CHARACTERS_MAX: Final = 256
_NOT_KEPT: Final = "Previous response with id "

_TYPES_AND_CODES: Final[dict[str, tuple[str, str | None]]] = {
    "invalid_request_error": ("invalid_request_error", None),
    "authentication_error": ("invalid_request_error", "invalid_api_key"),
    "billing_error": ("insufficient_quota", "insufficient_quota"),
    "permission_error": ("invalid_request_error", "permission_denied"),
    "not_found_error": ("invalid_request_error", "model_not_found"),
    "request_too_large": ("invalid_request_error", "request_too_large"),
    "rate_limit_error": ("requests", "rate_limit_exceeded"),
    "timeout_error": ("server_error", "timeout"),
    "overloaded_error": ("server_error", "server_is_overloaded"),
}
_SERVER_ERROR: Final[tuple[str, str | None]] = ("server_error", "server_error")
_ANSWER_CODES: Final = {
    "invalid_request_error": "invalid_prompt",
    "rate_limit_error": "rate_limit_exceeded",
    "overloaded_error": "server_is_overloaded",
}
"""In an answer fewer codes are allowed; the last one is not in the SDK, but Codex looks for it."""


class PreviousResponseNotFound(BadRequest):
    """The answer that a request goes on from is not kept here (any more)."""

    def __init__(self, response: str) -> None:
        super().__init__(f"{_NOT_KEPT}'{response[:ID_CHARACTERS_MAX]}' not found.")


def error_body(failure: Failure) -> bytes:
    """The JSON body of an error response."""
    kind, code = _TYPES_AND_CODES.get(failure.kind, _SERVER_ERROR)
    parameter: str | None = None
    if failure.message.startswith(TOO_LONG):
        code = CONTEXT_LENGTH
    elif failure.message.startswith(_NOT_KEPT):
        code, parameter = "previous_response_not_found", PREVIOUS
    error = {"message": failure.message, "type": kind, "param": parameter, "code": code}
    return msgspec.json.encode({"error": error})


def answer_error(event: AnswerFailed) -> dict[str, Any]:
    """The error inside an answer that had begun."""
    code = _ANSWER_CODES.get(event.kind, "server_error")
    if event.message.startswith(TOO_LONG):
        code = CONTEXT_LENGTH
    return {"code": code, "message": event.message}
