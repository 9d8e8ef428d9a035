"""What Claude Code puts into a request beside the conversation, and what a prompt cache needs.

An engine that caches by prefix reads again all that comes after the first change. Two things change
with every request: the billing header, the first block of the system prompt, and the message that
counts the tokens left after each tool result (an engine that moves system messages to the front
would read everything again). Neither says anything to another model than Anthropic's. The forms of
the second are those that public reports show (anthropics/claude-code#96101, ollama/ollama#17918).
"""

from __future__ import annotations

import re
from typing import Final

import attrs

from ..conversation.blocks import Block, Text, ToolResult
from ..conversation.request import Conversation, Message

BILLING_PREFIX: Final = "x-anthropic-billing-header:"
REMINDER: Final = "<system-reminder>\n{}\n</system-reminder>"
"""How the client itself tells the model what the system says in mid-conversation."""

_MARK: Final = "<total_tokens>"
_BARE = r"<total_tokens>[\w ,.-]{1,40} tokens left</total_tokens>"
_IN_ENVELOPE = rf"<system-reminder>\s*{_BARE}\s*</system-reminder>"
_ALONE: Final = re.compile(rf"\s*(?:{_IN_ENVELOPE}|{_BARE})\s*")
_SYSTEM_S: Final = re.compile(rf"\s*(?:{_IN_ENVELOPE}|{_BARE})")
_USER_S: Final = re.compile(rf"\s*{_IN_ENVELOPE}")


def without_billing(system: tuple[Text, ...]) -> tuple[Text, ...]:
    """The system prompt less the line that is meant for Anthropic's books."""
    if not any(block.text.startswith(BILLING_PREFIX) for block in system):
        return system
    kept = [attrs.evolve(block, text=_after_billing(block.text)) for block in system]
    return tuple(block for block in kept if block.text)


def without_countdown(conversation: Conversation) -> Conversation:
    """The conversation less what tells how many tokens are left; itself if nothing does.

    For endpoints that cache by prefix. What the user wrote stays, whatever it looks like: there
    only the client's own envelope is taken out, or a block that is nothing else.
    """
    messages = tuple(_message(message) for message in conversation.messages)
    if all(new is old for new, old in zip(messages, conversation.messages, strict=True)):
        return conversation
    kept = tuple(message for message in messages if message.blocks)
    return attrs.evolve(conversation, messages=kept)


def words_without_countdown(text: str, *, by_system: bool) -> str:
    """The same of one text of the user's, or of the system's in mid-conversation."""
    if _MARK not in text:
        return text
    if _ALONE.fullmatch(text):
        return ""
    return (_SYSTEM_S if by_system else _USER_S).sub("", text)


def _after_billing(text: str) -> str:
    if not text.startswith(BILLING_PREFIX):
        return text
    return text.partition("\n")[2].lstrip("\n")


def _message(message: Message) -> Message:
    if message.role == "assistant" or not any(_MARK in text for text in _texts(message)):
        return message
    by_system = message.role == "system"
    found = [_block(block, by_system) for block in message.blocks]
    blocks = tuple(block for block in found if block is not None)
    return message if blocks == message.blocks else Message(message.role, blocks)


def _texts(message: Message) -> list[str]:
    return [text.text for block in message.blocks for text in _inner(block)]


def _inner(block: Block) -> list[Text]:
    if isinstance(block, ToolResult):
        return [inner for inner in block.content if isinstance(inner, Text)]
    return [block] if isinstance(block, Text) else []


def _block(block: Block, by_system: bool) -> Block | None:
    """The block less the countdown; None if it was nothing else."""
    if isinstance(block, ToolResult):
        content = [
            _text(inner, by_system) if isinstance(inner, Text) else inner for inner in block.content
        ]
        return attrs.evolve(block, content=tuple(inner for inner in content if inner is not None))
    return _text(block, by_system) if isinstance(block, Text) else block


def _text(block: Text, by_system: bool) -> Text | None:
    left = words_without_countdown(block.text, by_system=by_system)
    if left == block.text:
        return block
    return attrs.evolve(block, text=left) if left else None
