"""The dialect "worker": how a conversation is put to a worker of our own, and its answer read.

It is private, between a backend and the process that it has started, and so in no table of
dialects that endpoints or clients may speak. A request's body is one message without a number (see
`envelope`), an answer's bytes are frames. Paths say the same as the message's name, for a log.
"""

from __future__ import annotations

from typing import Final

from ..conversation.deferral import plain_tools
from ..conversation.request import Conversation
from ..dialect import (
    KINDS_BY_STATUS,
    AnswerReader,
    Failure,
    Headers,
    Outgoing,
    UpstreamDialect,
    UpstreamNonsense,
)
from ..request import ServedRequest
from .answer_reader import DIALECT, WorkerReader, next_message
from .chat import ask_of, chat_of, tool_shape
from .envelope import UNNUMBERED, read_refusal
from .frames import FrameBuffer, FrameNonsense
from .messages import Chat, Count, Counted, FromWorker, encode

ASK_PATH: Final = "/ask"
COUNT_PATH: Final = "/count"


class WorkerDialect(UpstreamDialect):
    """The messages of protocols/engine/ as a dialect like any other."""

    name = DIALECT

    def request(self, conversation: Conversation, model: str) -> Outgoing:
        """Writes an `Ask`."""
        ask, dropped = ask_of(conversation, model, UNNUMBERED)
        return Outgoing(ASK_PATH, encode(ask), dropped=dropped)

    def reader(self, conversation: Conversation, model: str, answer: str) -> AnswerReader:
        """The reader for its answer."""
        tools = tuple(tool_shape(tool) for tool in plain_tools(conversation))
        return WorkerReader(tools, model, answer)

    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        """What a refusal says: a worker uses the words that clients read."""
        kind, words = read_refusal(body)
        return Failure(status, kind or KINDS_BY_STATUS.get(status, "api_error"), words)

    def relayed(self, request: ServedRequest, model: str) -> Outgoing:
        """Nothing: no client speaks this dialect."""
        raise AssertionError("no client speaks to a worker")

    def count_request(self, conversation: Conversation, model: str) -> Outgoing:
        """Writes a `Count`."""
        chat, dropped = chat_of(conversation, model)
        return Outgoing(COUNT_PATH, encode(Count(UNNUMBERED, chat)), dropped=dropped)

    def counted(self, body: bytes) -> int:
        """The count."""
        match only_message(body):
            case Counted(_, tokens):
                return tokens
            case other:
                raise UpstreamNonsense(f"a count is answered by {type(other).__name__}")

    def sign_of_life(self) -> Outgoing:
        """A request that a worker answers between two steps, however busy it is."""
        return Outgoing(COUNT_PATH, encode(Count(UNNUMBERED, Chat([], prompt=" "))))


def only_message(body: bytes) -> FromWorker:
    """The message of a body that is one frame. Raises UpstreamNonsense."""
    frames = FrameBuffer()
    try:
        frames.receive_data(body)
    except FrameNonsense as error:
        raise UpstreamNonsense(f"{DIALECT}: {error}") from None
    message = next_message(frames)
    if message is None or not frames.is_empty:
        raise UpstreamNonsense(f"{DIALECT}: not one whole message")
    return message


WORKER: Final = WorkerDialect()
