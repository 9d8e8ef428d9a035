"""What a judge is: it asks a question in its dialect and says what the SDK's user saw."""

from __future__ import annotations

import base64
from abc import ABC, abstractmethod
from typing import ClassVar

from ..answer import Place, Seen, SeenFailure
from ..question import Question, Result

Results = tuple[Result, ...]

TIMEOUT_SECONDS = 20.0


class Judge(ABC):
    """One official SDK, pointed at one base URL."""

    dialect: ClassVar[str]

    @abstractmethod
    def __init__(self, base_url: str, token: str) -> None:
        """Points the SDK at a server, whose URL has no version in its path."""

    @abstractmethod
    def ask(self, question: Question, model: str, *, streamed: bool, results: Results = ()) -> Seen:
        """Asks, and says what came. Anything that the strict SDK rejects is raised.

        With `results` it goes on from its last answer, as programs do: that answer goes back as
        the SDK gave it, and behind it a result for each of its calls.
        """

    @abstractmethod
    def close(self) -> None:
        """Closes the SDK's connections."""


def text_of(data: bytes) -> str:
    """Base64, as every dialect has it."""
    return base64.b64encode(data).decode()


def data_url(media_type: str, data: bytes) -> str:
    """A data URL."""
    return f"data:{media_type};base64,{text_of(data)}"


def failed(place: Place, words: object, status: int = 0, retry_after: str | None = None) -> Seen:
    """An error that the SDK raised."""
    seconds = int(float(retry_after.rstrip("s"))) if retry_after else None
    return Seen(failure=SeenFailure(place, status, str(words), seconds))
