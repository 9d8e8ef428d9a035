"""Tools with one kind of argument each, for the examples of all families."""

from __future__ import annotations

from typing import Any

from understudy.protocols.engine.messages import ToolShape


def tool(name: str, /, *required: str, **properties: Any) -> ToolShape:
    """A tool whose input has these properties."""
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        schema["required"] = list(required)
    return ToolShape(name, f"The tool {name}.", schema)


STRING: dict[str, Any] = {"type": "string"}
INTEGER: dict[str, Any] = {"type": "integer"}
NUMBER: dict[str, Any] = {"type": "number"}
BOOLEAN: dict[str, Any] = {"type": "boolean"}
STRINGS: dict[str, Any] = {"type": "array", "items": STRING}

TOOLS = (
    tool("special_function", "arg1", arg1=INTEGER),
    tool("special_function_with_opt", "arg1", arg1=INTEGER, arg2=INTEGER),
    tool("get_time", "city", city=STRING),
    tool("get_weather", "city", city=STRING),
    tool("python", "code", code=STRING),
    tool("html", "markup", markup=STRING),
    tool("empty_args"),
    tool("magic_int", "ref", ref=INTEGER, name=STRING),
    tool("amount", "orig", orig=NUMBER),
    tool("toggle", "enabled", enabled=BOOLEAN),
    tool("set_nullable", "value", value={"type": "null"}),
    tool("set_nullable_str", "name", name={"anyOf": [STRING, {"type": "null"}]}),
    tool("set_union", value={"type": ["string", "object"]}, amount={"oneOf": [INTEGER, STRING]}),
    tool("todo_list", "todos", todos=STRINGS),
    tool("set_config", "config", config={"type": "object"}),
    tool("nested_args", tags=STRINGS, entries={"type": "array", "items": {"type": "object"}}),
    tool("edit", "oldString", oldString=STRING, newString=STRING, replaceAll=BOOLEAN),
)
