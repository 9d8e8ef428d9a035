"""The two halves of the OpenAI Responses dialect."""

from __future__ import annotations

from typing import ClassVar

from ..conversation.request import Conversation
from ..dialect import (
    NO_TARGET,
    AnswerReader,
    AnswerWriter,
    Failure,
    Headers,
    Outgoing,
    Served,
    Target,
    UpstreamDialect,
    UpstreamNonsense,
)
from ..event_stream import decoded
from ..notice_placer import NoticePlacer
from ..request import ServedRequest
from .errors import error_body
from .failure import read_failure
from .notice import ResponsesPlacer
from .reader import ResponsesReader
from .reasoning import NAME
from .relay import relayed_request
from .served_request import parse_request, read_conversation
from .upstream_request import tool_names, write_count_request, write_request
from .usage import TOKENS_MAX, written_count
from .writer import ResponsesWriter


class ServedResponses(Served):
    """Responses as clients speak it to us."""

    name: ClassVar[str] = NAME

    def parse(self, body: bytes, target: Target = NO_TARGET) -> ServedRequest:
        """Reads as much of a request as routing needs; this dialect's path says nothing."""
        return parse_request(body)

    def conversation(self, request: ServedRequest) -> Conversation:
        """Reads all of a request."""
        return read_conversation(request)

    def writer(self, request: ServedRequest, answer: str) -> AnswerWriter:
        """The writer for a request."""
        return ResponsesWriter(request, answer)

    def error(self, failure: Failure, request_id: str) -> bytes:
        """The JSON body of an error response; OpenAI's has no place for a request's id."""
        return error_body(failure)

    def count_body(self, tokens: int) -> bytes:
        """The answer to `POST /v1/responses/input_tokens`."""
        return written_count(tokens)


class UpstreamResponses(UpstreamDialect):
    """Responses as we speak it to an endpoint."""

    name: ClassVar[str] = NAME

    def request(self, conversation: Conversation, model: str) -> Outgoing:
        """Writes a request for an answer."""
        return write_request(conversation, model)

    def reader(self, conversation: Conversation, model: str, answer: str) -> AnswerReader:
        """The reader for the answer."""
        return ResponsesReader(model, answer, tool_names(conversation))

    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        """What an error response says."""
        return read_failure(status, headers, body)

    def relayed(self, request: ServedRequest, model: str) -> Outgoing:
        """The client's own bytes but for what `relay` lists."""
        return relayed_request(request, model)

    def placer(self, notice: str) -> NoticePlacer:
        """See UpstreamDialect."""
        return ResponsesPlacer(notice)

    def count_request(self, conversation: Conversation, model: str) -> Outgoing | None:
        """Asks the endpoint to count the input's tokens."""
        return write_count_request(conversation, model)

    def counted(self, body: bytes) -> int:
        """The count in its answer."""
        count = decoded(body).get("input_tokens")
        if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count <= TOKENS_MAX:
            raise UpstreamNonsense("the endpoint's answer has no count of tokens")
        return count


SERVED = ServedResponses()
UPSTREAM = UpstreamResponses()
