"""A client of Gemini that asks for thoughts, and gives each part back as it got it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import attrs
import msgspec

from ...protocols.json_values import object_of, objects_of, text_of
from .ear import SCHEMA, TOOLS, Ear, Json, Prompt, Results, Turn, event_of, frames_of, object_in
from .meaning import Calls, Heard

REASONS = ("STOP", "MAX_TOKENS", "SAFETY", "MALFORMED_FUNCTION_CALL", "OTHER")


class GeminiEar(Ear):
    """See the module."""

    dialect: ClassVar[str] = "gemini"

    def target(self, model: str, *, streamed: bool) -> str:
        """See Ear."""
        action = "streamGenerateContent?alt=sse" if streamed else "generateContent"
        return f"/v1beta/models/{model}:{action}"

    def body(self, model: str, turns: Sequence[Turn], words: str, *, streamed: bool) -> Json:
        """See Ear."""
        declared = [{"name": name, "description": name, "parameters": SCHEMA} for name in TOOLS]
        return {
            "systemInstruction": {"parts": [{"text": words}]},
            "contents": [_content(turn) for turn in turns],
            "tools": [{"functionDeclarations": declared}],
            "generationConfig": {"thinkingConfig": {"includeThoughts": True}},
        }

    def heard(self, body: bytes, *, complete: bool) -> Heard:
        """See Ear."""
        frames, complaints = frames_of(body, complete=complete)
        hearing = _Hearing(complaints)
        for frame in frames:
            hearing.take(event_of(frame), frame)
        return hearing.result(complete=complete)

    def heard_whole(self, body: bytes) -> Heard:
        """See Ear."""
        hearing = _Hearing()
        hearing.take(object_in(body), body)
        return hearing.result(complete=True)

    def refusal(self, status: int, body: Json) -> str:
        """See Ear."""
        error = object_of(body.get("error"))
        known = error.get("code") == status and "status" in error
        return text_of(error.get("message")) if known else ""


@attrs.define
class _Hearing:
    """An answer while it is read."""

    complaints: list[str] = attrs.field(factory=list[str])
    _parts: list[Json] = attrs.field(factory=list[Json])
    _reason: str = ""
    _error: str = ""
    _usage: tuple[int, int] | None = None

    def check(self, holds: bool, words: str) -> None:
        if not holds:
            self.complaints.append(words)

    def take(self, chunk: Json | None, raw: bytes) -> None:
        if chunk is None:
            self.check(False, f"not a chunk: {raw[:80]!r}")
            return
        self.check(not self._error, "something comes after an error")
        if error := chunk.get("error"):
            self._error = str(error["message"])
            self.check(isinstance(error["code"], int), "an error without a code")
            return
        for candidate in objects_of(chunk.get("candidates")):
            parts = objects_of(object_of(candidate.get("content")).get("parts"))
            told = [part for part in parts if part != {"text": ""}]
            self.check(not (self._reason and told), "content after the finish reason")
            self._parts += told
            if reason := candidate.get("finishReason"):
                self.check(reason in REASONS, f"no finish reason: {reason!r}")
                self._reason = str(reason)
        if (usage := chunk.get("usageMetadata")) and "promptTokenCount" in usage:
            output = usage.get("candidatesTokenCount", 0) + usage.get("thoughtsTokenCount", 0)
            self._usage = (usage["promptTokenCount"], output)

    def result(self, *, complete: bool) -> Heard:
        ended = bool(self._reason or self._error)
        self.check(ended or not complete, "a clean end without a finish reason")
        texts = {False: "", True: ""}
        calls: list[Calls] = []
        for part in self._parts:
            if call := part.get("functionCall"):
                arguments = msgspec.json.encode(call.get("args") or {}).decode()
                calls.append(Calls(call.get("id") or "", call["name"], arguments))
            else:
                texts[bool(part.get("thought"))] += part.get("text", "")
        return Heard(
            texts[False],
            texts[True],
            tuple(calls),
            bool(self._reason) and not self._error,
            self._error,
            self._usage,
            tuple(self.complaints),
            self._parts,
        )


def _content(turn: Turn) -> Json:
    match turn:
        case Prompt(text):
            return {"role": "user", "parts": [{"text": text}]}
        case Results(results):
            return {"role": "user", "parts": [_result(call, text) for call, text in results]}
        case Heard():
            return {"role": "model", "parts": turn.echo}


def _result(call: Calls, text: str) -> Json:
    known: dict[str, Any] = {"id": call.id} if call.id else {}
    return {"functionResponse": {**known, "name": call.name, "response": {"output": text}}}
