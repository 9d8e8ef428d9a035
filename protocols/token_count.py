"""The token features of whole requests: a neutral conversation, or a Messages body as it came.

The two agree on what they count: all text, in messages, system and results; a call's name and its
input as JSON; a tool's definition as JSON; media by a first guess. Thinking is a feature of its
own, because most APIs take none of the earlier turns' and others all of it. What has another kind
is counted as JSON: nothing is free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs
import msgspec

from .conversation.blocks import (
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
from .conversation.request import Conversation
from .json_values import list_of, object_of, objects_of, text_of
from .request import ServedRequest
from .token_features import TokenFeatures, features_of
from .token_media import document_tokens, image_tokens

THINKING_BYTES_PER_TOKEN: Final = 4
_ENCODER = msgspec.json.Encoder()


@attrs.define
class _Tally:
    """What has been found so far."""

    texts: list[bytes] = attrs.field(factory=list[bytes])
    thinking_bytes: int = 0
    images: int = 0
    documents: int = 0
    calls: int = 0

    def text(self, text: str) -> None:
        self.texts.append(text.encode("utf-8", "replace"))

    def json(self, value: Any) -> None:
        self.texts.append(_ENCODER.encode(value))

    def features(self, messages: int, tools: int) -> TokenFeatures:
        return features_of(
            self.texts,
            thinking=self.thinking_bytes / THINKING_BYTES_PER_TOKEN,
            images=self.images,
            documents=self.documents,
            messages=messages,
            calls=self.calls,
            tools=tools,
        )


def conversation_features(conversation: Conversation) -> TokenFeatures:
    """The features of a neutral conversation."""
    tally = _Tally()
    for text in conversation.system:
        tally.text(text.text)
    for tool in conversation.tools:
        definition = tool.server or {"name": tool.name, "description": tool.description}
        tally.json({**definition, "input_schema": tool.schema})
    for message in conversation.messages:
        _add_blocks(tally, message.blocks)
    return tally.features(len(conversation.messages), len(conversation.tools))


def _add_blocks(tally: _Tally, blocks: Iterable[Block]) -> None:
    for block in blocks:
        match block:
            case Text(text):
                tally.text(text)
            case ToolUse(name=name, input=given):
                tally.calls += 1
                tally.text(name)
                tally.json(given)
            case ToolResult(content=content):
                tally.calls += 1
                _add_blocks(tally, content)
            case Thinking(text):
                tally.thinking_bytes += len(text)
            case RedactedThinking(data):
                tally.thinking_bytes += len(data)
            case ToolReference(name):
                tally.text(name)
            case Media():
                _add_media(tally, block)
            case Other(value=value):
                tally.json(value)


def _add_media(tally: _Tally, media: Media) -> None:
    if media.text:
        tally.text(media.text)
    elif media.kind == "image":
        tally.images += image_tokens(media.data)
    else:
        tally.documents += document_tokens(media.data)


def messages_features(request: ServedRequest) -> TokenFeatures:
    """The features of a Messages request, from its own bytes. Raises BadRequest.

    Tools go into the count as the client wrote them: they are JSON in the prompt too.
    """
    tally = _Tally()
    _add_content(tally, request.value("system"))
    tools = request.json.raw("tools")
    tally.texts.append(tools)
    messages = request.items("messages")
    for message in messages:
        _add_content(tally, object_of(message).get("content"))
    return tally.features(len(messages), tools.count(b'"name"'))


def _add_content(tally: _Tally, content: Any) -> None:
    """Content of the shape that messages, the system prompt and results share."""
    if isinstance(content, str):
        tally.text(content)
    for block in objects_of(content):
        add = _KINDS.get(text_of(block.get("type")))
        if add is None:
            tally.json(block)
        else:
            add(tally, block)


def _add_text(tally: _Tally, block: dict[str, Any]) -> None:
    tally.text(text_of(block.get("text")))


def _add_call(tally: _Tally, block: dict[str, Any]) -> None:
    tally.calls += 1
    tally.text(text_of(block.get("name")))
    tally.json(block.get("input"))


def _add_result(tally: _Tally, block: dict[str, Any]) -> None:
    tally.calls += 1
    _add_content(tally, block.get("content"))


def _add_thinking(tally: _Tally, block: dict[str, Any]) -> None:
    tally.thinking_bytes += len(text_of(block.get("thinking")) or text_of(block.get("data")))


def _add_image(tally: _Tally, block: dict[str, Any]) -> None:
    tally.images += image_tokens(text_of(object_of(block.get("source")).get("data")))


def _add_document(tally: _Tally, block: dict[str, Any]) -> None:
    source = object_of(block.get("source"))
    if source.get("type") == "text":
        tally.text(text_of(source.get("data")))
    elif list_of(source.get("content")):
        _add_content(tally, source.get("content"))
    else:
        tally.documents += document_tokens(text_of(source.get("data")))


def _add_reference(tally: _Tally, block: dict[str, Any]) -> None:
    tally.text(text_of(block.get("tool_name")))


_KINDS: Final[Mapping[str, Any]] = {
    "text": _add_text,
    "tool_use": _add_call,
    "tool_result": _add_result,
    "thinking": _add_thinking,
    "redacted_thinking": _add_thinking,
    "image": _add_image,
    "document": _add_document,
    "tool_reference": _add_reference,
}
"""How each kind of block is counted."""
