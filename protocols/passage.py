"""A passage: from the bytes that an upstream sends to the bytes that the client gets.

One is made for each answer. A *relay* passes the upstream's bytes on and only looks at them; a
translation reads one dialect and writes another. Either can open the answer in the upstream's
place, keep the client waiting, and say in the client's words that it failed. Sans-IO.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from .account import Account
from .dialect import Failure, Headers


class Passage(ABC):
    """The way of one answer. Feed it the upstream's bytes; it returns those for the client."""

    relays: ClassVar[bool]
    """Whether the upstream's own head and its error responses are the client's as they are."""
    account: Account
    headers: Headers
    """Of a response whose head is ours."""
    failed: Failure | None = None
    """Set once the upstream has told, in a translated answer, that it failed."""
    paused: bool = False
    """The upstream's answer has ended, and ours waits for what comes of another question."""
    changes_length: bool = False
    """Whether the client of a relay gets another number of bytes than the upstream sends."""
    noticed: bool = False
    """Whether a notice has been put in."""

    @abstractmethod
    def opening(self, input_tokens: int) -> bytes:
        """Opens a streamed answer in the upstream's place; what opens it later is dropped."""

    @abstractmethod
    def notice(self, text: str) -> None:
        """Puts a text of ours in front of the answer's first; a second one behind the first.

        A passage that cannot leaves it out.
        """

    @abstractmethod
    def receive_head(self, headers: Headers) -> None:
        """The upstream's head has come, with status 200. Raises UpstreamNonsense."""

    @abstractmethod
    def receive_data(self, data: bytes) -> bytes:
        """Takes the next bytes of the upstream's body. Raises UpstreamNonsense."""

    @abstractmethod
    def receive_end(self) -> bytes:
        """The body is complete. Raises UpstreamNonsense."""

    @abstractmethod
    def ping(self) -> bytes:
        """What keeps a waiting client patient; b"" where nothing may be put in just now."""

    @abstractmethod
    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        """What an upstream's error response says."""

    @abstractmethod
    def told(self, failure: Failure) -> bytes:
        """The failure of an answer that has begun, as the client can be told it; b"" where its
        connection is better cut."""
