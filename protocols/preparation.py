"""A conversation made ready for a model of another dialect, and the way through Anthropic's form.

What only Anthropic's API resolves is resolved here first: a broken history, tools that are not
shown yet. The prompt diet and the local engine read Anthropic's form alone; a conversation of any
dialect takes that form for them, and comes back.
"""

from __future__ import annotations

import attrs

from .anthropic.dialect import SERVED, UPSTREAM
from .anthropic.reminders import without_countdown
from .anthropic.request import parse_request
from .anthropic.stand_ins import standing_in
from .anthropic.upstream_request import tool_names
from .conversation.blocks import Block, ToolReference, ToolResult, ToolUse
from .conversation.names import ToolNames
from .conversation.repair import repaired
from .conversation.request import Conversation, Message
from .request import ServedRequest


def prepared(conversation: Conversation, dialect: str) -> Conversation:
    """The conversation as a model behind this dialect can read it.

    Anthropic's API resolves deferred tools and runs server tools itself; no other does, and all
    others cache by prefix: what counts the tokens left would have them read everything again.
    """
    if dialect == SERVED.name:
        return repaired(conversation)
    return repaired(standing_in(without_countdown(conversation)))


def as_messages(conversation: Conversation, model: str) -> ServedRequest:
    """The conversation as a request in Anthropic's form."""
    return parse_request(UPSTREAM.request(conversation, model).body)


def from_messages(request: ServedRequest) -> Conversation:
    """The conversation of a request in Anthropic's form."""
    return SERVED.conversation(request)


def shortened(conversation: Conversation, request: ServedRequest) -> Conversation:
    """The conversation with what is left of it in a shortened request in Anthropic's form.

    Its wishes stay as they are, and its tools keep their names, which that form may not allow.
    """
    left, names = from_messages(request), tool_names(conversation)
    return attrs.evolve(
        conversation,
        messages=tuple(
            Message(message.role, tuple(_renamed(block, names) for block in message.blocks))
            for message in left.messages
        ),
        system=left.system,
        tools=tuple(attrs.evolve(tool, name=names.original(tool.name)) for tool in left.tools),
    )


def _renamed(block: Block, names: ToolNames) -> Block:
    match block:
        case ToolUse() | ToolReference():
            return attrs.evolve(block, name=names.original(block.name))
        case ToolResult(content=content):
            return attrs.evolve(
                block,
                content=tuple(
                    ToolReference(names.original(part.name))
                    if isinstance(part, ToolReference)
                    else part
                    for part in content
                ),
            )
        case _:
            return block
