"""An answer in one piece: the events gathered into the message that they make."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ..conversation.answer import (
    NO_USAGE,
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
from ..conversation.arguments import parsed_input
from ..dialect import AnswerWriter, Headers
from .answer_writer import Json, ending, message_value
from .events import JSON_HEADERS, error_body


class BodyWriter(AnswerWriter):
    """Writes an answer as one JSON message. A block's text is joined when the block ends."""

    cut_after_content = True

    def __init__(self, message: str, model: str) -> None:
        self.headers: Headers = JSON_HEADERS
        self._message = message
        self._model = model
        self._usage = NO_USAGE
        self._content: list[Json] = []
        self._block: Json | None = None
        self._pieces: list[str] = []
        self._ended = AnswerEnded("")
        self._failed: AnswerFailed | None = None

    def send(self, event: AnswerEvent) -> bytes:
        """Takes one event; all is written by `end`."""
        _GATHERED[type(event)](self, event)
        return b""

    def ping(self) -> bytes:
        """A body cannot be begun before it is whole."""
        return b""

    def end(self) -> bytes:
        """The whole body."""
        if self._failed is not None:
            return error_body(self._failed.kind, self._failed.message)
        self.close()
        value = message_value(self._message, self._model, self._content, self._usage)
        return msgspec.json.encode({**value, **ending(self._ended)})

    def start(self, started: AnswerStarted) -> None:
        """Keeps the usage."""
        self._usage = self._usage.completed_by(started.usage)

    def text(self, delta: TextDelta) -> None:
        """More text."""
        self._inside("text", {"type": "text", "text": ""})
        self._pieces.append(delta.text)

    def cite(self, cited: Cited) -> None:
        """A citation of the text."""
        block = self._inside("text", {"type": "text", "text": ""})
        block.setdefault("citations", []).append(cited.citation)

    def think(self, delta: ThinkingDelta) -> None:
        """More thinking."""
        self._inside("thinking", {"type": "thinking", "thinking": "", "signature": ""})
        self._pieces.append(delta.text)

    def sign(self, signed: ThinkingSigned) -> None:
        """The signature of the thinking."""
        empty: Json = {"type": "thinking", "thinking": "", "signature": ""}
        self._inside("thinking", empty)["signature"] = signed.signature

    def redact(self, redacted: ThinkingRedacted) -> None:
        """Thinking that only its own API can read."""
        self.close()
        self._content.append({"type": "redacted_thinking", "data": redacted.data})

    def use_tool(self, started: ToolUseStarted) -> None:
        """The beginning of a call."""
        self.close()
        self._block = {"type": "tool_use", "id": started.id, "name": started.name, "input": {}}

    def add_input(self, delta: ToolInputDelta) -> None:
        """More of a call's input."""
        self._pieces.append(delta.json_text)

    def other(self, block: OtherBlock) -> None:
        """A block of this dialect as it is; another's is left out."""
        if block.dialect == "anthropic":
            self.close()
            self._content.append(block.value)

    def close(self, _: BlockEnded | None = None) -> None:
        """The end of the block that is open."""
        block, joined = self._block, "".join(self._pieces)
        self._block, self._pieces = None, []
        if block is None:
            return
        if block["type"] == "tool_use":
            block["input"] = parsed_input(joined)
        else:
            block[block["type"]] = joined
        self._content.append(block)

    def finish(self, ended: AnswerEnded) -> None:
        """Keeps why it ended, and the usage."""
        self._ended = ended
        self._usage = self._usage.completed_by(ended.usage)

    def fail(self, failed: AnswerFailed) -> None:
        """Keeps the error, which takes the message's place."""
        self._failed = failed

    def _inside(self, kind: str, empty: Json) -> Json:
        """The open block, if it is of this kind; else a new one."""
        if self._block is None or self._block["type"] != kind:
            self.close()
            self._block = empty
        return self._block


_GATHERED: dict[type[Any], Callable[[BodyWriter, Any], None]] = {
    AnswerStarted: BodyWriter.start,
    TextDelta: BodyWriter.text,
    Cited: BodyWriter.cite,
    ThinkingDelta: BodyWriter.think,
    ThinkingSigned: BodyWriter.sign,
    ThinkingRedacted: BodyWriter.redact,
    ToolUseStarted: BodyWriter.use_tool,
    ToolInputDelta: BodyWriter.add_input,
    OtherBlock: BodyWriter.other,
    BlockEnded: BodyWriter.close,
    AnswerEnded: BodyWriter.finish,
    AnswerFailed: BodyWriter.fail,
}
