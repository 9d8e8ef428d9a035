"""How a scripted peer of OpenAI's and Google's dialects reads a request and puts its answer.

One `ScriptedDialect` for each: which paths it answers, what tool results a request brings, and a
step as the events of a stream or as one body. Arguments of calls come in pieces of a few
characters where the dialect streams them.
"""

from __future__ import annotations

import itertools
import json
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any, ClassVar

from .script import Call, Say, Step, Think, plain_text
from .scripted_reply import Json

PIECE_CHARACTERS = 7
INPUT_TOKENS = 12
OUTPUT_TOKENS = 7

_numbers = itertools.count(1)


def pieces(text: str) -> Iterator[str]:
    """The text in pieces."""
    for start in range(0, len(text), PIECE_CHARACTERS):
        yield text[start : start + PIECE_CHARACTERS]


def server_sent(data: Json, name: str = "") -> bytes:
    """One event of a stream."""
    head = f"event: {name}\n" if name else ""
    return f"{head}data: {json.dumps(data)}\n\n".encode()


class ScriptedDialect(ABC):
    """One dialect of the scripted peers."""

    name: ClassVar[str]

    @abstractmethod
    def answers(self, path: str) -> bool:
        """Whether a POST to this path asks for an answer."""

    def streams(self, path: str, body: Json) -> bool:
        """Whether the request asks for a stream."""
        return bool(body.get("stream"))

    @abstractmethod
    def results(self, body: Json) -> list[str]:
        """The texts of the tool results in a request, in order."""

    @abstractmethod
    def stream(self, step: Step) -> list[bytes]:
        """The events of a streamed answer."""

    @abstractmethod
    def body(self, step: Step) -> Json:
        """A whole answer."""


class OpenAIChat(ScriptedDialect):
    """Chat Completions. Thinking is `reasoning_content`, as local servers have it."""

    name = "openai-chat"

    def answers(self, path: str) -> bool:
        return path == "/v1/chat/completions"

    def results(self, body: Json) -> list[str]:
        messages = [one for one in body["messages"] if one["role"] == "tool"]
        return [plain_text(one["content"]) for one in messages]

    def stream(self, step: Step) -> list[bytes]:
        head: Json = {"id": f"chatcmpl-{next(_numbers)}", "object": "chat.completion.chunk"}
        head |= {"created": 1, "model": "scripted"}

        def chunk(delta: Json, finish: str | None = None) -> bytes:
            choice = {"index": 0, "delta": delta, "finish_reason": finish}
            return server_sent({**head, "choices": [choice]})

        events = [chunk({"role": "assistant", "content": ""})]
        for part in step:
            if isinstance(part, Say):
                events += [chunk({"content": piece}) for piece in pieces(part.text)]
            elif isinstance(part, Think):
                events += [chunk({"reasoning_content": piece}) for piece in pieces(part.text)]
        for index, call in enumerate(_calls(step)):
            start: Json = {"index": index, "id": f"call_{next(_numbers)}", "type": "function"}
            start["function"] = {"name": call.name, "arguments": ""}
            events.append(chunk({"tool_calls": [start]}))
            for piece in pieces(call.arguments):
                more = {"index": index, "function": {"arguments": piece}}
                events.append(chunk({"tool_calls": [more]}))
        events.append(chunk({}, _chat_finish(step)))
        events.append(server_sent({**head, "choices": [], "usage": _CHAT_USAGE}))
        return [*events, b"data: [DONE]\n\n"]

    def body(self, step: Step) -> Json:
        calls = [
            {
                "id": f"call_{next(_numbers)}",
                "type": "function",
                "function": {"name": call.name, "arguments": call.arguments},
            }
            for call in _calls(step)
        ]
        text = "".join(part.text for part in step if isinstance(part, Say))
        message: Json = {"role": "assistant", "content": text or None}
        if calls:
            message["tool_calls"] = calls
        choice = {"index": 0, "message": message, "finish_reason": _chat_finish(step)}
        return {
            "id": f"chatcmpl-{next(_numbers)}",
            "object": "chat.completion",
            "created": 1,
            "model": "scripted",
            "choices": [choice],
            "usage": _CHAT_USAGE,
        }


class OpenAIResponses(ScriptedDialect):
    """Responses, without state."""

    name = "openai-responses"

    def answers(self, path: str) -> bool:
        return path == "/v1/responses"

    def results(self, body: Json) -> list[str]:
        if isinstance(body["input"], str):
            return []
        items = [one for one in body["input"] if one.get("type") == "function_call_output"]
        return [plain_text(one["output"]) for one in items]

    def stream(self, step: Step) -> list[bytes]:
        whole = self.body(step)
        begun: Json = {**whole, "status": "in_progress", "output": [], "usage": None}
        events: list[tuple[str, Json]] = [
            ("response.created", {"response": begun}),
            ("response.in_progress", {"response": begun}),
        ]
        for index, item in enumerate(whole["output"]):
            place = {"output_index": index, "item_id": item["id"]}
            empty = {"status": "in_progress", **_emptied(item)}
            events.append(("response.output_item.added", {**place, "item": {**item, **empty}}))
            events += [(name, {**place, **data}) for name, data in _inside(item)]
            events.append(("response.output_item.done", {**place, "item": item}))
        events.append(("response.completed", {"response": whole}))
        return [
            server_sent({"type": name, "sequence_number": number, **data}, name)
            for number, (name, data) in enumerate(events)
        ]

    def body(self, step: Step) -> Json:
        usage = {"input_tokens": INPUT_TOKENS, "output_tokens": OUTPUT_TOKENS}
        usage["total_tokens"] = INPUT_TOKENS + OUTPUT_TOKENS
        return {
            "id": f"resp_{next(_numbers)}",
            "object": "response",
            "created_at": 1,
            "status": "completed",
            "model": "scripted",
            "output": [_item(part) for part in step],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": {
                **usage,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens_details": {"reasoning_tokens": 0},
            },
        }


class Gemini(ScriptedDialect):
    """Google's generateContent. A call comes whole, and carries the signature of the thinking."""

    name = "gemini"

    def answers(self, path: str) -> bool:
        return path.endswith((":generateContent", ":streamGenerateContent"))

    def streams(self, path: str, body: Json) -> bool:
        return path.endswith(":streamGenerateContent")

    def results(self, body: Json) -> list[str]:
        parts = [part for content in body["contents"] for part in content.get("parts", [])]
        return [
            json.dumps(part["functionResponse"]["response"])
            for part in parts
            if "functionResponse" in part
        ]

    def stream(self, step: Step) -> list[bytes]:
        events: list[Json] = []
        for part in step:
            if isinstance(part, Call):
                events.append(_candidate([_gemini_part(part)]))
            else:
                thought = {"thought": True} if isinstance(part, Think) else {}
                events += [_candidate([{"text": one, **thought}]) for one in pieces(part.text)]
        last = _candidate([{"text": ""}], "STOP")
        return [server_sent(one) for one in [*events, {**last, "usageMetadata": _GEMINI_USAGE}]]

    def body(self, step: Step) -> Json:
        parts = [_gemini_part(part) for part in step]
        return {**_candidate(parts, "STOP"), "usageMetadata": _GEMINI_USAGE}


DIALECTS: dict[str, ScriptedDialect] = {
    dialect.name: dialect for dialect in (OpenAIChat(), OpenAIResponses(), Gemini())
}

_CHAT_USAGE = {
    "prompt_tokens": INPUT_TOKENS,
    "completion_tokens": OUTPUT_TOKENS,
    "total_tokens": INPUT_TOKENS + OUTPUT_TOKENS,
}
_GEMINI_USAGE = {
    "promptTokenCount": INPUT_TOKENS,
    "candidatesTokenCount": OUTPUT_TOKENS,
    "totalTokenCount": INPUT_TOKENS + OUTPUT_TOKENS,
}


def _calls(step: Step) -> list[Call]:
    return [part for part in step if isinstance(part, Call)]


def _chat_finish(step: Step) -> str:
    return "tool_calls" if _calls(step) else "stop"


def _item(part: Say | Think | Call) -> Json:
    """A part as an item of a response's output."""
    number = next(_numbers)
    if isinstance(part, Say):
        content: list[Json] = [{"type": "output_text", "text": part.text, "annotations": []}]
        message = {"type": "message", "id": f"msg_{number}", "role": "assistant"}
        return {**message, "status": "completed", "content": content}
    if isinstance(part, Think):
        summary = [{"type": "summary_text", "text": part.text}]
        return {"type": "reasoning", "id": f"rs_{number}", "summary": summary}
    call = {"type": "function_call", "id": f"fc_{number}", "call_id": f"call_{number}"}
    arguments = part.arguments
    return {**call, "name": part.name, "arguments": arguments, "status": "completed"}


def _emptied(item: Json) -> Json:
    """What an item lacks when it is added."""
    empty: dict[str, Json] = {
        "message": {"content": []},
        "reasoning": {"summary": []},
        "function_call": {"arguments": ""},
    }
    return empty[item["type"]]


def _inside(item: Json) -> list[tuple[str, Json]]:
    """The events between an item's start and its end."""
    if item["type"] == "function_call":
        arguments = item["arguments"]
        deltas = [{"delta": piece} for piece in pieces(arguments)]
        name = "response.function_call_arguments"
        done = {"arguments": arguments, "name": item["name"]}
        return [*((f"{name}.delta", delta) for delta in deltas), (f"{name}.done", done)]
    message = item["type"] == "message"
    part = item["content" if message else "summary"][0]
    place = {"content_index" if message else "summary_index": 0}
    empty: Any = {**part, "text": ""}
    frame = "response.content_part" if message else "response.reasoning_summary_part"
    text = "response.output_text" if message else "response.reasoning_summary_text"
    logprobs: Json = {"logprobs": []} if message else {}
    return [
        (f"{frame}.added", {**place, "part": empty}),
        *((f"{text}.delta", {**place, "delta": one, **logprobs}) for one in pieces(part["text"])),
        (f"{text}.done", {**place, "text": part["text"], **logprobs}),
        (f"{frame}.done", {**place, "part": part}),
    ]


def _gemini_part(part: Say | Think | Call) -> Json:
    if isinstance(part, Call):
        call = {"name": part.name, "args": part.input}
        return {"functionCall": call, "thoughtSignature": f"c2ln{next(_numbers):04d}"}
    return {"text": part.text, **({"thought": True} if isinstance(part, Think) else {})}


def _candidate(parts: list[Json], finish: str = "") -> Json:
    candidate: Json = {"content": {"role": "model", "parts": parts}, "index": 0}
    if finish:
        candidate["finishReason"] = finish
    answer = f"resp{next(_numbers)}"
    return {"candidates": [candidate], "modelVersion": "scripted", "responseId": answer}
