"""A request as a local engine's server can read it, and so that its prompt cache survives.

Unlike a relay to Anthropic, this one is ours to reshape. Only what llama.cpp's server documents is
sent; what changes with every request goes (`reminders`), for an engine would read each turn from
the beginning; the history is repaired; a `system` message in mid-conversation becomes a reminder
inside the user's turn; thinking of other models goes; what cannot be shown to a model is named in a
word, so that nothing is silently empty.

Images go to a model that has eyes, if they came with the request and in a form that llama.cpp
decodes (tools/mtmd/mtmd-helper.cpp, stb_image); what lies at an address is not fetched for it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

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
from ..conversation.deferral import PLACEHOLDER
from ..conversation.repair import repaired_messages
from ..conversation.request import Message, Tool
from ..request import ServedRequest
from .conversation import conversation_of
from .reminders import REMINDER, without_countdown

KEPT_KEYS = (
    "max_tokens",
    "stop_sequences",
    "stream",
    "temperature",
    "tool_choice",
    "top_k",
    "top_p",
)

IMAGE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/bmp")
Eyes = Callable[[Block], dict[str, Any] | None]
"""What a model is shown of a block, where it is an image and the model can see."""


def local_body(
    request: ServedRequest, model: str, answer_tokens_max: int = 0, *, sees_images: bool = False
) -> bytes:
    """The bytes for the engine's own `/v1/messages` and `/v1/messages/count_tokens`.

    `answer_tokens_max` lowers what the client allows for the answer; 0 leaves it as it is.
    """
    body: dict[str, Any] = {"model": model}
    for key in KEPT_KEYS:
        value = request.value(key)
        if value is not None:
            body[key] = value
    if answer_tokens_max:
        body["max_tokens"] = min(request.max_tokens or answer_tokens_max, answer_tokens_max)
    conversation = without_countdown(conversation_of(request))
    system = "\n\n".join(block.text for block in conversation.system)
    if system:
        body["system"] = system
    tools = [_tool(tool) for tool in conversation.tools if _is_shown(tool)]
    if tools:
        body["tools"] = tools
    else:
        body.pop("tool_choice", None)
    shown = _seen if sees_images else _nothing
    turns = repaired_messages(tuple(_in_two_roles(each, shown) for each in conversation.messages))
    body["messages"] = [
        {"role": turn.role, "content": _blocks(turn.blocks, shown)} for turn in turns
    ]
    return msgspec.json.encode(body)


def _seen(block: Block) -> dict[str, Any] | None:
    """An image as the server is shown it; None for what is none, or not at hand."""
    match block:
        case Media(kind="image", media_type=kind, data=data) if data and kind in IMAGE_TYPES:
            source = {"type": "base64", "media_type": kind, "data": data}
            return {"type": "image", "source": source}
        case _:
            return None


def _nothing(_: Block) -> None:
    """What a model without eyes is shown of an image."""


def _in_two_roles(message: Message, shown: Eyes) -> Message:
    """The message in one of the two roles that every template knows, and in words it can say."""
    if message.role == "system":
        said = (block.text for block in message.blocks if isinstance(block, Text))
        text = "\n\n".join(filter(None, said))
        return Message("user", (Text(REMINDER.format(text)),) if text else ())
    blocks = tuple(each for block in message.blocks for each in _said(block, shown))
    return Message(message.role, blocks)


def _said(block: Block, shown: Eyes) -> tuple[Block, ...]:
    """A block as it can be said: text, an image for eyes, a call or its result; () for nothing."""
    if shown(block) is not None:
        return (block,)
    match block:
        case Text() | ToolUse() | ToolResult():
            return (block,)
        case Thinking() | RedactedThinking():
            return ()
        case _:
            words = _words(block)
            return (Text(words),) if words else ()


def _words(block: Text | Media | ToolReference | Other) -> str:
    """What a text model can read of a block."""
    match block:
        case Text():
            return block.text
        case ToolReference():
            return f"The tool {block.name} can be called now."
        case Media() if block.text:
            return "\n".join(filter(None, (block.title, block.text)))
        case _:
            return f"[{block.kind}: this model cannot read it]" if block.kind else ""


def _blocks(blocks: tuple[Block, ...], shown: Eyes) -> list[dict[str, Any]]:
    shaped: list[dict[str, Any]] = []
    for block in blocks:
        if (image := shown(block)) is not None:
            shaped.append(image)
        elif isinstance(block, Text):
            shaped.append({"type": "text", "text": block.text})
        elif isinstance(block, ToolUse):
            call = {"type": "tool_use", "id": block.id, "name": block.name}
            shaped.append({**call, "input": block.input})
        elif isinstance(block, ToolResult):
            result = {"type": "tool_result", "tool_use_id": block.tool_use_id}
            shaped.append({**result, "content": _result(block, shown)})
    return shaped


def _result(block: ToolResult, shown: Eyes) -> str | list[dict[str, Any]]:
    """What a tool has answered: a text, or parts if there are images in it."""
    parts = [shown(inner) or {"type": "text", "text": _words(inner)} for inner in block.content]
    if any(part["type"] != "text" for part in parts):
        return parts
    return "\n".join(part["text"] for part in parts)


def _is_shown(tool: Tool) -> bool:
    """Whether it is the client's own; a server tool and the placeholder are not shown."""
    return tool.server is None and tool.name not in ("", PLACEHOLDER)


def _tool(tool: Tool) -> dict[str, Any]:
    return {"name": tool.name, "description": tool.description, "input_schema": tool.schema}
