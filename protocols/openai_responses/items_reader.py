"""The output items of an upstream's answer, put one behind the other.

An item's events go to its own reader. While a call is read, those of other items wait for its end;
between other items it just goes over from one to the next.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ..dialect import ANSWER_BYTES_MAX, UpstreamNonsense
from ..json_values import object_of, text_of
from .item_reader import (
    ADDED,
    DONE,
    CallReader,
    CustomCallReader,
    Event,
    Found,
    ItemReader,
    OtherReader,
)
from .text_readers import MessageReader, ReasoningReader

ITEMS_MAX: Final = 10_000
"""Of one answer."""

_BY_ITEM: Final[dict[str, Callable[[Found], ItemReader]]] = {
    "message": MessageReader,
    "reasoning": ReasoningReader,
    "function_call": CallReader,
    "custom_tool_call": CustomCallReader,
}
_BY_EVENT: Final[dict[str, Callable[[Found], ItemReader]]] = {
    kind: reader
    for reader in (MessageReader, ReasoningReader, CallReader)
    for kind in reader.readers
}
"""For servers that do not say that an item begins."""


class ItemsReader:
    """Reads all items of one answer."""

    def __init__(self, found: Found) -> None:
        self._found = found
        self._items: dict[int, ItemReader] = {}
        self._indexes: dict[str, int] = {}
        self._current = -1
        self._waiting: dict[int, list[Event]] = {}
        self._waiting_bytes = 0

    def read(self, event: Event, size: int) -> None:
        """Reads one event, or keeps it until its turn. Raises UpstreamNonsense."""
        kind = text_of(event.get("type"))
        if kind in _BY_EVENT:
            index = event.get("output_index")
            if not isinstance(index, int) or index != self._current:
                index = self._index(event, kind)
        elif kind in (ADDED, DONE):
            index = self._index(event, kind)
        else:
            return
        if index != self._current and self._is_held():
            self._waiting_bytes += size
            if self._waiting_bytes > ANSWER_BYTES_MAX:
                raise UpstreamNonsense("the answer's calls never end")
            self._waiting.setdefault(index, []).append(event)
            return
        self._deliver(index, event)
        if self._waiting and not self._is_held():
            self._catch_up()

    def finish(self, output: list[dict[str, Any]]) -> None:
        """The answer is complete; these are its items, of which some may not have been told."""
        for index, item in enumerate(output):
            place = self._indexes.get(text_of(item.get("id")), index)
            event = {"type": DONE, "output_index": place, "item": item}
            self.read(event, 0)
        self.leave()

    def leave(self) -> None:
        """No more events come: what is open ends, and what has waited is read."""
        self._end_current()
        while self._waiting:
            self._catch_up()
            self._end_current()

    def _is_held(self) -> bool:
        current = self._items.get(self._current)
        return current is not None and current.holds and not current.done

    def _end_current(self) -> None:
        current = self._items.get(self._current)
        if current is not None:
            current.leave()
        self._current = -1

    def _catch_up(self) -> None:
        """Reads the events that have waited, item after item, up to one that is not done."""
        while self._waiting and not self._is_held():
            index = next(iter(self._waiting))
            for event in self._waiting.pop(index):
                self._deliver(index, event)
        if not self._waiting:
            self._waiting_bytes = 0

    def _deliver(self, index: int, event: Event) -> None:
        item = self._item(index, event)
        if index != self._current and not item.done:
            self._end_current()
            self._current = index
        item.read(event)

    def _item(self, index: int, event: Event) -> ItemReader:
        """The reader of the event's item, a new one if it is the item's first."""
        known = self._items.get(index)
        kind = text_of(event.get("type"))
        if known is not None and not (kind == ADDED and known.done):
            return known
        if len(self._items) >= ITEMS_MAX:
            raise UpstreamNonsense(f"the answer has more than {ITEMS_MAX} items")
        named = text_of(object_of(event.get("item")).get("type"))
        make = _BY_ITEM.get(named, OtherReader) if named else _BY_EVENT.get(kind, OtherReader)
        self._items[index] = item = make(self._found)
        return item

    def _index(self, event: Event, kind: str) -> int:
        """Which item an event is about."""
        identity = text_of(object_of(event.get("item")).get("id"))
        index = event.get("output_index")
        if not isinstance(index, int) or index < 0:
            index = self._index_by_id(identity or text_of(event.get("item_id")), kind)
        if identity:
            self._indexes.setdefault(identity, index)
        if len(self._indexes) > ITEMS_MAX:
            raise UpstreamNonsense(f"the answer has more than {ITEMS_MAX} items")
        return index

    def _index_by_id(self, identity: str, kind: str) -> int:
        if identity in self._indexes:
            return self._indexes[identity]
        begun = [*self._items, *self._waiting]
        if kind == ADDED or not begun:
            return max(begun, default=-1) + 1
        return self._current if self._current >= 0 else max(begun)
