"""The passage of an answer that we give ourselves, in one piece, without an upstream to read."""

from __future__ import annotations

from typing import ClassVar

from .account import EventAccount
from .dialect import Failure, Headers
from .passage import Passage


class Told(Passage):
    """No bytes of an upstream pass here: what is told goes past it (see Exchange.tell)."""

    relays: ClassVar[bool] = False
    headers: Headers = ((b"content-type", b"application/json"),)

    def __init__(self) -> None:
        self.account = EventAccount()

    def opening(self, input_tokens: int) -> bytes:
        """Nothing: it is not streamed."""
        return b""

    def notice(self, text: str) -> None:
        """Not here: a count or a vector has no text to put it in front of."""

    def receive_head(self, headers: Headers) -> None:
        """See Passage."""
        raise AssertionError("no upstream answers into this")

    def receive_data(self, data: bytes) -> bytes:
        """See Passage."""
        raise AssertionError("no upstream answers into this")

    def receive_end(self) -> bytes:
        """See Passage."""
        raise AssertionError("no upstream answers into this")

    def ping(self) -> bytes:
        """Nothing: a JSON value has no room for it."""
        return b""

    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        """See Passage."""
        return Failure(status, "api_error", f"the endpoint answered with status {status}")

    def told(self, failure: Failure) -> bytes:
        """Nothing: what has begun is sent already."""
        return b""
