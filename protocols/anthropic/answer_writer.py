"""An answer as a Messages client reads it: as events, or as one message.

A tool's input always comes as deltas: what stands in `content_block_start` is lost on Claude Code.
An input of which nothing has come is told as one delta `{}`: a client that joins the deltas and
parses them would stumble over nothing at all. A verdict (`safeguard_results`) is never written:
none of ours would be one. What fails after the first content is better cut: the client then asks
again, and drops to an answer without a stream if it is told.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from ..conversation.answer import (
    CONTEXT_WINDOW,
    END_TURN,
    MAX_TOKENS,
    NO_USAGE,
    PAUSE_TURN,
    REFUSAL,
    STOP_SEQUENCE,
    TOOL_USE,
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
from ..dialect import AnswerWriter, Headers
from ..json_values import object_of
from ..records import Usage
from .events import PING, STREAM_HEADERS, error_event, event

Json = dict[str, Any]

STOP_REASONS = frozenset(
    {END_TURN, MAX_TOKENS, STOP_SEQUENCE, TOOL_USE, REFUSAL, PAUSE_TURN, CONTEXT_WINDOW}
)
"""The reasons that the dialect has; another is told as the end of the turn, as a strict client of
it would refuse the word."""

_encode = msgspec.json.encode
_DELTA = (
    b"event: content_block_delta\n"
    b'data: {"type":"content_block_delta","index":%d,"delta":{"type":"%s","%s":%s}}\n\n'
)


class StreamWriter(AnswerWriter):
    """Writes an answer as server-sent events."""

    cut_after_content = True

    def __init__(self, message: str, model: str) -> None:
        self.headers: Headers = STREAM_HEADERS
        self._message = message
        self._model = model
        self._started = False
        self._usage = NO_USAGE
        self._index = -1
        self._open = ""
        self._input_empty = False

    def send(self, event: AnswerEvent) -> bytes:
        """Writes one event."""
        return _STREAMED[type(event)](self, event)

    def ping(self) -> bytes:
        """A `ping` event."""
        return PING

    def end(self) -> bytes:
        """The event that nothing follows."""
        return event("message_stop", {"type": "message_stop"})

    def start(self, started: AnswerStarted) -> bytes:
        """`message_start`, once; usage that becomes known later is told at the end."""
        self._usage = self._usage.completed_by(started.usage)
        if self._started:
            return b""
        self._started = True
        message = message_value(self._message, self._model, [], self._usage)
        return event("message_start", {"type": "message_start", "message": message})

    def text(self, delta: TextDelta) -> bytes:
        """A piece of text, in a block that is opened for it if need be."""
        before = b"" if self._open == "text" else self._begin("text", _EMPTY_TEXT)
        return before + _DELTA % (self._index, b"text_delta", b"text", _encode(delta.text))

    def cite(self, cited: Cited) -> bytes:
        """A citation of the text."""
        before = b"" if self._open == "text" else self._begin("text", _EMPTY_TEXT)
        citation = _encode(cited.citation)
        return before + _DELTA % (self._index, b"citations_delta", b"citation", citation)

    def think(self, delta: ThinkingDelta) -> bytes:
        """A piece of thinking."""
        before = b"" if self._open == "thinking" else self._begin("thinking", _EMPTY_THINKING)
        return before + _DELTA % (self._index, b"thinking_delta", b"thinking", _encode(delta.text))

    def sign(self, signed: ThinkingSigned) -> bytes:
        """The signature of the thinking."""
        before = b"" if self._open == "thinking" else self._begin("thinking", _EMPTY_THINKING)
        signature = _encode(signed.signature)
        return before + _DELTA % (self._index, b"signature_delta", b"signature", signature)

    def redact(self, redacted: ThinkingRedacted) -> bytes:
        """Thinking that only its own API can read, as a block of its own."""
        block = {"type": "redacted_thinking", "data": redacted.data}
        return self._begin("redacted_thinking", block) + self.close()

    def use_tool(self, started: ToolUseStarted) -> bytes:
        """The beginning of a call; nothing of its input stands here."""
        self._input_empty = True
        block: Json = {"type": "tool_use", "id": started.id, "name": started.name, "input": {}}
        return self._begin("tool_use", block)

    def add_input(self, delta: ToolInputDelta) -> bytes:
        """A piece of a call's input."""
        self._input_empty = self._input_empty and not delta.json_text.strip()
        json_text = _encode(delta.json_text)
        return _DELTA % (self._index, b"input_json_delta", b"partial_json", json_text)

    def other(self, block: OtherBlock) -> bytes:
        """A block of this dialect as it is, its input as a delta; another's is left out."""
        if block.dialect != "anthropic":
            return b""
        given = object_of(block.value.get("input"))
        if not given:
            return self._begin("other", block.value) + self.close()
        began = self._begin("other", {**block.value, "input": {}})
        delta = _DELTA % (self._index, b"input_json_delta", b"partial_json", _string(given))
        return began + delta + self.close()

    def close(self, _: BlockEnded | None = None) -> bytes:
        """The end of the block that is open."""
        if not self._open:
            return b""
        rest = b""
        if self._open == "tool_use" and self._input_empty:
            rest = _DELTA % (self._index, b"input_json_delta", b"partial_json", b'"{}"')
        self._open = ""
        value = {"type": "content_block_stop", "index": self._index}
        return rest + event("content_block_stop", value)

    def finish(self, ended: AnswerEnded) -> bytes:
        """The end of the content: why it ended, and the usage of it all."""
        usage = self._usage.completed_by(ended.usage)
        value = {"type": "message_delta", "delta": ending(ended), "usage": usage_value(usage)}
        return self.close() + event("message_delta", value)

    def fail(self, failed: AnswerFailed) -> bytes:
        """The event that ends a stream with an error."""
        return error_event(failed.kind, failed.message)

    def _begin(self, kind: str, block: Json) -> bytes:
        closed = self.close()
        self._index += 1
        self._open = kind
        value = {"type": "content_block_start", "index": self._index, "content_block": block}
        return closed + event("content_block_start", value)


_EMPTY_TEXT: Json = {"type": "text", "text": ""}
_EMPTY_THINKING: Json = {"type": "thinking", "thinking": "", "signature": ""}
_STREAMED: dict[type[Any], Callable[[StreamWriter, Any], bytes]] = {
    AnswerStarted: StreamWriter.start,
    TextDelta: StreamWriter.text,
    Cited: StreamWriter.cite,
    ThinkingDelta: StreamWriter.think,
    ThinkingSigned: StreamWriter.sign,
    ThinkingRedacted: StreamWriter.redact,
    ToolUseStarted: StreamWriter.use_tool,
    ToolInputDelta: StreamWriter.add_input,
    OtherBlock: StreamWriter.other,
    BlockEnded: StreamWriter.close,
    AnswerEnded: StreamWriter.finish,
    AnswerFailed: StreamWriter.fail,
}


def _string(value: Json) -> bytes:
    """A value's JSON as a JSON string."""
    return _encode(_encode(value).decode())


def usage_value(usage: Usage) -> Json:
    """Usage as the dialect counts it."""
    return {
        "input_tokens": usage.input_tokens,
        "cache_creation_input_tokens": usage.cache_creation_tokens,
        "cache_read_input_tokens": usage.cache_read_tokens,
        "output_tokens": usage.output_tokens,
    }


def ending(ended: AnswerEnded) -> Json:
    """Why an answer ended."""
    reason = ended.stop_reason if ended.stop_reason in STOP_REASONS else END_TURN
    told: Json = {"stop_reason": reason, "stop_sequence": ended.stop_sequence or None}
    if reason == REFUSAL:
        explanation = ended.details or None
        told["stop_details"] = {"type": REFUSAL, "category": None, "explanation": explanation}
    return told


def message_value(message: str, model: str, content: list[Json], usage: Usage) -> Json:
    """A message that has not ended."""
    return {
        "id": message,
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": content,
        "stop_reason": None,
        "stop_sequence": None,
        "usage": usage_value(usage),
    }
