"""How an endpoint speaks a dialect: what an answer means, as the pieces of a stream or as a body.

A voice reads requests, too. `Manner` is what endpoints of one dialect do differently; none of it is
wrong. The pieces know what they are for, so that whoever makes an endpoint misbehave knows where.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, ClassVar, Final, Literal

import attrs
import msgspec

from ...io.ports import Headers
from .asked import Asked
from .meaning import Meaning

EVENT_STREAM: Final[Headers] = ((b"content-type", b"text/event-stream"),)
JSON: Final[Headers] = ((b"content-type", b"application/json"),)
MODEL: Final = "m"

PieceKind = Literal["start", "content", "end"]


@attrs.frozen
class Piece:
    """One event. From the first piece of kind `end` on the answer is complete."""

    kind: PieceKind
    data: bytes


@attrs.frozen
class Manner:
    """`usage_times` is how often the usage is told at the end: 0 is an endpoint that forgets it."""

    calls_whole: bool = False
    calls_interleaved: bool = False
    piece_characters: int = 9
    usage_times: int = 1
    gives_ids: bool = True

    @classmethod
    def drawn(cls, random: Random) -> Manner:
        """The manner of one answer."""
        return cls(
            random.random() < 0.5,
            random.random() < 0.5,
            random.randint(1, 40),
            gives_ids=random.random() < 0.7,
        )

    def cut(self, text: str) -> list[str]:
        """A text in pieces."""
        size = max(self.piece_characters, len(text) // 50)
        return [text[start : start + size] for start in range(0, len(text), size)]


class Voice(ABC):
    """See the module."""

    dialect: ClassVar[str]
    arguments_are_text: ClassVar[bool] = True
    """Whether a model's mistakes in a call's arguments can be seen."""
    counts_cached: ClassVar[bool] = True
    headers: ClassVar[Headers] = EVENT_STREAM

    @abstractmethod
    def stream(self, meaning: Meaning, manner: Manner) -> Iterator[Piece]:
        """The events of a streamed answer."""

    @abstractmethod
    def whole(self, meaning: Meaning, manner: Manner) -> bytes:
        """The body of an answer that is not streamed."""

    @abstractmethod
    def error(self, status: int, message: str) -> bytes:
        """The body of an error response."""

    @abstractmethod
    def failing(self, message: str) -> bytes:
        """An error in the middle of a stream."""

    @abstractmethod
    def unknown(self) -> bytes:
        """An event that nobody knows, and that every client passes over."""

    def comment(self) -> bytes:
        """What says nothing."""
        return b": still here\n\n"

    @abstractmethod
    def asked(self, target: str, body: dict[str, Any]) -> Asked:
        """Reads a request."""


def encoded(value: Any) -> bytes:
    """A value as JSON."""
    return msgspec.json.encode(value)


def data(value: Any) -> bytes:
    """A value as an event without a name."""
    return b"data: " + encoded(value) + b"\n\n"


def named(kind: str, value: dict[str, Any]) -> bytes:
    """A value as an event with a name, which stands in the value, too."""
    return b"event: " + kind.encode() + b"\n" + data({"type": kind, **value})


def joined(content: Any, member: str = "text") -> str:
    """The text of a content that is a string, a list of parts, or nothing."""
    if isinstance(content, str):
        return content
    parts: Sequence[Any] = content or ()
    return "".join(str(part.get(member, "")) for part in parts)
