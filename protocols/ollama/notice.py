"""A notice in a relayed answer of Ollama's chat: in the first content."""

from __future__ import annotations

from ..json_values import object_of, text_of
from ..notice_placer import Json, NoticePlacer


class OllamaPlacer(NoticePlacer):
    """See NoticePlacer."""

    def take(self, value: Json) -> bool:
        """See NoticePlacer."""
        message = object_of(value.get("message"))
        placed = self.begun(text_of(message.get("content")))
        if placed is not None:
            message["content"], self.done = placed, True
        return placed is not None

    def take_whole(self, value: Json) -> bool:
        """See NoticePlacer."""
        return self.take(value)
