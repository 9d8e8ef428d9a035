"""Writes an answer that is not streamed: one body, from the same events as a stream."""

from __future__ import annotations

from typing import Any

import attrs
import msgspec

from ..conversation.answer import (
    NO_USAGE,
    REFUSAL,
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
from ..dialect import ANSWER_BYTES_MAX, AnswerWriter, Headers
from .chunks import NO_ARGUMENTS
from .citations import Place, annotation
from .errors import error_object
from .finish import finish_reason
from .reasoning import ENCRYPTED, TEXT
from .usage import usage_object

JSON_HEADERS: Headers = ((b"content-type", b"application/json"),)


@attrs.define
class _Call:
    id: str
    name: str
    pieces: list[str] = attrs.field(factory=list[str])

    def function(self) -> dict[str, str]:
        return {"name": self.name, "arguments": "".join(self.pieces) or NO_ARGUMENTS}


@attrs.define
class _Thought:
    kind: str
    pieces: list[str] = attrs.field(factory=list[str])
    signature: str = ""

    def entry(self, index: int) -> dict[str, Any]:
        text = "".join(self.pieces)
        if self.kind == ENCRYPTED:
            return {"type": ENCRYPTED, "data": text, "index": index}
        signed = {"signature": self.signature} if self.signature else {}
        return {"type": TEXT, "text": text, **signed, "index": index}


class MessageWriter(AnswerWriter):
    """The body of one answer; nothing is sent before its end."""

    headers = JSON_HEADERS

    def __init__(self, answer: str, model: str, *, legacy: bool) -> None:
        self._answer, self._model, self._legacy = answer, model, legacy
        self._usage = NO_USAGE
        self._ended = AnswerEnded("")
        self._failure: AnswerFailed | None = None
        self._texts: list[str] = []
        self._logprobs: list[Any] = []
        self._annotations: list[dict[str, Any]] = []
        self._calls: list[_Call] = []
        self._thoughts: list[_Thought] = []
        self._in_thought = False
        self._place = Place()
        self._kept_characters = 0

    def send(self, event: AnswerEvent) -> bytes:
        """Takes one event."""
        match event:
            case TextDelta():
                self._in_thought = False
                self._texts.append(self._keep(self._place.text(event.text)))
                self._logprobs += event.logprobs
            case ToolInputDelta():
                self._calls[-1].pieces.append(self._keep(event.json_text))
            case ToolUseStarted():
                self._leave_text()
                self._calls.append(_Call(event.id, event.name))
            case ThinkingDelta() | ThinkingSigned() | ThinkingRedacted():
                self._thinking(event)
            case Cited():
                found = annotation(event.citation, self._place)
                self._annotations += [found] if found else []
            case OtherBlock():
                self._leave_text()
            case BlockEnded():
                self._in_thought = False
                self._place.end_block()
            case AnswerStarted():
                self._usage = self._usage.completed_by(event.usage)
            case AnswerEnded():
                self._ended = event
            case AnswerFailed():
                self._failure = event
        return b""

    def ping(self) -> bytes:
        """Nothing: a body that comes in one piece has no room for it."""
        return b""

    def end(self) -> bytes:
        """The body: the answer, or the error that it ended with."""
        if self._failure is not None:
            error = error_object(self._failure.kind, self._failure.message)
            return msgspec.json.encode({"error": error})
        reason = finish_reason(self._ended.stop_reason)
        if self._legacy and self._ended.stop_reason == TOOL_USE:
            reason = "function_call"
        logprobs = {"content": self._logprobs, "refusal": None} if self._logprobs else None
        choice: dict[str, Any] = {
            "index": 0,
            "message": self._message(),
            "logprobs": logprobs,
            "finish_reason": reason,
        }
        return msgspec.json.encode(
            {
                "id": f"chatcmpl-{self._answer}",
                "object": "chat.completion",
                "created": 0,
                "model": self._model,
                "choices": [choice],
                "usage": usage_object(self._usage.completed_by(self._ended.usage)),
            }
        )

    def _message(self) -> dict[str, Any]:
        refused = self._ended.stop_reason == REFUSAL and self._ended.details
        text = "".join(self._texts)
        empty = None if self._calls or refused else ""
        message: dict[str, Any] = {"role": "assistant", "content": text or empty}
        message["refusal"] = self._ended.details if refused else None
        if self._thoughts:
            entries = [thought.entry(index) for index, thought in enumerate(self._thoughts)]
            readable = [piece for entry in entries if (piece := entry.get("text"))]
            message["reasoning_content"] = "".join(readable) or None
            message["reasoning_details"] = entries
        if self._annotations:
            message["annotations"] = self._annotations
        if self._calls and self._legacy:
            message["function_call"] = self._calls[0].function()
        elif self._calls:
            message["tool_calls"] = [
                {"id": call.id, "type": "function", "function": call.function()}
                for call in self._calls
            ]
        return message

    def _thinking(self, event: ThinkingDelta | ThinkingSigned | ThinkingRedacted) -> None:
        self._place.leave()
        if isinstance(event, ThinkingRedacted):
            self._thoughts.append(_Thought(ENCRYPTED, [self._keep(event.data)]))
            self._in_thought = False
            return
        if not self._in_thought:
            self._thoughts.append(_Thought(TEXT))
            self._in_thought = True
        if isinstance(event, ThinkingDelta):
            self._thoughts[-1].pieces.append(self._keep(event.text))
        else:
            self._thoughts[-1].signature += self._keep(event.signature)

    def _leave_text(self) -> None:
        self._place.leave()
        self._in_thought = False

    def _keep(self, text: str) -> str:
        """The text, counted; beyond the limit the answer has failed and nothing more is kept."""
        self._kept_characters += len(text)
        if self._kept_characters <= ANSWER_BYTES_MAX:
            return text
        limit = f"the answer is longer than {ANSWER_BYTES_MAX} characters"
        self._failure = AnswerFailed("api_error", limit)
        return ""
