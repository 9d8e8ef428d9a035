"""A message that is being written: a part for each block of text, and one for a refusal.

A block is a part of its own, so that what two blocks held is two texts again on the way back.
Citations wait for the end of their block: only then is it known how much text they are about.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from .annotations import annotations_of
from .logprobs import shown_logprob
from .open_item import OpenItem
from .pen import Pen, delta_head

DELTA: Final = "response.output_text.delta"


@attrs.define
class OpenMessage(OpenItem):
    """A message: one part for each block of text, the last of which may be open."""

    _texts: list[str] = attrs.field(factory=list[str])
    _logprobs: list[Any] = attrs.field(factory=list[Any])
    _citations: list[dict[str, Any]] = attrs.field(factory=list[dict[str, Any]])
    _head: bytes = b""

    @classmethod
    def begin(cls, pen: Pen, index: int, identity: str) -> OpenMessage:
        """A message without any part."""
        value = {"type": "message", "id": identity, "status": "in_progress", "role": "assistant"}
        return cls(pen, index, {**value, "content": []})

    def text(self, text: str, logprobs: tuple[Any, ...]) -> bytes:
        """More text."""
        begun = b"" if self._head else self._begin_part()
        self._texts.append(text)
        if not logprobs:
            return begun + self.pen.delta(self._head, text)
        known = [shown_logprob(each) for each in logprobs]
        self._logprobs += known
        members = self._part_place(delta=text, logprobs=known)
        return begun + self._event(DELTA, **members)

    def cite(self, citation: dict[str, Any]) -> bytes:
        """A citation of the text; told with the part's end, when it is known how long it is."""
        begun = b"" if self._head else self._begin_part()
        self._citations.append(citation)
        return begun

    def refuse(self, words: str) -> bytes:
        """A whole refusal, as a part of its own."""
        place, empty = self._part_place(), {"type": "refusal", "refusal": ""}
        part = {"type": "refusal", "refusal": words}
        events = self._event("response.content_part.added", part=empty, **place)
        events += self._event("response.refusal.delta", delta=words, **place)
        events += self._event("response.refusal.done", refusal=words, **place)
        return events + self._end_with(part, place)

    def end_part(self) -> bytes:
        """The block of text has ended."""
        if not self._head:
            return b""
        text, place = "".join(self._texts), self._part_place()
        part: dict[str, Any] = {"type": "output_text", "text": text, "logprobs": self._logprobs}
        part["annotations"] = annotations_of(self._citations, len(text))
        events = b"".join(
            self._event(
                "response.output_text.annotation.added",
                annotation=each,
                annotation_index=number,
                **place,
            )
            for number, each in enumerate(part["annotations"])
        )
        events += self._event(
            "response.output_text.done", text=text, logprobs=self._logprobs, **place
        )
        self._texts, self._logprobs, self._citations, self._head = [], [], [], b""
        return events + self._end_with(part, place)

    def closed(self, status: str) -> bytes:
        """The events that end it, and its open part before."""
        events = self.end_part()
        return events + super().closed(status)

    def _begin_part(self) -> bytes:
        """Opens a part of text."""
        members = self._place(item_id=self.value["id"], **self._part_place(logprobs=[]))
        self._head = delta_head(DELTA, members)
        part: dict[str, Any] = {"type": "output_text", "text": "", "annotations": []}
        part["logprobs"] = []
        return self._event("response.content_part.added", part=part, **self._part_place())

    def _end_with(self, part: dict[str, Any], place: dict[str, Any]) -> bytes:
        self.value = {**self.value, "content": [*self.value["content"], part]}
        return self._event("response.content_part.done", part=part, **place)

    def _part_place(self, **members: Any) -> dict[str, Any]:
        return {"content_index": len(self.value["content"]), **members}
