"""A client's messages in neutral words.

Results of tools stand in messages of their own here and in a user's message there, so neighbours
with the role `tool` are joined. What the first messages of the roles `system` and `developer` say
is the system prompt; later ones stay where they are. The old form, with one `function_call` and no
ids, gets ids by its place, the same in each turn.
"""

from __future__ import annotations

from typing import Any

import attrs

from ..conversation.arguments import unparsed
from ..conversation.blocks import Block, Text, ToolResult, ToolUse
from ..conversation.request import Message
from ..json_decoding import NotJson, decode_json
from ..json_values import object_of, objects_of, text_of
from ..request import BadRequest
from .parts import Part, read_content
from .reasoning import given_back

_SYSTEM = ("system", "developer")
_RESULTS = ("tool", "function")


@attrs.define
class History:
    """What the messages say: the system prompt, the rest, and what was not understood."""

    system: list[Text] = attrs.field(factory=list[Text])
    messages: list[Message] = attrs.field(factory=list[Message])
    unknown: list[str] = attrs.field(factory=list[str])


def read_messages(found: list[Any]) -> History:
    """Reads a list of messages. Raises BadRequest where one is no object or has no role."""
    history = History()
    calls = _LegacyCalls()
    for number, item in enumerate(found):
        message = object_of(item)
        role = message.get("role")
        if not isinstance(role, str) or not role:
            raise BadRequest(f"messages[{number}]: expected an object with a role")
        if role in _SYSTEM:
            _add_system(history, message)
        elif role == "assistant":
            _add(history, Message("assistant", _assistant(message, number, calls)))
        elif role in _RESULTS:
            _add_result(history, _result(message, calls))
        else:
            if role != "user":
                history.unknown.append(f"role {role}")
            _add(history, Message("user", _content(message)))
    return history


def _add(history: History, message: Message) -> None:
    """An empty message says nothing, and no API takes it."""
    if message.blocks:
        history.messages.append(message)


def _add_system(history: History, message: dict[str, Any]) -> None:
    texts = tuple(block for block in _content(message) if isinstance(block, Text))
    if history.messages:
        _add(history, Message("system", texts))
    else:
        history.system += texts


def _add_result(history: History, result: ToolResult) -> None:
    last = history.messages[-1] if history.messages else None
    if last and last.role == "user" and isinstance(last.blocks[-1], ToolResult):
        history.messages[-1] = Message("user", (*last.blocks, result))
    else:
        history.messages.append(Message("user", (result,)))


def _content(message: dict[str, Any]) -> tuple[Part, ...]:
    """The message's content; a cache marker of the whole message goes to its last text."""
    blocks = read_content(message.get("content"))
    marker = message.get("cache_control")
    if marker and blocks and isinstance(blocks[-1], Text):
        return (*blocks[:-1], attrs.evolve(blocks[-1], cache=marker))
    return blocks


def _assistant(message: dict[str, Any], number: int, legacy: _LegacyCalls) -> tuple[Block, ...]:
    blocks: list[Block] = [*given_back(message), *_content(message)]
    refusal = text_of(message.get("refusal"))
    if refusal:
        blocks.append(Text(refusal))
    for place, call in enumerate(objects_of(message.get("tool_calls"))):
        blocks.append(_tool_use(call, f"call_{number}_{place}"))
    old = object_of(message.get("function_call"))
    if old:
        name = text_of(old.get("name"))
        made = f"call_{number}_0"
        legacy.called(name, made)
        blocks.append(ToolUse(made, name, tool_input(old.get("arguments"))))
    return tuple(blocks)


def _tool_use(call: dict[str, Any], made_id: str) -> ToolUse:
    """A call: of a function, or of a custom tool, whose input is plain text."""
    custom = object_of(call.get("custom"))
    function = object_of(call.get("function")) or custom or call
    arguments = function.get("input") if custom else function.get("arguments")
    given = {"input": text_of(arguments)} if custom else tool_input(arguments)
    return ToolUse(text_of(call.get("id")) or made_id, text_of(function.get("name")), given)


def tool_input(arguments: Any) -> dict[str, Any]:
    """The input that a model wrote as JSON text; kept as it is where it is no object."""
    if isinstance(arguments, dict):
        return object_of(arguments)
    raw = text_of(arguments)
    if not raw.strip():
        return {}
    try:
        found = decode_json(raw)
    except NotJson:
        found = None
    return object_of(found) if isinstance(found, dict) else unparsed(raw)


def _result(message: dict[str, Any], legacy: _LegacyCalls) -> ToolResult:
    call = text_of(message.get("tool_call_id"))
    if not call and message.get("role") == "function":
        call = legacy.answered(text_of(message.get("name")))
    return ToolResult(
        call, read_content(message.get("content")), cache=message.get("cache_control")
    )


@attrs.define
class _LegacyCalls:
    """Which call of the old form a result belongs to: the last of its name without a result."""

    _open: dict[str, list[str]] = attrs.field(factory=dict[str, list[str]])

    def called(self, name: str, made_id: str) -> None:
        self._open.setdefault(name, []).append(made_id)

    def answered(self, name: str) -> str:
        waiting = self._open.get(name)
        return waiting.pop() if waiting else f"call_{name}"
