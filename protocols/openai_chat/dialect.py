"""The two halves of the dialect: Chat Completions as served, and as an upstream."""

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
)
from ..notice_placer import NoticePlacer
from ..request import ServedRequest
from .chunks import ChunkWriter
from .errors import error_body
from .failure import failure
from .message import MessageWriter
from .notice import ChatPlacer
from .options import is_legacy, wants_usage
from .outgoing import outgoing
from .parts import DIALECT
from .reader import reader
from .request import parse_request, read_conversation, relayed


class ServedChat(Served):
    """`/v1/chat/completions` as clients speak it to us."""

    name = DIALECT

    def parse(self, body: bytes, target: Target = NO_TARGET) -> ServedRequest:
        """Reads as much of a request as routing needs. Raises BadRequest."""
        return parse_request(body)

    def conversation(self, request: ServedRequest) -> Conversation:
        """Reads all of a request. Raises BadRequest."""
        return read_conversation(request)

    def writer(self, request: ServedRequest, answer: str) -> AnswerWriter:
        """The writer for a request."""
        functions = request.value("functions")
        legacy = bool(functions) and is_legacy(functions, request.value("tools"))
        if not request.streamed:
            return MessageWriter(answer, request.model, legacy=legacy)
        usage_wanted = wants_usage(request.value("stream_options"))
        return ChunkWriter(answer, request.model, usage_wanted=usage_wanted, legacy=legacy)

    def error(self, failure: Failure, request_id: str) -> bytes:
        """The JSON body of an error response."""
        return error_body(failure, request_id)


class UpstreamChat(UpstreamDialect):
    """`/v1/chat/completions` as we speak it to an endpoint with these quirks."""

    name = DIALECT

    def __init__(self, quirks: tuple[str, ...] = ()) -> None:
        self._quirks = quirks

    def request(self, conversation: Conversation, model: str) -> Outgoing:
        """Writes a request for an answer from `model`."""
        return outgoing(conversation, model, self._quirks)

    def reader(self, conversation: Conversation, model: str, answer: str) -> AnswerReader:
        """The reader for the answer to that request."""
        return reader(conversation, model, answer)

    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        """What an error response says."""
        return failure(status, headers, body)

    def relayed(self, request: ServedRequest, model: str) -> Outgoing:
        """The client's own bytes with the endpoint's name of the model."""
        return relayed(request, model)

    def placer(self, notice: str) -> NoticePlacer:
        """See UpstreamDialect."""
        return ChatPlacer(notice)


SERVED = ServedChat()
UPSTREAM = UpstreamChat()
