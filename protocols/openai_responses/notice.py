"""A notice in a relayed answer of Responses: in the first text of its first message.

A stream tells that text up to five times: in its pieces, when the text, its part and its item are
done, and in the last event, which has the whole response. All of them say the same. Some servers
leave out the pieces, and tell an item when it is done.
"""

from __future__ import annotations

from typing import Any, Final

from ..json_values import list_of, object_of, objects_of, text_of
from ..notice_placer import Json, NoticePlacer

TEXT: Final = "output_text"
_DELTA: Final = "response.output_text.delta"
_TEXT_DONE: Final = "response.output_text.done"
_PART_DONE: Final = "response.content_part.done"
_ITEM_DONE: Final = "response.output_item.done"
_ANNOTATED: Final = "response.output_text.annotation.added"


class ResponsesPlacer(NoticePlacer):
    """See NoticePlacer."""

    def __init__(self, notice: str) -> None:
        super().__init__(notice)
        self._place: tuple[Any, Any] = (None, None)

    def take(self, value: Json) -> bool:
        """See NoticePlacer."""
        if not self.given:
            return self._begin(value)
        if "response" in value:
            return self._tell_response(object_of(value["response"]))
        if (value.get("output_index"), value.get("content_index")) == self._place:
            return self._tell_part(value)
        is_item = value.get("output_index") == self._place[0] and "item" in value
        return is_item and self._tell_item(object_of(value["item"]))

    def take_whole(self, value: Json) -> bool:
        """See NoticePlacer."""
        for item in objects_of(value.get("output")):
            for part in objects_of(item.get("content")):
                placed = self.begun(text_of(part.get("text"))) if part.get("type") == TEXT else None
                if placed is not None:
                    part["text"] = placed
                    self.shift_citations(part)
                if self.given or self.done:
                    return self.given
        return False

    def _begin(self, value: Json) -> bool:
        """An event before the first words have been told."""
        index, kind = value.get("output_index"), value.get("type")
        if kind == _ITEM_DONE:
            parts = objects_of(object_of(value.get("item")).get("content"))
            return any(self._begin_at((index, n), part, "text") for n, part in enumerate(parts))
        place, part = (index, value.get("content_index")), object_of(value.get("part"))
        if kind == _DELTA:
            return self._begin_at(place, value, "delta")
        if kind == _PART_DONE:
            return self._begin_at(place, part, "text")
        return kind == _TEXT_DONE and self._begin_at(place, value, "text")

    def _begin_at(self, place: tuple[Any, Any], holder: Json, key: str) -> bool:
        if self.done or holder.get("type") not in (TEXT, _DELTA, _TEXT_DONE):
            return False
        if place != self._place or key == "text":  # white space of another text, or told again
            self._place, self._before = place, 0
        placed = self.begun(text_of(holder.get(key)))
        if placed is not None:
            holder[key] = placed
            self.shift_citations(holder)
        return placed is not None

    def _tell_part(self, value: Json) -> bool:
        """An event of the text itself: it is done, its part is, or something points into it."""
        if value.get("type") == _ANNOTATED:
            return self.shift_citations({"annotations": [value.get("annotation")]})
        return self._tell_text(object_of(value.get("part")) if "part" in value else value)

    def _tell_text(self, part: Json) -> bool:
        if not isinstance(part.get("text"), str):
            return False
        part["text"] = self.told_again(part["text"])
        self.shift_citations(part)
        return True

    def _tell_item(self, item: Json) -> bool:
        return self._tell_text(_at(item.get("content"), self._place[1]))

    def _tell_response(self, response: Json) -> bool:
        return self._tell_item(_at(response.get("output"), self._place[0]))


def _at(values: Any, place: Any) -> Json:
    """The object at this place of a list; {} if it is not there."""
    found = list_of(values)
    return object_of(found[place]) if place in range(len(found)) else {}
