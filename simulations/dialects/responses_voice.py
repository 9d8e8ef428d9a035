"""An endpoint that speaks OpenAI's Responses, as its API reference has them.

An answer is a list of items: reasoning, messages, calls. Each is added, filled and done by events
that are numbered; the last event repeats all of them. Items of parallel calls may be filled in
turns. With `calls_whole` an item comes whole, without deltas, as several servers do it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, ClassVar

from ...protocols.json_values import objects_of
from .asked import Asked, Line
from .meaning import Calls, Meaning, Part, Says
from .voice import MODEL, Manner, Piece, Voice, encoded, joined, named

Json = dict[str, Any]
Event = tuple[str, Json]
EMPTY: dict[str, Json] = {
    "function_call": {"arguments": ""},
    "message": {"content": []},
    "reasoning": {"summary": [], "encrypted_content": None},
}
"""What an item has before it is filled."""


class ResponsesVoice(Voice):
    """See the module."""

    dialect: ClassVar[str] = "openai-responses"

    def stream(self, meaning: Meaning, manner: Manner) -> Iterator[Piece]:
        """See Voice."""
        empty = {"response": _response(meaning, [], "in_progress")}
        events: list[Event] = [("response.created", empty), ("response.in_progress", empty)]
        runs = [list(_item_events(n, part, manner)) for n, part in enumerate(meaning.parts)]
        if manner.calls_interleaved and all(isinstance(each, Calls) for each in meaning.parts):
            turns = zip_longest(*runs)
            events += [event for turn in turns for event in turn if event is not None]
        else:
            events += [event for run in runs for event in run]
        items = [_item(place, part) for place, part in enumerate(meaning.parts)]
        whole = _response(meaning, items, "completed", usage=bool(manner.usage_times))
        events.append(("response.completed", {"response": whole}))
        for number, (kind, value) in enumerate(events):
            order = {0: "start", 1: "start", len(events) - 1: "end"}
            piece = named(kind, {"sequence_number": number, **value})
            match order.get(number):
                case "start":
                    yield Piece("start", piece)
                case "end":
                    yield Piece("end", piece)
                case _:
                    yield Piece("content", piece)

    def whole(self, meaning: Meaning, manner: Manner) -> bytes:
        """See Voice."""
        items = [_item(place, part) for place, part in enumerate(meaning.parts)]
        told = bool(manner.usage_times)
        return encoded(_response(meaning, items, "completed", usage=told))

    def error(self, status: int, message: str) -> bytes:
        """See Voice."""
        return encoded({"error": {"message": message, "type": "as_drawn", "code": None}})

    def failing(self, message: str) -> bytes:
        """See Voice."""
        error = {"code": "server_error", "message": message, "param": None}
        return named("error", {**error, "sequence_number": 99})

    def unknown(self) -> bytes:
        """See Voice."""
        return named("response.from_the_future", {"flavour": {"deeply": [None]}})

    def asked(self, target: str, body: Json) -> Asked:
        """See Voice."""
        given = body["input"]
        items = [{"role": "user", "content": given}] if isinstance(given, str) else given
        lines = [line for item in items for line in _lines(item)]
        tools = tuple(tool["name"] for tool in objects_of(body.get("tools")))
        return Asked(bool(body.get("stream")), tools, tuple(lines))


def _response(meaning: Meaning, items: list[Json], status: str, *, usage: bool = False) -> Json:
    counts = {
        "input_tokens": meaning.input_tokens,
        "input_tokens_details": {"cached_tokens": meaning.cached_tokens},
        "output_tokens": meaning.output_tokens,
        "output_tokens_details": {"reasoning_tokens": meaning.thinking_tokens},
        "total_tokens": meaning.input_tokens + meaning.output_tokens,
    }
    return {
        "id": f"resp_{meaning.serial}",
        "object": "response",
        "created_at": 1,
        "model": MODEL,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "output": items,
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": counts if usage else None,
    }


def _item(place: int, part: Part) -> Json:
    if isinstance(part, Calls):
        call = {"call_id": part.id, "name": part.name, "arguments": part.arguments}
        return {"id": f"fc_{place}", "type": "function_call", "status": "completed", **call}
    if isinstance(part, Says):
        content: Json = {
            "type": "output_text",
            "text": part.text,
            "annotations": [],
            "logprobs": [],
        }
        said: Json = {"role": "assistant", "status": "completed", "content": [content]}
        return {"id": f"msg_{place}", "type": "message", **said}
    summary = [{"type": "summary_text", "text": part.text}]
    hidden = {"summary": summary, "encrypted_content": part.signature}
    return {"id": f"rs_{place}", "type": "reasoning", **hidden}


def _item_events(place: int, part: Part, manner: Manner) -> Iterator[Event]:
    item, at = _item(place, part), {"output_index": place}
    begun = {**item, **EMPTY[item["type"]]}
    yield "response.output_item.added", {**at, "item": begun}
    if not manner.calls_whole:
        at["item_id"] = item["id"]
        yield from _filling(item, part, at, manner)
    yield "response.output_item.done", {"output_index": place, "item": item}


def _filling(item: Json, part: Part, at: Json, manner: Manner) -> Iterator[Event]:
    if isinstance(part, Calls):
        for piece in manner.cut(part.arguments):
            yield "response.function_call_arguments.delta", {**at, "delta": piece}
        done = {**at, "arguments": part.arguments, "name": part.name}
        yield "response.function_call_arguments.done", done
        return
    says = isinstance(part, Says)
    name = "output_text" if says else "reasoning_summary_text"
    outer, index = ("content", "content") if says else ("reasoning_summary", "summary")
    at = {**at, f"{index}_index": 0}
    whole = item[index][0]
    yield f"response.{outer}_part.added", {**at, "part": {**whole, "text": ""}}
    for piece in manner.cut(part.text):
        yield f"response.{name}.delta", {**at, "delta": piece}
    yield f"response.{name}.done", {**at, "text": part.text}
    yield f"response.{outer}_part.done", {**at, "part": whole}


def _lines(item: Json) -> Iterator[Line]:
    match item.get("type", "message"):
        case "function_call":
            yield Line("call", item["arguments"], item["call_id"], item["name"])
        case "function_call_output":
            yield Line("result", joined(item["output"]), item["call_id"])
        case "reasoning":
            text = joined(item.get("summary"))
            yield Line("thinking", text, signature=item.get("encrypted_content") or "")
        case "message" if item["role"] == "user":
            yield Line("user", joined(item["content"]))
        case "message" if item["role"] == "assistant":
            yield Line("assistant", joined(item["content"]))
        case _:
            pass
