"""A notice in a relayed answer of Gemini's: in the first part that is text, and no thought.

A part with a signature is not changed: there the notice is a part of its own before it. What the
answer says of its own words points into them by bytes.
"""

from __future__ import annotations

from typing import Any

from ..json_values import list_of, object_of, objects_of
from ..notice_placer import Json, NoticePlacer
from .members import member


class GeminiPlacer(NoticePlacer):
    """See NoticePlacer."""

    def take(self, value: Json) -> bool:
        """See NoticePlacer."""
        return self._take(value)

    def take_whole(self, value: Json) -> bool:
        """See NoticePlacer."""
        return self._take(value)

    def _take(self, value: Json) -> bool:
        candidates = objects_of(value.get("candidates"))
        first = object_of(next((each for each in candidates if each.get("index", 0) == 0), None))
        parts = list_of(object_of(first.get("content")).get("parts"))
        placed = not self.given and self._place(parts)
        moved = self.given and self._move(first)
        return placed or moved

    def _place(self, parts: list[Any]) -> bool:
        for index, part in enumerate(map(object_of, parts)):
            if part.get("thought") or not isinstance(part.get("text"), str):
                continue
            placed = self.begun(part["text"])
            if placed is not None and member(part, "thoughtSignature"):
                parts.insert(index, {"text": self.notice})
            elif placed is not None:
                part["text"] = placed
            if self.given or self.done:
                return self.given
        return False

    def _move(self, candidate: Json) -> bool:
        grounding = object_of(member(candidate, "groundingMetadata"))
        supports = objects_of(member(grounding, "groundingSupports"))
        cited = object_of(member(candidate, "citationMetadata"))
        places = [object_of(each.get("segment")) for each in supports]
        places += objects_of(member(cited, "citationSources")) + objects_of(cited.get("citations"))
        self.shift(places, len(self.notice.encode()))
        return bool(places)
