"""Neutral content blocks as the Messages API takes them.

What it cannot take is named in `dropped`, and a word stands in its place: nothing is silently
empty. Thinking goes only to the API that wrote it, and is never told as text.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable
from typing import Any

import attrs

from ..conversation.blocks import (
    Block,
    Media,
    Other,
    RedactedThinking,
    Text,
    Thinking,
    ToolReference,
    ToolResult,
    ToolUse,
)
from ..conversation.names import ToolNames
from ..conversation.origin import own_payload
from .history import fit_id
from .limits import IMAGE_TYPES, PDF_TYPE, TEXT_TYPE
from .server_blocks import is_own

Json = dict[str, Any]


@attrs.define
class ContentWriter:
    """Writes the blocks of one request."""

    names: ToolNames
    dropped: set[str] = attrs.field(factory=set[str])

    def user(self, blocks: Iterable[Block]) -> list[Json]:
        """A user's blocks: results first, as the API demands, and what they could not hold."""
        results: list[Json] = []
        others: list[Json] = []
        for block in blocks:
            if isinstance(block, ToolResult):
                result, beside = self._tool_result(block)
                results.append(result)
                others += beside
            else:
                others += self._written(block)
        return results + others

    def assistant(self, blocks: Iterable[Block]) -> list[Json]:
        """The assistant's blocks."""
        return [value for block in blocks for value in self._written(block)]

    def text(self, block: Text) -> list[Json]:
        """A text block; none without a letter in it, which the API refuses."""
        if not block.text or block.text.isspace():
            return []
        value: Json = {"type": "text", "text": block.text}
        if block.citations:
            value["citations"] = list(block.citations)
        return [_cached(value, block.cache)]

    def _written(self, block: Block) -> list[Json]:
        """One block, or none. Only `user` knows what to do with a result."""
        match block:
            case Text():
                return self.text(block)
            case Media():
                return self._media(block)
            case ToolUse():
                return [self._tool_use(block)]
            case Thinking():
                return self._thinking(block)
            case RedactedThinking():
                return self._redacted(block)
            case ToolReference():
                return [{"type": "text", "text": f"The tool {block.name} can be called now."}]
            case Other():
                return self._other(block)
            case ToolResult():
                return []

    def _tool_use(self, block: ToolUse) -> Json:
        name = self.names.sent(block.name)
        used: Json = {"type": "tool_use", "id": fit_id(block.id), "name": name}
        return _cached({**used, "input": block.input}, block.cache)

    def _tool_result(self, block: ToolResult) -> tuple[Json, list[Json]]:
        """The result, and what has to stand beside it: an error's may hold text alone."""
        inside: list[Json] = []
        beside: list[Json] = []
        for inner in block.content:
            if isinstance(inner, ToolReference):
                name = self.names.sent(inner.name)
                written: list[Json] = [{"type": "tool_reference", "tool_name": name}]
            else:
                written = self._written(inner)
            for value in written:
                fits = value["type"] == "text" or not block.is_error
                (inside if fits else beside).append(value)
        result: Json = {"type": "tool_result", "tool_use_id": fit_id(block.tool_use_id)}
        result["content"] = inside
        if block.is_error:
            result["is_error"] = True
        return _cached(result, block.cache), beside

    def _thinking(self, block: Thinking) -> list[Json]:
        payload = own_payload(block.signature, "anthropic", "")
        if payload is None:
            self.dropped.add("thinking")
            return []
        return [{"type": "thinking", "thinking": block.text, "signature": payload}]

    def _redacted(self, block: RedactedThinking) -> list[Json]:
        payload = own_payload(block.data, "anthropic", "")
        if payload is None:
            self.dropped.add("redacted_thinking")
            return []
        return [{"type": "redacted_thinking", "data": payload}]

    def _other(self, block: Other) -> list[Json]:
        if block.dialect == "anthropic" and block.kind and not is_own(block.value):
            return [block.value]
        self.dropped.add(f"{block.dialect}:{block.kind}")
        return []

    def _media(self, block: Media) -> list[Json]:
        source = _SOURCES.get(block.kind, _no_source)(block)
        if source is None:
            self.dropped.add(block.kind)
            named = " ".join(filter(None, (block.kind, block.media_type, block.title)))
            return [{"type": "text", "text": f"[{named}: left out, this model cannot read it]"}]
        value: Json = {"type": block.kind, "source": source}
        if block.title and block.kind == "document":
            value["title"] = block.title
        return [_cached(value, block.cache)]


def _cached(value: Json, cache: Any) -> Json:
    return value if cache is None else {**value, "cache_control": cache}


def _image_source(block: Media) -> Json | None:
    if block.data and block.media_type in IMAGE_TYPES:
        return {"type": "base64", "media_type": block.media_type, "data": block.data}
    return _elsewhere(block)


def _document_source(block: Media) -> Json | None:
    if block.text:
        return {"type": "text", "media_type": TEXT_TYPE, "data": block.text}
    if block.data and block.media_type == PDF_TYPE:
        return {"type": "base64", "media_type": PDF_TYPE, "data": block.data}
    if block.data and block.media_type.startswith(("text/", "application/json")):
        return _decoded_text(block.data)
    return _elsewhere(block)


def _decoded_text(data: str) -> Json | None:
    try:
        text = base64.b64decode(data, validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    return {"type": "text", "media_type": TEXT_TYPE, "data": text}


def _elsewhere(block: Media) -> Json | None:
    """A source that is not in the request itself."""
    if block.url:
        return {"type": "url", "url": block.url}
    return {"type": "file", "file_id": block.file_id} if block.file_id else None


def _no_source(_: Media) -> None:
    """Audio and video have none."""


_SOURCES: dict[str, Callable[[Media], Json | None]] = {
    "image": _image_source,
    "document": _document_source,
}
