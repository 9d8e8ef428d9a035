"""The judge of Ollama's chat: the SDK `ollama`, whose models validate what they know.

The SDK ends a stream in silence whatever its last line says; its user must look for `done`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, cast

import attrs
import httpx
import ollama

from ..answer import Place, Seen, Usage
from ..question import Image, Json, ModelTurn, Question, ResultTurn, UserTurn
from ..stops import neutral_stop
from .judge import TIMEOUT_SECONDS, Judge, Results, failed, text_of


class OllamaJudge(Judge):
    dialect = "ollama"

    def __init__(self, base_url: str, token: str) -> None:
        headers = {"authorization": f"Bearer {token}"}
        self._client = ollama.Client(host=base_url, headers=headers, timeout=TIMEOUT_SECONDS)
        self._said: list[Any] = []

    def close(self) -> None:
        cast(Any, self._client).close()

    def ask(self, question: Question, model: str, *, streamed: bool, results: Results = ()) -> Seen:
        request = written(question, model)
        if results:
            request["messages"] += history(self._said, results)
        chat = cast(Any, self._client).chat
        try:
            self._said = list(chat(**request, stream=True)) if streamed else [chat(**request)]
            return answer(self._said)
        except ollama.ResponseError as error:
            place: Place = "response" if error.status_code >= 400 else "stream"
            return failed(place, error.error, max(error.status_code, 0))
        except (httpx.HTTPError, ConnectionError, json.JSONDecodeError) as error:
            return failed("cut", error)


def answer(responses: Iterable[Any]) -> Seen:
    """Collects one response or several."""
    seen = Seen()
    calls: list[tuple[str, Json]] = []
    complaints: list[str] = []
    done = False
    for response in responses:
        if done:
            complaints.append("a line after the last")
        if response.created_at is None or response.model is None:
            complaints.append("a line without created_at or model")
        message = response.message
        if message.role != "assistant":
            complaints.append(f"a message of {message.role}")
        made: list[Any] = message.tool_calls or []
        calls += [(call.function.name, dict(call.function.arguments)) for call in made]
        seen = attrs.evolve(
            seen,
            text=seen.text + (message.content or ""),
            thinking=seen.thinking + (message.thinking or ""),
        )
        if response.done:
            done = True
            stop = neutral_stop("ollama", response.done_reason or "", called=bool(calls))
            usage = Usage(response.prompt_eval_count or 0, response.eval_count or 0)
            seen = attrs.evolve(seen, stop=stop, usage=usage)
    if not done:
        return failed("cut", "the answer has no last line")
    return attrs.evolve(seen, calls=tuple(calls), complaints=tuple(complaints))


def history(responses: list[Any], results: Results) -> list[Json]:
    """The answer as one message, and the results of its calls, which are told by name alone."""
    messages = [response.message for response in responses]
    calls: list[Any] = [call for message in messages for call in message.tool_calls or ()]
    said: Json = {
        "role": "assistant",
        "content": "".join(message.content or "" for message in messages),
        "thinking": "".join(message.thinking or "" for message in messages),
        "tool_calls": calls,
    }
    return [
        said,
        *(
            {"role": "tool", "tool_name": call.function.name, "content": result.text}
            for call, result in zip(calls, results, strict=True)
        ),
    ]


def written(question: Question, model: str) -> Json:
    """The question as the SDK's arguments."""
    messages: list[Json] = [{"role": "system", "content": question.system}]
    for place in range(len(question.turns)):
        messages += turn(question, place)
    options: Json = {"num_predict": question.max_tokens}
    if question.stop_sequences:
        options["stop"] = list(question.stop_sequences)
    if question.temperature is not None:
        options["temperature"] = question.temperature
    request: Json = {"model": model, "messages": messages, "options": options}
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
    if question.thinking:
        request["think"] = True
    return request


def turn(question: Question, place: int) -> list[Json]:
    """One turn as messages. A result names its tool; the dialect has no ids of calls."""
    match question.turns[place]:
        case UserTurn(parts):
            texts = [part for part in parts if isinstance(part, str)]
            images = [text_of(part.data) for part in parts if isinstance(part, Image)]
            said: Json = {"role": "user", "content": "\n".join(texts)}
            return [said | ({"images": images} if images else {})]
        case ModelTurn(text, calls):
            used = [{"function": {"name": call.name, "arguments": call.input}} for call in calls]
            return [{"role": "assistant", "content": text, "tool_calls": used}]
        case ResultTurn(results, order):
            made: list[Json] = []
            for number in order:
                result = results[number]
                name = question.called(place)[number].name
                said = {"role": "tool", "tool_name": name, "content": result.text}
                if result.image:
                    said["images"] = [text_of(result.image.data)]
                made.append(said)
            return made
