"""An upstream's answer, read into neutral events: a stream, or one message.

Some servers answer in one piece where a stream was asked for, so the first byte decides. Usage is
told again and again as it grows, and by some in a second `message_start`: each count is taken over,
never added. An event of a kind that nobody knows is no error; one that is not JSON is.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

from ..conversation.answer import (
    END_TURN,
    NO_USAGE,
    TOOL_USE,
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
)
from ..conversation.names import ToolNames
from ..dialect import (
    ANSWER_BYTES_MAX,
    EVENT_BYTES_MAX,
    NEED_DATA,
    AnswerReader,
    NeedData,
    UpstreamNonsense,
)
from ..event_stream import EventBuffer, decoded, event_data
from ..json_values import object_of, objects_of, text_of
from ..records import Usage
from .block_reader import BlockReader
from .events import ERROR_KINDS

Json = dict[str, Any]

TOKENS_MAX = 2**48
"""A larger count is no count."""
DETAILS_CHARACTERS_MAX = 2_000
"""Of an error's message, and of what a refusal says of itself."""
_STATUSES = {kind: status for status, kind in reversed(ERROR_KINDS.items())}
_DONE = b"[DONE]"
"""Some proxies end every stream in OpenAI's manner."""


class MessageReader(AnswerReader):
    """Reads one answer."""

    def __init__(self, names: ToolNames, model: str, answer: str) -> None:
        self._held = EventBuffer()
        self._events: deque[AnswerEvent] = deque()
        self._blocks = BlockReader(names, model, answer, self._emit_content)
        self._in_one_piece: bool | None = None
        self._started = False
        self._over = False
        self._usage = NO_USAGE
        self._stop_reason = ""
        self._stop_sequence = ""
        self._details = ""

    def receive_data(self, data: bytes) -> None:
        """Takes the next bytes."""
        if self._over:
            return
        if self._in_one_piece is None:
            stripped = data.lstrip()
            self._in_one_piece = stripped.startswith(b"{") if stripped else None
        self._held.add(data)
        if self._in_one_piece and len(self._held) > ANSWER_BYTES_MAX:
            raise UpstreamNonsense(f"an answer of more than {ANSWER_BYTES_MAX} bytes")

    def next_event(self) -> AnswerEvent | NeedData:
        """The next event, if it is whole."""
        while not self._events:
            frame = b"" if self._in_one_piece or self._over else self._held.take_event()
            if not frame:
                if len(self._held) > EVENT_BYTES_MAX and not self._in_one_piece:
                    raise UpstreamNonsense(f"an event of more than {EVENT_BYTES_MAX} bytes")
                return NEED_DATA
            self._read_frame(frame)
        return self._events.popleft()

    def receive_end(self) -> None:
        """The body is complete."""
        if self._in_one_piece:
            self._read_body(decoded(self._held.take_all()))
        elif not self._over:
            self._drain()

    def _drain(self) -> None:
        """Reads what is whole, and what the end of the body makes whole."""
        while frame := self._held.take_event():
            self._read_frame(frame)
        rest = self._held.take_all()
        if rest.strip() and decoded(event_data(rest)):
            self._read_frame(rest)

    def _emit_content(self, event: AnswerEvent) -> None:
        if not self._started:
            self._start()
        self._events.append(event)

    def _start(self) -> None:
        self._started = True
        self._events.append(AnswerStarted(self._usage))

    def _read_frame(self, frame: bytes) -> None:
        data = event_data(frame)
        if not data or self._over:
            return
        event = decoded(data)
        if not event:
            if data.strip() != _DONE:
                raise UpstreamNonsense(f"an event that is no JSON object: {data[:80]!r}")
            return
        read = _READERS.get(text_of(event.get("type")))
        if read is not None:
            read(self, event)

    def message_start(self, event: Json) -> None:
        """The answer begins; a second beginning only tells more of the usage."""
        self._usage = read_usage(object_of(event.get("message")).get("usage"), self._usage)
        if not self._started:
            self._start()

    def block_start(self, event: Json) -> None:
        """A block begins."""
        self._blocks.start(_index(event), object_of(event.get("content_block")))

    def block_delta(self, event: Json) -> None:
        """A block goes on."""
        self._blocks.delta(_index(event), object_of(event.get("delta")))

    def block_stop(self, event: Json) -> None:
        """A block ends."""
        self._blocks.stop(_index(event))

    def message_delta(self, event: Json) -> None:
        """Why the answer ends, and the usage so far."""
        self._usage = read_usage(event.get("usage"), self._usage)
        self._take_ending(object_of(event.get("delta")))

    def message_stop(self, _: Json) -> None:
        """The answer has ended."""
        self._blocks.stop_all()
        if not self._started:
            self._start()
        reason = self._stop_reason or (TOOL_USE if self._blocks.called else END_TURN)
        ended = AnswerEnded(reason, self._usage, self._stop_sequence, self._details)
        self._events.append(ended)
        self._over = True

    def error(self, event: Json) -> None:
        """The upstream has failed in mid-answer."""
        told = object_of(event.get("error"))
        kind = text_of(told.get("type")) or "api_error"
        message = text_of(told.get("message")) or "the endpoint told an error"
        status = _STATUSES.get(kind, 500)
        self._events.append(AnswerFailed(kind, message[:DETAILS_CHARACTERS_MAX], status))
        self._over = True

    def _take_ending(self, told: Json) -> None:
        self._stop_reason = text_of(told.get("stop_reason")) or self._stop_reason
        self._stop_sequence = text_of(told.get("stop_sequence")) or self._stop_sequence
        details = object_of(told.get("stop_details"))
        said = text_of(details.get("explanation")) or text_of(details.get("category"))
        self._details = said[:DETAILS_CHARACTERS_MAX] or self._details

    def _read_body(self, message: Json) -> None:
        """An answer in one piece, told as a stream would tell it."""
        kind = message.get("type")
        if kind == "error":
            self.error(message)
            return
        if kind != "message":
            raise UpstreamNonsense("the answer is no message")
        self.message_start({"message": message})
        for index, block in enumerate(objects_of(message.get("content"))):
            self._blocks.start(index, block)
            self._blocks.stop(index)
        self._take_ending(message)
        self.message_stop(message)


_READERS: dict[str, Callable[[MessageReader, Json], None]] = {
    "message_start": MessageReader.message_start,
    "content_block_start": MessageReader.block_start,
    "content_block_delta": MessageReader.block_delta,
    "content_block_stop": MessageReader.block_stop,
    "message_delta": MessageReader.message_delta,
    "message_stop": MessageReader.message_stop,
    "error": MessageReader.error,
}


def read_usage(reported: Any, known: Usage) -> Usage:
    """The counts that are there; those that are not stay as they were."""
    usage = object_of(reported)
    return Usage(
        _count(usage, "input_tokens", known.input_tokens),
        _count(usage, "output_tokens", known.output_tokens),
        _count(usage, "cache_read_input_tokens", known.cache_read_tokens),
        _count(usage, "cache_creation_input_tokens", known.cache_creation_tokens),
    )


def _count(usage: Json, key: str, known: int) -> int:
    value = usage.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= TOKENS_MAX:
        return known
    return value


def _index(event: Json) -> int:
    index = event.get("index")
    return index if isinstance(index, int) else 0
