"""One output item of an upstream's answer, as its events tell it.

Deltas may be cut anywhere, may be missing, or may tell only a part of what the item's end says: how
much has been told is counted, and the end adds the rest. Subclasses know one kind of item each.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Any, ClassVar, Final

import attrs

from ..conversation.answer import (
    AnswerEvent,
    BlockEnded,
    OtherBlock,
    ToolInputDelta,
    ToolUseStarted,
)
from ..conversation.arguments import written_input
from ..conversation.names import ToolNames
from ..dialect import UpstreamNonsense
from ..json_values import object_of, text_of
from .client_tools import CUSTOM_INPUT
from .reasoning import NAME

ADDED: Final = "response.output_item.added"
DONE: Final = "response.output_item.done"
PARTS_MAX: Final = 10_000
"""Of one item."""
REFUSAL_CHARACTERS_MAX: Final = 100_000

Event = dict[str, Any]


@attrs.define
class Found:
    """What an answer's items have given so far, and what is needed to read them."""

    model: str
    answer: str
    names: ToolNames
    events: deque[AnswerEvent] = attrs.field(factory=deque[AnswerEvent])
    refusal: str = ""
    calls: int = 0
    _ids: set[str] = attrs.field(factory=set[str])

    def call_id(self, given: str) -> str:
        """A call's id: its own, unless it has none or another call has it already."""
        made = f"call_{self.answer}_{self.calls}"
        found = given if given and given not in self._ids else made
        self._ids.add(found)
        self.calls += 1
        return found

    def add_refusal(self, words: str) -> None:
        """Takes more of a refusal."""
        self.refusal = (self.refusal + words)[:REFUSAL_CHARACTERS_MAX]


class ItemReader:
    """Reads one item. `holds` says that no other item's events may come before it is done."""

    holds: ClassVar[bool] = False
    readers: ClassVar[dict[str, Callable[[Any, Event], None]]] = {}

    def __init__(self, found: Found) -> None:
        self._found = found
        self._open = False
        self.done = False

    def read(self, event: Event) -> None:
        """Reads one of its events."""
        if self.done:
            return
        kind = text_of(event.get("type"))
        if kind in self.readers:
            self.readers[kind](self, event)
        elif kind == ADDED:
            self.begin(object_of(event.get("item")))
        elif kind == DONE:
            self.finish(object_of(event.get("item")))

    def begin(self, item: Event) -> None:
        """The item begins."""

    def finish(self, item: Event) -> None:
        """The item is done; it says everything once more."""
        self.leave()
        self.done = True

    def leave(self) -> None:
        """Another item goes on, or the answer ends: the open block has ended."""
        if self._open:
            self._open = False
            self._found.events.append(BlockEnded())


class OtherReader(ItemReader):
    """An item of a kind that has no neutral form: passed on whole."""

    def finish(self, item: Event) -> None:
        """Passes it on."""
        self._found.events.append(OtherBlock(NAME, item))
        self.done = True


class CallReader(ItemReader):
    """A call of a function, read before any other item: a tool use is never interleaved."""

    holds = True

    def __init__(self, found: Found) -> None:
        super().__init__(found)
        self._told = 0
        self._blank = True

    def begin(self, item: Event) -> None:
        """The call begins as soon as the tool's name is known."""
        name = text_of(item.get("name"))
        if self._open or not name:
            return
        self._open = True
        identity = self._found.call_id(text_of(item.get("call_id")) or text_of(item.get("id")))
        original = self._found.names.original(name)
        self._found.events.append(ToolUseStarted(identity, original))

    def finish(self, item: Event) -> None:
        """The whole call."""
        self.begin(item)
        if self._open:
            self._tell_rest(text_of(item.get("arguments")))
        self.leave()
        self.done = True

    def leave(self) -> None:
        """A call without arguments has an empty object."""
        if self._open and self._blank:
            self._tell("{}")
        super().leave()

    def _delta(self, event: Event) -> None:
        if self._open:
            self._tell(text_of(event.get("delta")))

    def _arguments_done(self, event: Event) -> None:
        """All arguments; some servers name the tool here, and none has more to say of the call."""
        self.begin(event)
        if self._open:
            self.finish(event)

    def _tell_rest(self, text: str) -> None:
        self._tell(text[self._told :])

    def _tell(self, text: str) -> None:
        if text:
            self._told += len(text)
            self._blank = self._blank and text.isspace()
            self._found.events.append(ToolInputDelta(text))

    readers: ClassVar[dict[str, Callable[[Any, Event], None]]] = {
        "response.function_call_arguments.delta": _delta,
        "response.function_call_arguments.done": _arguments_done,
    }


class CustomCallReader(CallReader):
    """A call of a tool that takes one string, which is whole at its end."""

    readers: ClassVar[dict[str, Callable[[Any, Event], None]]] = {}

    def finish(self, item: Event) -> None:
        """The whole call, as one of the function that stands for the tool."""
        arguments = written_input({CUSTOM_INPUT: text_of(item.get("input"))})
        super().finish({**item, "arguments": arguments})


def bounded(told: dict[int, int], index: int, more: int) -> None:
    """Counts what is told of a part. Raises UpstreamNonsense when there are too many of them."""
    told[index] = told.get(index, 0) + more
    if len(told) > PARTS_MAX:
        raise UpstreamNonsense(f"an item of the answer has more than {PARTS_MAX} parts")


def part_index(event: Event, member: str) -> int:
    """Which part an event is about; the first, if it does not say."""
    index = event.get(member)
    return index if isinstance(index, int) else 0
