"""Gemini's generateContent (ai.google.dev, "Generating content"), as it answers.

Each event is a response of its own with the next parts of the one candidate; lines end in CRLF; a
function call comes whole; the last event has the finish reason, and no end mark follows. Usage
stands in every event, and counts thoughts beside the candidate's tokens. A thought's signature
rides on the part behind it. A prompt that is blocked gets no candidate at all. Comments are never
sent: the provider's own SDK takes one for a broken response.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from urllib.parse import unquote

import attrs

from ..answer import Answer, CallTool, Failure, Manner, Say, Think
from ..question import Json
from .gemini_rules import hear
from .rules import Complaints
from .script import Asked, Frames, Heard, Script, event

TARGET = re.compile(
    r"/v1(?:beta)?/models/([^:?]+):(generateContent|streamGenerateContent\?alt=sse)"
)
STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    413: "INVALID_ARGUMENT",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}
BLOCKED = "PROHIBITED_CONTENT"


class GeminiScript(Script):
    dialect = "gemini"
    stream_type = "text/event-stream"

    def listens_at(self, target: str) -> bool:
        return TARGET.fullmatch(target) is not None

    def credential(self, headers: Mapping[str, str]) -> str:
        return headers.get("x-goog-api-key", "")

    def hear(self, asked: Asked, body: Json, complaints: Complaints) -> Heard:
        heard = hear(body, complaints)
        found = TARGET.fullmatch(asked.target)
        if found:
            heard.model = unquote(found[1])
            heard.streamed = found[2] != "generateContent"
        return heard

    def frames(self, answer: Answer, heard: Heard, manner: Manner) -> Frames:
        ending_alone = manner.comments
        manner = attrs.evolve(manner, line_end="\r\n", comments=False)
        groups = [[part] for part in parts(answer, heard, manner)]
        if answer.refusal:
            return Frames((event(self.whole(answer, heard), manner),), 1)
        if answer.failure:
            made = [event(chunk(answer, heard, group, ""), manner) for group in groups]
            made.append(event(self.error(answer.failure), manner))
            return Frames(tuple(made), len(made))
        last = groups.pop() if groups and not ending_alone else []
        made = [event(chunk(answer, heard, group, ""), manner) for group in groups]
        made.append(event(chunk(answer, heard, last, answer.stop or "STOP"), manner))
        return Frames(tuple(made), len(made))

    def whole(self, answer: Answer, heard: Heard) -> Json:
        if answer.refusal:
            feedback = {"blockReason": BLOCKED, "blockReasonMessage": answer.refusal}
            return {"promptFeedback": feedback, **tail(answer, heard)}
        return chunk(answer, heard, list(parts(answer, heard, Manner(0))), answer.stop or "STOP")

    def error(self, failure: Failure) -> Json:
        status = STATUSES.get(failure.status, "UNAVAILABLE")
        error: Json = {"code": failure.status, "message": failure.message, "status": status}
        if failure.retry_after_seconds is not None:
            kind = "type.googleapis.com/google.rpc.RetryInfo"
            delay = f"{failure.retry_after_seconds}s"
            error["details"] = [{"@type": kind, "retryDelay": delay}]
        return {"error": error}

    def error_headers(self, failure: Failure) -> dict[str, str]:
        return {}


def parts(answer: Answer, heard: Heard, manner: Manner) -> Iterator[Json]:
    """The candidate's parts, texts in pieces."""
    signature = ""
    for part in answer.parts:
        signed = {"thoughtSignature": signature} if signature else {}
        match part:
            case Think(text, signature):
                for piece in manner.pieces(text):
                    yield {"text": piece, "thought": True}
            case CallTool(_, given):
                call = {"name": heard.tool_name(part), "args": given}
                yield {"functionCall": call, **signed}
                signature = ""
            case Say(text):
                for piece in manner.pieces(text):
                    yield {"text": piece, **signed}
                    signed, signature = {}, ""


def chunk(answer: Answer, heard: Heard, found: list[Json], finish: str) -> Json:
    """A response with these parts."""
    content: Json = {"role": "model"}
    if found:
        content["parts"] = found
    candidate: Json = {"content": content, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    return {"candidates": [candidate], **tail(answer, heard)}


def tail(answer: Answer, heard: Heard) -> Json:
    """What each response ends with."""
    told = answer.usage
    thoughts = min(told.output, 3) if any(isinstance(part, Think) for part in answer.parts) else 0
    usage: Json = {
        "promptTokenCount": told.all_input,
        "candidatesTokenCount": told.output - thoughts,
        "totalTokenCount": told.all_input + told.output,
        "promptTokensDetails": [{"modality": "TEXT", "tokenCount": told.all_input}],
    }
    if thoughts:
        usage["thoughtsTokenCount"] = thoughts
    if told.cache_read:
        usage["cachedContentTokenCount"] = told.cache_read
    return {"usageMetadata": usage, "modelVersion": heard.model, "responseId": "scripted"}
