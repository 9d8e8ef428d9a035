"""The Messages dialect, both ways: `SERVED` for clients, `UPSTREAM` for endpoints."""

from __future__ import annotations

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
from ..request import ServedRequest
from .answer_reader import TOKENS_MAX, MessageReader
from .answer_writer import StreamWriter
from .body_writer import BodyWriter
from .conversation import conversation_of
from .events import error_body
from .failure import told_failure
from .request import parse_request, relayed_body
from .upstream_request import MESSAGES_PATH, count_outgoing, outgoing, tool_names

NAME = "anthropic"
MESSAGE_PREFIX = "msg_"


class ServedMessages(Served):
    """The Messages API as clients speak it to us."""

    name = NAME

    def parse(self, body: bytes, target: Target = NO_TARGET) -> ServedRequest:
        """Reads as much as routing needs. Model and streaming are in the body, not in the path."""
        return parse_request(body)

    def conversation(self, request: ServedRequest) -> Conversation:
        """Reads all of a request."""
        return conversation_of(request)

    def writer(self, request: ServedRequest, answer: str) -> AnswerWriter:
        """The writer for one answer; its message's id is made of `answer`."""
        message = answer if answer.startswith(MESSAGE_PREFIX) else MESSAGE_PREFIX + answer
        if request.streamed:
            return StreamWriter(message, request.model)
        return BodyWriter(message, request.model)

    def error(self, failure: Failure, request_id: str) -> bytes:
        """The body of an error response."""
        return error_body(failure.kind, failure.message, request_id)


class MessagesUpstream(UpstreamDialect):
    """The Messages API as we speak it to an endpoint."""

    name = NAME

    def request(self, conversation: Conversation, model: str) -> Outgoing:
        """Writes a request, whatever dialect it came in."""
        return outgoing(conversation, model)

    def reader(self, conversation: Conversation, model: str, answer: str) -> AnswerReader:
        """The reader for its answer."""
        return MessageReader(tool_names(conversation), model, answer)

    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        """What an error response says."""
        return told_failure(status, headers, body)

    def relayed(self, request: ServedRequest, model: str) -> Outgoing:
        """The client's own bytes, but for what `request` lists."""
        return Outgoing(MESSAGES_PATH, relayed_body(request, model))

    def count_request(self, conversation: Conversation, model: str) -> Outgoing | None:
        """Asks for the count of the input's tokens."""
        return count_outgoing(conversation, model)

    def counted(self, body: bytes) -> int:
        """The count."""
        count = decoded(body).get("input_tokens")
        if isinstance(count, bool) or not isinstance(count, int) or not 0 <= count <= TOKENS_MAX:
            raise UpstreamNonsense("the answer counts no tokens")
        return count


SERVED = ServedMessages()
UPSTREAM = MessagesUpstream()
