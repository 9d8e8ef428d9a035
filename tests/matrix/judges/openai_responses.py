"""The judge of Responses: the SDK `openai`, with strict response validation.

The events are checked against each other: numbers run on, each item is opened, filled and closed,
and the response in the last event says what the deltas said.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import attrs
import httpx2
import openai

from ..answer import Seen, Usage
from ..question import (
    Document,
    Image,
    Json,
    ModelTurn,
    Question,
    ResultTurn,
    UserTurn,
    call_id,
)
from ..stops import neutral_stop
from .judge import TIMEOUT_SECONDS, Judge, Results, data_url, failed
from .openai_errors import told

ENDS = ("response.completed", "response.incomplete")


class OpenAIResponsesJudge(Judge):
    dialect = "openai-responses"

    def __init__(self, base_url: str, token: str) -> None:
        self._client = openai.OpenAI(
            base_url=f"{base_url}/v1",
            api_key=token,
            max_retries=0,
            timeout=TIMEOUT_SECONDS,
            _strict_response_validation=True,
        )
        self._said: Any = None

    def close(self) -> None:
        self._client.close()

    def ask(self, question: Question, model: str, *, streamed: bool, results: Results = ()) -> Seen:
        request = written(question, model)
        if results:
            request["input"] += [*self._said.output, *answered(self._said, results)]
        create: Any = self._client.responses.create
        try:
            if not streamed:
                self._said = create(**request)
                return whole_answer(self._said, [])
            found = Collected()
            seen = streamed_answer(create(**request, stream=True), found)
            self._said = found.last
            return seen
        except openai.APIStatusError as error:
            wait = error.response.headers.get("retry-after")
            return failed("response", told(error), error.status_code, wait)
        except (openai.APIConnectionError, httpx2.HTTPError, json.JSONDecodeError) as error:
            return failed("cut", error)
        except openai.APIResponseValidationError:
            raise
        except openai.APIError as error:
            return failed("stream", error.message)


@attrs.define
class Collected:
    """The deltas of a stream: texts by item and member; what is open and what is done."""

    complaints: list[str] = attrs.Factory(list[str])
    texts: dict[tuple[str, str], str] = attrs.field(factory=lambda: defaultdict[Any, str](str))
    items: dict[int, Any] = attrs.Factory(dict[int, Any])
    done: dict[int, Any] = attrs.Factory(dict[int, Any])
    number: int = -1
    last: Any = None

    def that(self, holds: bool, words: str) -> None:
        if not holds:
            self.complaints.append(words)

    def take(self, event: Any) -> None:
        """Looks at one event."""
        kind: str = event.type
        first = kind == "response.created"
        self.that(first == (self.number < 0), f"{kind} is event {self.number + 1}")
        self.that(event.sequence_number == self.number + 1, f"{kind}: {event.sequence_number}")
        self.number = event.sequence_number
        if kind == "response.output_item.added":
            self.that(event.output_index == len(self.items), f"opens item {event.output_index}")
            self.items[event.output_index] = event.item
        elif kind == "response.output_item.done":
            self.done[event.output_index] = event.item
        elif kind.endswith((".delta", ".done")) or "_part." in kind:
            item = self.items.get(event.output_index)
            known = item is not None and item.id == event.item_id
            self.that(known and event.output_index not in self.done, f"{kind}: no such open item")
            stem, _, step = kind.rpartition(".")
            key = (event.item_id, stem)
            if step == "delta":
                self.texts[key] += event.delta
            elif "_part" not in stem:
                member = {"response.refusal": "refusal"}.get(stem, "text")
                whole: str = getattr(event, "arguments", "") or getattr(event, member, "")
                said = self.texts[key]
                self.that(same(stem, whole, said), f"{kind}: {whole!r:.60} is not {said!r:.60}")

    def check_end(self, response: Any) -> None:
        """The last event's response is what the items' events said."""
        self.that(list(self.done) == list(range(len(self.items))), "an item was not closed")
        last = [item.model_dump() for item in response.output]
        before = [self.done[place].model_dump() for place in sorted(self.done)]
        self.that(last == before, f"the last event's output is not the items': {last!r:.200}")


def same(stem: str, whole: str, said: str) -> bool:
    """Whether a text is what its deltas said; JSON may be written in another way."""
    return whole == said or (stem.endswith("arguments") and json.loads(whole) == json.loads(said))


def streamed_answer(events: Iterable[Any], found: Collected) -> Seen:
    """Reads a stream to its end; the whole response is the collection's `last`."""
    for event in events:
        found.that(found.last is None, f"{event.type} after the last event")
        if event.type == "response.failed":
            return failed("stream", event.response.error.message)
        if event.type == "error":
            return failed("stream", event.message)
        found.take(event)
        if event.type in ENDS:
            status = event.type.removeprefix("response.")
            found.that(event.response.status == status, f"status {event.response.status}")
            found.check_end(event.response)
            found.last = event.response
    if found.last is None:
        return failed("cut", "the stream ended without a last event")
    return whole_answer(found.last, found.complaints)


def whole_answer(response: Any, complaints: list[str]) -> Seen:
    """Reads a response."""
    if response.status == "failed":
        return failed("stream", response.error.message)
    output = list(response.output)
    parts = [part for item in output if item.type == "message" for part in item.content]
    calls = [item for item in output if item.type == "function_call"]
    ids = [item.id for item in output] + [call.call_id for call in calls]
    if len(set(ids)) != len(ids) or not all(ids):
        complaints = [*complaints, f"ids of items and calls: {ids}"]
    refusal = "".join(part.refusal for part in parts if part.type == "refusal")
    reason = response.incomplete_details.reason if response.incomplete_details else None
    thoughts = [item for item in output if item.type == "reasoning"]
    return Seen(
        text="".join(part.text for part in parts if part.type == "output_text"),
        thinking="".join(part.text for item in thoughts for part in item.summary),
        calls=tuple((call.name, json.loads(call.arguments)) for call in calls),
        stop=neutral_stop(
            "openai-responses",
            reason or response.status,
            called=bool(calls),
            refused=bool(refusal),
        ),
        refusal=refusal,
        usage=usage_of(response.usage),
        complaints=tuple(complaints),
    )


def usage_of(usage: Any) -> Usage:
    """Cached tokens are counted among the input's."""
    details = usage.input_tokens_details
    read, wrote = details.cached_tokens, details.cache_write_tokens
    assert usage.total_tokens == usage.input_tokens + usage.output_tokens, usage
    return Usage(usage.input_tokens - read - wrote, usage.output_tokens, read, wrote)


def written(question: Question, model: str) -> Json:
    """The question as the SDK's arguments."""
    items: list[Json] = []
    for place in range(len(question.turns)):
        items += turn(question, place)
    request: Json = {
        "model": model,
        "instructions": question.system,
        "input": items,
        "max_output_tokens": question.max_tokens,
        "store": False,
    }
    if question.tools:
        request["tools"] = [
            {
                "type": "function",
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.schema,
                "strict": False,
            }
            for tool in question.tools
        ]
    if question.choice:
        named = {"type": "function", "name": question.tools[0].name}
        words = {"any": "required", "tool": named}
        request["tool_choice"] = words.get(question.choice, question.choice)
    if question.temperature is not None:
        request["temperature"] = question.temperature
    if question.thinking:
        request["reasoning"] = {"effort": "medium", "summary": "auto"}
        request["include"] = ["reasoning.encrypted_content"]
    return request


def turn(question: Question, place: int) -> list[Json]:
    """One turn as items."""
    match question.turns[place]:
        case UserTurn(parts):
            return [{"role": "user", "content": [content(part) for part in parts]}]
        case ModelTurn(text, calls):
            said: list[Json] = [{"role": "assistant", "content": text}] if text else []
            return said + [
                {
                    "type": "function_call",
                    "call_id": call_id(place, number),
                    "name": call.name,
                    "arguments": json.dumps(call.input),
                }
                for number, call in enumerate(calls)
            ]
        case ResultTurn(results, order):
            made: list[Json] = []
            for number in order:
                result = results[number]
                image = result.image
                output = [content(result.text), content(image)] if image else result.text
                call = call_id(place - 1, number)
                made.append({"type": "function_call_output", "call_id": call, "output": output})
            return made


def answered(response: Any, results: Results) -> list[Json]:
    """The results of a response's calls."""
    calls = [item.call_id for item in response.output if item.type == "function_call"]
    return [
        {"type": "function_call_output", "call_id": call, "output": result.text}
        for call, result in zip(calls, results, strict=True)
    ]


def content(part: str | Image | Document) -> Json:
    """A part of a message or of an output."""
    if isinstance(part, str):
        return {"type": "input_text", "text": part}
    if isinstance(part, Image):
        url = data_url(part.media_type, part.data)
        return {"type": "input_image", "image_url": url, "detail": "auto"}
    data = data_url("application/pdf", part.data)
    return {"type": "input_file", "filename": part.title, "file_data": data}
