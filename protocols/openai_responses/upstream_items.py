"""The neutral conversation as input items, for an endpoint that keeps nothing itself.

Calls and their outputs are items of their own, between messages. Thinking goes back to the model
that wrote it and to no other. A tool's error has no member here, and a reference to a tool no part:
both are said in words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, Final

import attrs

from ..conversation.arguments import written_input
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
from ..conversation.request import Message
from .parts import written_part
from .reasoning import NAME, own_reasoning

CALL_CHARACTERS_MAX: Final = 64
"""Of a call's id."""
ERROR: Final = "Error: "
ERROR_BEGINNINGS: Final = ("error", "<tool_use_error>")
REFERENCE: Final = "The tool {} can be called now."
ROLES: Final = {"user": "user", "system": "developer", "assistant": "assistant"}
PART_KINDS: Final = ("input_text", "input_image", "input_file", "input_audio")
"""Kinds of `Other` that stand inside a message; any other is an item."""

Item = dict[str, Any]


@attrs.define
class ItemList:
    """The items so far, and what was left out of them."""

    model: str
    names: ToolNames
    items: list[Item] = attrs.field(factory=list[Item])
    dropped: dict[str, None] = attrs.field(factory=dict[str, None])

    def add(self, message: Message) -> None:
        """Adds one message: its parts together, every other block as an item at its place."""
        parts = list[Item]()
        for block in message.blocks:
            item = self._item(block)
            if item is not None:
                self._add_parts(message.role, parts)
                self.items.append(item)
                parts = []
            elif not isinstance(block, ToolUse | ToolResult | Thinking | RedactedThinking):
                parts += self._parts(message.role, block)
        self._add_parts(message.role, parts)

    def _add_parts(self, role: str, parts: list[Item]) -> None:
        if parts:
            self.items.append({"type": "message", "role": ROLES[role], "content": parts})

    def _item(self, block: Block) -> Item | None:
        """The block's own item; None for what is a part of a message, and for foreign thinking."""
        match block:
            case ToolUse():
                return {
                    "type": "function_call",
                    "call_id": call_id(block.id),
                    "name": self.names.sent(block.name),
                    "arguments": written_input(block.input),
                }
            case ToolResult():
                identity, output = call_id(block.tool_use_id), self._output(block)
                return {"type": "function_call_output", "call_id": identity, "output": output}
            case Thinking() | RedactedThinking():
                return own_reasoning(block, self.model)
            case Other(dialect=dialect, kind=kind) if dialect == NAME and kind not in PART_KINDS:
                return block.value
            case _:
                return None

    def _parts(self, role: str, block: Block) -> list[Item]:
        """The parts that a block is in a message of this role."""
        if role == "assistant":
            if isinstance(block, Text):
                text = {"type": "output_text", "text": block.text}
                return [text] if block.text else []
            self._drop(block, " of the assistant")
            return []
        if isinstance(block, ToolReference):
            return [{"type": "input_text", "text": self._reference(block)}]
        return self._written(block)

    def _written(self, block: Block) -> list[Item]:
        part = written_part(block) if isinstance(block, Text | Media | Other) else None
        if part is None and not isinstance(block, Text):
            self._drop(block, "")
        return [] if part is None else [part]

    def _output(self, result: ToolResult) -> str | list[Item]:
        """A tool's output: a string if it is one text at most, else parts."""
        parts = list[Item]()
        for block in result.content:
            text = isinstance(block, ToolReference)
            parts += self._parts("user", block) if text else self._written(block)
        texts = [part["text"] for part in parts if part.get("type") == "input_text"]
        if result.is_error and not _says_error(texts):
            parts = _with_error(parts)
        if len(parts) > 1 or any(part.get("type") != "input_text" for part in parts):
            return parts
        return parts[0]["text"] if parts else ""

    def _reference(self, block: ToolReference) -> str:
        return REFERENCE.format(self.names.sent(block.name))

    def _drop(self, block: Block, where: str) -> None:
        kind = block.kind if isinstance(block, Media | Other) else type(block).__name__
        self.dropped[kind + where] = None


def call_id(identity: str) -> str:
    """A call's id within the API's limit, the same each time."""
    if len(identity) <= CALL_CHARACTERS_MAX:
        return identity
    return f"call_{hashlib.blake2b(identity.encode(), digest_size=16).hexdigest()}"


def _says_error(texts: Iterable[str]) -> bool:
    first = next(iter(texts), "")
    return first.lower().startswith(ERROR_BEGINNINGS)


def _with_error(parts: list[Item]) -> list[Item]:
    """The parts with a word in front that says what the client has said in a member."""
    if parts and parts[0].get("type") == "input_text":
        return [{"type": "input_text", "text": ERROR + parts[0]["text"]}, *parts[1:]]
    return [{"type": "input_text", "text": ERROR.strip()}, *parts]
