"""Values that a model writes without quotes, between marks: the tool's schema says what they are.

Where the schema allows strings alone, the text is the value, to the character. Else it is read as
JSON, or else as Python, which some templates write; and it is a
string after all if it cannot be read so, or is of a kind that the schema does not know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Final, cast

import msgspec

from ..conversation.arguments import written_input
from ..engine.messages import ToolShape
from .pythonic import literal_as_json

_TEXT: Final = frozenset({"string"})
_NO_SCHEMA: Final[dict[str, Any]] = {}
KINDS: Final = frozenset({"string", "number", "boolean", "null", "object", "array"})
DEPTH_MAX: Final = 16
"""Of alternatives and references within a schema; what lies deeper may be of any kind."""

_CONST: Final = frozenset({"const"})
_SEVERAL: Final = ("anyOf", "oneOf", "allOf")
_VALUE = msgspec.json.Decoder()
_PYTHON_WORDS: Final = ("True", "False", "None")
_KIND_OF: Final = {
    str: "string",
    bool: "boolean",
    int: "number",
    float: "number",
    dict: "object",
    list: "array",
    type(None): "null",
}


class TypedArguments:
    """The arguments of one tool, by its schema; of a tool that nobody knows, anything."""

    def __init__(self, tools: Iterable[ToolShape], name: str) -> None:
        self._root = {tool.name: tool.schema for tool in tools}.get(name, _NO_SCHEMA)

    def written(self, arguments: dict[str, str], texts: Collection[str] = ()) -> str:
        """The JSON text of an input with these arguments. Of `texts` the model has said that they
        are strings, which counts where the schema allows one."""
        properties = _object(self._root.get("properties"))
        members = (
            f"{written_input(key)}:{self._value(text, properties.get(key), key in texts)}"
            for key, text in arguments.items()
        )
        return "{" + ",".join(members) + "}"

    def _value(self, text: str, schema: Any, is_text: bool) -> str:
        kinds = frozenset(self._kinds(schema, DEPTH_MAX))
        if kinds != _TEXT and not (is_text and "string" in kinds):
            written = _as_json(text.strip())
            if _kind(written) in kinds - _TEXT:
                return written
        return written_input(text)

    def _kinds(self, schema: Any, depth: int) -> Iterator[str]:
        """What kinds of value a schema allows: too many rather than too few."""
        members = _object(schema)
        if depth == 0:
            yield from KINDS
        elif "$ref" in members:
            yield from self._kinds(self._referred(str(members["$ref"])), depth - 1)
        elif "type" in members:
            named = _list(members["type"]) or [members["type"]]
            yield from ("number" if kind == "integer" else str(kind) for kind in named)
        elif values := _list(members.get("enum")) or [
            members[key] for key in _CONST & set(members)
        ]:
            yield from (_KIND_OF[type(value)] for value in values)
        elif several := next(filter(None, (_list(members.get(key)) for key in _SEVERAL)), None):
            for each in several:
                yield from self._kinds(each, depth - 1)
        else:
            yield from KINDS

    def _referred(self, reference: str) -> Any:
        """What a reference within the same schema stands for."""
        found: Any = self._root
        for word in reference.removeprefix("#/").split("/"):
            found = _object(found).get(word.replace("~1", "/").replace("~0", "~"))
        return found


def _as_json(text: str) -> str:
    """The text, or what it says as JSON if it is Python."""
    if text not in _PYTHON_WORDS and (not text.startswith(("{", "[")) or _kind(text)):
        return text
    try:
        return literal_as_json(text)
    except (ValueError, RecursionError):
        return text


def _object(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _kind(text: str) -> str:
    """The kind of value that a JSON text is, "" if it is none."""
    try:
        return _KIND_OF[type(_VALUE.decode(text))]
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return ""
