"""An endpoint that speaks Gemini, as its API reference has it.

Every chunk is a `GenerateContentResponse`: parts, and in the last one the finish reason. The usage
stands in every chunk and counts up. A call comes whole. The signature of thinking stands on the
call or on the text behind it, and must come back there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ...protocols.json_values import objects_of
from .asked import Asked, Line
from .meaning import Meaning, Says, Thinks
from .voice import MODEL, Manner, Piece, Voice, data, encoded, joined

Json = dict[str, Any]
STATUSES = {400: "INVALID_ARGUMENT", 404: "NOT_FOUND", 429: "RESOURCE_EXHAUSTED"}


class GeminiVoice(Voice):
    """See the module."""

    dialect: ClassVar[str] = "gemini"
    arguments_are_text: ClassVar[bool] = False

    def stream(self, meaning: Meaning, manner: Manner) -> Iterator[Piece]:
        """See Voice."""
        parts = list(_parts(meaning, manner, whole=False))
        early = {"promptTokenCount": meaning.input_tokens, "totalTokenCount": meaning.input_tokens}
        usage = {"usageMetadata": early} if manner.usage_times else {}
        for part in parts:
            yield Piece("content", data(_chunk(meaning, [part]) | usage))
        for _ in range(max(1, manner.usage_times)):
            yield Piece("end", data(_last(meaning, [{"text": ""}], manner)))

    def whole(self, meaning: Meaning, manner: Manner) -> bytes:
        """See Voice."""
        return encoded(_last(meaning, list(_parts(meaning, manner, whole=True)), manner))

    def error(self, status: int, message: str) -> bytes:
        """See Voice."""
        word = STATUSES.get(status, "UNKNOWN")
        return encoded({"error": {"code": status, "message": message, "status": word}})

    def failing(self, message: str) -> bytes:
        """See Voice."""
        return data({"error": {"code": 503, "message": message, "status": "UNAVAILABLE"}})

    def unknown(self) -> bytes:
        """See Voice."""
        return data({"flavourFromTheFuture": {"deeply": [None]}, "modelVersion": MODEL})

    def asked(self, target: str, body: Json) -> Asked:
        """See Voice."""
        tools = [each for tool in objects_of(body.get("tools")) for each in _declared(tool)]
        lines = [line for content in body["contents"] for line in _lines(content)]
        return Asked(":streamGenerateContent" in target, tuple(tools), tuple(lines))


def _parts(meaning: Meaning, manner: Manner, *, whole: bool) -> Iterator[Json]:
    waiting = ""
    for part in meaning.parts:
        if isinstance(part, Thinks):
            pieces = [part.text] if whole else manner.cut(part.text)
            yield from ({"text": piece, "thought": True} for piece in pieces)
            waiting = part.signature
            continue
        signed = {"thoughtSignature": waiting} if waiting else {}
        waiting = ""
        if isinstance(part, Says):
            first, *rest = [part.text] if whole else manner.cut(part.text)
            yield {"text": first, **signed}
            yield from ({"text": piece} for piece in rest)
        else:
            args = msgspec.json.decode(part.arguments)
            known = {"id": part.id} if manner.gives_ids else {}
            yield {"functionCall": {**known, "name": part.name, "args": args}, **signed}


def _chunk(meaning: Meaning, parts: list[Json]) -> Json:
    candidate = {"content": {"parts": parts, "role": "model"}, "index": 0}
    names = {"modelVersion": MODEL, "responseId": f"response{meaning.serial}"}
    return {"candidates": [candidate], **names}


def _last(meaning: Meaning, parts: list[Json], manner: Manner) -> Json:
    chunk = _chunk(meaning, parts)
    chunk["candidates"][0]["finishReason"] = "STOP"
    usage = {
        "promptTokenCount": meaning.input_tokens,
        "cachedContentTokenCount": meaning.cached_tokens,
        "candidatesTokenCount": meaning.output_tokens - meaning.thinking_tokens,
        "thoughtsTokenCount": meaning.thinking_tokens,
        "totalTokenCount": meaning.input_tokens + meaning.output_tokens,
    }
    return chunk | {"usageMetadata": usage} if manner.usage_times else chunk


def _declared(tool: Json) -> list[str]:
    return [each["name"] for each in objects_of(tool.get("functionDeclarations"))]


def _lines(content: Json) -> Iterator[Line]:
    for part in content["parts"]:
        signature = part.get("thoughtSignature", "")
        if call := part.get("functionCall"):
            arguments = msgspec.json.encode(call.get("args") or {}).decode()
            yield Line("call", arguments, call.get("id", ""), call["name"], signature)
        elif result := part.get("functionResponse"):
            text = msgspec.json.encode(result["response"]).decode()
            yield Line("result", text, result.get("id", ""), result["name"])
        elif part.get("thought"):
            yield Line("thinking", part.get("text", ""), signature=signature)
        elif content.get("role") == "model":
            yield Line("assistant", part.get("text", ""), signature=signature)
        elif "text" in part:
            yield Line("user", joined([part]))
