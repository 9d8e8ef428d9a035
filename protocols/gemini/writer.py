"""Writes an answer as Gemini does: chunks of `GenerateContentResponse`, streamed or in one piece.

A function call is written whole when its input is complete; an input that is not a JSON object is
`{"__unparsedToolInput": ...}` in its place, so that the client's own check refuses it and the model
is told. A signature goes on the call or text that follows it. Thoughts are written only for a
client that has asked for them, as by the API itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs

from ..conversation.answer import (
    NO_USAGE,
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
from ..conversation.arguments import parsed_input
from ..dialect import ANSWER_BYTES_MAX, AnswerWriter, Failure, Headers, UpstreamNonsense
from ..records import Usage
from .chunks import Part, Sink
from .failure import error_value
from .grounding import CITATIONS_MAX, grounding_metadata
from .reasons import block_reason, finish_reason, message_of
from .signatures import DIALECT, shown
from .usage import usage_metadata


@attrs.define
class GeminiWriter(AnswerWriter):
    """Writes one answer into a sink; `_thoughts` says whether the client has asked for them."""

    _sink: Sink
    _thoughts: bool
    headers: Headers = attrs.field(init=False)
    _has_content: bool = False
    _usage: Usage = NO_USAGE
    _signature: str = ""
    _call: ToolUseStarted | None = None
    _input: list[str] = attrs.field(factory=list[str])
    _input_characters: int = 0
    _citations: list[dict[str, Any]] = attrs.field(factory=list[dict[str, Any]])

    def __attrs_post_init__(self) -> None:
        self.headers = self._sink.headers

    def send(self, event: AnswerEvent) -> bytes:
        """Writes one event. Raises UpstreamNonsense when what is kept passes a limit."""
        write: Callable[[GeminiWriter, Any], bytes] | None = _WRITE.get(type(event))
        return b"" if write is None else write(self, event)

    def ping(self) -> bytes:
        """What all of Google's SDKs pass over."""
        return self._sink.ping()

    def end(self) -> bytes:
        """What ends the body."""
        return self._sink.end()

    def start(self, event: AnswerStarted) -> bytes:
        """Keeps the usage for the last chunk."""
        if event.usage != NO_USAGE:
            self._usage = event.usage
        return b""

    def text(self, event: TextDelta) -> bytes:
        """Text; the first after a signature carries it."""
        if not event.text:
            return b""
        self._has_content = True
        if self._signature:
            return self._sink.part(self._signed({"text": event.text}))
        return self._sink.text(event.text, event.logprobs)

    def think(self, event: ThinkingDelta) -> bytes:
        """Thinking, for those who have asked for it."""
        return self._sink.thought(event.text) if self._thoughts and event.text else b""

    def sign(self, event: ThinkingSigned) -> bytes:
        """A signature waits for the part behind it; an empty one is none."""
        return self._keep(shown(event.signature)) if event.signature else b""

    def redact(self, event: ThinkingRedacted) -> bytes:
        """Hidden thinking travels as a signature does."""
        return self._keep(shown(event.data, redacted=True))

    def start_call(self, event: ToolUseStarted) -> bytes:
        """A call waits for its input."""
        self._call = event
        return b""

    def add_input(self, event: ToolInputDelta) -> bytes:
        """More of a call's input."""
        self._input_characters += len(event.json_text)
        if self._input_characters > ANSWER_BYTES_MAX:
            raise UpstreamNonsense(f"tool inputs of more than {ANSWER_BYTES_MAX} characters")
        self._input.append(event.json_text)
        return b""

    def end_block(self, _: BlockEnded) -> bytes:
        """The end of a call writes it."""
        if self._call is None:
            return b""
        call, text = self._call, "".join(self._input)
        self._call = None
        self._input.clear()
        self._has_content = True
        value = {"id": call.id, "name": call.name, "args": parsed_input(text)}
        return self._sink.part(self._signed({"functionCall": value}))

    def other(self, event: OtherBlock) -> bytes:
        """A part of Gemini's own kinds; those of other dialects cannot be said."""
        if event.dialect != DIALECT:
            return b""
        self._has_content = True
        return self._sink.part(self._signed(dict(event.value)))

    def cite(self, event: Cited) -> bytes:
        """Citations are told with the last chunk."""
        if len(self._citations) < CITATIONS_MAX:
            self._citations.append(event.citation)
        return b""

    def finish(self, event: AnswerEnded) -> bytes:
        """The last chunk: reason, grounding and usage."""
        if event.usage != NO_USAGE:
            self._usage = event.usage
        written = self.end_block(BlockEnded())
        chunk: dict[str, Any] = {"usageMetadata": usage_metadata(self._usage)}
        block = block_reason(event.details)
        if block and not self._has_content:
            feedback = {"blockReason": block}
            if message := message_of(event.details):
                feedback["blockReasonMessage"] = message
            return written + self._sink.replace({"promptFeedback": feedback, **chunk})
        candidate: dict[str, Any] = {
            "finishReason": finish_reason(event.stop_reason, event.details)
        }
        if event.stop_reason == REFUSAL and (message := message_of(event.details)):
            candidate["finishMessage"] = message
        if grounding := grounding_metadata(self._citations):
            candidate["groundingMetadata"] = grounding
        return written + self._sink.close(candidate, chunk, self._signed({"text": ""}))

    def fail(self, event: AnswerFailed) -> bytes:
        """An error in the place of a chunk: the SDKs raise it."""
        return self._sink.replace(error_value(Failure(event.status, event.kind, event.message)))

    def _keep(self, signature: str) -> bytes:
        """Keeps a signature; one that still waits gets an empty part."""
        written = self._sink.part(self._signed({"text": ""})) if self._signature else b""
        self._signature = signature
        return written

    def _signed(self, part: Part) -> Part:
        if self._signature:
            part["thoughtSignature"] = self._signature
            self._signature = ""
        return part


_WRITE: dict[type[Any], Callable[[GeminiWriter, Any], bytes]] = {
    AnswerStarted: GeminiWriter.start,
    TextDelta: GeminiWriter.text,
    ThinkingDelta: GeminiWriter.think,
    ThinkingSigned: GeminiWriter.sign,
    ThinkingRedacted: GeminiWriter.redact,
    ToolUseStarted: GeminiWriter.start_call,
    ToolInputDelta: GeminiWriter.add_input,
    BlockEnded: GeminiWriter.end_block,
    OtherBlock: GeminiWriter.other,
    Cited: GeminiWriter.cite,
    AnswerEnded: GeminiWriter.finish,
    AnswerFailed: GeminiWriter.fail,
}
