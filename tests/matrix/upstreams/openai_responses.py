"""OpenAI Responses (platform.openai.com, "Create a response", "Streaming events"), as it answers.

Every item and part is opened, filled and closed by events of its own, with one running number over
all of them; the last event holds the whole response. The object echoes the request's settings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from ..answer import Answer, CallTool, Failure, Manner, Part, Say, Think
from ..question import Json
from .openai_chat import by_turns, in_order
from .openai_error import error_body
from .openai_responses_rules import hear
from .rules import Complaints
from .script import Asked, Frames, Heard, Script, dump, event

CREATED = 1_767_225_600.0
RESPONSE_ID = "resp_ScriptedUpstream"
INCOMPLETE = ("max_output_tokens", "content_filter")

Event = tuple[str, Json]


class OpenAIResponsesScript(Script):
    dialect = "openai-responses"

    def listens_at(self, target: str) -> bool:
        return target == "/v1/responses"

    def credential(self, headers: Mapping[str, str]) -> str:
        return headers.get("authorization", "").removeprefix("Bearer ")

    def hear(self, asked: Asked, body: Json, complaints: Complaints) -> Heard:
        return hear(body, complaints)

    def frames(self, answer: Answer, heard: Heard, manner: Manner) -> Frames:
        started = response(heard) | {"status": "in_progress"}
        events: list[Event] = [
            ("response.created", {"response": started}),
            ("response.in_progress", {"response": started}),
        ]
        streams = [
            item_events(place, item, part, manner)
            for place, (item, part) in enumerate(items(answer, heard))
        ]
        events += by_turns(streams) if manner.interleaved else in_order(streams)
        if answer.failure:
            error = {"code": "server_error", "message": answer.failure.message}
            failed = started | {"status": "failed", "error": error}
            events.append(("response.failed", {"response": failed}))
        else:
            done = self.whole(answer, heard)
            events.append((f"response.{done['status']}", {"response": done}))
        made = [
            event({"type": name, "sequence_number": number, **data}, manner, name)
            for number, (name, data) in enumerate(events)
        ]
        return Frames(tuple(made), len(made))

    def whole(self, answer: Answer, heard: Heard) -> Json:
        cut = answer.stop in INCOMPLETE
        return response(heard) | {
            "status": "incomplete" if cut else "completed",
            "incomplete_details": {"reason": answer.stop} if cut else None,
            "output": [item for item, _ in items(answer, heard)],
            "usage": usage(answer),
        }

    def error(self, failure: Failure) -> Json:
        return error_body(failure)


def response(heard: Heard) -> Json:
    """The response object before it has output."""
    return {
        "id": RESPONSE_ID,
        "object": "response",
        "created_at": CREATED,
        "model": heard.model,
        "status": "completed",
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "output": [],
        "parallel_tool_calls": True,
        "temperature": 1.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "store": False,
        "truncation": "disabled",
        "usage": None,
    }


def usage(answer: Answer) -> Json:
    """Cached tokens are among the input's."""
    told = answer.usage
    return {
        "input_tokens": told.all_input,
        "input_tokens_details": {
            "cached_tokens": told.cache_read,
            "cache_write_tokens": told.cache_write,
        },
        "output_tokens": told.output,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": told.all_input + told.output,
    }


def items(answer: Answer, heard: Heard) -> list[tuple[Json, Part]]:
    """The output's items, whole, each with the part that it comes from."""
    parts: list[Part] = list(answer.parts)
    made = [(item(place, part, heard), part) for place, part in enumerate(parts)]
    if answer.refusal:
        refused = {"type": "refusal", "refusal": answer.refusal}
        made.append((message(len(parts), refused), Say(answer.refusal)))
    return made


def item(place: int, part: Part, heard: Heard) -> Json:
    """One whole item."""
    match part:
        case Say(text):
            content: Json = {"type": "output_text", "text": text, "annotations": [], "logprobs": []}
            return message(place, content)
        case Think(text, signature):
            return {
                "id": f"rs_{place}",
                "type": "reasoning",
                "summary": [{"type": "summary_text", "text": text}] if text else [],
                "encrypted_content": signature,
            }
        case CallTool(_, given):
            return {
                "id": f"fc_{place}",
                "type": "function_call",
                "call_id": f"call_Scripted{place}",
                "name": heard.tool_name(part),
                "arguments": dump(given),
                "status": "completed",
            }


def message(place: int, content: Json) -> Json:
    """A message with one part."""
    return {
        "id": f"msg_{place}",
        "type": "message",
        "role": "assistant",
        "status": "completed",
        "content": [content],
    }


@attrs.frozen
class Filling:
    """How a part of an item is opened, filled and closed: events, and where the text stands."""

    name: str
    part_added: str
    index: str
    member: str
    extra: Json = attrs.Factory(dict[str, Any])


TEXT = Filling(
    "response.output_text", "response.content_part", "content_index", "text", {"logprobs": []}
)
REFUSED = Filling("response.refusal", "response.content_part", "content_index", "refusal")
SUMMARY = Filling(
    "response.reasoning_summary_text", "response.reasoning_summary_part", "summary_index", "text"
)


OPENED: dict[str, Json] = {
    "message": {"content": [], "status": "in_progress"},
    "function_call": {"arguments": "", "status": "in_progress"},
    "reasoning": {"summary": []},
}
"""What an item has at its opening in place of what fills it."""


def item_events(place: int, item: Json, part: Part, manner: Manner) -> Iterator[Event]:
    """The events of one item, from its opening to its end."""
    at = {"output_index": place, "item_id": item["id"]}
    opened = item | OPENED[item["type"]]
    yield "response.output_item.added", {"output_index": place, "item": opened}
    if isinstance(part, CallTool):
        arguments = dump(part.input, manner)
        for piece in manner.pieces(arguments):
            yield "response.function_call_arguments.delta", {**at, "delta": piece}
        yield "response.function_call_arguments.done", {**at, "arguments": item["arguments"]}
    else:
        yield from part_events(at, item, manner)
    yield "response.output_item.done", {"output_index": place, "item": item}


def part_events(at: Json, item: Json, manner: Manner) -> Iterator[Event]:
    """The events of an item's one part of text."""
    parts: list[Json] = item["summary" if item["type"] == "reasoning" else "content"]
    if not parts:
        return
    whole = parts[0]
    filling = {"output_text": TEXT, "refusal": REFUSED, "summary_text": SUMMARY}[whole["type"]]
    at = {**at, filling.index: 0}
    yield f"{filling.part_added}.added", {**at, "part": whole | {filling.member: ""}}
    text = whole[filling.member]
    for piece in manner.pieces(text):
        yield f"{filling.name}.delta", {**at, "delta": piece, **filling.extra}
    yield f"{filling.name}.done", {**at, filling.member: text, **filling.extra}
    yield f"{filling.part_added}.done", {**at, "part": whole}
