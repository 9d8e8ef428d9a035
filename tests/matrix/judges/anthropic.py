"""The judge of Anthropic Messages: the SDK `anthropic`, with strict response validation.

The SDK's stream helper accumulates the message; the order of the raw events, which it does not
check, is checked here.
"""

from __future__ import annotations

import json
from typing import Any, cast

import anthropic
import attrs
import httpx2

from ..answer import Place, Seen, Usage
from ..question import (
    Call,
    Document,
    Image,
    Json,
    ModelTurn,
    Question,
    ResultTurn,
    UserTurn,
    call_id,
)
from .judge import TIMEOUT_SECONDS, Judge, Results, failed, text_of

THINKING = {"type": "enabled", "budget_tokens": 1_024}


class AnthropicJudge(Judge):
    dialect = "anthropic"

    def __init__(self, base_url: str, token: str) -> None:
        self._client = anthropic.Anthropic(
            base_url=base_url,
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
            request["messages"] += [self._said.to_param(), answered(self._said, results)]
        try:
            if not streamed:
                self._said = cast(Any, self._client).messages.create(**request)
                return seen(self._said, [])
            order = EventOrder()
            with self._client.messages.stream(**request) as stream:
                for event in stream:
                    order.check(event)
                if not order.stopped:
                    return failed("cut", "the stream ended without message_stop")
                self._said = stream.get_final_message()
                return seen(self._said, order.complaints)
        except anthropic.APIStatusError as error:
            place: Place = "response" if error.response.status_code >= 400 else "stream"
            wait = error.response.headers.get("retry-after")
            words = told(error.body, place)
            return failed(place, words, error.response.status_code, wait)
        except (anthropic.APIConnectionError, httpx2.HTTPError, json.JSONDecodeError) as error:
            return failed("cut", error)


def told(found: object, place: str) -> str:
    """The message of an error body, which must have the dialect's form."""
    body = cast(Json, found)
    assert type(body) is dict, f"{place}: {body!r}"
    assert body.get("type") == "error", f"{place}: {body!r}"
    error: Any = body["error"]
    assert error["type"].endswith(("_error", "_too_large")), f"{place}: {body!r}"
    return str(error["message"])


def seen(message: Any, complaints: list[str]) -> Seen:
    """A message in neutral words."""
    blocks = list(message.content)
    calls = [block for block in blocks if block.type == "tool_use"]
    ids = [call.id for call in calls]
    if len(set(ids)) != len(ids) or not all(ids):
        complaints = [*complaints, f"ids of calls: {ids}"]
    usage = message.usage
    details = message.stop_details
    return Seen(
        text="".join(block.text for block in blocks if block.type == "text"),
        thinking="".join(block.thinking for block in blocks if block.type == "thinking"),
        calls=tuple((call.name, call.input) for call in calls),
        stop=message.stop_reason or "",
        stop_sequence=message.stop_sequence or "",
        refusal=(details.explanation or "") if details else "",
        usage=Usage(
            usage.input_tokens,
            usage.output_tokens,
            usage.cache_read_input_tokens or 0,
            usage.cache_creation_input_tokens or 0,
        ),
        complaints=tuple(complaints),
    )


@attrs.define
class EventOrder:
    """Events nest: one block at a time, each opened, filled by its own kind of delta and closed.

    Thinking is signed once. A tool's input is JSON, and nothing behind it; the SDK would not mind.
    """

    complaints: list[str] = attrs.Factory(list[str])
    stopped: bool = False
    _started: bool = False
    _ending: bool = False
    _open: tuple[int, str] | None = None
    _next: int = 0
    _json: str = ""
    _signatures: int = 0

    def check(self, event: Any) -> None:
        """Looks at one event; those that the SDK makes up are passed over."""
        kind = event.type
        if kind == "message_start":
            self._that(not self._started, "a second message_start")
            self._started = True
        elif kind == "content_block_start":
            self._that(self._open is None and event.index == self._next, f"opens {event.index}")
            self._open = (event.index, event.content_block.type)
            self._next += 1
            self._json, self._signatures = "", 0
        elif kind == "content_block_delta":
            fits = self._open is not None and self._open[0] == event.index
            self._that(fits, f"a delta for block {event.index}, which is not open")
            self._delta(event.delta)
        elif kind == "content_block_stop":
            fits = self._open is not None and self._open[0] == event.index
            self._that(fits, f"closes block {event.index}, which is not open")
            self._close()
        elif kind == "message_delta":
            self._that(self._open is None, "message_delta inside a block")
            self._ending = True
        elif kind == "message_stop":
            self._that(self._ending and not self.stopped, "message_stop again, or too early")
            self.stopped = True
        self._that(self._started, f"{kind} before message_start")

    def _delta(self, delta: Any) -> None:
        allowed = {
            "text": ("text_delta", "citations_delta"),
            "thinking": ("thinking_delta", "signature_delta"),
            "tool_use": ("input_json_delta",),
        }
        block = self._open[1] if self._open else ""
        kind: str = delta.type
        self._that(kind in allowed.get(block, ()), f"{kind} in a block of {block}")
        self._json += delta.partial_json if kind == "input_json_delta" else ""
        self._signatures += kind == "signature_delta"

    def _close(self) -> None:
        block, self._open = self._open[1] if self._open else "", None
        self._that(self._signatures == (block == "thinking"), f"{self._signatures} signatures")
        try:
            json.loads(self._json or "{}")
        except ValueError:
            self.complaints.append(f"the input of a tool is no JSON: {self._json:.200}")

    def _that(self, holds: bool, words: str) -> None:
        if not holds:
            self.complaints.append(words)


def written(question: Question, model: str) -> Json:
    """The question as the SDK's arguments."""
    request: Json = {
        "model": model,
        "max_tokens": question.max_tokens,
        "system": question.system,
        "messages": [message(question, place) for place in range(len(question.turns))],
    }
    if question.tools:
        request["tools"] = [
            {"name": tool.name, "description": tool.description, "input_schema": tool.schema}
            for tool in question.tools
        ]
    if question.stop_sequences:
        request["stop_sequences"] = list(question.stop_sequences)
    if question.thinking:
        request["thinking"] = THINKING
    if question.choice:
        named = {"name": question.tools[0].name} if question.choice == "tool" else {}
        request["tool_choice"] = {"type": question.choice, **named}
    return request


def message(question: Question, place: int) -> Json:
    """One turn as a message."""
    match question.turns[place]:
        case UserTurn(parts):
            return {"role": "user", "content": [block(part) for part in parts]}
        case ModelTurn(text, calls):
            content = [block(text)] if text else []
            content += [used(call, place, number) for number, call in enumerate(calls)]
            return {"role": "assistant", "content": content}
        case ResultTurn(results, order):
            made = [
                {
                    "type": "tool_result",
                    "tool_use_id": call_id(place - 1, number),
                    "content": [block(part) for part in (result.text, result.image) if part],
                    "is_error": result.is_error,
                }
                for number, result in enumerate(results)
            ]
            return {"role": "user", "content": [made[number] for number in order]}


def answered(message: Any, results: Results) -> Json:
    """The results of a message's calls."""
    calls = [block.id for block in message.content if block.type == "tool_use"]
    content = [
        {"type": "tool_result", "tool_use_id": call, "content": result.text}
        for call, result in zip(calls, results, strict=True)
    ]
    return {"role": "user", "content": content}


def block(part: str | Image | Document) -> Json:
    """A content block."""
    if isinstance(part, str):
        return {"type": "text", "text": part}
    kind, media_type = "document", "application/pdf"
    if isinstance(part, Image):
        kind, media_type = "image", part.media_type
    source = {"type": "base64", "media_type": media_type, "data": text_of(part.data)}
    title = {"title": part.title} if isinstance(part, Document) else {}
    return {"type": kind, "source": source, **title}


def used(call: Call, turn: int, place: int) -> Json:
    """A call of the history."""
    identity = call_id(turn, place)
    return {"type": "tool_use", "id": identity, "name": call.name, "input": call.input}
