"""What an upstream's error response says, when its status can no longer be passed on."""

from __future__ import annotations

import attrs
import msgspec

from .events import ERROR_KINDS

MESSAGE_CHARACTERS_MAX = 2_000


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
