"""What an upstream's error says, as a response of its own or in the middle of an answer.

Servers of this dialect disagree on where the message is; each place that we know is looked at. An
overflow is told in Claude Code's words, with both numbers wherever they can be read.
"""

from __future__ import annotations

import math
import re
from typing import Any, Final

from ..conversation.answer import AnswerFailed
from ..dialect import KINDS_BY_STATUS, Failure, Headers
from ..event_stream import decoded
from ..json_values import object_of, text_of
from .errors import CONTEXT_LENGTH, TOO_LONG

MESSAGE_CHARACTERS_MAX: Final = 2_000
RETRY_SECONDS_MAX: Final = 86_400

_BY_CODE: Final[dict[str, tuple[str, int]]] = {
    CONTEXT_LENGTH: ("invalid_request_error", 400),
    "exceed_context_size_error": ("invalid_request_error", 400),
    "invalid_prompt": ("invalid_request_error", 400),
    "invalid_request_error": ("invalid_request_error", 400),
    "insufficient_quota": ("billing_error", 402),
    "rate_limit_exceeded": ("rate_limit_error", 429),
    "server_is_overloaded": ("overloaded_error", 529),
    "slow_down": ("overloaded_error", 529),
}
"""Kind and status by the code or type of an error that comes inside an answer."""
_OVERFLOW_CODES: Final = (CONTEXT_LENGTH, "exceed_context_size_error", "context_window_exceeded")
_OVERFLOW: Final = re.compile(
    r"context (?:window|length|size)|maximum context|too many (?:input )?tokens", re.IGNORECASE
)
_NUMBER = r"(\d{1,12})\b(?!\.\d)"
_LIMIT: Final = re.compile(
    rf"(?:maximum (?:context|input) length (?:is|of)|limit (?:is|of)|available context size"
    rf"|context (?:window|size|length) (?:is|of))\D{{0,12}}{_NUMBER}",
    re.IGNORECASE,
)
_ASKED: Final = re.compile(
    rf"(?:resulted in|requested|request has|prompt (?:contains|has)|input (?:has|of|contains)"
    rf"|\brequest) \D{{0,24}}{_NUMBER} (?:input )?tokens|request \({_NUMBER} tokens\)",
    re.IGNORECASE,
)
_TRY_AGAIN: Final = re.compile(r"try again in (\d{1,6}(?:\.\d{1,6})?) ?(ms|s|m)\b", re.IGNORECASE)
_UNITS_SECONDS: Final = {"ms": 0.001, "s": 1.0, "m": 60.0}


def read_failure(status: int, headers: Headers, body: bytes) -> Failure:
    """Reads an error response; one in no known form still gives a kind and a message."""
    value = decoded(body)
    error = object_of(value.get("error"))
    message = _message(value) or f"the endpoint answered with status {status}"
    kind = KINDS_BY_STATUS.get(status, "api_error" if status >= 500 else "invalid_request_error")
    if text_of(error.get("code")) == "insufficient_quota":
        kind = "billing_error"
    if _overflows(error, message) and status < 500:
        return Failure(400, "invalid_request_error", _too_long(error, message))
    return Failure(status, kind, message, _retry_after(headers, message))


def read_answer_failure(error: dict[str, Any]) -> AnswerFailed:
    """An error inside an answer: of a `response.failed`, or of an event of its own."""
    message = _message({"error": error}) or "the endpoint says that the answer has failed"
    if _overflows(error, message):
        return AnswerFailed("invalid_request_error", _too_long(error, message), 400)
    code, kind = text_of(error.get("code")), text_of(error.get("type"))
    known = _BY_CODE.get(code) or _BY_CODE.get(kind) or ("api_error", 500)
    return AnswerFailed(known[0], message, known[1])


def _message(value: dict[str, Any]) -> str:
    """The message, wherever it is."""
    error = value.get("error")
    places = (object_of(error).get("message"), error, value.get("message"), value.get("detail"))
    found = next((text_of(each) for each in places if text_of(each)), "")
    return found[:MESSAGE_CHARACTERS_MAX]


def _overflows(error: dict[str, Any], message: str) -> bool:
    codes = (error.get("code"), error.get("type"))
    return any(code in _OVERFLOW_CODES for code in codes if isinstance(code, str)) or bool(
        _OVERFLOW.search(message) and (_LIMIT.search(message) or "exceed" in message.lower())
    )


def _too_long(error: dict[str, Any], message: str) -> str:
    """The overflow in Claude Code's words, with its numbers or the server's own message."""
    asked, limit = error.get("n_prompt_tokens"), error.get("n_ctx")
    if not isinstance(asked, int) or not isinstance(limit, int):
        asked, limit = _numbers(message)
    if asked > limit > 0:
        return f"{TOO_LONG}: {asked} tokens > {limit} maximum"
    return f"{TOO_LONG}: {message}"


def _numbers(message: str) -> tuple[int, int]:
    """How many tokens were asked for and are allowed; 0 where it cannot be read."""
    asked, limit = _ASKED.search(message), _LIMIT.search(message)
    counts = [int(each) for each in asked.groups() if each] if asked else []
    return counts[0] if counts else 0, int(limit.group(1)) if limit else 0


def _retry_after(headers: Headers, message: str) -> int | None:
    """When to try again: by a header, else by the message's own words; a date is not read."""
    found = {name.lower(): value for name, value in headers}
    seconds = _seconds(found.get(b"retry-after", b""), 1.0)
    if seconds is None:
        seconds = _seconds(found.get(b"retry-after-ms", b""), 0.001)
    words = _TRY_AGAIN.search(message)
    if seconds is None and words is not None:
        seconds = float(words.group(1)) * _UNITS_SECONDS[words.group(2).lower()]
    return None if seconds is None else min(math.ceil(seconds), RETRY_SECONDS_MAX)


def _seconds(value: bytes, unit_seconds: float) -> float | None:
    """A header's number, if it is one."""
    text = value.decode("latin-1").strip()
    if not re.fullmatch(r"\d{1,9}(?:\.\d{1,6})?", text):
        return None
    return float(text) * unit_seconds
