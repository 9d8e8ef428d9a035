"""An endpoint that speaks OpenAI's Chat Completions, as its API reference has them.

A delta holds a text, reasoning as several open models' servers give it, or pieces of calls, known
by their index; those of parallel calls may come in turns. The usage has a chunk of its own, with no
choices, behind the one with the finish reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from typing import Any, ClassVar

from ...protocols.json_values import objects_of
from .asked import Asked, Line
from .meaning import Calls, Meaning, Says, Thinks
from .voice import MODEL, Manner, Piece, Voice, data, encoded, joined

Json = dict[str, Any]


class ChatVoice(Voice):
    """See the module."""

    dialect: ClassVar[str] = "openai-chat"

    def stream(self, meaning: Meaning, manner: Manner) -> Iterator[Piece]:
        """See Voice."""
        yield Piece("start", _chunk(meaning, {"role": "assistant", "content": ""}))
        for kind, group in groupby(meaning.parts, key=type):
            parts = list(group)
            calls = [part for part in parts if isinstance(part, Calls)]
            deltas = [delta for part in parts for delta in _text_deltas(part, manner)]
            if kind is Calls:
                deltas += _call_deltas(calls, manner)
            for delta in deltas:
                yield Piece("content", _chunk(meaning, delta))
        yield Piece("end", _chunk(meaning, {}, _reason(meaning)))
        for _ in range(manner.usage_times):
            usage: Json = {**_base(meaning), "choices": [], "usage": _usage(meaning)}
            yield Piece("end", data(usage))
        yield Piece("end", b"data: [DONE]\n\n")

    def whole(self, meaning: Meaning, manner: Manner) -> bytes:
        """See Voice."""
        message: Json = {"role": "assistant", "content": meaning.text or None}
        if meaning.thoughts:
            message["reasoning_content"] = meaning.thoughts
        if meaning.calls:
            message["tool_calls"] = [_call(call) for call in meaning.calls]
        choice = {"index": 0, "message": message, "finish_reason": _reason(meaning)}
        body = {**_base(meaning), "object": "chat.completion", "choices": [choice]}
        return encoded(body | {"usage": _usage(meaning)} if manner.usage_times else body)

    def error(self, status: int, message: str) -> bytes:
        """See Voice."""
        return encoded({"error": {"message": message, "type": "as_drawn", "code": None}})

    def failing(self, message: str) -> bytes:
        """See Voice."""
        return data({"error": {"message": message, "type": "server_error", "code": 500}})

    def unknown(self) -> bytes:
        """See Voice."""
        return data({"object": "from.the.future", "choices": [], "flavour": [None, {}]})

    def asked(self, target: str, body: Json) -> Asked:
        """See Voice."""
        lines = [line for message in body["messages"] for line in _lines(message)]
        tools = tuple(tool["function"]["name"] for tool in objects_of(body.get("tools")))
        return Asked(bool(body.get("stream")), tools, tuple(lines))


def _base(meaning: Meaning) -> Json:
    kind = "chat.completion.chunk"
    return {"id": f"chatcmpl-{meaning.serial}", "object": kind, "created": 1, "model": MODEL}


def _chunk(meaning: Meaning, delta: Json, reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return data({**_base(meaning), "choices": [choice]})


def _reason(meaning: Meaning) -> str:
    return "tool_calls" if meaning.calls else "stop"


def _usage(meaning: Meaning) -> Json:
    return {
        "prompt_tokens": meaning.input_tokens,
        "completion_tokens": meaning.output_tokens,
        "total_tokens": meaning.input_tokens + meaning.output_tokens,
        "prompt_tokens_details": {"cached_tokens": meaning.cached_tokens},
        "completion_tokens_details": {"reasoning_tokens": meaning.thinking_tokens},
    }


def _text_deltas(part: object, manner: Manner) -> Iterator[Json]:
    if isinstance(part, Says):
        yield from ({"content": piece} for piece in manner.cut(part.text))
    elif isinstance(part, Thinks):
        yield from ({"reasoning_content": piece} for piece in manner.cut(part.text))


def _call(call: Calls) -> Json:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}


def _call_deltas(calls: Sequence[Calls], manner: Manner) -> Iterator[Json]:
    """Each call at once, or its name and then its arguments; one after the other, or in turns."""
    pieces: list[list[Json]] = []
    for index, call in enumerate(calls):
        if manner.calls_whole:
            pieces.append([{"index": index, **_call(call)}])
            continue
        begin = {"index": index, **_call(Calls(call.id, call.name, ""))}
        rest = [
            {"index": index, "function": {"arguments": piece}}
            for piece in manner.cut(call.arguments)
        ]
        pieces.append([begin, *rest])
    if manner.calls_interleaved:
        rounds = zip_longest(*pieces)
        flat = [piece for each in rounds for piece in each if piece is not None]
    else:
        flat = [piece for each in pieces for piece in each]
    return ({"tool_calls": [piece]} for piece in flat)


def _lines(message: Json) -> Iterator[Line]:
    text = joined(message.get("content"))
    match message["role"]:
        case "assistant":
            if thoughts := message.get("reasoning_content"):
                yield Line("thinking", thoughts)
            if text:
                yield Line("assistant", text)
            for call in objects_of(message.get("tool_calls")):
                function = call["function"]
                yield Line("call", function["arguments"], call["id"], function["name"])
        case "tool":
            yield Line("result", text, message["tool_call_id"])
        case "user":
            yield Line("user", text)
        case _:
            pass
