"""An endpoint that speaks Ollama's `/api/chat`, as its API reference has it.

An answer is lines of JSON. A call comes whole and often without an id; its result is known by the
tool's name and the order. There are no comments, and nothing is said of a cache.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ...io.ports import Headers
from ...protocols.json_values import objects_of
from .asked import Asked, Line
from .meaning import Calls, Meaning, Says, Thinks
from .voice import MODEL, Manner, Piece, Voice, encoded

Json = dict[str, Any]


class OllamaVoice(Voice):
    """See the module."""

    dialect: ClassVar[str] = "ollama"
    arguments_are_text: ClassVar[bool] = False
    counts_cached: ClassVar[bool] = False
    headers: ClassVar[Headers] = ((b"content-type", b"application/x-ndjson"),)

    def stream(self, meaning: Meaning, manner: Manner) -> Iterator[Piece]:
        """See Voice."""
        calls: list[Json] = []
        for part in meaning.parts:
            match part:
                case Says(text):
                    for piece in manner.cut(text):
                        yield Piece("content", _line({"content": piece}))
                case Thinks(text, _):
                    for piece in manner.cut(text):
                        yield Piece("content", _line({"content": "", "thinking": piece}))
                case Calls() if manner.calls_whole:
                    calls.append(_call(part, manner))
                case Calls():
                    said = {"content": "", "tool_calls": [_call(part, manner)]}
                    yield Piece("content", _line(said))
        if calls:
            yield Piece("content", _line({"content": "", "tool_calls": calls}))
        for _ in range(max(1, manner.usage_times)):
            yield Piece("end", _line({"content": ""}, **_final(meaning, manner)))

    def whole(self, meaning: Meaning, manner: Manner) -> bytes:
        """See Voice."""
        message: Json = {"content": meaning.text}
        if meaning.thoughts:
            message["thinking"] = meaning.thoughts
        if meaning.calls:
            message["tool_calls"] = [_call(call, manner) for call in meaning.calls]
        return _line(message, **_final(meaning, manner))

    def error(self, status: int, message: str) -> bytes:
        """See Voice."""
        return encoded({"error": message})

    def failing(self, message: str) -> bytes:
        """See Voice."""
        return encoded({"error": message}) + b"\n"

    def unknown(self) -> bytes:
        """See Voice."""
        return _line({"content": "", "flavour": ["from the future"]})

    def comment(self) -> bytes:
        """See Voice: an empty piece."""
        return _line({"content": ""})

    def asked(self, target: str, body: Json) -> Asked:
        """See Voice."""
        tools = tuple(tool["function"]["name"] for tool in objects_of(body.get("tools")))
        lines = [line for message in body["messages"] for line in _lines(message)]
        return Asked(body.get("stream", True), tools, tuple(lines))


def _line(message: Json, **more: Any) -> bytes:
    said = {"role": "assistant", **message}
    value = {"model": MODEL, "created_at": "2026-01-01T00:00:00Z", "message": said, "done": False}
    return encoded({**value, **more}) + b"\n"


def _final(meaning: Meaning, manner: Manner) -> Json:
    counts = {"prompt_eval_count": meaning.serial, "eval_count": meaning.output_tokens}
    ending = {"done": True, "done_reason": "stop", "total_duration": 1, "load_duration": 1}
    return {**ending, **counts} if manner.usage_times else ending


def _call(call: Calls, manner: Manner) -> Json:
    known = {"id": call.id} if manner.gives_ids else {}
    arguments = msgspec.json.decode(call.arguments)
    return {**known, "function": {"name": call.name, "arguments": arguments}}


def _lines(message: Json) -> Iterator[Line]:
    text = message.get("content") or ""
    match message["role"]:
        case "assistant":
            if thoughts := message.get("thinking"):
                yield Line("thinking", thoughts)
            if text:
                yield Line("assistant", text)
            for call in objects_of(message.get("tool_calls")):
                function = call["function"]
                arguments = msgspec.json.encode(function["arguments"]).decode()
                yield Line("call", arguments, call.get("id") or "", function["name"])
        case "tool":
            known = message.get("tool_call_id") or ""
            yield Line("result", text, known, message.get("tool_name") or "")
        case "user":
            yield Line("user", text)
        case _:
            pass
