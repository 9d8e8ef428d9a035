"""A tool's call that is being written, in the kind of item that the client takes for this tool.

To the model every tool was a function, and its input comes as the JSON text of an object. Only a
function's can be passed on before it is whole; of any other kind it is taken apart at the end.
"""

from __future__ import annotations

from typing import Any, Final

import attrs

from ..conversation.arguments import parsed_input
from .client_tools import CUSTOM_INPUT, SEARCH, SHELL, ClientTool
from .open_item import OpenItem
from .pen import Pen, delta_head


@attrs.define
class OpenCall(OpenItem):
    """A call of a tool, in the kind of item that this tool's calls are to the client."""

    tool: ClientTool
    _texts: list[str] = attrs.field(factory=list[str])
    _head: bytes = b""

    @classmethod
    def begin(cls, pen: Pen, index: int, call: str, tool: ClientTool, stem: str) -> OpenCall:
        """A call without any arguments; `stem` is what the item's id is made of."""
        prefix, kind, empty = _CALL_ITEMS[tool.kind]
        value: dict[str, Any] = {"type": kind, "id": f"{prefix}_{stem}", "call_id": call}
        value |= {"status": "in_progress", **empty}
        if tool.kind in ("function", "custom"):
            value["name"] = tool.name
        if tool.namespace:
            value["namespace"] = tool.namespace
        return cls(pen, index, value, tool)

    def input(self, json_text: str) -> bytes:
        """More of the input. Only a function's can be passed on before it is whole."""
        self._texts.append(json_text)
        if self.tool.kind != "function":
            return b""
        if not self._head:
            members = self._place(item_id=self.value["id"])
            self._head = delta_head("response.function_call_arguments.delta", members)
        return self.pen.delta(self._head, json_text)

    def closed(self, status: str) -> bytes:
        """The events that end it."""
        text = "".join(self._texts)
        events = b""
        match self.tool.kind:
            case "function":
                self.value = {**self.value, "arguments": text or "{}"}
                done = "response.function_call_arguments.done"
                events = self._event(done, arguments=text or "{}", name=self.tool.name)
            case "custom":
                words = _custom_input(text)
                self.value = {**self.value, "input": words}
                events = self._event("response.custom_tool_call_input.delta", delta=words)
                events += self._event("response.custom_tool_call_input.done", input=words)
            case "local_shell":
                self.value = {**self.value, "action": _shell_action(text)}
            case _:
                self.value = {**self.value, "arguments": parsed_input(text)}
        return events + super().closed(status)


_CALL_ITEMS: Final[dict[str, tuple[str, str, dict[str, Any]]]] = {
    "function": ("fc", "function_call", {"arguments": ""}),
    "custom": ("ctc", "custom_tool_call", {"input": ""}),
    SEARCH: ("tsc", "tool_search_call", {"arguments": {}, "execution": "client"}),
    SHELL: ("lsh", "local_shell_call", {"action": {"type": "exec", "command": [], "env": {}}}),
}
"""For each kind of tool: what its items' ids begin with, their type, and what is empty at first."""


def _custom_input(text: str) -> str:
    """What a custom tool is given: the one argument, or all that the model wrote."""
    words = parsed_input(text).get(CUSTOM_INPUT)
    return words if isinstance(words, str) else text


def _shell_action(text: str) -> dict[str, Any]:
    return {"command": [], **parsed_input(text), "type": "exec", "env": {}}
