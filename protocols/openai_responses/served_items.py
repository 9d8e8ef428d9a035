"""The items of a client's request as messages.

What the assistant did in one turn comes as a run of items (reasoning, message, calls) and is one
message; so is a run of tool outputs, as the answers to calls made together. A message of the user's
stays one of its own. An item of a kind that has no neutral form is an `Other` at its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ..conversation.arguments import parsed_input, written_input
from ..conversation.blocks import (
    Block,
    Other,
    Text,
    ToolReference,
    ToolResult,
    ToolUse,
)
from ..conversation.request import Message, Role
from ..json_values import object_of, objects_of, text_of
from .client_tools import CUSTOM_INPUT, SEARCH, SHELL, joined_name, tools_in_item
from .parts import read_parts
from .reasoning import NAME, thinking_of

ROLES: dict[str, Role] = {
    "assistant": "assistant",
    "developer": "system",
    "system": "system",
    "user": "user",
}
_SILENT = ("additional_tools",)
"""Kinds that are read elsewhere."""
_ANSWERS = ("_output", "_response")
"""How the kinds of items end that a client gives, not a model."""


def read_items(found: Any) -> tuple[Message, ...]:
    """The whole conversation, from a string or a list of items."""
    if isinstance(found, str):
        return (Message("user", (Text(found),)),) if found else ()
    messages = list[Message]()
    for item in objects_of(found):
        kind = text_of(item.get("type")) or ("message" if "role" in item else "item_reference")
        if kind == "message":
            message = Message(_role(item), tuple(read_parts(item.get("content"))))
        elif kind in _SILENT:
            continue
        else:
            message = _item(item, kind)
        _add(messages, message)
    return tuple(messages)


def _add(messages: list[Message], message: Message) -> None:
    """Joins what belongs to one turn; leaves out what is empty."""
    if not message.blocks:
        return
    last = messages[-1] if messages else None
    if last is not None and last.role == message.role and _joined(last, message):
        messages[-1] = Message(last.role, (*last.blocks, *message.blocks))
    else:
        messages.append(message)


def _joined(last: Message, following: Message) -> bool:
    if last.role == "assistant":
        return True
    blocks = (last.blocks[-1], following.blocks[0])
    return all(isinstance(block, ToolResult) for block in blocks)


def _role(item: dict[str, Any]) -> Role:
    return ROLES.get(text_of(item.get("role")), "user")


def _item(item: dict[str, Any], kind: str) -> Message:
    read = _READERS.get(kind)
    block = Other(NAME, kind, item) if read is None else read(item)
    given = isinstance(block, ToolResult) or kind.endswith(_ANSWERS)
    return Message("user" if given else "assistant", (block,))


def _function_call(item: dict[str, Any]) -> Block:
    name = joined_name(text_of(item.get("namespace")), text_of(item.get("name")))
    return ToolUse(_call(item), name, parsed_input(text_of(item.get("arguments"))))


def _custom_call(item: dict[str, Any]) -> Block:
    name = joined_name(text_of(item.get("namespace")), text_of(item.get("name")))
    return ToolUse(_call(item), name, {CUSTOM_INPUT: text_of(item.get("input"))})


def _output(item: dict[str, Any]) -> Block:
    return ToolResult(_call(item), tuple(read_parts(item.get("output"))))


def _shell_call(item: dict[str, Any]) -> Block:
    action = object_of(item.get("action"))
    given = {key: action[key] for key in action if key not in ("type", "env")}
    return ToolUse(_call(item), SHELL, given)


def _search_call(item: dict[str, Any]) -> Block:
    """A search that the client makes; one that OpenAI made is no call to anybody else."""
    if item.get("execution") != "client":
        return Other(NAME, "tool_search_call", item)
    arguments = item.get("arguments")
    text = arguments if isinstance(arguments, str) else written_input(arguments)
    return ToolUse(_call(item), SEARCH, parsed_input(text))


def _search_output(item: dict[str, Any]) -> Block:
    if item.get("execution") != "client":
        return Other(NAME, "tool_search_output", item)
    return ToolResult(_call(item), tuple(_references(item)))


def _references(item: dict[str, Any]) -> Iterable[ToolReference]:
    return (ToolReference(each.tool.name) for each in tools_in_item(item))


def _call(item: dict[str, Any]) -> str:
    """The id of a call; a local shell's output has it in `id`."""
    return text_of(item.get("call_id")) or text_of(item.get("id"))


_READERS: dict[str, Callable[[dict[str, Any]], Block]] = {
    "reasoning": thinking_of,
    "function_call": _function_call,
    "function_call_output": _output,
    "custom_tool_call": _custom_call,
    "custom_tool_call_output": _output,
    "local_shell_call": _shell_call,
    "local_shell_call_output": _output,
    "tool_search_call": _search_call,
    "tool_search_output": _search_output,
}
