"""An answer as Ollama writes it: lines of JSON, or one body.

A streamed line holds a piece of text, a piece of thinking or one whole tool call; the last one says
`done`, why, and the usage. `prompt_eval_count` counts the whole prompt, what came from a cache too.
There is no clock here, so `created_at` is the epoch (clients parse it as a date) and durations are
0, which clients take for unknown when they divide by them. A blank line would break the official
client, so what keeps a waiting one patient is a piece of text that is empty.

Arguments of a call that are no JSON object are `{"__unparsedToolInput": {"raw": ..., "len": ...}}`:
the dialect must have an object there, and nothing of what the model wrote is lost or made up.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar, Final

import attrs

from ..conversation.answer import (
    CONTEXT_WINDOW,
    MAX_TOKENS,
    REFUSAL,
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from ..dialect import AnswerWriter, Headers
from ..records import Usage
from .lines import CONTENT_TYPE, encoded, line
from .messages import arguments_of

EPOCH: Final = "1970-01-01T00:00:00Z"
_LENGTH: Final = (MAX_TOKENS, CONTEXT_WINDOW)
_DURATIONS: Final = ("total_duration", "load_duration", "prompt_eval_duration", "eval_duration")


def error_body(message: str) -> bytes:
    """An error, as a whole body or as a line of a stream."""
    return encoded({"error": message})


@attrs.define
class _Call:
    """A tool call whose input is still coming."""

    id: str
    name: str
    index: int
    input: list[str] = attrs.field(factory=list[str])

    def value(self) -> dict[str, Any]:
        """The call as Ollama says it."""
        arguments = arguments_of("".join(self.input))
        function = {"index": self.index, "name": self.name, "arguments": arguments}
        return {"id": self.id, "function": function}


class _LinesWriter(AnswerWriter):
    """What both routes share; they differ in where a piece of the answer stands in a line."""

    cut_after_content: ClassVar[bool] = False

    def __init__(self, model: str, streamed: bool) -> None:
        self.headers: Headers = (
            (b"content-type", CONTENT_TYPE if streamed else b"application/json; charset=utf-8"),
        )
        self._model = model
        self._streamed = streamed
        self._call: _Call | None = None
        self._calls: list[dict[str, Any]] = []
        self._texts: list[str] = []
        self._thoughts: list[str] = []
        self._logprobs: list[Any] = []
        self._wrote_text = False
        self._final: dict[str, Any] = {}
        self._failed = ""
        self._usage = Usage()
        head, tail = encoded(self._chunk(self._piece(""))).split(b'""', 1)
        self._text_head, self._text_tail = head, tail + b"\n"

    @abstractmethod
    def _piece(
        self, text: str, thinking: str = "", calls: list[dict[str, Any]] | None = None
    ) -> dict[str, Any]:
        """The members of a line that hold a part of the answer."""

    def send(self, event: AnswerEvent) -> bytes:
        """Writes one event. What Ollama has no word for (citations, signatures) is left out."""
        match event:
            case TextDelta():
                return self._text(event)
            case ThinkingDelta(text):
                return self._thinking(text)
            case ToolUseStarted(call, name):
                self._call = _Call(call, name, len(self._calls))
            case ToolInputDelta(json_text) if self._call is not None:
                self._call.input.append(json_text)
            case BlockEnded():
                return self._end_call()
            case AnswerStarted(usage):
                self._usage = usage
            case AnswerEnded():
                return self._end_answer(event)
            case AnswerFailed(_, message):
                self._failed = message
                return error_body(message) + b"\n" if self._streamed else b""
            case _:
                pass
        return b""

    def ping(self) -> bytes:
        """An empty piece of text: no Ollama client minds one."""
        return self._text_head + b'""' + self._text_tail if self._streamed else b""

    def end(self) -> bytes:
        """The whole body, unless the answer was streamed: its last line has been its end."""
        if self._streamed:
            return b""
        if self._failed:
            return error_body(self._failed)
        piece = self._piece("".join(self._texts), "".join(self._thoughts), self._calls)
        logprobs = {"logprobs": self._logprobs} if self._logprobs else {}
        return encoded({**self._chunk(piece), **logprobs, **self._final})

    def loaded(self, reason: str) -> bytes:
        """The body that says that the model was loaded, or unloaded, and nothing else."""
        return encoded({**self._chunk(self._piece("")), "done": True, "done_reason": reason})

    def _text(self, event: TextDelta) -> bytes:
        self._wrote_text = True
        if not self._streamed:
            self._texts.append(event.text)
            self._logprobs += event.logprobs
            return b""
        if event.logprobs:
            return line({**self._chunk(self._piece(event.text)), "logprobs": event.logprobs})
        return self._text_head + encoded(event.text) + self._text_tail

    def _thinking(self, text: str) -> bytes:
        if self._streamed:
            return line(self._chunk(self._piece("", text)))
        self._thoughts.append(text)
        return b""

    def _end_call(self) -> bytes:
        if self._call is None:
            return b""
        self._calls.append(self._call.value())
        self._call = None
        return line(self._chunk(self._piece("", "", self._calls[-1:]))) if self._streamed else b""

    def _end_answer(self, event: AnswerEnded) -> bytes:
        """The last line. A refusal that has said nothing yet says its reason as text."""
        before = self._end_call()
        if event.stop_reason == REFUSAL and event.details and not self._wrote_text:
            before += self._text(TextDelta(event.details))
        self._final = {
            "done": True,
            "done_reason": "length" if event.stop_reason in _LENGTH else "stop",
            **dict.fromkeys(_DURATIONS, 0),
            "prompt_eval_count": _prompt_tokens(event.usage) or _prompt_tokens(self._usage),
            "eval_count": event.usage.output_tokens,
        }
        if not self._streamed:
            return before
        return before + line({**self._chunk(self._piece("")), **self._final})

    def _chunk(self, piece: dict[str, Any]) -> dict[str, Any]:
        return {**piece, "model": self._model, "created_at": EPOCH, "done": False}


def _prompt_tokens(usage: Usage) -> int:
    return usage.input_tokens + usage.cache_read_tokens + usage.cache_creation_tokens


class ChatWriter(_LinesWriter):
    """Writes an answer to `/api/chat`."""

    def _piece(
        self, text: str, thinking: str = "", calls: list[dict[str, Any]] | None = None
    ) -> dict[str, Any]:
        message: dict[str, Any] = {"content": text, "role": "assistant"}
        if thinking:
            message["thinking"] = thinking
        if calls:
            message["tool_calls"] = calls
        return {"message": message}


class GenerateWriter(_LinesWriter):
    """Writes an answer to `/api/generate`."""

    def _piece(
        self, text: str, thinking: str = "", calls: list[dict[str, Any]] | None = None
    ) -> dict[str, Any]:
        piece: dict[str, Any] = {"response": text}
        if thinking:
            piece["thinking"] = thinking
        if calls:
            piece["tool_calls"] = calls
        return piece
