"""What an endpoint's error says, in its response or in mid-stream.

The shape is `{"error": {message, type, code}}`; vLLM had it without the outer object, some say a
plain string, FastAPI's servers say `detail`, Google's put it into a list, and OpenRouter keeps the
provider's own words in `metadata.raw`. What the status alone does not tell is in `code` and `type`:
a 429 for an exhausted account will not pass by waiting, so it is told as what it is.
"""

from __future__ import annotations

import math
import re
from typing import Any

import attrs

from ..dialect import KINDS_BY_STATUS, Failure, Headers
from ..json_decoding import NotJson, decode_json
from ..json_values import list_of, object_of, objects_of, text_of
from .overflow import overflow_message

MESSAGE_CHARACTERS_MAX = 2_000
RETRY_AFTER_SECONDS_MAX = 24 * 3600

_CODES = {
    "insufficient_quota": 402,
    "billing_hard_limit_reached": 402,
    "billing_not_active": 402,
    "context_length_exceeded": 400,
    "exceed_context_size_error": 400,
    "invalid_request_error": 400,
    "badrequesterror": 400,
    "invalid_api_key": 401,
    "authentication_error": 401,
    "permission_error": 403,
    "model_not_found": 404,
    "not_found_error": 404,
    "notfounderror": 404,
    "rate_limit_exceeded": 429,
    "rate_limit_error": 429,
    "server_overloaded": 503,
    "overloaded_error": 503,
    "unavailable_error": 503,
    "timeout": 504,
    "invalid_argument": 400,
    "unauthenticated": 401,
    "permission_denied": 403,
    "not_found": 404,
    "resource_exhausted": 429,
    "unavailable": 503,
}
"""The status that a `code` or `type` stands for, where a stream tells an error and has none."""
_QUOTA = frozenset(code for code, status in _CODES.items() if status == 402)
_TRY_AGAIN = re.compile(r"try again in (\d+(?:\.\d+)?) ?(ms|s|m)\b")
_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0}


@attrs.frozen
class Told:
    """What an error says of itself; `status` is 0 where it names none."""

    message: str = ""
    words: tuple[str, ...] = ()
    status: int = 0
    prompt_tokens: int = 0
    limit_tokens: int = 0


def read_error(value: Any) -> Told:
    """Reads an error of any of the shapes."""
    if isinstance(value, list):
        return read_error(next(iter(list_of(value)), None))
    body = object_of(value)
    inner = body.get("error")
    if isinstance(inner, str):
        return Told(inner, _words(body), _status(body.get("code")))
    error = object_of(inner) or body
    words = _words(error)
    status = _status(error.get("code")) or _status(error.get("status"))
    status = status or next((_CODES[word] for word in words if word in _CODES), 0)
    return Told(
        message=_message(error),
        words=words,
        status=status,
        prompt_tokens=_status(error.get("n_prompt_tokens"), 2**48),
        limit_tokens=_status(error.get("n_ctx"), 2**48),
    )


def failure(status: int, headers: Headers, body: bytes) -> Failure:
    """What an error response says."""
    try:
        told = read_error(decode_json(body))
    except NotJson:
        told = Told()
    found = failed(told, status)
    return attrs.evolve(found, retry_after_seconds=_retry_after(headers, told.message))


def failed(told: Told, status: int) -> Failure:
    """The failure that an error tells, with the status of its response; 0 if it has none."""
    status = status or told.status or 500
    if status in (403, 429) and _QUOTA.intersection(told.words):
        status = 402
    message = told.message or f"the endpoint answered with status {status}"
    if status in (400, 413, 422, 500) or told.limit_tokens:
        words = " ".join(told.words)
        too_long = overflow_message(message, words, told.prompt_tokens, told.limit_tokens)
        if too_long:
            return Failure(400, KINDS_BY_STATUS[400], too_long[:MESSAGE_CHARACTERS_MAX])
    general = "invalid_request_error" if 400 <= status < 500 else "api_error"
    return Failure(status, KINDS_BY_STATUS.get(status, general), message[:MESSAGE_CHARACTERS_MAX])


def _message(error: dict[str, Any]) -> str:
    message = error.get("message")
    if not isinstance(message, str):
        message = _detail(object_of(message).get("detail") or error.get("detail") or message)
    raw = text_of(object_of(error.get("metadata")).get("raw"))
    return f"{message}: {raw}" if raw else message


def _detail(detail: Any) -> str:
    """FastAPI's words: a text, or a list of what is wrong and where."""
    if isinstance(detail, str):
        return detail
    found = objects_of(detail)
    places = (".".join(map(str, list_of(item.get("loc")))) for item in found)
    return "; ".join(
        f"{place}: {text_of(item.get('msg'))}" for place, item in zip(places, found, strict=True)
    )


def _words(error: dict[str, Any]) -> tuple[str, ...]:
    """What stands for programs to read: the code and the type, in lower case."""
    found = (text_of(error.get(key)).lower() for key in ("code", "type", "status"))
    return tuple(word for word in found if word)


def _status(value: Any, limit: int = 600) -> int:
    if isinstance(value, str) and len(value) == 3 and value.isdecimal():
        value = int(value)
    return value if type(value) is int and 0 < value < limit else 0


def _retry_after(headers: Headers, message: str) -> int | None:
    """When to try again, in whole seconds, from the headers or else from the message's words.

    A date cannot be read here: nothing in this room knows the time.
    """
    found = {name.lower(): value.decode("latin-1").strip() for name, value in headers}
    seconds = _number(found.get(b"retry-after-ms", ""), 0.001)
    if seconds is None:
        seconds = _number(found.get(b"retry-after", ""), 1.0)
    said = _TRY_AGAIN.search(message)
    if seconds is None and said is not None:
        seconds = _number(said.group(1), _UNITS[said.group(2)])
    return None if seconds is None else math.ceil(seconds)


def _number(text: str, unit: float) -> float | None:
    if not re.fullmatch(r"\d{1,12}(?:\.\d{1,12})?", text, re.ASCII):
        return None
    return min(float(text) * unit, RETRY_AFTER_SECONDS_MAX)
