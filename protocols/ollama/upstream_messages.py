"""Neutral messages as Ollama's: a tool's results are messages of their own, of the role `tool`.

A `system` message in mid-conversation becomes a reminder in the user's words, at its own place:
Ollama's templates move system messages to the front, and with each one more the whole prompt would
be read again from there. Images inside a result follow in a user message that names the call, for
few templates show one elsewhere. What cannot be shown at all is named in a word, so that nothing is
silently empty, and listed in `dropped`; a model's own turns are given no words that it did not say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

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
from ..conversation.origin import own_payload
from ..conversation.request import Conversation, Message
from .answer_reader import DIALECT

REMINDER: Final = "<system-reminder>\n{}\n</system-reminder>"
FAILED: Final = "The tool failed.\n{}"
LOADED: Final = "The tool {} can be called now."
UNREADABLE: Final = "[{}: this model cannot read it]"
IMAGES_OF: Final = "[What the result of the call {} of the tool {} shows]"
_CARRIED: Final = ("image", "audio")
"""Kinds of media that `images` carries."""


@attrs.define
class MessagesWriter:
    """Writes the messages of one conversation."""

    _conversation: Conversation
    _model: str
    _names: Mapping[str, str]
    """The names of the tools that were called, by the call's id."""
    dropped: list[str] = attrs.field(factory=list[str])

    @classmethod
    def of(cls, conversation: Conversation, model: str) -> MessagesWriter:
        """The writer for this conversation and model."""
        names = {call: use.name for call, use in conversation.tool_uses().items()}
        return cls(conversation, model, names)

    def messages(self) -> list[dict[str, Any]]:
        """All messages, the system prompt first."""
        system = "\n\n".join(block.text for block in self._conversation.system if block.text)
        written: list[dict[str, Any]] = []
        if system:
            written.append({"role": "system", "content": system})
        for message in self._conversation.messages:
            written += self._message(message)
        return written

    def _message(self, message: Message) -> Iterable[dict[str, Any]]:
        if message.role == "assistant":
            return self._assistant(message.blocks)
        if message.role == "system":
            return self._reminder(message.blocks)
        results = [block for block in message.blocks if isinstance(block, ToolResult)]
        others = [block for block in message.blocks if not isinstance(block, ToolResult)]
        written = [self._result(result) for result in results]
        for result in results:
            written += self._shown(result)
        return written + self._user(others)

    def _assistant(self, blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
        texts: list[str] = []
        thoughts: list[str] = []
        calls: list[dict[str, Any]] = []
        for block in blocks:
            match block:
                case Text(text) if text:
                    texts.append(text)
                case Thinking(text, signature) if self._is_own(signature):
                    thoughts.append(text)
                case ToolUse(call, name, given):
                    function = {"index": len(calls), "name": name, "arguments": given}
                    calls.append({"id": call, "function": function})
                case Media() | Other():
                    self.dropped.append(_word(block))
                case _:
                    pass  # the thinking of other models, and text that is empty
        message: dict[str, Any] = {"role": "assistant", "content": "\n\n".join(texts)}
        if thoughts:
            message["thinking"] = "\n\n".join(thoughts)
        if calls:
            message["tool_calls"] = calls
        return [message] if texts or thoughts or calls else []

    def _is_own(self, signature: str) -> bool:
        return own_payload(signature, DIALECT, self._model) is not None

    def _reminder(self, blocks: tuple[Block, ...]) -> list[dict[str, Any]]:
        text = "\n\n".join(block.text for block in blocks if isinstance(block, Text) and block.text)
        return [{"role": "user", "content": REMINDER.format(text)}] if text else []

    def _user(self, blocks: Iterable[Block]) -> list[dict[str, Any]]:
        images = [media.data for media in _carried(blocks)]
        texts = [text for block in blocks if (text := self._words(block))]
        message: dict[str, Any] = {"role": "user", "content": "\n\n".join(texts)}
        if images:
            message["images"] = images
        return [message] if texts or images else []

    def _result(self, result: ToolResult) -> dict[str, Any]:
        content = "\n".join(text for block in result.content if (text := self._words(block)))
        return {
            "role": "tool",
            "tool_name": self._names.get(result.tool_use_id, ""),
            "tool_call_id": result.tool_use_id,
            "content": FAILED.format(content) if result.is_error else content,
        }

    def _shown(self, result: ToolResult) -> list[dict[str, Any]]:
        """The images of a result as a message of the user's."""
        carried = _carried(result.content)
        if not carried:
            return []
        name = self._names.get(result.tool_use_id, "")
        return self._user([Text(IMAGES_OF.format(result.tool_use_id, name)), *carried])

    def _words(self, block: Block) -> str:
        """What of a block is text; a word for what cannot be shown."""
        match block:
            case Text(text):
                return text
            case ToolReference(name):
                return LOADED.format(name)
            case Media(text=text) if text:
                return f"{block.title}\n{text}" if block.title else text
            case Thinking() | RedactedThinking() | ToolUse() | ToolResult():
                return ""
            case _ if _carried((block,)):
                return ""
            case _:
                self.dropped.append(_word(block))
                return UNREADABLE.format(_title(block))


def _carried(blocks: Iterable[Block]) -> list[Media]:
    """The blocks that go into `images`."""
    media = (block for block in blocks if isinstance(block, Media))
    return [block for block in media if block.kind in _CARRIED and block.data]


def _word(block: Media | Other) -> str:
    """The name under which a block is counted that cannot be said."""
    if isinstance(block, Other):
        return f"block {block.kind}"
    return f"{block.kind} by url" if block.url else block.kind


def _title(block: Media | Other) -> str:
    """A block's kind, with what else names it."""
    if isinstance(block, Other):
        return block.kind
    return " ".join(filter(None, (block.kind, block.title, block.url or block.file_id)))
