"""What an upstream's error response says, when its status can no longer be passed on.

Two wordings tell of a prompt that is too long: the one that Claude Code reads, and one that adds
what the answer may take. The second becomes the first.
"""

from __future__ import annotations

import re

import attrs
import msgspec

from ..dialect import Failure, Headers
from .events import ERROR_KINDS

MESSAGE_CHARACTERS_MAX = 2_000
RETRY_SECONDS_MAX = 24 * 3_600
"""A longer wait is no advice to a client."""

_SUM_TOO_LONG = re.compile(r"exceed context limit: (\d{1,12}) \+ (\d{1,12}) > (\d{1,12})")


@attrs.frozen
class UpstreamFailure:
    """An error response: its status, the dialect's error type, and its message."""

    status: int
    kind: str
    message: str


def read_failure(status: int, body: bytes) -> UpstreamFailure:
    """Reads an error body; one that is not in the dialect still gives a kind and a message."""
    kind = ERROR_KINDS.get(status, "api_error")
    message = f"the endpoint answered with status {status}"
    try:
        error = msgspec.json.decode(body).get("error")
        kind = str(error.get("type") or kind)
        message = str(error.get("message") or message)
    except (msgspec.MsgspecError, UnicodeDecodeError, AttributeError, RecursionError):
        pass
    return UpstreamFailure(status, kind, message[:MESSAGE_CHARACTERS_MAX])


def told_failure(status: int, headers: Headers, body: bytes) -> Failure:
    """An error response, as any client can be told it."""
    read = read_failure(status, body)
    found = _SUM_TOO_LONG.search(read.message)
    message = read.message
    if found is not None:
        tokens = int(found[1]) + int(found[2])
        message = f"prompt is too long: {tokens} tokens > {found[3]} maximum"
    return Failure(status, read.kind, message, retry_after_seconds(headers))


def retry_after_seconds(headers: Headers) -> int | None:
    """The header `retry-after`, where it is a number; a date would need a clock."""
    told = next((value for name, value in headers if name.lower() == b"retry-after"), b"")
    digits = told.strip().split(b".")[0]
    return min(int(digits), RETRY_SECONDS_MAX) if digits.isdigit() and len(digits) < 10 else None
