"""How a client speaks a dialect: what it sends, and what it understands of what comes.

Written from the API references and not from our code, as strictly as the official libraries read:
what a client may not be shown is a complaint. A stream that has been cut may stop anywhere, but
must have been legal so far.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import attrs
import msgspec

from .meaning import Calls, Heard

Json = dict[str, Any]
TOOLS = ("Bash", "Read")
SCHEMA: Json = {"type": "object", "properties": {"command": {"type": "string"}}}


@attrs.frozen
class Prompt:
    """What the user asks."""

    text: str


@attrs.frozen
class Results:
    """What the tools said that an answer has called."""

    results: tuple[tuple[Calls, str], ...]


Turn = Prompt | Heard | Results


class Ear(ABC):
    """See the module."""

    dialect: ClassVar[str]

    def target(self, model: str, *, streamed: bool) -> str:
        """The path that is asked."""
        return f"/{self.path}"

    path: ClassVar[str] = ""

    @abstractmethod
    def body(self, model: str, turns: Sequence[Turn], words: str, *, streamed: bool) -> Json:
        """A request; `words` are the system's."""

    @abstractmethod
    def heard(self, body: bytes, *, complete: bool) -> Heard:
        """What is understood of a stream, so far as it has come."""

    @abstractmethod
    def heard_whole(self, body: bytes) -> Heard:
        """What is understood of an answer that is not streamed."""

    @abstractmethod
    def refusal(self, status: int, body: Json) -> str:
        """The message of an error response; "" if it has none in the dialect."""


def frames_of(body: bytes, *, complete: bool) -> tuple[list[bytes], list[str]]:
    """The events of a stream of server-sent events without comments, and what is wrong."""
    *frames, rest = body.replace(b"\r\n", b"\n").split(b"\n\n")
    rest = rest.strip(b"\n")
    complaints = [f"ends inside an event: {rest[:80]!r}"] if complete and rest else []
    found = (frame.strip(b"\n") for frame in frames)
    return [frame for frame in found if frame and not frame.startswith(b":")], complaints


def event_of(frame: bytes) -> Json | None:
    """An event's value; None if it is not one line of data with a JSON object."""
    if not frame.startswith(b"data: "):
        return None
    return object_in(frame.removeprefix(b"data: "))


def object_in(data: bytes) -> Json | None:
    """A JSON object, or None."""
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None
