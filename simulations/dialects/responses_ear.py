"""A client of OpenAI's Responses that keeps its history itself, reasoning encrypted in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import attrs

from ...protocols.json_values import object_of, objects_of, text_of
from .ear import SCHEMA, TOOLS, Ear, Json, Prompt, Results, Turn, event_of, frames_of, object_in
from .meaning import Calls, Heard

FINAL = ("response.completed", "response.incomplete", "response.failed")
DELTAS = {
    "response.output_text.delta": "message",
    "response.reasoning_summary_text.delta": "reasoning",
    "response.reasoning_text.delta": "reasoning",
    "response.function_call_arguments.delta": "function_call",
}
"""The events that fill an item, and of which type it is."""


class ResponsesEar(Ear):
    """See the module."""

    dialect: ClassVar[str] = "openai-responses"
    path: ClassVar[str] = "v1/responses"

    def body(self, model: str, turns: Sequence[Turn], words: str, *, streamed: bool) -> Json:
        """See Ear."""
        items = [item for turn in turns for item in _items(turn)]
        tools = [{"type": "function", "name": name, "parameters": SCHEMA} for name in TOOLS]
        return {
            "model": model,
            "instructions": words,
            "input": items,
            "tools": tools,
            "store": False,
            "include": ["reasoning.encrypted_content"],
            "reasoning": {"summary": "auto"},
            "stream": streamed,
        }

    def heard(self, body: bytes, *, complete: bool) -> Heard:
        """See Ear."""
        frames, complaints = frames_of(body, complete=complete)
        hearing = _Hearing(complaints)
        for frame in frames:
            hearing.take(frame)
        hearing.check(bool(hearing.final) or not complete, "a clean end without the last event")
        return hearing.result()

    def heard_whole(self, body: bytes) -> Heard:
        """See Ear."""
        value = object_in(body) or {}
        hearing = _Hearing()
        hearing.check(value.get("object") == "response", f"not a response: {body[:80]!r}")
        hearing.final = value
        hearing.items = objects_of(value.get("output"))
        return hearing.result()

    def refusal(self, status: int, body: Json) -> str:
        """See Ear."""
        error = object_of(body.get("error"))
        return text_of(error.get("message")) if "type" in error else ""


@attrs.define
class _Hearing:
    """An answer while it is read: its items, and each one's text as it comes."""

    complaints: list[str] = attrs.field(factory=list[str])
    items: list[Json] = attrs.field(factory=list[Json])
    final: Json = attrs.field(factory=dict[str, Any])
    _filled: dict[int, str] = attrs.field(factory=dict[int, str])
    _number: int = -1
    _done: list[int] = attrs.field(factory=list[int])
    _error: str = ""

    def check(self, holds: bool, words: str) -> None:
        """Complains if something does not hold."""
        if not holds:
            self.complaints.append(words)

    def take(self, frame: bytes) -> None:
        """Takes the next event."""
        name, _, rest = frame.partition(b"\n")
        event = event_of(rest)
        if event is None or name != b"event: " + str(event.get("type")).encode():
            self.check(False, f"not an event: {frame[:80]!r}")
            return
        kind = event["type"]
        self.check(not self.final, f"{kind} comes after the end")
        if "sequence_number" in event and kind != "error":
            self.check(event["sequence_number"] == self._number + 1, f"{kind} is out of order")
            self._number = event["sequence_number"]
            begins = self._number > 0 or kind == "response.created"
            self.check(begins, f"begins with {kind}")
        if kind == "response.output_item.added":
            self.check(event["output_index"] == len(self.items), "an item has another's place")
            self.items.append(event["item"])
        elif kind in DELTAS:
            self._fill(event["output_index"], event, DELTAS[kind])
        elif kind == "response.output_item.done":
            self._finish(event["output_index"], event["item"])
        elif kind in FINAL:
            self.final = event["response"]
        elif kind == "error":
            self.final, self._error = {"status": "failed"}, str(event["message"])

    def _fill(self, place: int, event: Json, kind: str) -> None:
        known = place < len(self.items) and place not in self._done
        if not known or self.items[place]["type"] != kind:
            self.check(False, f"a delta for what is no open {kind}")
            return
        same = event["item_id"] == self.items[place]["id"]
        self.check(same, "a delta names another item")
        self._filled[place] = self._filled.get(place, "") + event["delta"]

    def _finish(self, place: int, item: Json) -> None:
        known = place < len(self.items) and place not in self._done
        self.check(known, "an item is done that was not open")
        if known:
            filled = self._filled.get(place)
            self.check(filled is None or filled == _text(item), "an item is not what it was")
            self.items[place] = item
            self._done.append(place)

    def result(self) -> Heard:
        """What was understood."""
        status = self.final.get("status")
        whole = status in ("completed", "incomplete")
        if whole:
            same = [(item["type"], _text(item)) for item in self.final["output"]]
            told = [(item["type"], _text(item)) for item in self.items]
            self.check(same == told, "the last event has other items")
        error = object_of(self.final.get("error"))
        usage = self.final.get("usage")
        texts = {"message": "", "reasoning": ""}
        for place, item in enumerate(self.items):
            if item["type"] in texts:
                texts[item["type"]] += _text(item) or self._filled.get(place, "")
        calls = (item for item in self.items if item["type"] == "function_call")
        return Heard(
            texts["message"],
            texts["reasoning"],
            tuple(Calls(call["call_id"], call["name"], call["arguments"]) for call in calls),
            whole,
            self._error or str(error.get("message") or ("failed" if status == "failed" else "")),
            (usage["input_tokens"], usage["output_tokens"]) if usage else None,
            tuple(self.complaints),
            self.items,
        )


def _text(item: Json) -> str:
    if item["type"] == "function_call":
        return str(item["arguments"])
    parts = objects_of(item.get("summary")) or objects_of(item.get("content"))
    return "".join(text_of(part.get("text")) for part in parts)


def _items(turn: Turn) -> list[Json]:
    match turn:
        case Prompt(text):
            return [{"role": "user", "content": [{"type": "input_text", "text": text}]}]
        case Results(results):
            kind = "function_call_output"
            return [{"type": kind, "call_id": call.id, "output": text} for call, text in results]
        case Heard():
            echo: list[Json] = turn.echo
            return echo
