"""Content blocks as a client's request holds them, read into the neutral ones.

Never trusted, never refused: a block of a kind that has no neutral form is an `Other` with its
value verbatim. Source: the Messages API reference, and `ContentBlockParam` of the official SDK.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..conversation.arguments import unparsed
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
from ..json_values import object_of, objects_of, text_of
from .limits import PDF_TYPE, TEXT_TYPE


def blocks_of(content: Any) -> tuple[Block, ...]:
    """A message's content, which may be one string."""
    if isinstance(content, str):
        return (Text(content),) if content else ()
    return tuple(block_of(value) for value in objects_of(content))


def block_of(value: dict[str, Any]) -> Block:
    """One block, of whatever kind."""
    kind = text_of(value.get("type"))
    read = _READERS.get(kind)
    return Other("anthropic", kind, value) if read is None else read(value)


def _text(value: dict[str, Any]) -> Text:
    citations = tuple(objects_of(value.get("citations")))
    return Text(text_of(value.get("text")), value.get("cache_control"), citations)


def _image(value: dict[str, Any]) -> Block:
    source = object_of(value.get("source"))
    media_type, cache = text_of(source.get("media_type")), value.get("cache_control")
    match source.get("type"):
        case "base64":
            return Media("image", media_type, data=text_of(source.get("data")), cache=cache)
        case "url":
            return Media("image", media_type, url=text_of(source.get("url")), cache=cache)
        case "file":
            return Media("image", media_type, file_id=text_of(source.get("file_id")), cache=cache)
        case _:
            return Other("anthropic", "image", value)


def _document(value: dict[str, Any]) -> Block:
    source, cache = object_of(value.get("source")), value.get("cache_control")
    title = text_of(value.get("title"))
    media_type = text_of(source.get("media_type"))

    def document(media_type: str, **content: str) -> Media:
        return Media("document", media_type, title=title, cache=cache, **content)

    match source.get("type"):
        case "base64":
            return document(media_type or PDF_TYPE, data=text_of(source.get("data")))
        case "url":
            return document(PDF_TYPE, url=text_of(source.get("url")))
        case "file":
            return document("", file_id=text_of(source.get("file_id")))
        case "text":
            return document(media_type or TEXT_TYPE, text=text_of(source.get("data")))
        case "content" if (text := _plain(source.get("content"))) is not None:
            return document(TEXT_TYPE, text=text)
        case _:
            return Other("anthropic", "document", value)


def _plain(content: Any) -> str | None:
    """Content as one text; None where some of it is none."""
    blocks = blocks_of(content)
    texts = [block.text for block in blocks if isinstance(block, Text)]
    return "\n\n".join(texts) if len(texts) == len(blocks) else None


def _search_result(value: dict[str, Any]) -> Block:
    """A search result as a document, which more models can read; its source is in the title."""
    text = _plain(value.get("content"))
    if text is None:
        return Other("anthropic", "search_result", value)
    named = [text_of(value.get("title")), text_of(value.get("source"))]
    title = ", ".join(filter(None, named))
    return Media("document", TEXT_TYPE, text=text, title=title, cache=value.get("cache_control"))


def _tool_use(value: dict[str, Any]) -> ToolUse:
    given = value.get("input")
    name = text_of(value.get("name"))
    read = unparsed(given) if isinstance(given, str) and given else object_of(given)
    return ToolUse(text_of(value.get("id")), name, read, value.get("cache_control"))


def _tool_result(value: dict[str, Any]) -> ToolResult:
    content = tuple(
        block
        if isinstance(block, Text | Media | ToolReference | Other)
        else Other("anthropic", text_of(inner.get("type")), inner)
        for inner, block in _pairs(value.get("content"))
    )
    is_error = value.get("is_error") is True
    used = text_of(value.get("tool_use_id"))
    return ToolResult(used, content, is_error, value.get("cache_control"))


def _pairs(content: Any) -> list[tuple[dict[str, Any], Block]]:
    if isinstance(content, str):
        return [({}, Text(content))] if content else []
    return [(value, block_of(value)) for value in objects_of(content)]


def _tool_reference(value: dict[str, Any]) -> ToolReference:
    return ToolReference(text_of(value.get("tool_name")))


def _tool_addition(value: dict[str, Any]) -> Block:
    """What a `system` message says of a tool that can be called from now on."""
    tool = object_of(value.get("tool"))
    if tool.get("type") != "tool_reference":
        return Other("anthropic", "tool_addition", value)
    return ToolReference(text_of(tool.get("name")))


def _thinking(value: dict[str, Any]) -> Thinking:
    return Thinking(text_of(value.get("thinking")), text_of(value.get("signature")))


def _redacted_thinking(value: dict[str, Any]) -> RedactedThinking:
    return RedactedThinking(text_of(value.get("data")))


_READERS: dict[str, Callable[[dict[str, Any]], Block]] = {
    "text": _text,
    "image": _image,
    "document": _document,
    "search_result": _search_result,
    "tool_use": _tool_use,
    "tool_result": _tool_result,
    "tool_reference": _tool_reference,
    "tool_addition": _tool_addition,
    "thinking": _thinking,
    "redacted_thinking": _redacted_thinking,
}
