"""Reads an endpoint's answer: a stream of chunks, or one body.

Which of the two it is shows in the first byte, whatever was asked for: some servers do not stream,
others always do. Each whole event is read when it comes; nonsense waits behind those before it.

A stream is complete with `[DONE]`, or, since some servers leave that out, where it ends after a
`finish_reason`. Usage may stand in a chunk of its own, in the last, or in each: the last report
counts. An error in mid-stream ends the answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import attrs

from ..conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
)
from ..conversation.request import Conversation
from ..dialect import (
    ANSWER_BYTES_MAX,
    EVENT_BYTES_MAX,
    NEED_DATA,
    AnswerReader,
    NeedData,
    UpstreamNonsense,
)
from ..event_stream import EventBuffer, event_data
from ..json_decoding import NotJson, decode_json
from ..json_values import object_of, objects_of, text_of
from ..records import Usage
from .calls import Calls
from .content import Content
from .failure import failed, read_error
from .finish import stop_reason
from .outgoing import tool_names
from .usage import read_usage

DONE = b"[DONE]"
REASON_CHARACTERS_MAX = 128
SILENT_FAILURE = "the endpoint's answer failed, and it did not say why"
_ERROR_LINE = b"error:"
"""How older llama.cpp servers begin the line of an error, in place of `data:`."""


def reader(conversation: Conversation, model: str, answer: str) -> ChatReader:
    """The reader for the answer to a conversation's request."""
    calls = Calls(answer, tool_names(conversation), set(conversation.tool_uses()))
    return ChatReader(Content(deque(), calls, model), conversation.sampling.stop_sequences)


@attrs.define
class ChatReader(AnswerReader):
    """One answer. `_stops` are the stop sequences that were asked for."""

    _content: Content
    _stops: tuple[str, ...]
    _buffer: EventBuffer = attrs.field(factory=EventBuffer)
    _body: bytearray = attrs.field(factory=bytearray)
    _take: Callable[[bytes], None] | None = None
    _nonsense: str = ""
    _started: bool = False
    _over: bool = False
    _finish: str = ""
    _stop_sequence: str = ""
    _usage: Usage = attrs.field(factory=Usage)

    def receive_data(self, data: bytes) -> None:
        """Takes the next bytes. Raises UpstreamNonsense when a limit is passed."""
        if self._take is None:
            data = data.lstrip()
            if not data:
                return
            self._take = self._take_body if data[:1] in b"{[" else self._take_events
        if not self._over:
            self._take(data)

    def next_event(self) -> AnswerEvent | NeedData:
        """The next event, if it is whole. Raises UpstreamNonsense."""
        if self._content.events:
            return self._content.events.popleft()
        if self._nonsense:
            raise UpstreamNonsense(self._nonsense)
        return NEED_DATA

    def receive_end(self) -> None:
        """The body is complete."""
        if self._over:
            return
        try:
            if self._body:
                self._read_body()
            else:
                self._read_last(self._buffer.take_all())
        except UpstreamNonsense as error:
            self._give_up(str(error))

    def _take_body(self, data: bytes) -> None:
        self._body += data
        if len(self._body) > ANSWER_BYTES_MAX:
            self._over, self._body = True, bytearray()
            raise UpstreamNonsense(f"an answer of more than {ANSWER_BYTES_MAX} bytes")

    def _take_events(self, data: bytes) -> None:
        self._buffer.add(data)
        try:
            while not self._over and (frame := self._buffer.take_event()):
                self._read_frame(frame)
        except UpstreamNonsense as error:
            self._give_up(str(error))
        if len(self._buffer) > EVENT_BYTES_MAX and not self._over:
            self._give_up("")
            raise UpstreamNonsense(f"an event of more than {EVENT_BYTES_MAX} bytes")

    def _give_up(self, why: str) -> None:
        """Reads no more, and keeps nothing more."""
        self._over, self._nonsense = True, why
        self._buffer.take_all()

    def _read_frame(self, frame: bytes) -> None:
        data = event_data(frame)
        if data:
            if data.strip() == DONE:
                self._end()
            else:
                self._read_chunk(_object(data))
        elif frame.startswith(_ERROR_LINE):
            self._fail({"error": _object(frame[len(_ERROR_LINE) :])})

    def _read_last(self, frame: bytes) -> None:
        """What stands behind the last empty line: an event without its end, or half a one."""
        data = event_data(frame).strip()
        if data and data != DONE:
            try:
                self._read_chunk(_object(data))
            except UpstreamNonsense:
                return  # cut off: half an event says nothing
        if self._started and not self._over and (self._finish or data == DONE):
            self._end()

    def _read_body(self) -> None:
        body, self._body = bytes(self._body), bytearray()
        value = _decoded(body)
        if isinstance(value, list):
            value = next(iter(objects_of(value)), None)
        answer = object_of(value)
        if not answer.get("error") and not objects_of(answer.get("choices")):
            raise UpstreamNonsense("an answer without choices")
        self._read_chunk(answer)
        if not self._over:
            self._end()

    def _read_chunk(self, chunk: dict[str, Any]) -> None:
        if chunk.get("error") or chunk.get("object") == "error":
            self._fail(chunk)
            return
        choices = chunk.get("choices")
        if not self._started:
            self._start(chunk)
        usage = chunk.get("usage")
        if usage:
            self._read_usage(usage)
        if choices:
            for choice in objects_of(choices):
                if not choice.get("index"):
                    self._read_choice(choice)
        elif "x_groq" in chunk:
            self._read_usage(object_of(chunk["x_groq"]).get("usage"))

    def _start(self, chunk: dict[str, Any]) -> None:
        self._started = True
        known = read_usage(object_of(chunk.get("usage")))
        known = attrs.evolve(known, output_tokens=0, reasoning_tokens=0)
        self._content.events.append(AnswerStarted(known))

    def _read_choice(self, choice: dict[str, Any]) -> None:
        message = choice.get("message")
        delta = object_of(choice.get("delta")) or object_of(message)
        if delta:
            self._content.take(delta, choice.get("logprobs"), whole=isinstance(message, dict))
        finish = choice.get("finish_reason")
        if finish:
            self._finish = text_of(finish)[:REASON_CHARACTERS_MAX]
            met = choice.get("stop_reason")  # vLLM names the sequence here
            self._stop_sequence = text_of(met) if met in self._stops else ""
            if self._finish == "error":
                self._fail(choice)
        if "usage" in choice:
            self._read_usage(choice["usage"])  # Moonshot

    def _read_usage(self, reported: Any) -> None:
        found = object_of(reported)
        if found:
            self._usage = read_usage(found)

    def _end(self) -> None:
        """The answer is complete; one that never began is an empty one."""
        if not self._started:
            self._start({})
        content = self._content
        content.end()
        self._over = True
        reason = stop_reason(
            self._finish,
            called=content.calls.called,
            refused=bool(content.refusal),
            stop_sequence=self._stop_sequence,
        )
        details = "".join(content.refusal)
        content.events.append(AnswerEnded(reason, self._usage, self._stop_sequence, details))

    def _fail(self, value: dict[str, Any]) -> None:
        self._over = True
        told = read_error(value)
        found = failed(told if told.message else attrs.evolve(told, message=SILENT_FAILURE), 0)
        self._content.events.append(AnswerFailed(found.kind, found.message, found.status))


def _object(data: bytes) -> dict[str, Any]:
    value: dict[str, Any] = _decoded(data)
    if type(value) is not dict:
        raise UpstreamNonsense("an event that is no JSON object")
    return value


def _decoded(data: bytes) -> Any:
    try:
        return decode_json(data)
    except NotJson as error:
        raise UpstreamNonsense(f"not JSON: {error}") from None
