"""Gemini as clients speak it to us: Gemini CLI, google-genai and whatever is built on them.

The model and the wish for a stream stand in the path and come in the `Target`. A count of tokens
asks with contents alone, or with a whole request in `generateContentRequest`.
Source: the reference of `models.generateContent` and of `models.countTokens`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import attrs
import msgspec

from ..conversation.request import Conversation
from ..dialect import NO_TARGET, AnswerWriter, Failure, Served, Target
from ..json_members import JsonObject
from ..json_values import object_of
from ..request import MODEL_CHARACTERS_MAX, BadRequest, ServedRequest, parse_body
from ..turn import ModelCard
from .chunks import Stream, Whole
from .contents import ContentsReader
from .failure import error_body
from .members import flag, member, snake, tokens
from .options import choose, read_output, read_sampling, read_tools
from .signatures import DIALECT
from .thinking import read_thinking
from .writer import GeminiWriter

QUESTION_KEYS = (
    "contents",
    "systemInstruction",
    "system_instruction",
    "tools",
    "generateContentRequest",
    "generate_content_request",
)
_KNOWN = ("contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "model")
_KNOWN_SPELLINGS = frozenset((*_KNOWN, *map(snake, _KNOWN)))
_METHODS = ("generateContent", "countTokens")


@attrs.frozen
class GeminiRequest(ServedRequest):
    """A request with the form that its answer takes: an `array` of chunks, where it streams."""

    array: bool = False


class GeminiServed(Served):
    """The served half."""

    name: ClassVar[str] = DIALECT

    def parse(self, body: bytes, target: Target = NO_TARGET) -> GeminiRequest:
        """Reads as much as routing needs."""
        found = parse_body(body)
        request = GeminiRequest(
            json=found,
            model=_checked_model(target.model),
            streamed=target.streamed,
            max_tokens=0,
            dialect=DIALECT,
            question_keys=QUESTION_KEYS,
            array=target.array,
        )
        if not _has_contents(found):
            raise BadRequest("contents: expected a list of contents")
        config = object_of(_top(request, "generationConfig"))
        return attrs.evolve(request, max_tokens=tokens(member(config, "maxOutputTokens")))

    def conversation(self, request: ServedRequest) -> Conversation:
        """Reads all of a request."""
        members = _members(request)
        reader = ContentsReader(request.model)
        unknown = reader.unknown
        config = object_of(member(members, "generationConfig"))
        messages = reader.messages(members.get("contents"))
        tools, choice = choose(
            read_tools(members.get("tools"), unknown), object_of(member(members, "toolConfig"))
        )
        sampling = read_sampling(config, unknown)
        unknown.update(name[:64] for name in members if name not in _KNOWN_SPELLINGS)
        return Conversation(
            messages=messages,
            system=reader.text(member(members, "systemInstruction")),
            tools=tools,
            tool_choice=choice,
            sampling=sampling,
            reasoning=read_thinking(object_of(member(config, "thinkingConfig"))),
            output=read_output(config),
            streamed=request.streamed,
            unknown=tuple(sorted(unknown)),
        )

    def writer(self, request: ServedRequest, answer: str) -> AnswerWriter:
        """The writer for a request."""
        config = object_of(_top(request, "generationConfig"))
        thinking = object_of(member(config, "thinkingConfig"))
        names = {"modelVersion": request.model, "responseId": answer}
        array = isinstance(request, GeminiRequest) and request.array
        sink = Stream(names, array) if request.streamed else Whole(names)
        return GeminiWriter(sink, flag(member(thinking, "includeThoughts")) is True)

    def error(self, failure: Failure, request_id: str) -> bytes:
        """The JSON body of an error response."""
        return error_body(failure, request_id)

    def count_body(self, tokens: int) -> bytes:
        """The answer to `countTokens`."""
        return msgspec.json.encode({"totalTokens": tokens})


def models_page(cards: Iterable[ModelCard]) -> dict[str, Any]:
    """The list of models as `GET /v1beta/models` gives it, all on one page."""
    return {"models": [model_card(card) for card in cards]}


def model_card(card: ModelCard) -> dict[str, Any]:
    """One model as `GET /v1beta/models/NAME` gives it."""
    found: dict[str, Any] = {
        "name": f"models/{card.id}",
        "version": "1",
        "displayName": card.display_name,
        "supportedGenerationMethods": list(_METHODS),
    }
    return {**found, "inputTokenLimit": card.context_tokens} if card.context_tokens else found


def _checked_model(model: str) -> str:
    name = model.removeprefix("models/")
    if not name or len(name) > MODEL_CHARACTERS_MAX:
        raise BadRequest(f"model: expected 1 to {MODEL_CHARACTERS_MAX} characters in the path")
    return name


def _has_contents(found: JsonObject) -> bool:
    nested = found.raw("generateContentRequest") or found.raw("generate_content_request")
    return found.head("contents", 1) in (b"[", b"{", b'"') or nested[:1] == b"{"


def _top(request: ServedRequest, name: str) -> Any:
    """A member of the request, or of the request that is to be counted."""
    nested = request.value("generateContentRequest") or request.value("generate_content_request")
    if isinstance(nested, dict):
        return member(object_of(nested), name)
    found = request.value(name)
    return request.value(snake(name)) if found is None else found


def _members(request: ServedRequest) -> dict[str, Any]:
    nested = request.value("generateContentRequest") or request.value("generate_content_request")
    if isinstance(nested, dict):
        return object_of(nested)
    return {key: request.value(key) for key in request.json.members}
