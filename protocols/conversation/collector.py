"""What an answer has said so far, as blocks: for when the model is to be asked again with them."""

from __future__ import annotations

import attrs

from .answer import (
    AnswerEvent,
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ThinkingRedacted,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from .arguments import parsed_input
from .blocks import Block, RedactedThinking, Text, Thinking, ToolUse

SAID_CHARACTERS_MAX = 16 * 1024 * 1024
"""Of one answer; what comes after is not collected, and the client has it all the same."""


@attrs.define
class BlockCollector:
    """Feed it every event of an answer; `blocks` is what has come."""

    _blocks: list[Block] = attrs.field(factory=list[Block])
    _kind: str = ""
    _pieces: list[str] = attrs.field(factory=list[str])
    _call: ToolUseStarted | None = None
    _characters: int = 0

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The blocks so far, the open one too."""
        self._close()
        return tuple(self._blocks)

    def note(self, event: AnswerEvent) -> None:
        """Takes the next event."""
        match event:
            case TextDelta(text):
                self._add("text", text)
            case ThinkingDelta(text):
                self._add("thinking", text)
            case ThinkingSigned(signature):
                self._sign(signature)
            case ThinkingRedacted(data):
                self._close()
                self._blocks.append(RedactedThinking(data))
            case ToolUseStarted():
                self._close()
                self._kind, self._call = "tool", event
            case ToolInputDelta(text):
                self._add("tool", text)
            case BlockEnded():
                self._close()
            case _:
                pass

    def _add(self, kind: str, text: str) -> None:
        if self._kind != kind:
            self._close()
            self._kind = kind
        self._characters += len(text)
        if self._characters <= SAID_CHARACTERS_MAX:
            self._pieces.append(text)

    def _sign(self, signature: str) -> None:
        text = "".join(self._pieces) if self._kind == "thinking" else ""
        if self._kind != "thinking":
            self._close()
        self._kind, self._pieces = "", []
        self._blocks.append(Thinking(text, signature))

    def _close(self) -> None:
        text, kind = "".join(self._pieces), self._kind
        self._pieces, self._kind = [], ""
        if kind == "tool" and self._call is not None:
            self._blocks.append(ToolUse(self._call.id, self._call.name, parsed_input(text)))
        elif kind == "text" and text:
            self._blocks.append(Text(text))
        elif kind == "thinking" and text:
            self._blocks.append(Thinking(text))
