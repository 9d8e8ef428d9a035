"""A notice in a relayed answer of Chat Completions: in the content of the first choice."""

from __future__ import annotations

from ..json_values import object_of, objects_of, text_of
from ..notice_placer import Json, NoticePlacer


class ChatPlacer(NoticePlacer):
    """See NoticePlacer. What points into the text comes beside it, or in a later chunk."""

    def take(self, value: Json) -> bool:
        """See NoticePlacer."""
        return self._take(value, "delta")

    def take_whole(self, value: Json) -> bool:
        """See NoticePlacer."""
        return self._take(value, "message")

    def _take(self, value: Json, key: str) -> bool:
        for choice in objects_of(value.get("choices")):
            if choice.get("index", 0) == 0:
                return self._place(object_of(choice.get(key)))
        return False

    def _place(self, message: Json) -> bool:
        placed = None if self.given else self.begun(text_of(message.get("content")))
        if placed is not None:
            message["content"] = placed
        moved = self.given and self.shift_citations(message)
        return placed is not None or moved
