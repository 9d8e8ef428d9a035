"""Ollama's answer to `/api/chat` as events: lines of JSON, or one body.

A line may hold thinking, text and whole tool calls together, in this order. The answer has ended at
the line that says `done`; without it, it was cut. Ollama reports the whole prompt's tokens, cached
or not, and its thinking has no signature: it gets one that says whose it is (`origin`), so that a
client which keeps signatures gives the thinking back.

Ollama says `length` both for a limit that the client set and for a context that is full. The two
are told apart by the count: whoever stopped short of the limit had no room left.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

import attrs
import msgspec

from ..conversation.answer import (
    CONTEXT_WINDOW,
    END_TURN,
    MAX_TOKENS,
    TOOL_USE,
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from ..conversation.origin import signed
from ..conversation.request import Conversation
from ..dialect import (
    ANSWER_BYTES_MAX,
    EVENT_BYTES_MAX,
    NEED_DATA,
    AnswerReader,
    NeedData,
    UpstreamNonsense,
)
from ..event_stream import decoded
from ..json_values import object_of, objects_of, text_of
from ..records import Usage
from .failure import failure_of
from .lines import LineBuffer

DIALECT: Final = "ollama"
_NOTHING_SAID: Final = frozenset({"", "stop", "load", "unload"})
"""Values of `done_reason` that say no more than that the answer has ended."""

_ANY = msgspec.json.Decoder()


@attrs.define
class ChatReader(AnswerReader):
    """Reads one answer."""

    _conversation: Conversation
    _model: str
    _answer: str
    _buffer: LineBuffer = attrs.field(factory=LineBuffer)
    _events: deque[AnswerEvent] = attrs.field(factory=deque[AnswerEvent])
    _started: bool = False
    _thinks: bool = False
    _ended: bool = False
    _whole: bool = False
    _call_ids: set[str] = attrs.field(factory=set[str])

    def receive_data(self, data: bytes) -> None:
        """Takes the next bytes. Raises UpstreamNonsense when a limit is passed."""
        if not self._ended:
            self._check_size()
            self._buffer.add(data)

    def receive_end(self) -> None:
        """The body is complete: what has no line end is the last line."""
        self._whole = True

    def next_event(self) -> AnswerEvent | NeedData:
        """The next event, if it is whole. Raises UpstreamNonsense."""
        while not self._events:
            line = self._next_line()
            if line is None:
                return NEED_DATA
            self._read(line)
        return self._events.popleft()

    def _next_line(self) -> bytes | None:
        """The next line that says something. A body in one piece may have line ends anywhere."""
        while not self._ended:
            line = self._buffer.take_line() if self._conversation.streamed else None
            if line is None:
                self._check_size()
                return self._last_line() if self._whole else None
            if line.strip():
                return line
        return None

    def _last_line(self) -> bytes | None:
        """What came behind the last line end. Half a line is nothing: there the answer was cut."""
        line = self._buffer.take_all()
        if self._started and not decoded(line):
            return None
        return line if line.strip() else None

    def _check_size(self) -> None:
        bytes_max = EVENT_BYTES_MAX if self._conversation.streamed else ANSWER_BYTES_MAX
        if len(self._buffer) > bytes_max:
            raise UpstreamNonsense(f"ollama: more than {bytes_max} bytes in one piece")

    def _read(self, line: bytes) -> None:
        try:
            found = _ANY.decode(line)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise UpstreamNonsense(f"ollama: a line that is no JSON: {error}") from None
        if not isinstance(found, dict):
            raise UpstreamNonsense("ollama: a line that is no JSON object")
        self._read_line(object_of(found))

    def _read_line(self, found: dict[str, Any]) -> None:
        if found.get("error"):
            self._fail(found["error"])
            return
        if not self._started:
            self._started = True
            self._events.append(AnswerStarted())
        self._read_message(object_of(found.get("message")), found.get("logprobs"))
        if found.get("done") is True:
            self._end(found)

    def _read_message(self, message: dict[str, Any], logprobs: Any) -> None:
        thinking = text_of(message.get("thinking"))
        if thinking:
            self._thinks = True
            self._events.append(ThinkingDelta(thinking))
        text = text_of(message.get("content"))
        shown = tuple(objects_of(logprobs)) if logprobs else ()
        if text or shown:
            self._end_thinking()
            self._events.append(TextDelta(text, shown))
        for call in objects_of(message.get("tool_calls")):
            self._end_thinking()
            self._read_call(call)

    def _end_thinking(self) -> None:
        if self._thinks:
            self._thinks = False
            mark = signed(DIALECT, self._model, "")
            self._events.extend((ThinkingSigned(mark), BlockEnded()))

    def _read_call(self, call: dict[str, Any]) -> None:
        """A call comes whole; its arguments are an object, from some servers its text."""
        function = object_of(call.get("function"))
        arguments = function.get("arguments")
        if not isinstance(arguments, str):
            arguments = msgspec.json.encode(arguments or {}).decode()
        use = ToolUseStarted(self._call_id(text_of(call.get("id"))), text_of(function.get("name")))
        self._events.extend((use, ToolInputDelta(arguments), BlockEnded()))

    def _call_id(self, given: str) -> str:
        """The upstream's own id, unless there is none or it has been used."""
        if not given or given in self._call_ids:
            given = f"call_{self._answer}_{len(self._call_ids)}"
        self._call_ids.add(given)
        return given

    def _end(self, found: dict[str, Any]) -> None:
        self._end_thinking()
        usage = Usage(_count(found, "prompt_eval_count"), _count(found, "eval_count"))
        self._events.append(AnswerEnded(self._stop_reason(found, usage), usage))
        self._ended = True
        self._buffer.take_all()

    def _stop_reason(self, found: dict[str, Any], usage: Usage) -> str:
        said = text_of(found.get("done_reason"))
        if said == "length":
            limit = self._conversation.sampling.max_tokens
            has_room = limit is not None and 0 < usage.output_tokens < limit - 1
            return CONTEXT_WINDOW if has_room else MAX_TOKENS
        if said not in _NOTHING_SAID:
            return said
        return TOOL_USE if self._call_ids else END_TURN

    def _fail(self, error: Any) -> None:
        failure = failure_of(500, error)
        self._events.append(AnswerFailed(failure.kind, failure.message, failure.status))
        self._ended = True
        self._buffer.take_all()


def _count(found: dict[str, Any], key: str) -> int:
    value = found.get(key)
    return value if isinstance(value, int) and value > 0 else 0
