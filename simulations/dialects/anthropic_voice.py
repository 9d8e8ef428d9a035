"""An endpoint that speaks Anthropic's Messages, as its API reference has them.

The usage is told at the beginning and once more, all of it, at the end. Blocks come one after the
other; the signature of thinking is a delta behind its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, ClassVar

import msgspec

from ...protocols.json_values import objects_of
from .asked import Asked, Line
from .meaning import Calls, Meaning, Part, Says, Thinks
from .voice import MODEL, Manner, Piece, Voice, encoded, joined, named

Json = dict[str, Any]
EMPTY: dict[type, Json] = {
    Calls: {"input": {}},
    Says: {"text": ""},
    Thinks: {"thinking": "", "signature": ""},
}
DELTAS: dict[type, tuple[str, str]] = {
    Calls: ("input_json_delta", "partial_json"),
    Says: ("text_delta", "text"),
    Thinks: ("thinking_delta", "thinking"),
}
"""What fills a block, and the member that holds it."""
NOT_ENDED: Json = {"stop_reason": None, "stop_sequence": None}


class AnthropicVoice(Voice):
    """See the module."""

    dialect: ClassVar[str] = "anthropic"

    def stream(self, meaning: Meaning, manner: Manner) -> Iterator[Piece]:
        """See Voice."""
        usage = {**_usage(meaning), "output_tokens": 1} if manner.usage_times else {}
        message = {**_message(meaning, []), **NOT_ENDED, "usage": usage}
        yield Piece("start", named("message_start", {"message": message}))
        for index, part in enumerate(meaning.parts):
            for piece in _block_events(index, part, manner):
                yield Piece("content", piece)
        usage = _usage(meaning) if manner.usage_times else {}
        for _ in range(max(1, manner.usage_times)):
            ending = {"delta": _ending(meaning), "usage": usage}
            yield Piece("content", named("message_delta", ending))
        yield Piece("end", named("message_stop", {}))

    def whole(self, meaning: Meaning, manner: Manner) -> bytes:
        """See Voice."""
        blocks = [_block(part) for part in meaning.parts]
        usage = {"usage": _usage(meaning) if manner.usage_times else {}}
        return encoded({**_message(meaning, blocks), **_ending(meaning), **usage})

    def error(self, status: int, message: str) -> bytes:
        """See Voice."""
        return encoded({"type": "error", "error": {"type": "api_error", "message": message}})

    def failing(self, message: str) -> bytes:
        """See Voice."""
        return named("error", {"error": {"type": "overloaded_error", "message": message}})

    def unknown(self) -> bytes:
        """See Voice."""
        return named("from_the_future", {"flavour": {"deeply": ["nested", None]}})

    def asked(self, target: str, body: Json) -> Asked:
        """See Voice."""
        tools = tuple(tool["name"] for tool in objects_of(body.get("tools")))
        lines = [line for message in body["messages"] for line in _lines(message)]
        return Asked(bool(body.get("stream")), tools, tuple(lines))


def _message(meaning: Meaning, blocks: list[Json]) -> Json:
    names = {"id": f"msg_{meaning.serial}", "type": "message", "role": "assistant"}
    return {**names, "model": MODEL, "content": blocks}


def _ending(meaning: Meaning) -> Json:
    return {"stop_reason": "tool_use" if meaning.calls else "end_turn", "stop_sequence": None}


def _usage(meaning: Meaning) -> Json:
    cached = {"cache_read_input_tokens": meaning.cached_tokens, "cache_creation_input_tokens": 0}
    return {"input_tokens": meaning.serial, **cached, "output_tokens": meaning.output_tokens}


def _block(part: Part) -> Json:
    if isinstance(part, Says):
        return {"type": "text", "text": part.text}
    if isinstance(part, Calls):
        try:
            given = msgspec.json.decode(part.arguments)
        except msgspec.MsgspecError:  # a body has room for an object alone
            given = {"__unparsedToolInput": {"raw": part.arguments, "len": len(part.arguments)}}
        return {"type": "tool_use", "id": part.id, "name": part.name, "input": given}
    return {"type": "thinking", "thinking": part.text, "signature": part.signature}


def _block_events(index: int, part: Part, manner: Manner) -> Iterator[bytes]:
    block, empty = _block(part), EMPTY[type(part)]
    kind, key = DELTAS[type(part)]
    text = part.arguments if isinstance(part, Calls) else part.text
    yield named("content_block_start", {"index": index, "content_block": {**block, **empty}})
    for piece in manner.cut(text):
        yield named("content_block_delta", {"index": index, "delta": {"type": kind, key: piece}})
    if block["type"] == "thinking":
        delta = {"type": "signature_delta", "signature": block["signature"]}
        yield named("content_block_delta", {"index": index, "delta": delta})
    yield named("content_block_stop", {"index": index})


def _lines(message: Json) -> Iterator[Line]:
    content = message["content"]
    blocks = [{"type": "text", "text": content}] if isinstance(content, str) else content
    for block in blocks:
        match block["type"]:
            case "tool_use":
                arguments = msgspec.json.encode(block["input"]).decode()
                yield Line("call", arguments, block["id"], block["name"])
            case "tool_result":
                yield Line("result", joined(block.get("content")), block["tool_use_id"])
            case "thinking":
                yield Line("thinking", block["thinking"], signature=block["signature"])
            case "text" if message["role"] in ("user", "assistant"):
                yield Line(message["role"], block["text"])
            case _:
                pass
