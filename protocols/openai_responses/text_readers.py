"""Messages and reasoning of an upstream's answer: text in parts, each a block of its own.

The parts of a summary are one block of thinking, because together they are what one signature is
about. A refusal is no text: it is what the answer's end says of itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from ..conversation.answer import Cited, TextDelta, ThinkingDelta, ThinkingSigned
from ..json_values import object_of, objects_of, text_of
from .annotations import citation_of
from .item_reader import Event, Found, ItemReader, bounded, part_index
from .logprobs import read_logprobs
from .reasoning import PARTS_JOINED_BY, reasoning_signature


class MessageReader(ItemReader):
    """A message: parts of text, with what they cite, and refusals."""

    def __init__(self, found: Found) -> None:
        super().__init__(found)
        self._part = 0
        self._told: dict[int, int] = {}
        self._cited: dict[int, int] = {}
        self._finished: set[int] = set()

    def finish(self, item: Event) -> None:
        """The whole message."""
        for index, part in enumerate(objects_of(item.get("content"))):
            self._finish_part(index, part)
        super().finish(item)

    def _delta(self, event: Event) -> None:
        logprobs = event.get("logprobs")
        index = part_index(event, "content_index")
        self._tell(index, text_of(event.get("delta")), read_logprobs(logprobs) if logprobs else ())

    def _text_done(self, event: Event) -> None:
        self._tell_rest(part_index(event, "content_index"), text_of(event.get("text")))

    def _annotated(self, event: Event) -> None:
        self._cite(part_index(event, "content_index"), object_of(event.get("annotation")))

    def _part_done(self, event: Event) -> None:
        self._finish_part(part_index(event, "content_index"), object_of(event.get("part")))

    def _refused(self, event: Event) -> None:
        words = text_of(event.get("delta"))
        bounded(self._told, part_index(event, "content_index"), len(words))
        self._found.add_refusal(words)

    def _refusal_done(self, event: Event) -> None:
        self._refuse_rest(part_index(event, "content_index"), text_of(event.get("refusal")))

    def _finish_part(self, index: int, part: Event) -> None:
        """A part is done; it says everything once more."""
        if index in self._finished:
            return
        bounded(self._told, index, 0)
        self._finished.add(index)
        if part.get("type") == "refusal":
            self._refuse_rest(index, text_of(part.get("refusal")))
            return
        self._tell_rest(index, text_of(part.get("text")), part.get("logprobs"))
        for annotation in objects_of(part.get("annotations"))[self._cited.get(index, 0) :]:
            self._cite(index, annotation)
        if index == self._part:
            self.leave()

    def _tell_rest(self, index: int, text: str, logprobs: Any = None) -> None:
        told = self._told.get(index, 0)
        self._tell(index, text[told:], read_logprobs(logprobs) if logprobs and not told else ())

    def _tell(self, index: int, text: str, logprobs: tuple[Any, ...] = ()) -> None:
        if text:
            self._enter(index)
            bounded(self._told, index, len(text))
            self._found.events.append(TextDelta(text, logprobs))

    def _cite(self, index: int, annotation: Event) -> None:
        bounded(self._cited, index, 1)
        citation = citation_of(annotation)
        if citation is not None:
            self._enter(index)
            self._found.events.append(Cited(citation))

    def _refuse_rest(self, index: int, words: str) -> None:
        rest = words[self._told.get(index, 0) :]
        bounded(self._told, index, len(rest))
        self._found.add_refusal(rest)

    def _enter(self, index: int) -> None:
        """Makes the part's block the one that is open."""
        if index != self._part:
            self.leave()
        self._part, self._open = index, True

    readers: ClassVar[dict[str, Callable[[Any, Event], None]]] = {
        "response.output_text.delta": _delta,
        "response.output_text.done": _text_done,
        "response.output_text.annotation.added": _annotated,
        "response.content_part.done": _part_done,
        "response.refusal.delta": _refused,
        "response.refusal.done": _refusal_done,
    }


class ReasoningReader(ItemReader):
    """Reasoning: a summary or, from open weights, the text itself. The first of them is told."""

    def __init__(self, found: Found) -> None:
        super().__init__(found)
        self._identity = ""
        self._source = ""
        self._part = 0
        self._told: dict[int, int] = {}
        self._signed = False

    def begin(self, item: Event) -> None:
        """Its id is needed to give it back."""
        self._identity = text_of(item.get("id")) or self._identity

    def finish(self, item: Event) -> None:
        """The whole reasoning, and what its API needs to read it again."""
        self.begin(item)
        source = self._source or ("summary" if objects_of(item.get("summary")) else "content")
        for index, part in enumerate(objects_of(item.get(source))):
            self._tell_rest(source, index, text_of(part.get("text")))
        encrypted = text_of(item.get("encrypted_content"))
        if encrypted:
            self._sign(encrypted)
        super().finish(item)

    def leave(self) -> None:
        """Plain text is signed as its own; encrypted text comes with the item's end only."""
        if self._open and self._source == "content" and not self._signed:
            self._sign("")
        super().leave()

    def _sign(self, encrypted: str) -> None:
        signature = reasoning_signature(self._identity, encrypted, self._found.model)
        self._signed = self._open = True
        self._found.events.append(ThinkingSigned(signature))

    def _summary(self, event: Event) -> None:
        self._tell("summary", part_index(event, "summary_index"), text_of(event.get("delta")))

    def _summary_done(self, event: Event) -> None:
        self._tell_rest("summary", part_index(event, "summary_index"), text_of(event.get("text")))

    def _content(self, event: Event) -> None:
        self._tell("content", part_index(event, "content_index"), text_of(event.get("delta")))

    def _content_done(self, event: Event) -> None:
        self._tell_rest("content", part_index(event, "content_index"), text_of(event.get("text")))

    def _tell_rest(self, source: str, index: int, text: str) -> None:
        if self._source in ("", source):
            self._tell(source, index, text[self._told.get(index, 0) :])

    def _tell(self, source: str, index: int, text: str) -> None:
        if not text or self._source not in ("", source):
            return
        joined = PARTS_JOINED_BY if self._source and index != self._part else ""
        bounded(self._told, index, len(text))
        self._source, self._part, self._open = source, index, True
        self._found.events.append(ThinkingDelta(joined + text))

    readers: ClassVar[dict[str, Callable[[Any, Event], None]]] = {
        "response.reasoning_summary_text.delta": _summary,
        "response.reasoning_summary_text.done": _summary_done,
        "response.reasoning_text.delta": _content,
        "response.reasoning_text.done": _content_done,
    }
