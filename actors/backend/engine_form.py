"""How turns are put to the processes of one engine: what `EngineBackend` leaves to the dialect.

The backend owns the process, the slots and the queue; a form knows what is said. A *question* is a
turn as the engine will be asked it, whichever process it will be: it is made once, and put again to
another process if the first has just ended.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import ClassVar, Generic, TypeVar

from ...io.ports import EngineProcess, UpstreamRequest
from ...protocols.anthropic.events import JSON_HEADERS
from ...protocols.conversation.request import Conversation
from ...protocols.dialects import SERVED
from ...protocols.passage import Passage
from ...protocols.request import ServedRequest
from ...protocols.translation import Translation
from ...protocols.turn import Turn
from .backend import Counter
from .exchange import Exchange

COUNT_BYTES_MAX = 64 * 1024

Question = TypeVar("Question")
Fit = Callable[[Exchange, ServedRequest, Counter, int], Awaitable[ServedRequest]]
"""See `Backend.fit`."""


class EngineForm(ABC, Generic[Question]):
    """What is said to the processes of an engine."""

    embeds: ClassVar[bool] = False
    """Whether the engine can start a process that makes vectors."""

    @abstractmethod
    def passage(self, turn: Turn) -> Passage:
        """The way of an answer to its client."""

    @abstractmethod
    def relayed(self, turn: Turn) -> Question:
        """The question of a turn whose passage is a relay."""

    @abstractmethod
    def translated(self, exchange: Exchange, asked: Conversation, answer: str) -> Question:
        """The question of a translated turn; `answer` makes ids of the answer unique."""

    @abstractmethod
    async def admit(
        self, exchange: Exchange, question: Question, process: EngineProcess
    ) -> UpstreamRequest | None:
        """Has the question counted where it must be, and made to fit; the request for its answer.

        None if the count was all that was asked, and has been told. Raises UpstreamError if the
        process is gone, and TurnRefused.
        """

    @abstractmethod
    async def embed(self, exchange: Exchange, process: EngineProcess) -> None:
        """Makes vectors and tells them. Raises UpstreamError and TurnRefused."""

    @abstractmethod
    def sign_of_life(self, process: EngineProcess) -> UpstreamRequest:
        """A request that the process answers however busy it is."""


def translation_of(turn: Turn) -> Translation:
    """The passage of a turn into the dialect of its client."""
    return Translation(SERVED[turn.request.dialect].writer(turn.request, turn.id))


async def tell_count(exchange: Exchange, tokens: int) -> None:
    """Answers a turn that asks for no more."""
    counted = SERVED[exchange.turn.request.dialect].count_body(tokens)
    await exchange.tell(JSON_HEADERS, counted)
