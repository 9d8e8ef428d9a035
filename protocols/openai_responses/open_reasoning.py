"""Thinking that is being written: one part of a summary, and what its own API reads again."""

from __future__ import annotations

from typing import Any

import attrs

from .open_item import OpenItem
from .pen import Pen, delta_head
from .reasoning import shown_signature


@attrs.define
class OpenReasoning(OpenItem):
    """Thinking: one part of a summary, and what its own API needs to read it again."""

    _texts: list[str] = attrs.field(factory=list[str])
    _head: bytes = b""

    @classmethod
    def begin(cls, pen: Pen, index: int, identity: str, encrypted: str = "") -> OpenReasoning:
        """Reasoning without any text."""
        value: dict[str, Any] = {"type": "reasoning", "id": identity, "summary": []}
        return cls(pen, index, {**value, "encrypted_content": encrypted or None})

    def text(self, text: str) -> bytes:
        """More thinking."""
        begun = b"" if self._head else self._begin_part()
        self._texts.append(text)
        return begun + self.pen.delta(self._head, text)

    def sign(self, signature: str) -> None:
        """Takes the signature, which stands in the finished item only."""
        self.value = {**self.value, "encrypted_content": shown_signature(signature) or None}

    def closed(self, status: str) -> bytes:
        """The events that end it, and its part before."""
        events = self._end_part() if self._head else b""
        return events + super().closed(status)

    def _begin_part(self) -> bytes:
        place = {"summary_index": 0}
        members = self._place(item_id=self.value["id"], **place)
        self._head = delta_head("response.reasoning_summary_text.delta", members)
        part = {"type": "summary_text", "text": ""}
        return self._event("response.reasoning_summary_part.added", part=part, **place)

    def _end_part(self) -> bytes:
        text, place = "".join(self._texts), {"summary_index": 0}
        part = {"type": "summary_text", "text": text}
        self.value = {**self.value, "summary": [part]}
        events = self._event("response.reasoning_summary_text.done", text=text, **place)
        return events + self._event("response.reasoning_summary_part.done", part=part, **place)
