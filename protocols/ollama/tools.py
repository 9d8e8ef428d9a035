"""Tool definitions: a client's as neutral ones, and neutral ones as Ollama can read them.

Ollama reads a tool's schema into a fixed shape and refuses the whole request where a member has
another type, such as `true` for a property, or a list of types at the top. What its shape does not
have (`$ref`, `oneOf`, `allOf`, `const`) it leaves out without a word, and the model would see a
parameter without a type. So schemas are rewritten into that shape, and nothing else is lost.
Source: ToolFunctionParameters and ToolProperty in Ollama's api/types.go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from ..conversation.request import Tool
from ..json_values import list_of, object_of, objects_of, text_of

DEPTH_MAX: Final = 24
"""Of a schema; what lies deeper, or refers to itself, is left without a type."""
PROPERTIES_MAX: Final = 4_000
"""Of one tool's schema as it is written: references can multiply a small one without end."""


def read_tools(found: list[Any]) -> tuple[tuple[Tool, ...], list[str]]:
    """The tools of a client's request, and a name for each entry that is none."""
    tools: list[Tool] = []
    unknown: list[str] = []
    for place, entry in enumerate(found):
        function = object_of(object_of(entry).get("function"))
        name = text_of(function.get("name"))
        if name:
            schema = object_of(function.get("parameters"))
            tools.append(Tool(name, text_of(function.get("description")), schema))
        else:
            unknown.append(f"tools[{place}]")
    return tuple(tools), unknown


def written_tool(tool: Tool) -> dict[str, Any]:
    """The tool's definition for Ollama."""
    parameters = _Schema(_definitions(tool.schema)).parameters(tool.schema)
    function: dict[str, Any] = {"name": tool.name, "parameters": parameters}
    if tool.description:
        function["description"] = tool.description
    return {"type": "function", "function": function}


def _definitions(schema: dict[str, Any]) -> dict[str, Any]:
    """What `$ref` may name, by its whole text."""
    return {
        f"#/{key}/{name}": value
        for key in ("$defs", "definitions")
        for name, value in object_of(schema.get(key)).items()
    }


def _texts(value: Any) -> list[str] | None:
    return [item for item in list_of(value) if isinstance(item, str)] or None


def _types(value: Any) -> Any:
    return value if isinstance(value, str) else _texts(value)


_KEPT: Final[Mapping[str, Callable[[Any], Any]]] = {
    "type": _types,
    "description": lambda value: text_of(value) or None,
    "enum": lambda value: list_of(value) or None,
    "required": _texts,
}
"""The members of a property that go as they are, if they have the type that Ollama reads."""


@attrs.define
class _Schema:
    """Rewrites one tool's schema."""

    _named: Mapping[str, Any]
    _left: int = PROPERTIES_MAX

    def parameters(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The whole input: always an object."""
        found = self._resolved(schema, ())[0]
        parameters: dict[str, Any] = {"type": "object", "properties": {}}
        required = _texts(found.get("required"))
        if required:
            parameters["required"] = required
        parameters["properties"] = self._properties(found.get("properties"), ())
        return parameters

    def _properties(self, found: Any, trail: tuple[str, ...]) -> dict[str, Any]:
        return {name: self._property(value, trail) for name, value in object_of(found).items()}

    def _property(self, value: Any, trail: tuple[str, ...]) -> dict[str, Any]:
        """One property. `trail` is which references lead here; "" stands for a plain step."""
        self._left -= 1
        if len(trail) >= DEPTH_MAX or self._left < 0:
            return {}
        found, trail = self._resolved(object_of(value), trail)
        written = {
            key: kept
            for key, reader in _KEPT.items()
            if (kept := reader(found.get(key))) is not None
        }
        if "const" in found:
            written["enum"] = [found["const"]]
        inner = (*trail, "")
        choices = objects_of(found.get("anyOf")) or objects_of(found.get("oneOf"))
        if choices:
            written["anyOf"] = [self._property(choice, inner) for choice in choices]
        if isinstance(found.get("items"), dict):
            written["items"] = self._property(found["items"], inner)
        if isinstance(found.get("properties"), dict):
            written["properties"] = self._properties(found["properties"], inner)
        return written

    def _resolved(
        self, found: dict[str, Any], trail: tuple[str, ...]
    ) -> tuple[dict[str, Any], tuple[str, ...]]:
        """The schema with what its `$ref` names, and with its `allOf`, merged into it."""
        while isinstance(name := found.get("$ref"), str):
            rest = {key: value for key, value in found.items() if key != "$ref"}
            if name in trail or len(trail) >= DEPTH_MAX:
                return rest, trail
            trail = (*trail, name)
            found = {**object_of(self._named.get(name)), **rest}
        for part in objects_of(found.get("allOf")):
            merged, trail = self._resolved(part, (*trail, ""))
            found = {**merged, **found, "properties": _both(merged, found, "properties")}
        return found, trail


def _both(first: dict[str, Any], second: dict[str, Any], key: str) -> Any:
    """The members of both objects under this key; None where neither has one."""
    return {**object_of(first.get(key)), **object_of(second.get(key))} or None
