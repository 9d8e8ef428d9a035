"""The judge of Chat Completions: the SDK `openai`, with strict response validation.

Thinking has no member of its own in this dialect; `reasoning_content` is what clients have agreed
to look for.
"""

from __future__ import annotations

import json
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


class OpenAIChatJudge(Judge):
    dialect = "openai-chat"

    def __init__(self, base_url: str, token: str) -> None:
        self._client = openai.OpenAI(
            base_url=f"{base_url}/v1",
            api_key=token,
            max_retries=0,
            timeout=TIMEOUT_SECONDS,
            _strict_response_validation=True,
        )
        self._said = Collected()

    def close(self) -> None:
        self._client.close()

    def ask(self, question: Question, model: str, *, streamed: bool, results: Results = ()) -> Seen:
        request = written(question, model)
        if results:
            request["messages"] += self._said.history(results)
        create: Any = self._client.chat.completions.create
        try:
            if streamed:
                options = {"include_usage": True}
                chunks = create(**request, stream=True, stream_options=options)
                self._said = streamed_answer(chunks)
            else:
                self._said = whole_answer(create(**request))
            return self._said.seen()
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
    """An answer as it comes together; `calls` by index."""

    text: str = ""
    thinking: str = ""
    refusal: str = ""
    finish: str = ""
    calls: dict[int, list[str]] = attrs.Factory(dict[int, list[str]])
    usage: Any = None
    complaints: list[str] = attrs.Factory(list[str])

    def that(self, holds: bool, words: str) -> None:
        if not holds:
            self.complaints.append(words)

    def take(self, message: Any) -> None:
        """Adds what a message or a delta says."""
        extra: Json = message.model_extra or {}
        self.text += message.content or ""
        self.refusal += message.refusal or ""
        self.thinking += extra.get("reasoning_content") or ""

    def take_call(self, delta: Any) -> None:
        """Adds a delta of a call: the first has its id and name, the others have neither."""
        function = delta.function
        if delta.index not in self.calls:
            self.that(delta.index == len(self.calls), f"a call with index {delta.index}")
            self.that(bool(delta.id and function and function.name), f"a call begins: {delta}")
            self.that(delta.type == "function", f"a call of type {delta.type}")
            self.calls[delta.index] = [delta.id, function.name, ""]
        else:
            again = delta.id or (function and function.name)
            self.that(not again, f"a call is named again: {delta}")
        self.calls[delta.index][2] += (function and function.arguments) or ""

    def history(self, results: Results) -> list[Json]:
        """The answer as a message, and the results of its calls."""
        said: Json = {"role": "assistant", "content": self.text or None}
        said["tool_calls"] = [
            {"id": call, "type": "function", "function": {"name": name, "arguments": given}}
            for call, name, given in self.calls.values()
        ]
        if self.thinking:
            said["reasoning_content"] = self.thinking
        ids = [call[0] for call in self.calls.values()]
        return [
            said,
            *(
                {"role": "tool", "tool_call_id": call, "content": result.text}
                for call, result in zip(ids, results, strict=True)
            ),
        ]

    def seen(self) -> Seen:
        """The whole of it in neutral words."""
        if not self.finish:
            return failed("cut", "the stream ended without a finish reason")
        ids = [call[0] for call in self.calls.values()]
        self.that(len(set(ids)) == len(ids) and all(ids), f"ids of calls: {ids}")
        self.that(self.usage is not None, "no usage")
        return Seen(
            text=self.text,
            thinking=self.thinking,
            calls=tuple((name, json.loads(given)) for _, name, given in self.calls.values()),
            stop=neutral_stop("openai-chat", self.finish, refused=bool(self.refusal)),
            refusal=self.refusal,
            usage=usage_of(self.usage) if self.usage else Usage(0, 0),
            complaints=tuple(self.complaints),
        )


def streamed_answer(chunks: Iterable[Any]) -> Collected:
    """Collects a stream."""
    found = Collected()
    identities: set[str] = set()
    roles: list[str] = []
    for chunk in chunks:
        identities.add(chunk.id)
        if chunk.usage:
            found.that(found.usage is None, "usage comes twice")
            found.usage = chunk.usage
        for choice in chunk.choices:
            found.that(choice.index == 0, f"a choice {choice.index}")
            found.that(not found.finish, "a choice after the finish reason")
            roles.append(choice.delta.role)
            found.take(choice.delta)
            deltas: list[Any] = choice.delta.tool_calls or []
            for delta in deltas:
                found.take_call(delta)
            found.finish = choice.finish_reason or found.finish
    found.that(roles[:1] == ["assistant"], f"the first delta is of {roles[:1]}")
    found.that(len(identities) == 1, f"ids of chunks: {identities}")
    return found


def whole_answer(completion: Any) -> Collected:
    """Reads an answer in one piece."""
    found = Collected(usage=completion.usage)
    found.that(len(completion.choices) == 1, f"{len(completion.choices)} choices")
    choice = completion.choices[0]
    found.take(choice.message)
    found.finish = choice.finish_reason
    for place, call in enumerate(choice.message.tool_calls or []):
        found.calls[place] = [call.id, call.function.name, call.function.arguments]
    return found


def usage_of(usage: Any) -> Usage:
    """Cached tokens are counted among the prompt's."""
    details = usage.prompt_tokens_details
    read = (details and details.cached_tokens) or 0
    wrote = (details and details.cache_write_tokens) or 0
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens, usage
    return Usage(usage.prompt_tokens - read - wrote, usage.completion_tokens, read, wrote)


def written(question: Question, model: str) -> Json:
    """The question as the SDK's arguments."""
    messages: list[Json] = [{"role": "system", "content": question.system}]
    for place in range(len(question.turns)):
        messages += turn(question, place)
    request: Json = {
        "model": model,
        "messages": messages,
        "max_completion_tokens": question.max_tokens,
    }
    if question.tools:
        request["tools"] = [
            {
                "type": "function",
                "function": {
                    "name": tool.name,
                    "description": tool.description,
                    "parameters": tool.schema,
                },
            }
            for tool in question.tools
        ]
    if question.stop_sequences:
        request["stop"] = list(question.stop_sequences)
    if question.thinking:
        request["reasoning_effort"] = "medium"
    if question.choice:
        named = {"type": "function", "function": {"name": question.tools[0].name}}
        words = {"any": "required", "tool": named}
        request["tool_choice"] = words.get(question.choice, question.choice)
    if question.temperature is not None:
        request["temperature"] = question.temperature
    return request


def turn(question: Question, place: int) -> list[Json]:
    """One turn as messages. A tool's image follows in a message of the user's."""
    match question.turns[place]:
        case UserTurn(parts):
            return [{"role": "user", "content": [content(part) for part in parts]}]
        case ModelTurn(text, calls):
            said: Json = {"role": "assistant", "content": text or None}
            if calls:
                said["tool_calls"] = [
                    {
                        "id": call_id(place, number),
                        "type": "function",
                        "function": {"name": call.name, "arguments": json.dumps(call.input)},
                    }
                    for number, call in enumerate(calls)
                ]
            return [said]
        case ResultTurn(results, order):
            made: list[Json] = [
                {
                    "role": "tool",
                    "tool_call_id": call_id(place - 1, number),
                    "content": results[number].text,
                }
                for number in order
            ]
            images = [content(result.image) for result in results if result.image]
            return [*made, *([{"role": "user", "content": images}] if images else [])]


def content(part: str | Image | Document) -> Json:
    """A part of a message."""
    if isinstance(part, str):
        return {"type": "text", "text": part}
    if isinstance(part, Image):
        return {"type": "image_url", "image_url": {"url": data_url(part.media_type, part.data)}}
    data = data_url("application/pdf", part.data)
    return {"type": "file", "file": {"filename": part.title, "file_data": data}}
