"""What a dialect is: two halves, each a translator to or from the neutral conversation.

As *served*, a dialect reads a client's request and writes the answer; as *upstream*, it writes a
request and reads the answer. Two halves for each dialect, and no translator knows another dialect.
All of it is sans-IO: bytes in, values out, no clock, no entropy; every buffer has a limit.

A served half raises BadRequest alone, for a request that cannot be understood. What an upstream
sends is never trusted: a reader raises UpstreamNonsense alone. Any other exception is our bug.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import Enum
from typing import ClassVar, Final, Literal

import attrs

from .conversation.answer import AnswerEvent, AnswerFailed
from .conversation.request import Conversation
from .notice_placer import NoticePlacer
from .request import ServedRequest

Headers = tuple[tuple[bytes, bytes], ...]

EVENT_BYTES_MAX: Final = 16 * 1024 * 1024
"""Of one event of a stream that is not whole yet."""
ANSWER_BYTES_MAX: Final = 32 * 1024 * 1024
"""Of an answer that comes in one piece."""


KINDS_BY_STATUS: Final[Mapping[int, str]] = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    408: "timeout_error",
    413: "request_too_large",
    422: "invalid_request_error",
    429: "rate_limit_error",
    503: "overloaded_error",
    504: "timeout_error",
    529: "overloaded_error",
}
"""Anthropic's error type for a status that an endpoint answers with, whatever its dialect."""


class _NeedData(Enum):
    NEED_DATA = "need more data"


NEED_DATA: Final = _NeedData.NEED_DATA
NeedData = Literal[_NeedData.NEED_DATA]


class UpstreamNonsense(ValueError):
    """What the upstream sent is not its dialect, or over a limit; the message says what."""


@attrs.frozen
class Failure:
    """An error as a client can be told it: status, one of Anthropic's error types, and words.

    `retry_after_seconds` is when another try may succeed, None where nobody knows.
    """

    status: int
    kind: str
    message: str
    retry_after_seconds: int | None = None


@attrs.frozen
class Target:
    """What a request's path says where the dialect says it there (Gemini): the model, and whether
    the answer is to be streamed; `array` if as one JSON array, not as events."""

    model: str = ""
    streamed: bool = False
    array: bool = False


NO_TARGET: Final = Target()
"""Of a path that says nothing."""


@attrs.frozen
class Outgoing:
    """A request to an upstream: the path behind its base URL (which has no `/v1`), and the body.

    `dropped` names what the client asked for and this dialect cannot say.
    """

    path: str
    body: bytes = attrs.field(repr=False)
    headers: Headers = ()
    dropped: tuple[str, ...] = ()


class AnswerWriter(ABC):
    """Writes one answer for a client. Made for one request; streamed or not as that one said.

    Streamed, each call returns the bytes to be sent now, whole events always. Not streamed, all
    but `end` return b"", and `end` returns the body.
    """

    headers: Headers
    """Of the response: its content type above all."""
    cut_after_content: ClassVar[bool] = False
    """Whether an answer that fails after its first content is better cut than told the error."""

    @abstractmethod
    def send(self, event: AnswerEvent) -> bytes:
        """Writes one event. `AnswerStarted` may come twice: the second time it adds its usage."""

    @abstractmethod
    def ping(self) -> bytes:
        """What keeps a waiting client patient; between two events only, and after the start."""

    @abstractmethod
    def end(self) -> bytes:
        """The answer is complete: the end mark of a stream, or the whole body."""

    def told(self, failure: Failure, *, content_started: bool) -> bytes:
        """The failure of an answer that has begun; b"" where its client is better cut off."""
        if content_started and self.cut_after_content:
            return b""
        return self.send(AnswerFailed(failure.kind, failure.message, failure.status))


class Served(ABC):
    """A dialect as clients speak it to us."""

    name: ClassVar[str]

    @abstractmethod
    def parse(self, body: bytes, target: Target = NO_TARGET) -> ServedRequest:
        """Reads as much of a request as routing needs. Raises BadRequest."""

    @abstractmethod
    def conversation(self, request: ServedRequest) -> Conversation:
        """Reads all of a request. What it does not know it names in `unknown`; raises BadRequest
        only where no sense can be made of the messages themselves."""

    @abstractmethod
    def writer(self, request: ServedRequest, answer: str) -> AnswerWriter:
        """The writer for a request. `answer` is a unique id to make the answer's ids from; the
        model is named as the client named it."""

    @abstractmethod
    def error(self, failure: Failure, request_id: str) -> bytes:
        """The JSON body of an error response."""

    def count_body(self, tokens: int) -> bytes:
        """The JSON body that tells how many tokens a request has."""
        return b'{"input_tokens":%d}' % tokens


class AnswerReader(ABC):
    """Reads one answer of an upstream. Feed it every body byte, in any pieces."""

    @abstractmethod
    def receive_data(self, data: bytes) -> None:
        """Takes the next bytes. Raises UpstreamNonsense when a limit is passed."""

    @abstractmethod
    def next_event(self) -> AnswerEvent | NeedData:
        """The next event, if it is whole. Raises UpstreamNonsense."""

    @abstractmethod
    def receive_end(self) -> None:
        """The body is complete; what it still held is an event now. An answer that its dialect
        has not ended stays without `AnswerEnded`: it was cut."""


class UpstreamDialect(ABC):
    """A dialect as we speak it to an endpoint."""

    name: ClassVar[str]

    @abstractmethod
    def request(self, conversation: Conversation, model: str) -> Outgoing:
        """Writes a request for an answer from `model`."""

    @abstractmethod
    def reader(self, conversation: Conversation, model: str, answer: str) -> AnswerReader:
        """The reader for the answer to that request. `answer` is a unique id to make ids from
        where the upstream gives none; names of tools come back as the conversation has them."""

    @abstractmethod
    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        """What an error response says. A prompt that is too long is told in the words which
        Claude Code reads: `prompt is too long: N tokens > M maximum`."""

    @abstractmethod
    def relayed(self, request: ServedRequest, model: str) -> Outgoing:
        """A request of this same dialect, the client's own bytes but for the model and what the
        dialect's page lists."""

    def placer(self, notice: str) -> NoticePlacer | None:
        """What places a notice in a relayed answer; None where no answer of it can carry one."""
        return None

    def count_request(self, conversation: Conversation, model: str) -> Outgoing | None:
        """A request that asks the endpoint to count the input's tokens; None if it cannot."""
        return None

    def counted(self, body: bytes) -> int:
        """The count in its answer. Raises UpstreamNonsense."""
        raise UpstreamNonsense(f"{self.name} counts no tokens")
