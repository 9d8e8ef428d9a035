"""Reads an upstream's answer, streamed or whole, and yields it as neutral events.

An answer's items may grow side by side, and a tool use of the neutral form never does: while a call
is read, the events of other items wait. Items are told apart by `output_index`, and by their ids
only where there is none: some gateways rewrite ids from event to event. What an item's end says
beyond its deltas is an event, too, for servers that send few of them or none. A stream that stops
without its last event has no `AnswerEnded`: it was cut.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from ..conversation.answer import (
    END_TURN,
    MAX_TOKENS,
    REFUSAL,
    TOOL_USE,
    AnswerEnded,
    AnswerEvent,
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
from ..event_stream import EventBuffer, event_data
from ..json_values import object_of, objects_of, text_of
from .failure import read_answer_failure
from .item_reader import Found
from .items_reader import ItemsReader
from .usage import read_usage

INCOMPLETE: Final = {"max_output_tokens": MAX_TOKENS, "content_filter": REFUSAL}
"""Stop reasons by why an answer is incomplete; any other is kept as it is."""
STARTS: Final = ("response.created", "response.in_progress", "response.queued")
ENDS: Final = ("response.completed", "response.incomplete")
FAILURES: Final = ("response.failed", "response.cancelled")
WHOLE: Final = frozenset((*STARTS, *ENDS, *FAILURES, "error"))
"""Events about the whole answer; every other is about one of its items."""
FAILED: Final = ("failed", "cancelled")
RUNNING: Final = ("queued", "in_progress")

_ANY = msgspec.json.Decoder()


class ResponsesReader(AnswerReader):
    """Reads one answer as it comes: an object is one in one piece, whatever was asked for."""

    def __init__(self, model: str, answer: str, names: ToolNames) -> None:
        self._whole: bool | None = None
        self._buffer = EventBuffer()
        self._found = Found(model, answer, names)
        self._items = ItemsReader(self._found)
        self._started = False
        self._over = False

    def receive_data(self, data: bytes) -> None:
        """Takes the next bytes."""
        if self._over:
            return
        self._buffer.add(data)
        if self._whole is None:
            begins = data.lstrip()[:1]
            self._whole = begins == b"{" if begins else None
        if self._whole:
            if len(self._buffer) > ANSWER_BYTES_MAX:
                raise UpstreamNonsense(f"the answer has more than {ANSWER_BYTES_MAX} bytes")
            return
        while frame := self._buffer.take_event():
            self._read_frame(frame)
        if len(self._buffer) > EVENT_BYTES_MAX:
            raise UpstreamNonsense(f"an event has more than {EVENT_BYTES_MAX} bytes")

    def next_event(self) -> AnswerEvent | NeedData:
        """The next event."""
        return self._found.events.popleft() if self._found.events else NEED_DATA

    def receive_end(self) -> None:
        """Reads an answer in one piece, or a last event that no empty line has ended."""
        rest = self._buffer.take_all()
        if self._over:
            return
        if self._whole:
            self._read_whole(_object(rest))
        else:
            self._read_frame(rest)

    def _read_frame(self, frame: bytes) -> None:
        data = _data(frame).strip()
        if data and data != b"[DONE]" and not self._over:
            self._read_event(_object(data), len(data))

    def _read_event(self, event: dict[str, Any], size: int) -> None:
        kind = text_of(event.get("type"))
        if kind and kind not in WHOLE:
            self._start({})
            self._items.read(event, size)
            return
        response = object_of(event.get("response"))
        if kind in STARTS:
            self._start(response)
        elif kind in ENDS:
            self._end(response, cut_short=kind == "response.incomplete")
        elif kind in FAILURES:
            self._fail(object_of(response.get("error")))
        elif kind or "error" in event:
            self._fail(object_of(event.get("error")) or event)

    def _read_whole(self, response: dict[str, Any]) -> None:
        status, error = response.get("status"), response.get("error")
        if status in FAILED or error:
            self._fail(object_of(error) or {"message": text_of(error)})
        elif not isinstance(response.get("output"), list):
            raise UpstreamNonsense("the answer is no response object")
        elif status not in RUNNING:
            self._start(response)
            self._end(response, cut_short=status == "incomplete")

    def _start(self, response: dict[str, Any]) -> None:
        if not self._started:
            self._started = True
            self._found.events.append(AnswerStarted(read_usage(response.get("usage"))))

    def _end(self, response: dict[str, Any], *, cut_short: bool) -> None:
        self._start({})
        self._items.finish(objects_of(response.get("output")))
        incomplete = text_of(object_of(response.get("incomplete_details")).get("reason"))
        if cut_short and not incomplete:
            incomplete = "max_output_tokens"
        refusal, usage = self._found.refusal, read_usage(response.get("usage"))
        ended = END_TURN if not self._found.calls else TOOL_USE
        reason = INCOMPLETE.get(incomplete, incomplete) or (REFUSAL if refusal else ended)
        self._finish(AnswerEnded(reason, usage, details=refusal if reason == REFUSAL else ""))

    def _fail(self, error: dict[str, Any]) -> None:
        self._finish(read_answer_failure(error))

    def _finish(self, event: AnswerEvent) -> None:
        """The last event; what comes after it is no part of the answer."""
        self._found.events.append(event)
        self._over = True


def _data(frame: bytes) -> bytes:
    """An event's data; at once if it has this dialect's usual form, a name and one line of data."""
    name, mark, data = frame.partition(b"\ndata: ")
    usual = mark and name.startswith(b"event:") and data.find(b"\n") == len(data) - 2
    return data if usual and b"\n" not in name and b"\r" not in frame else event_data(frame)


def _object(data: bytes) -> dict[str, Any]:
    """JSON that must be an object."""
    try:
        value = _ANY.decode(data)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise UpstreamNonsense(f"the answer is not JSON: {error}") from None
    if not isinstance(value, dict):
        raise UpstreamNonsense("the answer holds something that is no JSON object")
    return object_of(value)
