"""The worker's messages: what the parent asks, what it is told, and what is nonsense.

A payload that is no message but has a request's number is refused by that number, and the parent
can go on. Without one there is no telling what the parent wants, and the worker ends.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from ....protocols.engine.messages import FromWorker, Refused, ToWorker, decode_to_worker, encode
from .pipe import Pipe

NO_REQUEST: Final = 0
"""What stands in for a request's number where a message belongs to none."""
BAD_REQUEST: Final = 400
SERVER_ERROR: Final = 500
OVERLOADED: Final = 529
KINDS: Final = {
    BAD_REQUEST: "invalid_request_error",
    SERVER_ERROR: "api_error",
    OVERLOADED: "overloaded_error",
}


class Garbage(Exception):
    """The parent has sent what is no message; there is no telling what it wants."""


class Mailbox:
    """Messages over a pipe."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe

    def receive(self, wait_seconds: float | None) -> list[ToWorker]:
        """The messages that are there; waits so long for the first (None: as long as it takes).

        Raises ParentGone, FrameNonsense or Garbage.
        """
        found: list[ToWorker] = []
        for payload in self._pipe.receive(wait_seconds):
            try:
                found.append(decode_to_worker(payload))
            except (msgspec.MsgspecError, UnicodeDecodeError) as error:
                self.refuse(_request_of(payload), f"this is no request: {error}")
        return found

    def send(self, request: int, message: FromWorker) -> None:
        """Sends a message of a request."""
        self._pipe.send(request, encode(message))

    def refuse(self, request: int, message: str, status: int = BAD_REQUEST) -> None:
        """Sends a request's last message: it cannot be done."""
        self.send(request, Refused(request, status, KINDS[status], message))

    def unsent_bytes(self, request: int) -> int:
        """How much of a request's messages the parent has not read."""
        return self._pipe.unsent_bytes(request)

    def flush_within(self, seconds: float) -> None:
        """Sends everything, waiting at most so long for the parent to read."""
        self._pipe.flush_within(seconds)


def _request_of(payload: bytes) -> int:
    """The number of a request that says nonsense. Raises Garbage if it has none."""
    try:
        found: Any = msgspec.msgpack.decode(payload)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise Garbage(f"a frame that is no MessagePack: {error}") from error
    match found:
        case [str(), int(request), *_] if 0 <= request < 2**63:
            return request
        case _:
            raise Garbage("a frame that is no message")
