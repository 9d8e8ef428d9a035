"""An answer that waits for verdicts just before its end: what passes, what is held, what is called.

Feed it the bytes of an answer in the Anthropic dialect. Streamed, each event passes as soon as it
is whole, up to the first `message_delta`; from there on all is held (a few hundred bytes: the
content has ended). A whole JSON message is held entirely. Once the answer is complete `tool_uses`
has what is to be judged, and `finish` gives the rest, with the verdicts or without.

What is not understood passes as it came, without a verdict: an answer that broke off, one that
says an error, a tool use whose input is no JSON, two with one id, or more than the limits.
"""

from __future__ import annotations

from typing import Any, Final

import attrs
import msgspec

from ..anthropic.events import event
from ..event_stream import EventBuffer, decoded, event_data
from ..json_decoding import NotJson, decode_json
from ..json_values import object_of, objects_of, text_of
from .question import ToolUse
from .verdict import NoVerdict

Json = dict[str, Any]

HELD_BYTES_MAX: Final = 32 * 1024 * 1024
"""Of an event that is not whole, of a message in one piece, and of what stands at the end."""
INPUT_BYTES_MAX: Final = 4 * 1024 * 1024
"""Of the inputs of all tool uses together."""
MATTERS: Final = (
    b'"message_delta"',
    b'"message_stop"',
    b'"content_block_start"',
    b'"input_json_delta"',
    b'"error"',
)
"""An event without any of these words says nothing that has to be known here."""


@attrs.define
class _Call:
    """A tool use that is being written."""

    id: str
    name: str
    pieces: list[str] = attrs.field(factory=list[str])
    given: Any = None

    def whole(self) -> ToolUse:
        """The tool use. Raises NotJson."""
        text = "".join(self.pieces)
        return ToolUse(self.id, self.name, decode_json(text) if text.strip() else self.given)


@attrs.define
class GuardedAnswer:
    """One answer; `complete` once it has ended as it should, and nothing of it was lost."""

    streamed: bool
    complete: bool = False
    waits: bool = False
    """Whether its end is held: between two events a ping may be put in."""
    _calls: dict[int, _Call] = attrs.field(factory=dict[int, _Call])
    _events: EventBuffer = attrs.field(factory=EventBuffer)
    _held: bytearray = attrs.field(factory=bytearray)
    _ending: tuple[int, int] = (0, 0)
    _input_bytes: int = 0
    _lost: bool = False
    _blind: bool = False

    @property
    def tool_uses(self) -> tuple[ToolUse, ...]:
        """All tool uses of the answer. Raises NoVerdict where one cannot be read."""
        if self._lost:
            raise NoVerdict("the answer is too long, or is not well formed")
        try:
            uses = tuple(call.whole() for call in self._calls.values())
        except NotJson:
            raise NoVerdict("the input of a tool use is no JSON") from None
        if len({use.id for use in uses}) < len(uses) or not all(use.id for use in uses):
            raise NoVerdict("two tool uses have one id, or one has none")
        return uses

    def receive_data(self, data: bytes) -> bytes:
        """Takes the next bytes and returns those that may go out now."""
        if self._blind:
            return data
        self._events.add(data)
        passed: list[bytes] = []
        while self.streamed and (frame := self._events.take_event()):
            self._look_at(frame)
            if self.waits:
                self._held += frame
            else:
                passed.append(frame)
        if len(self._events) + len(self._held) > HELD_BYTES_MAX:
            self._lost, self._blind, self.waits = True, True, False
            passed.append(self.finish(None))
        return b"".join(passed)

    def receive_end(self) -> None:
        """The body is complete: a message in one piece is read now."""
        rest = self._events.take_all()
        self._held += rest
        if self.streamed:
            self.complete = self.complete and not rest.strip() and not self._lost
            return
        message = decoded(rest)
        self.complete = message.get("type") == "message" and not self._lost
        for index, block in enumerate(objects_of(message.get("content"))):
            self._begin(index, block)

    def finish(self, results: list[Json] | None) -> bytes:
        """What is held: with these results, or as it came."""
        held = bytes(self._held + self._events.take_all())
        self._held.clear()
        if results is None:
            return held
        if not self.streamed:
            return msgspec.json.encode({**decoded(held), "safeguard_results": results})
        start, end = self._ending
        ending = decoded(event_data(held[start:end]))
        ending["delta"] = {**object_of(ending.get("delta")), "safeguard_results": results}
        return held[:start] + event("message_delta", ending) + held[end:]

    def _look_at(self, frame: bytes) -> None:
        """Takes note of one event."""
        if not any(word in frame for word in MATTERS):
            return
        found = decoded(event_data(frame))
        match found.get("type"):
            case "content_block_start":
                self._begin(_index(found), object_of(found.get("content_block")))
            case "content_block_delta":
                self._add(_index(found), object_of(found.get("delta")))
            case "message_delta":
                self.waits = True
                self._ending = len(self._held), len(self._held) + len(frame)
            case "message_stop":
                self.complete = self.waits
            case "error":
                self._lost = True
            case _:
                pass

    def _begin(self, index: int, block: Json) -> None:
        if block.get("type") != "tool_use":
            return
        self._lost = self._lost or index in self._calls
        call = _Call(text_of(block.get("id")), text_of(block.get("name")))
        call.given = block.get("input")
        self._calls[index] = call

    def _add(self, index: int, delta: Json) -> None:
        call = self._calls.get(index)
        if call is None or delta.get("type") != "input_json_delta":
            return
        piece = text_of(delta.get("partial_json"))
        self._input_bytes += len(piece)
        self._lost = self._lost or self._input_bytes > INPUT_BYTES_MAX
        if not self._lost:
            call.pieces.append(piece)


def _index(found: Json) -> int:
    index = found.get("index")
    return index if isinstance(index, int) else -1
