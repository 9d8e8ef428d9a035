"""Values without quotes, by the tool's schema."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from understudy.protocols.engine.messages import ToolShape
from understudy.protocols.model_format.typed import TypedArguments

ANY_OF = {"anyOf": [{"type": "string"}, {"type": "null"}]}
LOOP: dict[str, Any] = {"$ref": "#/properties/value"}
CASES: list[tuple[Any, str, Any]] = [
    ({"type": "string"}, "1", "1"),
    ({"type": "string"}, ' "x"\n', ' "x"\n'),
    ({"type": "integer"}, "42", 42),
    ({"type": "integer"}, "forty", "forty"),
    ({"type": "number"}, " -1.5e3 ", -1500.0),
    ({"type": "boolean"}, "true", True),
    ({"type": "boolean"}, "False", False),
    ({"type": "null"}, "None", None),
    ({"type": "object"}, '{"a": [1]}', {"a": [1]}),
    ({"type": "object"}, "{'a': [1, None]}", {"a": [1, None]}),
    ({"type": "object"}, "{'a': }", "{'a': }"),
    ({"type": "object"}, "[1]", "[1]"),
    ({"type": ["integer", "null"]}, "null", None),
    ({"type": ["string", "object"]}, '{"a": 1}', {"a": 1}),
    ({"type": ["string", "object"]}, "7", "7"),
    (ANY_OF, "null", None),
    (ANY_OF, "7", "7"),
    ({"oneOf": [{"type": "integer"}, ANY_OF]}, "7", 7),
    ({"allOf": [{"type": "string"}]}, "7", "7"),
    ({"enum": ["1", "2"]}, "1", "1"),
    ({"enum": ["a", 1]}, "1", 1),
    ({"const": 5}, "5", 5),
    ({"const": "5"}, "5", "5"),
    ({"$ref": "#/$defs/a~1b"}, "5", "5"),
    ({"$ref": "#/nowhere"}, "5", 5),
    (LOOP, "5", 5),
    ({}, "5", 5),
    ({}, "five", "five"),
    (True, "[]", []),
    ({"type": 5, "enum": 5, "anyOf": 5}, "x", "x"),
    ({"enum": 5, "anyOf": 5}, "5", 5),
]


@pytest.mark.parametrize(("schema", "text", "value"), CASES)
def test_a_value_is_what_its_schema_allows(schema: Any, text: str, value: Any) -> None:
    tool = ToolShape(
        "f", "", {"properties": {"value": schema}, "$defs": {"a/b": {"type": "string"}}}
    )
    written = TypedArguments([tool], "f").written({"value": text})
    found = msgspec.json.decode(written)["value"]
    assert found == value
    assert type(found) is type(value)


def test_what_the_model_says_is_a_string_is_one_where_the_schema_allows_it() -> None:
    tool = ToolShape("f", "", {"properties": {"a": {}, "b": {"type": "integer"}}})
    written = TypedArguments([tool], "f").written({"a": "5", "b": "5"}, texts={"a", "b"})
    assert msgspec.json.decode(written) == {"a": "5", "b": 5}


@pytest.mark.parametrize("schema", [{}, {"properties": []}, {"properties": {"b": {}}}])
def test_arguments_that_no_schema_knows_may_be_anything(schema: dict[str, Any]) -> None:
    for tools in ([], [ToolShape("f", "", schema)]):
        written = TypedArguments(tools, "f").written({"a\n": "5", "b": "x"})
        assert msgspec.json.decode(written) == {"a\n": 5, "b": "x"}
