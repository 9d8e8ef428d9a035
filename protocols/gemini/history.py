"""Writes the messages of a conversation as Gemini's `contents`.

There are two roles, and neighbours of one role are joined. A function response stands first in its
content, in the order of the calls, and names its function. Its media stand in its `parts` where the
model reads them there, else behind all responses of that content. A `system` message in
mid-conversation becomes a reminder inside the user's turn. Thinking of another model is left out;
a model that refuses a call without a signature gets the documented stand-in on the first call of
a message.
"""

from __future__ import annotations

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
from ..conversation.request import Conversation, Message
from .abilities import needs_signature, reads_media_in_results
from .media import Part, fits_in_result, media_part
from .signatures import DIALECT, DUMMY, own

REMINDER = "<system-reminder>\n{}\n</system-reminder>"
CAN_BE_CALLED = "The tool {} can be called now."


@attrs.define
class _Content:
    """One content that is being written."""

    role: str
    responses: dict[str, Part] = attrs.field(factory=dict[str, Part])
    beside: list[Part] = attrs.field(factory=list[Part])
    parts: list[Part] = attrs.field(factory=list[Part])


@attrs.define
class HistoryWriter:
    """Writes one conversation for one model; `dropped` names what could not be said."""

    _conversation: Conversation
    _model: str
    _names: ToolNames
    dropped: set[str] = attrs.field(factory=set[str])
    _uses: dict[str, ToolUse] = attrs.field(init=False)
    _order: dict[str, int] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self._uses = self._conversation.tool_uses()
        self._order = {id_: place for place, id_ in enumerate(self._uses)}

    def contents(self) -> list[dict[str, Any]]:
        """All contents that say anything."""
        found: list[_Content] = []
        for message in self._conversation.messages:
            role = "model" if message.role == "assistant" else "user"
            content = found[-1] if found and found[-1].role == role else _Content(role)
            self._write(message, content)
            new = not found or found[-1] is not content
            if new and (content.parts or content.responses):
                found.append(content)
        return [{"role": content.role, "parts": self._parts(content)} for content in found]

    def _parts(self, content: _Content) -> list[Part]:
        ordered = sorted(content.responses, key=lambda id_: self._order[id_])
        return [*(content.responses[id_] for id_ in ordered), *content.beside, *content.parts]

    def _write(self, message: Message, content: _Content) -> None:
        if message.role == "system":
            texts = [block.text for block in message.blocks if isinstance(block, Text)]
            if text := "\n\n".join(filter(None, texts)):
                content.parts.append({"text": REMINDER.format(text)})
        elif message.role == "assistant":
            self._write_answer(message.blocks, content.parts)
        else:
            for block in message.blocks:
                self._write_question(block, content)

    def _write_question(self, block: Block, content: _Content) -> None:
        if isinstance(block, ToolResult):
            self._write_result(block, content)
        elif (part := self._part(block)) is not None:
            content.parts.append(part)

    def _write_answer(self, blocks: tuple[Block, ...], parts: list[Part]) -> None:
        """A model's message; a signature goes on the part behind it, the last on an empty one."""
        first, signature = len(parts), ""
        for block in blocks:
            if isinstance(block, Thinking):
                payload, on_thought = own(block.signature, self._model)
                if on_thought:
                    thought = {"text": block.text, "thought": True}
                    parts.append({**thought, "thoughtSignature": payload})
                elif payload:
                    if signature:
                        parts.append({"text": "", "thoughtSignature": signature})
                    signature = payload
            elif (part := self._part(block)) is not None:
                parts.append({**part, "thoughtSignature": signature} if signature else part)
                signature = ""
        if signature:
            parts.append({"text": "", "thoughtSignature": signature})
        if needs_signature(self._model):
            _stand_in(parts[first:])

    def _part(self, block: Block) -> Part | None:
        """The part for a block that is no result; None for what is left out."""
        match block:
            case Text(text=text):
                return {"text": text} if text else None
            case ToolUse():
                name = self._names.sent(block.name)
                return {"functionCall": {"id": block.id, "name": name, "args": block.input}}
            case Media():
                return media_part(block, self.dropped)
            case ToolReference(name=name):
                return {"text": CAN_BE_CALLED.format(self._names.sent(name))}
            case Other(dialect=dialect, kind=kind, value=value):
                if dialect == DIALECT:
                    return {
                        key: item for key, item in value.items() if not key.startswith("thought")
                    }
                self.dropped.add(f"content.{kind}")
                return None
            case Thinking() | RedactedThinking() | ToolResult():
                return None

    def _write_result(self, result: ToolResult, content: _Content) -> None:
        """One function response; a result that belongs to no call is told as text."""
        texts: list[str] = []
        media: list[Part] = []
        for block in result.content:
            part = self._part(block)
            if part is not None and "text" in part:
                texts.append(part["text"])
            elif part is not None:
                media.append(part)
        use = self._uses.get(result.tool_use_id)
        text = "\n".join(texts)
        if use is None or result.tool_use_id in content.responses:
            content.parts += [{"text": text}] if text else []
            content.parts += media
            return
        inside = reads_media_in_results(self._model)
        kept = [part for part in media if inside and fits_in_result(part)]
        content.beside += [part for part in media if part not in kept]
        response: dict[str, Any] = {"id": use.id, "name": self._names.sent(use.name)}
        response["response"] = {"error" if result.is_error else "output": text}
        if kept:
            response["parts"] = kept
        content.responses[use.id] = {"functionResponse": response}


def _stand_in(parts: list[Part]) -> None:
    """Signs the first call of a message if nothing else has."""
    call = next((part for part in parts if "functionCall" in part), None)
    if call is not None and "thoughtSignature" not in call:
        call["thoughtSignature"] = DUMMY
