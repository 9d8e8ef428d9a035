"""A request as a local engine's server can read it, and so that its prompt cache survives.

Unlike a relay to Anthropic, this one is ours to reshape. Only what llama.cpp's server documents is
sent; what changes with every request goes (`reminders`), for an engine would read each turn from
the beginning; the history is repaired; a `system` message in mid-conversation becomes a reminder
inside the user's turn; thinking of other models goes; what cannot be shown to a text model is named
in a word, so that nothing is silently empty.
"""

from __future__ import annotations

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


def local_body(request: ServedRequest, model: str, answer_tokens_max: int = 0) -> bytes:
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
    turns = repaired_messages(tuple(_in_two_roles(each) for each in conversation.messages))
    body["messages"] = [{"role": turn.role, "content": _blocks(turn.blocks)} for turn in turns]
    return msgspec.json.encode(body)


def _in_two_roles(message: Message) -> Message:
    """The message in one of the two roles that every template knows, and in words it can say."""
    if message.role == "system":
        said = (block.text for block in message.blocks if isinstance(block, Text))
        text = "\n\n".join(filter(None, said))
        return Message("user", (Text(REMINDER.format(text)),) if text else ())
    return Message(message.role, tuple(each for block in message.blocks for each in _said(block)))


def _said(block: Block) -> tuple[Text | ToolUse | ToolResult, ...]:
    """A block as text or as what a tool is called with or has answered; () for what is left out."""
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
            return f"[{block.kind}: this model reads text only]" if block.kind else ""


def _blocks(blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
    shaped: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, Text):
            shaped.append({"type": "text", "text": block.text})
        elif isinstance(block, ToolUse):
            call = {"type": "tool_use", "id": block.id, "name": block.name}
            shaped.append({**call, "input": block.input})
        elif isinstance(block, ToolResult):
            content = "\n".join(_words(inner) for inner in block.content)
            result = {"type": "tool_result", "tool_use_id": block.tool_use_id}
            shaped.append({**result, "content": content})
    return shaped


def _is_shown(tool: Tool) -> bool:
    """Whether it is the client's own; a server tool and the placeholder are not shown."""
    return tool.server is None and tool.name not in ("", PLACEHOLDER)


def _tool(tool: Tool) -> dict[str, Any]:
    return {"name": tool.name, "description": tool.description, "input_schema": tool.schema}
