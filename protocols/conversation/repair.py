"""A conversation that any API takes: see `pairing` for what is repaired, and why only so.

On top of the pairing, neighbours of one role are one message, and nothing stands between a call and
its results: what the system says there comes after them. Blocks stay with the role that may have
them: the assistant calls and thinks, the user answers calls and shows images.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import attrs

from .blocks import Block, RedactedThinking, Text, Thinking, ToolResult, ToolUse
from .pairing import INTERRUPTED, Answer, Kept, Kind, Part, Planned, Turn, named, plan
from .request import Conversation, Message


def repaired(conversation: Conversation, fit: Callable[[str], str] = named) -> Conversation:
    """The same conversation with a history that is whole; itself if it was. Idempotent.

    `fit` makes an id of a tool use one that the API takes; it must give the same each time.
    """
    messages = repaired_messages(conversation.messages, fit)
    if messages == conversation.messages:
        return conversation
    return attrs.evolve(conversation, messages=messages)


def repaired_messages(
    messages: tuple[Message, ...], fit: Callable[[str], str] = named
) -> tuple[Message, ...]:
    """The repaired history alone."""
    planned = plan([_turn(message) for message in messages], fit)
    found = [_message(message, messages) for message in planned]
    return _joined(_results_next(message for message in found if message.blocks))


def _turn(message: Message) -> Turn:
    if message.role == "system":
        return Turn("other")
    return Turn(message.role, [_part(block, message.role) for block in message.blocks])


def _part(block: Block, role: str) -> Part:
    match block:
        case ToolUse():
            return Part(Kind.USE, block.id)
        case ToolResult():
            return Part(Kind.RESULT, block.tool_use_id)
        case Text() if _is_blank(block):
            return Part(Kind.VOID)
        case Thinking() | RedactedThinking() if role == "user":
            return Part(Kind.VOID)
        case _:
            return Part(Kind.OTHER)


def _message(planned: Planned, messages: tuple[Message, ...]) -> Message:
    if planned.role == "other":
        said = messages[planned.message].blocks
        return Message("system", tuple(block for block in said if _may_be_system_s(block)))
    return Message(planned.role, tuple(_block(step, messages) for step in planned.steps))


def _may_be_system_s(block: Block) -> bool:
    calls_or_thinks = isinstance(block, ToolUse | ToolResult | Thinking | RedactedThinking)
    return not calls_or_thinks and not _is_blank(block)


def _is_blank(block: Block) -> bool:
    return isinstance(block, Text) and (not block.text or block.text.isspace())


def _block(step: Kept | Answer, messages: tuple[Message, ...]) -> Block:
    if isinstance(step, Answer):
        return ToolResult(step.id, (Text(INTERRUPTED),), is_error=True)
    block = messages[step.message].blocks[step.block]
    if isinstance(block, ToolUse) and block.id != step.id:
        return attrs.evolve(block, id=step.id)
    if isinstance(block, ToolResult) and block.tool_use_id != step.id:
        return attrs.evolve(block, tool_use_id=step.id)
    return block


def _results_next(messages: Iterable[Message]) -> Iterable[Message]:
    """Holds back what the system says between calls and their results."""
    held: list[Message] = []
    calling = False
    for message in messages:
        if message.role == "system" and calling:
            held.append(message)
            continue
        yield message
        if message.role == "user":
            yield from held
            held.clear()
            calling = False
        elif message.role == "assistant":
            calling = calling or any(isinstance(block, ToolUse) for block in message.blocks)
    yield from held


def _joined(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Neighbours of one role as one message."""
    joined: list[Message] = []
    for message in messages:
        if joined and joined[-1].role == message.role:
            joined[-1] = Message(message.role, joined[-1].blocks + message.blocks)
        else:
            joined.append(message)
    return tuple(joined)
