"""A section: what a model writes between the mark that opens a call and the end of it.

All of it is held back until it is over, and then read as calls, or told as text if it is none. The
reader of marks (`reader`) keeps the characters; a section follows them as they come, so that it
knows where it ends, and never goes over the same ones twice.
"""

from __future__ import annotations

import enum
from abc import ABC, abstractmethod
from collections.abc import Sequence

import attrs

from .marks import Marks


@attrs.frozen
class Call:
    """A call as the model has written it.

    `arguments` is the JSON text of its input. `id` is the model's own, of letters and digits, and
    becomes the end of ours, so that history can be shown with it.
    """

    name: str
    arguments: str = "{}"
    id: str = ""


class Verdict(enum.Enum):
    """What a section knows of itself."""

    OPEN = "more of it is to come"
    OVER = "it has ended"
    AGAIN = "it has ended, and not where it should have: it is to be read again"
    REFUSED = "it is no call, which its first characters show"


class Section(ABC):
    """Follows one section. A new one is made at every opening mark."""

    marks: Marks
    """What it looks for. Marks are handed to `receive_mark`, whole, and all else as text."""
    first_close_ends: bool = False
    """Set where text is read again because a section has not ended as it should: the first closing
    mark ends it wherever it stands, in an open string too."""
    first_close_seen: bool = False
    """There was a closing mark, which has not ended it."""

    def __init__(self) -> None:
        self.verdict = Verdict.OPEN

    @abstractmethod
    def receive_text(self, text: str) -> int:
        """Takes the next characters; tells how many are its own: fewer than all if it is over or
        refused. What it has taken before it is refused holds no mark."""

    @abstractmethod
    def receive_mark(self, mark: str) -> None:
        """Takes a mark; it is the section's own in any case."""

    @abstractmethod
    def calls(self, text: str) -> Sequence[Call]:
        """The calls in its whole text, without the opening mark; none if it is no call."""

    @abstractmethod
    def receive_end(self) -> None:
        """A whole answer is over. A section that lacks no more than its closing mark is OVER."""

    def as_text(self, opening: str, held: str) -> str:
        """What is told of a section that is no call."""
        return opening + held
