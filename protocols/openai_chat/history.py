"""A conversation's messages in Chat Completions' shape, for an endpoint.

The API wants each call's result directly behind the message that called, in a message with the role
`tool` that holds text alone. So results come first of all that follows an answer, and images and
documents in them come next, in a user's message that names the call. Neighbouring messages of the
user are joined: many chat templates insist that the roles take turns.
"""

from __future__ import annotations

import hashlib
import re
from typing import Any

import attrs
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
from ..conversation.names import NameRule, ToolNames, fitting
from ..conversation.request import Conversation, Message
from .citations import Place
from .parts import DIALECT, can_be_sent, media_part, text_part
from .reasoning import members_back
from .traits import is_mistral

ID_CHARACTERS_MAX = 40
MISTRAL_ID_CHARACTERS = 9
APART = "\n\n"
ERROR_MARK = "Error: "
ERROR_BEGINNINGS = ("error", "<tool_use_error", "[error")
"""How results begin that say themselves that they are errors; the API has no other way."""

_ID_RULE = NameRule(ID_CHARACTERS_MAX, re.compile(r"[^A-Za-z0-9_.:-]"))


def wire_messages(
    conversation: Conversation, names: ToolNames, model: str
) -> tuple[list[dict[str, Any]], list[str]]:
    """The messages, the system prompt first, and what of them could not be said."""
    writer = _HistoryWriter(names, model, conversation.tool_uses())
    system = APART.join(block.text for block in conversation.system if block.text)
    if system:
        writer.messages.append({"role": "system", "content": system})
    writer.note_cache(conversation.system)
    following: list[Message] = []
    for message in conversation.messages:
        if message.role == "assistant":
            writer.add_following(following)
            following = []
            writer.add_answer(message)
        else:
            following.append(message)
    writer.add_following(following)
    return writer.messages, writer.dropped


def wire_id(call: str, model: str) -> str:
    """A call's id within the API's limits, the same in each turn."""
    if is_mistral(model):
        fits = len(call) == MISTRAL_ID_CHARACTERS and call.isascii() and call.isalnum()
        digest = hashlib.blake2b(call.encode("utf-8", "surrogatepass")).hexdigest()
        return call if fits else digest[:MISTRAL_ID_CHARACTERS]
    return fitting(call, _ID_RULE)


@attrs.define
class _HistoryWriter:
    _names: ToolNames
    _model: str
    _uses: dict[str, ToolUse]
    messages: list[dict[str, Any]] = attrs.field(factory=list[dict[str, Any]])
    dropped: list[str] = attrs.field(factory=list[str])

    def add_answer(self, message: Message) -> None:
        """Adds an assistant's message, unless nothing is left of it."""
        self.note_cache(message.blocks)
        text = self._answer_text(message.blocks)
        calls = [self._call(block) for block in message.blocks if isinstance(block, ToolUse)]
        if not text and not calls:
            return
        added: dict[str, Any] = {"role": "assistant", "content": text or None}
        thinking = [block for block in message.blocks if isinstance(block, Thinking)]
        members = members_back(thinking, self._model)
        if thinking and not members:
            self.dropped.append("thinking")
        added.update(members)
        if calls:
            added["tool_calls"] = calls
        self.messages.append(added)

    def _answer_text(self, blocks: tuple[Block, ...]) -> str:
        place, texts = Place(), list[str]()
        for block in blocks:
            if isinstance(block, Text):
                texts.append(place.text(block.text))
                continue
            place.leave()
            if isinstance(block, Media | Other | RedactedThinking):
                self._drop(block)
        return "".join(texts)

    def _call(self, use: ToolUse) -> dict[str, Any]:
        arguments = msgspec.json.encode(use.input).decode()
        function = {"name": self._names.sent(use.name), "arguments": arguments}
        return {"id": wire_id(use.id, self._model), "type": "function", "function": function}

    def add_following(self, messages: list[Message]) -> None:
        """Adds what stands between two answers: first every result, then all else in order."""
        parts: list[dict[str, Any]] = []
        for message in messages:
            self.note_cache(message.blocks)
            for block in message.blocks:
                if isinstance(block, ToolResult):
                    parts += self._add_result(block)
        for message in messages:
            if message.role == "system":
                self._add_user(parts)
                parts = []
                self._add_system(message)
            else:
                shown = map(self._part, message.blocks)
                parts += (part for part in shown if part is not None)
        self._add_user(parts)

    def _add_result(self, result: ToolResult) -> list[dict[str, Any]]:
        """Adds a result, and returns the parts that have no place in it."""
        texts: list[str] = []
        attached: list[dict[str, Any]] = []
        for block in result.content:
            match block:
                case Text():
                    texts.append(block.text)
                case ToolReference():
                    texts.append(f"The tool {self._names.sent(block.name)} can be called now.")
                case Media():
                    self._note_unsent(block)
                    part = media_part(block)
                    if part["type"] == "text":
                        texts.append(part["text"])
                    else:
                        attached.append(part)
                case Other():
                    self._drop(block)
        use = self._uses.get(result.tool_use_id)
        name = self._names.sent(use.name) if use else "a tool"
        call = wire_id(result.tool_use_id, self._model)
        if attached and not texts:
            texts.append("The result is in the next message.")
        text = "\n".join(text for text in texts if text)
        if result.is_error and not text.lower().startswith(ERROR_BEGINNINGS):
            text = ERROR_MARK + text
        self.messages.append({"role": "tool", "tool_call_id": call, "content": text})
        return [text_part(f"Result of {name} ({call}):"), *attached] if attached else []

    def _add_system(self, message: Message) -> None:
        texts = [block.text for block in message.blocks if isinstance(block, Text)]
        if text := APART.join(filter(None, texts)):
            self.messages.append({"role": "system", "content": text})

    def _add_user(self, parts: list[dict[str, Any]]) -> None:
        if parts:
            self.messages.append({"role": "user", "content": _content(parts)})

    def _part(self, block: Block) -> dict[str, Any] | None:
        match block:
            case Text():
                return text_part(block.text) if block.text else None
            case Media():
                self._note_unsent(block)
                return media_part(block)
            case Other() if block.dialect == DIALECT:
                return block.value
            case ToolResult():
                return None
            case _:
                self._drop(block)
                return None

    def _note_unsent(self, media: Media) -> None:
        if not can_be_sent(media):
            self.dropped.append(f"{media.kind} by {'file_id' if media.file_id else 'url'}")

    def _drop(self, block: Block) -> None:
        match block:
            case Other():
                self.dropped.append(f"block {block.kind}")
            case RedactedThinking():
                self.dropped.append("thinking")
            case _:
                self.dropped.append(f"block {type(block).__name__}")

    def note_cache(self, blocks: tuple[Block, ...]) -> None:
        """Names the client's cache markers as dropped, once any block has one."""
        if any(getattr(block, "cache", None) for block in blocks):
            self.dropped.append("cache_control")


def _content(parts: list[dict[str, Any]]) -> str | list[dict[str, Any]]:
    """Text alone as one string, which every server takes; else the parts."""
    if all(part.get("type") == "text" for part in parts):
        return APART.join(part["text"] for part in parts)
    return parts
