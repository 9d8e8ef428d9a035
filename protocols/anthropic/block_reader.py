"""The blocks of an upstream's answer, whatever the order in which their events come.

The API sends one block after the other; servers that imitate it do not all keep to that. Here the
events of a block that began while another is open wait until that one has ended, for the neutral
answer lets nothing into a tool use. A block of a kind that has no neutral form is gathered whole.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any

import attrs
import msgspec

from ..conversation.answer import (
    AnswerEvent,
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
from ..conversation.arguments import unparsed
from ..conversation.names import ToolNames
from ..conversation.origin import signed
from ..dialect import ANSWER_BYTES_MAX, UpstreamNonsense
from ..json_values import object_of, objects_of, text_of

Json = dict[str, Any]


@attrs.define(eq=False)
class _Block:
    """One block: what it began as, and the events that wait for their turn."""

    value: Json
    kind: str
    waiting: list[AnswerEvent] = attrs.field(factory=list[AnswerEvent])
    json_pieces: list[str] = attrs.field(factory=list[str])
    has_input: bool = False
    ended: bool = False


@attrs.define
class BlockReader:
    """Turns the events of blocks into neutral ones, which it hands to `emit`."""

    names: ToolNames
    model: str
    answer: str
    """What ids are made of for a tool use that has none, or one that another has already."""
    emit: Callable[[AnswerEvent], None]
    called: bool = False
    """Whether a tool use has begun."""
    _queue: deque[_Block] = attrs.field(factory=deque["_Block"])
    """The blocks that have not been told to their end; the first is the one being told."""
    _by_index: dict[int, _Block] = attrs.field(factory=dict[int, "_Block"])
    _held_bytes: int = 0
    _ids: set[str] = attrs.field(factory=set[str])

    def start(self, index: int, value: Json) -> None:
        """A block begins, with whatever it holds already."""
        self.stop(index)
        block = self._begin(index, value, text_of(value.get("type")))
        begin = _BEGINNINGS.get(block.kind)
        if begin is not None:
            begin(self, block)

    def delta(self, index: int, delta: Json) -> None:
        """A block goes on."""
        kind = text_of(delta.get("type"))
        block = self._by_index.get(index)
        if block is None or block.ended:
            block = self._undeclared(index, kind)
        if block.kind not in _NEUTRAL:
            self._gather(block, delta)
        elif (block.kind == "tool_use") == (kind == "input_json_delta"):
            self._known(block, kind, delta)

    def stop(self, index: int) -> None:
        """A block ends; those that began meanwhile take their turn."""
        block = self._by_index.pop(index, None)
        if block is not None:
            self._end(block)

    def stop_all(self) -> None:
        """The answer ends, and with it each block."""
        for index in list(self._by_index):
            self.stop(index)

    def _begin(self, index: int, value: Json, kind: str) -> _Block:
        """Puts a block behind the others; text and thinking make room, they can go on later."""
        if self._queue and self._queue[0].kind in _INTERRUPTIBLE:
            self._end(self._queue[0])
        block = self._by_index[index] = _Block(value, kind)
        self._queue.append(block)
        return block

    def _end(self, block: _Block) -> None:
        if block.ended:
            return
        block.ended = True
        for last in self._last_events(block):
            self._tell(block, last)
        while self._queue and self._queue[0].ended:
            self._queue.popleft()
            if self._queue:
                for waiting in self._queue[0].waiting:
                    self.emit(waiting)

    def _tell(self, block: _Block, event: AnswerEvent) -> None:
        """An event, now or when the blocks before it have ended."""
        if block is self._queue[0]:
            self.emit(event)
        else:
            block.waiting.append(event)

    def _undeclared(self, index: int, delta_kind: str) -> _Block:
        """A block that begins, or goes on, with a delta; a call without a name is of no use."""
        kind = _KIND_OF_DELTA.get(delta_kind)
        if kind is None:
            raise UpstreamNonsense(f"{delta_kind or 'a delta'} in a block that has not begun")
        return self._begin(index, {}, kind)

    def _known(self, block: _Block, kind: str, delta: Json) -> None:
        read = _DELTAS.get(kind)
        event = read(self, delta) if read is not None else None
        if event is None:
            return
        block.has_input = block.has_input or isinstance(event, ToolInputDelta)
        if block is not self._queue[0]:
            self._hold(delta)
        self._tell(block, event)

    def _hold(self, delta: Json) -> None:
        """Counts what waits."""
        texts = (value for value in delta.values() if isinstance(value, str))
        self._held_bytes += sum(len(text) for text in texts)
        if self._held_bytes > ANSWER_BYTES_MAX:
            raise UpstreamNonsense(f"blocks of more than {ANSWER_BYTES_MAX} bytes that do not end")

    def _gather(self, block: _Block, delta: Json) -> None:
        """Adds a delta to a block that has no neutral form: strings go on, all else is new."""
        self._hold(delta)
        for key, value in delta.items():
            if key == "partial_json" and isinstance(value, str):
                block.json_pieces.append(value)
            elif key != "type":
                before = text_of(block.value.get(key))
                block.value[key] = before + value if isinstance(value, str) else value

    def _last_events(self, block: _Block) -> list[AnswerEvent]:
        """What the end of a block brings."""
        if block.kind == "tool_use":
            whole = object_of(block.value.get("input"))
            if whole and not block.has_input:
                return [ToolInputDelta(msgspec.json.encode(whole).decode()), BlockEnded()]
            return [BlockEnded()]
        if block.kind == "redacted_thinking":
            return []
        if block.kind in _NEUTRAL:
            return [BlockEnded()]
        if block.json_pieces:
            block.value["input"] = _input("".join(block.json_pieces))
        return [OtherBlock("anthropic", block.value)]

    def begin_text(self, block: _Block) -> None:
        """Text that stands in the beginning already, and its citations."""
        text = text_of(block.value.get("text"))
        if text:
            self._tell(block, TextDelta(text))
        for citation in objects_of(block.value.get("citations")):
            self._tell(block, Cited(citation))

    def begin_thinking(self, block: _Block) -> None:
        """Thinking that stands in the beginning already."""
        text = text_of(block.value.get("thinking"))
        if text:
            self._tell(block, ThinkingDelta(text))
        if event := self.signature(block.value):
            self._tell(block, event)

    def begin_redacted(self, block: _Block) -> None:
        """Redacted thinking is whole from the beginning."""
        data = signed("anthropic", self.model, text_of(block.value.get("data")))
        self._tell(block, ThinkingRedacted(data))

    def begin_tool_use(self, block: _Block) -> None:
        """A call; it must have an id that is its own, if only one of ours."""
        self.called = True
        identity = text_of(block.value.get("id"))
        if not identity or identity in self._ids:
            identity = f"toolu_{self.answer}_{len(self._ids) + 1}"
        self._ids.add(identity)
        name = self.names.original(text_of(block.value.get("name")))
        self._tell(block, ToolUseStarted(identity, name))

    def text(self, delta: Json) -> AnswerEvent | None:
        """A piece of text."""
        text = text_of(delta.get("text"))
        return TextDelta(text) if text else None

    def citation(self, delta: Json) -> AnswerEvent | None:
        """A citation."""
        citation = object_of(delta.get("citation"))
        return Cited(citation) if citation else None

    def thinking(self, delta: Json) -> AnswerEvent | None:
        """A piece of thinking."""
        text = text_of(delta.get("thinking"))
        return ThinkingDelta(text) if text else None

    def signature(self, delta: Json) -> AnswerEvent | None:
        """A signature; an empty one says nothing."""
        signature = text_of(delta.get("signature"))
        return ThinkingSigned(signed("anthropic", self.model, signature)) if signature else None

    def input(self, delta: Json) -> AnswerEvent | None:
        """A piece of a call's input."""
        json_text = text_of(delta.get("partial_json"))
        return ToolInputDelta(json_text) if json_text else None


def _input(json_text: str) -> Json:
    try:
        found = msgspec.json.decode(json_text)
    except (msgspec.MsgspecError, RecursionError):
        found = None
    return object_of(found) if isinstance(found, dict) else unparsed(json_text)


_INTERRUPTIBLE = frozenset({"text", "thinking", "redacted_thinking"})
_NEUTRAL = _INTERRUPTIBLE | {"tool_use"}
_KIND_OF_DELTA = {
    "text_delta": "text",
    "citations_delta": "text",
    "thinking_delta": "thinking",
    "signature_delta": "thinking",
}
_BEGINNINGS: dict[str, Callable[[BlockReader, _Block], None]] = {
    "text": BlockReader.begin_text,
    "thinking": BlockReader.begin_thinking,
    "redacted_thinking": BlockReader.begin_redacted,
    "tool_use": BlockReader.begin_tool_use,
}
_DELTAS: dict[str, Callable[[BlockReader, Json], AnswerEvent | None]] = {
    "text_delta": BlockReader.text,
    "citations_delta": BlockReader.citation,
    "thinking_delta": BlockReader.thinking,
    "signature_delta": BlockReader.signature,
    "input_json_delta": BlockReader.input,
}
