"""Turns deltas, or a whole message, into an answer's events in the order that they must have.

Text and thinking come through at once. A tool call that is open is never interrupted: what comes
while its arguments are not whole is held until the calls have ended. Thinking is signed, with what
its model needs to get it back, when something else begins; entries that come after that are signed
at the end, in a block of their own.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import attrs

from ..conversation.answer import (
    AnswerEvent,
    BlockEnded,
    Cited,
    TextDelta,
    ThinkingDelta,
    ThinkingSigned,
)
from ..conversation.origin import signed
from ..dialect import ANSWER_BYTES_MAX, UpstreamNonsense
from ..json_values import list_of, object_of, objects_of, text_of
from .calls import Calls
from .citations import citation_of
from .parts import DIALECT
from .reasoning import PLAIN_MEMBERS, Details, entry_text, payload, plain_thinking


@attrs.define
class Content:
    """The content of one answer as it comes. `events` is where they are put."""

    events: deque[AnswerEvent]
    calls: Calls
    _model: str
    refusal: list[str] = attrs.field(factory=list[str])
    _details: Details = attrs.field(factory=Details)
    _plain_member: str = PLAIN_MEMBERS[0]
    _in_thought: bool = False
    _late: list[AnswerEvent] = attrs.field(factory=list[AnswerEvent])
    _kept_characters: int = 0

    def take(self, delta: dict[str, Any], logprobs: Any, *, whole: bool) -> None:
        """Takes a delta, or with `whole` a message. Raises UpstreamNonsense over a limit."""
        content = delta.get("content")
        plain = type(content) is str and len(delta) == 1 and not logprobs
        if plain and content and not self._in_thought and not self.calls.waiting:
            self.events.append(TextDelta(content))  # nearly all deltas, and they must be quick
            return
        self._take_thinking(delta)
        if content:
            self._take_content(content, tuple(list_of(object_of(logprobs).get("content"))))
        refusal = text_of(delta.get("refusal"))
        if refusal:
            self.refusal.append(self._kept(refusal))
        if annotations := delta.get("annotations"):
            for found in objects_of(annotations):
                citation = citation_of(found)
                self._put([Cited(citation)] if citation else [])
        if calls := delta.get("tool_calls"):
            self._take_calls(objects_of(calls), whole=whole)
        if call := object_of(delta.get("function_call")):
            self._take_calls([call], whole=True)

    def end(self) -> None:
        """The answer is complete: writes all that was held."""
        self._end_thought()
        self.events += self.calls.end()
        for event in self._late:
            self._put([event], thought=isinstance(event, ThinkingDelta))
        self._late.clear()
        self._end_thought()
        self._sign()

    def _take_thinking(self, delta: dict[str, Any]) -> None:
        text = plain_thinking(delta)
        if text:
            self._plain_member = next(key for key in PLAIN_MEMBERS if delta.get(key) == text)
        if entries := objects_of(delta.get("reasoning_details")):
            text = text or "".join(map(entry_text, entries))
            for entry in entries:
                self._count(self._details.add(entry))
        if text:
            self._put([ThinkingDelta(text)], thought=True)

    def _take_content(self, content: Any, logprobs: tuple[Any, ...]) -> None:
        if isinstance(content, str):
            self._put([TextDelta(content, logprobs)])
            return
        for part in objects_of(content):  # Mistral's way to think
            if part.get("type") == "thinking":
                pieces = [text_of(each.get("text")) for each in objects_of(part.get("thinking"))]
                text = "".join(pieces) or text_of(part.get("thinking"))
                self._put([ThinkingDelta(text)] if text else [], thought=True)
            elif text := text_of(part.get("text")):
                self._put([TextDelta(text, logprobs)])

    def _take_calls(self, items: list[dict[str, Any]], *, whole: bool) -> None:
        self._end_thought()
        for place, item in enumerate(items):
            self.events += self.calls.take(item, place if whole else None)
        self._count(0)

    def _put(self, events: list[AnswerEvent], *, thought: bool = False) -> None:
        """Puts events, or holds them while a call is open that they would interrupt."""
        if not events:
            return
        if self.calls.waiting:
            self.events += self.calls.close()
        if self.calls.waiting:
            self._late += events
            self._count(sum(len(getattr(event, "text", "")) for event in events))
            return
        if self._in_thought and not thought:
            self._end_thought()
        self._in_thought = thought
        self.events += events

    def _end_thought(self) -> None:
        if self._in_thought:
            self._in_thought = False
            self._sign(always=True)

    def _sign(self, *, always: bool = False) -> None:
        """Signs the thinking so far; without `always` only where there are entries to give back."""
        if always or self._details:
            carried = payload(self._details.take(), self._plain_member)
            self.events.append(ThinkingSigned(signed(DIALECT, self._model, carried)))
            self.events.append(BlockEnded())

    def _kept(self, text: str) -> str:
        self._count(len(text))
        return text

    def _count(self, characters: int) -> None:
        self._kept_characters += characters
        if self._kept_characters + self.calls.kept_characters > ANSWER_BYTES_MAX:
            raise UpstreamNonsense(f"an answer that holds back more than {ANSWER_BYTES_MAX} bytes")
