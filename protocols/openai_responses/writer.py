"""Writes one answer for a client of this dialect, streamed as events or in one piece.

Everything that a stream has told stands once more in the object that ends it, so the answer is
held here until then, within ANSWER_BYTES_MAX; one that grows larger is told as failed. An item
lasts while blocks of its kind come, a message over several blocks of text.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Final

import msgspec

from ..conversation.answer import (
    CONTEXT_WINDOW,
    MAX_TOKENS,
    REFUSAL,
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    Cited,
    OtherBlock,
    TextDelta,
    ThinkingDelta,
    ThinkingRedacted,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from ..conversation.request import Tool
from ..dialect import ANSWER_BYTES_MAX, AnswerWriter
from ..records import Usage
from ..request import BadRequest, ServedRequest
from .client_tools import ClientTool, tool_list
from .errors import answer_error
from .open_call import OpenCall
from .open_item import OpenItem
from .open_message import OpenMessage
from .open_reasoning import OpenReasoning
from .pen import PING, Pen
from .reasoning import NAME, shown_redaction
from .response_object import ResponseObject

STREAM_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
)
JSON_HEADERS = ((b"content-type", b"application/json"),)
INCOMPLETE: Final = {
    MAX_TOKENS: "max_output_tokens",
    CONTEXT_WINDOW: "max_output_tokens",
    REFUSAL: "content_filter",
}
"""Why an answer is incomplete, by its stop reason; with any other it is complete."""
TOO_LARGE: Final = AnswerFailed("api_error", f"the answer has more than {ANSWER_BYTES_MAX} bytes")


class ResponsesWriter(AnswerWriter):
    """Writes the answer to one request."""

    def __init__(self, request: ServedRequest, answer: str) -> None:
        self.headers = STREAM_HEADERS if request.streamed else JSON_HEADERS
        self._object = ResponseObject.of(request, answer)
        self._request = request
        self._tools: dict[str, ClientTool] | None = None
        self._answer = answer
        self._pen = Pen(request.streamed)
        self._usage = Usage()
        self._done: list[dict[str, Any]] = []
        self._open: OpenItem | None = None
        self._started = False
        self._final: dict[str, Any] | None = None
        self._characters = 0

    def send(self, event: AnswerEvent) -> bytes:
        """Writes one event."""
        if self._final is not None:
            return b""
        return self._writers[type(event)](self, event)

    def ping(self) -> bytes:
        """A comment."""
        return PING if self._pen.streamed else b""

    def end(self) -> bytes:
        """A stream has ended with its last event; else this is the body."""
        if self._pen.streamed:
            return b""
        return msgspec.json.encode(self._final or self._object.value("incomplete", self._done))

    def _start(self, event: AnswerStarted) -> bytes:
        self._usage = self._usage.completed_by(event.usage)
        if self._started:
            return b""
        self._started = True
        if not self._pen.streamed:
            return b""
        value = {"response": self._object.value("in_progress", [])}
        created = self._pen.event("response.created", value)
        return created + self._pen.event("response.in_progress", value)

    def _text(self, event: TextDelta) -> bytes:
        if not event.text and not event.logprobs:
            return b""
        message, begun = self._message()
        return begun + message.text(event.text, event.logprobs) + self._held(event.text)

    def _cite(self, event: Cited) -> bytes:
        message, begun = self._message()
        return begun + message.cite(event.citation)

    def _think(self, event: ThinkingDelta) -> bytes:
        if not event.text:
            return b""
        reasoning, begun = self._reasoning()
        return begun + reasoning.text(event.text) + self._held(event.text)

    def _sign(self, event: ThinkingSigned) -> bytes:
        reasoning, begun = self._reasoning()
        reasoning.sign(event.signature)
        return begun + self._held(event.signature)

    def _redact(self, event: ThinkingRedacted) -> bytes:
        ended, data = self._close(), shown_redaction(event.data)
        item = OpenReasoning.begin(self._pen, len(self._done), self._identity("rs"), data)
        return ended + self._whole(item) + self._held(event.data)

    def _call(self, event: ToolUseStarted) -> bytes:
        ended, index = self._close(), len(self._done)
        stem = f"{self._answer}_{index}"
        self._open = OpenCall.begin(self._pen, index, event.id, self._tool(event.name), stem)
        return ended + self._open.opened()

    def _input(self, event: ToolInputDelta) -> bytes:
        if not isinstance(self._open, OpenCall) or not event.json_text:
            return b""
        return self._open.input(event.json_text) + self._held(event.json_text)

    def _other(self, event: OtherBlock) -> bytes:
        """A block of this dialect is an output item; another's has no form here."""
        if event.dialect != NAME:
            return b""
        ended = self._close()
        return ended + self._whole(OpenItem(self._pen, len(self._done), event.value))

    def _block_end(self, _event: BlockEnded) -> bytes:
        if isinstance(self._open, OpenMessage):
            return self._open.end_part()
        return self._close()

    def _end(self, event: AnswerEnded) -> bytes:
        self._usage = self._usage.completed_by(event.usage)
        refused = event.stop_reason == REFUSAL and bool(event.details)
        reason = "" if refused else INCOMPLETE.get(event.stop_reason, "")
        status = "incomplete" if reason else "completed"
        events = b""
        if refused:
            message, events = self._message()
            events += message.end_part() + message.refuse(event.details)
        events += self._close(status)
        self._final = self._object.value(status, self._done, self._usage, incomplete=reason)
        return events + self._pen.event(f"response.{status}", {"response": self._final})

    def _fail(self, event: AnswerFailed) -> bytes:
        """Tells a failure in the object that ends an answer; the event `error` is read by few."""
        begun = self._start(AnswerStarted())
        self._final = self._object.value("failed", self._done, error=answer_error(event))
        return begun + self._pen.event("response.failed", {"response": self._final})

    def _tool(self, name: str) -> ClientTool:
        """What a tool is to the client; the table is made when the first is called.

        Tools that cannot be read were declared by nobody: a writer has no way to refuse them.
        """
        if self._tools is None:
            try:
                self._tools = tool_list(self._request).by_name()
            except BadRequest:
                self._tools = {}
        return self._tools.get(name) or ClientTool(Tool(name), "function", name)

    def _message(self) -> tuple[OpenMessage, bytes]:
        """The message that is open, or a new one and the events that begin it."""
        if isinstance(self._open, OpenMessage):
            return self._open, b""
        ended = self._close()
        message = OpenMessage.begin(self._pen, len(self._done), self._identity("msg"))
        self._open = message
        return message, ended + message.opened()

    def _reasoning(self) -> tuple[OpenReasoning, bytes]:
        """The reasoning that is open, or a new one and the events that begin it."""
        if isinstance(self._open, OpenReasoning):
            return self._open, b""
        ended = self._close()
        reasoning = OpenReasoning.begin(self._pen, len(self._done), self._identity("rs"))
        self._open = reasoning
        return reasoning, ended + reasoning.opened()

    def _whole(self, item: OpenItem) -> bytes:
        """An item that comes in one piece."""
        events = item.opened() + item.closed("completed")
        self._done.append(item.value)
        return events

    def _close(self, status: str = "completed") -> bytes:
        """Closes the item that is open, if any."""
        if self._open is None:
            return b""
        events = self._open.closed(status)
        self._done.append(self._open.value)
        self._open = None
        return events

    def _identity(self, prefix: str) -> str:
        """The id of the next item."""
        return f"{prefix}_{self._answer}_{len(self._done)}"

    def _held(self, text: str) -> bytes:
        """Counts what is held for the end; too much of it ends the answer now."""
        self._characters += len(text)
        return self._fail(TOO_LARGE) if self._characters > ANSWER_BYTES_MAX else b""

    _writers: ClassVar[dict[type[Any], Callable[[ResponsesWriter, Any], bytes]]] = {
        AnswerStarted: _start,
        TextDelta: _text,
        Cited: _cite,
        ThinkingDelta: _think,
        ThinkingSigned: _sign,
        ThinkingRedacted: _redact,
        ToolUseStarted: _call,
        ToolInputDelta: _input,
        OtherBlock: _other,
        BlockEnded: _block_end,
        AnswerEnded: _end,
        AnswerFailed: _fail,
    }
