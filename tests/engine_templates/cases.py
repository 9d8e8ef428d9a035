"""Conversations as chat templates are given them: one of each shape that an agent makes.

They stand in `cases.json`, which tests/real reads too.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from understudy.protocols.engine.messages import Chat, ToolShape

_FOUND: Final[dict[str, Any]] = json.loads(Path(__file__).with_name("cases.json").read_text())

TOOLS: Final = [ToolShape(**tool) for tool in _FOUND["tools"]]
CASES: Final[Mapping[str, Chat]] = {
    name: Chat(case["messages"], TOOLS if case["tools"] else [], case["variables"])
    for name, case in _FOUND["cases"].items()
}
SYSTEM: Final[dict[str, Any]] = CASES["call"].messages[0]
READING: Final[dict[str, Any]] = CASES["call"].messages[2]["tool_calls"][0]
READ: Final[dict[str, Any]] = CASES["again"].messages[3]
DONE: Final[list[dict[str, Any]]] = CASES["answered"].messages[-2:]


def said(role: str, content: str, **members: Any) -> dict[str, Any]:
    """A message."""
    return {"role": role, "content": content, **members}


def call(identity: str, name: str, arguments: dict[str, Any]) -> dict[str, Any]:
    """A call inside a message."""
    function = {"name": name, "arguments": arguments}
    return {"id": identity, "type": "function", "function": function}


def result(identity: str, name: str, content: str) -> dict[str, Any]:
    """The message with a tool's result."""
    return said("tool", content, tool_call_id=identity, name=name)
