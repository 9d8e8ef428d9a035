"""A client's `messages` as neutral ones.

System messages at the beginning are the system prompt; a later one stays where it is. Messages of
the role `tool` that follow one another become one user message with all their results. What a
message holds that we do not know is named in `unknown`, once for each name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import attrs
import msgspec

from ..conversation.arguments import unparsed
from ..conversation.blocks import Media, Text, Thinking, ToolResult, ToolUse
from ..conversation.request import Message, Role
from ..json_values import list_of, object_of, objects_of, text_of
from .ids import CallIds
from .media import media_of

_ROLES: Final[dict[str, Role]] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "assistant": "assistant",
    "tool": "user",
}
"""An odd role counts as the user's: it must neither instruct nor have been said by the model."""
_KEYS: Final = frozenset(
    {"role", "content", "thinking", "images", "tool_calls", "tool_name", "tool_call_id", "name"}
)
_ANY = msgspec.json.Decoder()


@attrs.define
class MessagesReader:
    """Reads the messages of one request, in order."""

    _found: list[Any]
    _ids: CallIds
    unknown: list[str] = attrs.field(factory=list[str])

    @classmethod
    def of(cls, found: list[Any]) -> MessagesReader:
        """The reader for these messages."""
        return cls(found, CallIds(frozenset(_given_ids(objects_of(found)))))

    def read(self) -> tuple[tuple[Text, ...], tuple[Message, ...]]:
        """The system prompt and the messages."""
        system: list[Text] = []
        messages: list[Message] = []
        answering = False
        for place, found in enumerate(self._found):
            if not isinstance(found, dict):
                self._name(f"messages[{place}]")
                continue
            message = self._message(object_of(found))
            is_result = _role(object_of(found)) == "tool"
            if message.role == "system" and not messages:
                system += (block for block in message.blocks if isinstance(block, Text))
            elif is_result and answering:
                messages[-1] = Message("user", messages[-1].blocks + message.blocks)
            elif message.blocks:
                messages.append(message)
            answering = is_result
        return tuple(system), tuple(messages)

    def _message(self, found: dict[str, Any]) -> Message:
        for key in found:
            if key not in _KEYS:
                self._name(f"messages.{key}")
        role = _role(found)
        if role not in _ROLES:
            self._name(f"role {role[:32]}")
        shown: list[Text | Media] = [*self._texts(found.get("content"))]
        shown += media_blocks(found.get("images"))
        if role == "tool":
            return Message("user", (self._result(found, shown),))
        calls = self._calls(found.get("tool_calls"))
        thinking = text_of(found.get("thinking"))
        thought = (Thinking(thinking),) if thinking else ()
        return Message(_ROLES.get(role, "user"), (*thought, *shown, *calls))

    def _texts(self, content: Any) -> Iterable[Text]:
        """Ollama knows text alone here; some clients write Chat Completions' list of parts."""
        if isinstance(content, str):
            return [Text(content)] if content else []
        texts: list[Text] = []
        for part in list_of(content):
            text = text_of(object_of(part).get("text"))
            if text:
                texts.append(Text(text))
            else:
                self._name("messages.content")
        return texts

    def _result(self, found: dict[str, Any], shown: list[Text | Media]) -> ToolResult:
        name = text_of(found.get("tool_name")) or text_of(found.get("name"))
        call = self._ids.answered(text_of(found.get("tool_call_id")), name)
        return ToolResult(call, tuple(shown))

    def _calls(self, calls: Any) -> list[ToolUse]:
        uses: list[ToolUse] = []
        for call in objects_of(calls):
            function = object_of(call.get("function"))
            name = text_of(function.get("name"))
            use = self._ids.called(text_of(call.get("id")), name)
            uses.append(ToolUse(use, name, arguments_of(function.get("arguments"))))
        return uses

    def _name(self, unknown: str) -> None:
        if unknown not in self.unknown:
            self.unknown.append(unknown)


def media_blocks(images: Any) -> list[Media]:
    """The entries of `images` as blocks."""
    return [media_of(data) for data in list_of(images) if isinstance(data, str) and data]


def arguments_of(value: Any) -> dict[str, Any]:
    """A call's arguments as an object: Ollama's own form, or the text that other dialects use."""
    if isinstance(value, dict):
        return object_of(value)
    if value is None or value == "":
        return {}
    raw = value if isinstance(value, str) else msgspec.json.encode(value).decode()
    try:
        parsed = _ANY.decode(raw)
    except (msgspec.MsgspecError, RecursionError):
        parsed = None
    return object_of(parsed) if isinstance(parsed, dict) else unparsed(raw)


def _role(found: dict[str, Any]) -> str:
    return text_of(found.get("role")).lower()


def _given_ids(messages: list[dict[str, Any]]) -> Iterable[str]:
    for message in messages:
        yield text_of(message.get("tool_call_id"))
        for call in objects_of(message.get("tool_calls")):
            yield text_of(call.get("id"))
