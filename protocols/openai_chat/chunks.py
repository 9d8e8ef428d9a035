"""Writes a streamed answer: chunks as OpenAI's own library reads them.

First a chunk with the role, then deltas, then one with the `finish_reason`, then, if the client has
asked for it, one with the usage and no choices, and `[DONE]`. `created` must be there: nothing in
this room knows the time, so it is 0, which no known client reads. A ping is a comment.

A delta of text, which nearly all chunks are, is put between two byte strings made once.
"""

from __future__ import annotations

from typing import Any

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
    TextDelta,
    ThinkingDelta,
    ThinkingRedacted,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from ..dialect import AnswerWriter, Headers
from .citations import Place, annotation
from .errors import error_event
from .finish import finish_reason
from .reasoning import ENCRYPTED, TEXT
from .usage import usage_object

STREAM_HEADERS: Headers = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
)
PING = b": ping\n\n"
DONE = b"data: [DONE]\n\n"
NO_ARGUMENTS = "{}"

_ENCODER = msgspec.json.Encoder()


class ChunkWriter(AnswerWriter):
    """Chunks for one answer. `legacy` clients get their one call as `function_call`."""

    headers = STREAM_HEADERS

    def __init__(self, answer: str, model: str, *, usage_wanted: bool, legacy: bool) -> None:
        names = {
            "id": f"chatcmpl-{answer}",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": model,
        }
        self._head = b"data: " + _ENCODER.encode(names)[:-1]
        self._tail = b',"usage":null}\n\n' if usage_wanted else b"}\n\n"
        self._before = self._head + b',"choices":[{"index":0,"delta":'
        self._after = b',"logprobs":null,"finish_reason":null}]' + self._tail
        self._before_text = self._before + b'{"content":'
        self._after_text = b"}" + self._after
        self._usage_wanted, self._legacy = usage_wanted, legacy
        self._usage = NO_USAGE
        self._started = self._failed = False
        self._place = Place()
        self._call = -1
        self._in_call = self._has_arguments = False
        self._thought = -1
        self._in_thought = False

    def send(self, event: AnswerEvent) -> bytes:
        """Writes one event."""
        match event:
            case TextDelta():
                self._in_thought = False
                text = self._place.text(event.text)
                if event.logprobs:
                    return self._delta({"content": text}, logprobs=list(event.logprobs))
                return self._before_text + _ENCODER.encode(text) + self._after_text
            case ThinkingDelta() | ThinkingSigned() | ThinkingRedacted():
                return self._thinking(event)
            case ToolUseStarted() | ToolInputDelta():
                return self._tool(event)
            case _:
                return self._other(event)

    def _other(self, event: AnswerEvent) -> bytes:
        match event:
            case AnswerStarted():
                return self._start(event)
            case BlockEnded():
                return self._block_end()
            case Cited():
                found = annotation(event.citation, self._place)
                return self._delta({"annotations": [found]}) if found else b""
            case AnswerEnded():
                return self._block_end() + self._finish(event)
            case AnswerFailed():
                self._failed = True
                return error_event(event.kind, event.message)
            case _:
                self._place.leave()
                return b""

    def ping(self) -> bytes:
        """A comment."""
        return PING

    def end(self) -> bytes:
        """The end mark; an answer that failed has none."""
        return b"" if self._failed else DONE

    def _delta(self, delta: dict[str, Any], *, logprobs: list[Any] | None = None) -> bytes:
        if not logprobs:
            return self._before + _ENCODER.encode(delta) + self._after
        choice = {
            "index": 0,
            "delta": delta,
            "logprobs": {"content": logprobs, "refusal": None},
            "finish_reason": None,
        }
        return self._with_choices([choice])

    def _with_choices(self, choices: list[Any]) -> bytes:
        return self._head + b',"choices":' + _ENCODER.encode(choices) + self._tail

    def _start(self, event: AnswerStarted) -> bytes:
        self._usage = self._usage.completed_by(event.usage)
        if self._started:
            return b""
        self._started = True
        return self._delta({"role": "assistant", "content": "", "refusal": None})

    def _thinking(self, event: ThinkingDelta | ThinkingSigned | ThinkingRedacted) -> bytes:
        self._place.leave()
        if not self._in_thought or isinstance(event, ThinkingRedacted):
            self._thought += 1
        self._in_thought = not isinstance(event, ThinkingRedacted)
        match event:
            case ThinkingDelta():
                entry = {"type": TEXT, "text": event.text, "index": self._thought}
                plain = {"reasoning_content": event.text}
                return self._delta({**plain, "reasoning_details": [entry]})
            case ThinkingSigned():
                entry = {"type": TEXT, "signature": event.signature, "index": self._thought}
            case ThinkingRedacted():
                entry = {"type": ENCRYPTED, "data": event.data, "index": self._thought}
        return self._delta({"reasoning_details": [entry]})

    def _tool(self, event: ToolUseStarted | ToolInputDelta) -> bytes:
        if isinstance(event, ToolUseStarted):
            self._place.leave()
            self._call += 1
            self._in_call, self._has_arguments, self._in_thought = True, False, False
            return self._call_delta({"name": event.name, "arguments": ""}, event.id)
        if not event.json_text:
            return b""
        self._has_arguments = True
        return self._call_delta({"arguments": event.json_text})

    def _call_delta(self, function: dict[str, str], call_id: str = "") -> bytes:
        if self._legacy:
            return b"" if self._call else self._delta({"function_call": function})
        call: dict[str, Any] = {"index": self._call, "function": function}
        if call_id:
            call = {"index": self._call, "id": call_id, "type": "function", "function": function}
        return self._delta({"tool_calls": [call]})

    def _block_end(self) -> bytes:
        """A call without arguments gets empty ones: clients decode them."""
        bare = self._in_call and not self._has_arguments
        self._in_call = self._in_thought = False
        self._place.end_block()
        return self._call_delta({"arguments": NO_ARGUMENTS}) if bare else b""

    def _finish(self, event: AnswerEnded) -> bytes:
        written = b""
        if event.stop_reason == REFUSAL and event.details:
            written = self._delta({"refusal": event.details})
        reason = finish_reason(event.stop_reason)
        if self._legacy and event.stop_reason == TOOL_USE:
            reason = "function_call"
        last: dict[str, Any] = {"index": 0, "delta": {}, "logprobs": None, "finish_reason": reason}
        written += self._with_choices([last])
        if self._usage_wanted:
            usage = usage_object(self._usage.completed_by(event.usage))
            members = b',"choices":[],"usage":' + _ENCODER.encode(usage) + b"}\n\n"
            written += self._head + members
        return written
