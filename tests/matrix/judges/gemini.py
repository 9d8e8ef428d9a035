"""The judge of Gemini: the SDK `google-genai`.

It drops members that it does not know before it validates, for the sake of newer servers; here they
are left in, so that its models, which forbid them, judge every member.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterable
from contextlib import contextmanager
from typing import Any, cast

import attrs
import httpx2
from google import genai
from google.genai import _common, errors, types

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
from .judge import TIMEOUT_SECONDS, Judge, Results, failed

RETRY_INFO = "type.googleapis.com/google.rpc.RetryInfo"


class GeminiJudge(Judge):
    dialect = "gemini"

    def __init__(self, base_url: str, token: str) -> None:
        options = types.HttpOptions(base_url=base_url, timeout=int(TIMEOUT_SECONDS * 1_000))
        self._client = genai.Client(api_key=token, vertexai=False, http_options=options)
        self._said: list[Any] = []

    def _history(self, results: Results) -> list[types.Content]:
        """The last answer, and the results of its calls."""
        said = [part for response in self._said for part in parts_of(response)]
        calls = [part.function_call for part in said if part.function_call]
        made = [
            types.FunctionResponse(id=call.id, name=call.name, response={"output": result.text})
            for call, result in zip(calls, results, strict=True)
        ]
        answered = [types.Part(function_response=response) for response in made]
        return [
            types.Content(role="model", parts=said),
            types.Content(role="user", parts=answered),
        ]

    def close(self) -> None:
        self._client.close()

    def ask(self, question: Question, model: str, *, streamed: bool, results: Results = ()) -> Seen:
        request = written(question, model)
        if results:
            request["contents"] += self._history(results)
        try:
            with every_member_kept():
                return self._answer(request, streamed=streamed)
        except errors.APIError as error:
            return refused(error)
        except (httpx2.HTTPError, json.JSONDecodeError, errors.UnknownApiResponseError) as error:
            return failed("cut", error)

    def _answer(self, request: Json, *, streamed: bool) -> Seen:
        models: Any = self._client.models
        if streamed:
            self._said = list(models.generate_content_stream(**request))
        else:
            self._said = [models.generate_content(**request)]
        return answer(self._said)


@contextmanager
def every_member_kept() -> Generator[None]:
    """Leaves out the SDK's own step that removes what its models do not know."""
    module = cast(Any, _common)
    removing = module._remove_extra_fields
    module._remove_extra_fields = remove_nothing
    try:
        yield
    finally:
        module._remove_extra_fields = removing


def remove_nothing(model: object, response: object) -> None:
    """Stands in for that step."""


def refused(error: errors.APIError) -> Seen:
    """An error of a response or in a stream, whose body must have the dialect's form."""
    raised = cast(Any, error)
    body: Json = raised.details["error"]
    assert body["code"] == error.code, body
    assert isinstance(body["status"], str), body
    assert isinstance(body["message"], str), body
    status: int = getattr(raised.response, "status_code", 0)
    if status < 400:
        return failed("stream", error.message)
    more: list[Json] = body.get("details") or []
    waits = [item["retryDelay"] for item in more if item.get("@type") == RETRY_INFO]
    return failed("response", error.message, status, waits[0] if waits else None)


def parts_of(response: Any) -> list[Any]:
    """The parts of a response's one candidate."""
    candidates: list[Any] = response.candidates or []
    contents = [candidate.content for candidate in candidates if candidate.content]
    return [part for content in contents for part in content.parts or ()]


def answer(responses: Iterable[Any]) -> Seen:
    """Collects one response or several."""
    seen = Seen()
    calls: list[tuple[str, Json]] = []
    complaints: list[str] = []
    finish = ""
    for response in responses:
        if finish:
            complaints.append("a response after the finish reason")
        seen = attrs.evolve(seen, usage=usage_of(response.usage_metadata))
        feedback = response.prompt_feedback
        if feedback and feedback.block_reason:
            words = feedback.block_reason_message or ""
            return attrs.evolve(seen, stop="refusal", refusal=words)
        for part in parts_of(response):
            if part.function_call:
                calls.append((part.function_call.name, part.function_call.args or {}))
            elif part.thought:
                seen = attrs.evolve(seen, thinking=seen.thinking + part.text)
            else:
                seen = attrs.evolve(seen, text=seen.text + (part.text or ""))
        candidates: list[Any] = response.candidates or []
        for candidate in candidates:
            if candidate.finish_reason:
                finish = candidate.finish_reason.value
                seen = attrs.evolve(seen, refusal=candidate.finish_message or "")
    if not finish:
        return failed("cut", "the answer has no finish reason")
    stop = neutral_stop("gemini", finish, called=bool(calls))
    return attrs.evolve(seen, stop=stop, calls=tuple(calls), complaints=tuple(complaints))


def usage_of(usage: Any) -> Usage:
    """Cached tokens are among the prompt's; thoughts are beside the candidate's."""
    if usage is None:
        return Usage(0, 0)
    read = usage.cached_content_token_count or 0
    prompt = usage.prompt_token_count or 0
    output = (usage.candidates_token_count or 0) + (usage.thoughts_token_count or 0)
    assert usage.total_token_count == prompt + output, usage
    return Usage(prompt - read, output, read)


def written(question: Question, model: str) -> Json:
    """The question as the SDK's arguments."""
    config: Json = {
        "system_instruction": question.system,
        "max_output_tokens": question.max_tokens,
    }
    if question.tools:
        declarations = [
            {
                "name": tool.name,
                "description": tool.description,
                "parameters_json_schema": tool.schema,
            }
            for tool in question.tools
        ]
        config["tools"] = [{"function_declarations": declarations}]
    if question.stop_sequences:
        config["stop_sequences"] = list(question.stop_sequences)
    if question.choice:
        calling: Json = {"mode": {"tool": "ANY"}.get(question.choice, question.choice.upper())}
        if question.choice == "tool":
            calling["allowed_function_names"] = [question.tools[0].name]
        config["tool_config"] = {"function_calling_config": calling}
    if question.temperature is not None:
        config["temperature"] = question.temperature
    if question.thinking:
        config["thinking_config"] = {"include_thoughts": True, "thinking_budget": 1_024}
    contents = [content(question, place) for place in range(len(question.turns))]
    return {"model": model, "contents": contents, "config": config}


def content(question: Question, place: int) -> types.Content:
    """One turn."""
    match question.turns[place]:
        case UserTurn(parts):
            return types.Content(role="user", parts=[part_of(part) for part in parts])
        case ModelTurn(text, calls):
            made = [types.Part(text=text)] if text else []
            for number, call in enumerate(calls):
                function = types.FunctionCall(
                    id=call_id(place, number), name=call.name, args=call.input
                )
                made.append(types.Part(function_call=function))
            return types.Content(role="model", parts=made)
        case ResultTurn(_, order):
            made = [response_part(question, place, number) for number in order]
            return types.Content(role="user", parts=made)


def response_part(question: Question, place: int, number: int) -> types.Part:
    """A tool's result."""
    turn = question.turns[place]
    assert isinstance(turn, ResultTurn)
    result = turn.results[number]
    image = result.image
    blob = image and types.FunctionResponseBlob(mime_type=image.media_type, data=image.data)
    response = types.FunctionResponse(
        id=call_id(place - 1, number),
        name=question.called(place)[number].name,
        response={"error" if result.is_error else "output": result.text},
        parts=[types.FunctionResponsePart(inline_data=blob)] if blob else None,
    )
    return types.Part(function_response=response)


def part_of(part: str | Image | Document) -> types.Part:
    """A part of a user's turn."""
    if isinstance(part, str):
        return types.Part(text=part)
    media_type = part.media_type if isinstance(part, Image) else "application/pdf"
    return types.Part(inline_data=types.Blob(mime_type=media_type, data=part.data))
