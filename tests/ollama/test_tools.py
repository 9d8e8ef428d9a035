"""Schemas as Ollama can read them: none is refused, and no parameter loses what it is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from understudy.protocols.conversation.request import Tool
from understudy.protocols.json_values import list_of, object_of
from understudy.protocols.ollama.tools import DEPTH_MAX, PROPERTIES_MAX, written_tool

from .inputs import VALUES, few_examples, objects


def parameters(**schema: Any) -> dict[str, Any]:
    """The parameters that are sent for a schema."""
    sent: dict[str, Any] = written_tool(Tool("t", "d", schema))["function"]["parameters"]
    return sent


def property_of(schema: Any, **more: Any) -> Any:
    """What is sent for one property."""
    return parameters(properties={"p": schema}, **more)["properties"]["p"]


def test_a_plain_schema_goes_as_it_is() -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "required": ["path"],
        "properties": {
            "path": {"type": "string", "description": "Where."},
            "lines": {"type": ["integer", "null"]},
            "mode": {"type": "string", "enum": ["r", "w"]},
            "tags": {"type": "array", "items": {"type": "string"}},
            "deep": {
                "type": "object",
                "required": ["a"],
                "properties": {"a": {"anyOf": [{"type": "string"}, {"type": "null"}]}},
            },
        },
    }
    assert parameters(**schema) == schema
    assert written_tool(Tool("t", "d", schema))["function"]["description"] == "d"
    assert "description" not in written_tool(Tool("t"))["function"]


@pytest.mark.parametrize("schema", [{}, {"type": ["object", "null"]}, {"properties": 7}])
def test_the_input_is_always_an_object(schema: dict[str, Any]) -> None:
    assert parameters(**schema) == {"type": "object", "properties": {}}


@pytest.mark.parametrize(
    ("schema", "sent"),
    [
        (True, {}),
        ({"type": "string", "required": True, "enum": "x", "description": 7}, {"type": "string"}),
        ({"const": 5}, {"enum": [5]}),
        ({"oneOf": [{"type": "string"}, True]}, {"anyOf": [{"type": "string"}]}),
        ({"type": "array", "items": True}, {"type": "array"}),
    ],
)
def test_what_ollama_would_refuse_or_lose_is_said_in_another_way(schema: Any, sent: Any) -> None:
    assert property_of(schema) == sent


def test_a_reference_is_replaced_by_what_it_names() -> None:
    place = {"type": "object", "properties": {"x": {"$ref": "#/$defs/number"}}}
    found = property_of(
        {"$ref": "#/$defs/place", "description": "Here."},
        **{"$defs": {"place": place, "number": {"type": "number"}}},
    )
    assert found == {
        "type": "object",
        "description": "Here.",
        "properties": {"x": {"type": "number"}},
    }
    assert property_of({"$ref": "#/definitions/n"}, definitions={"n": {"type": "null"}}) == {
        "type": "null"
    }
    assert property_of({"$ref": "elsewhere"}) == {}


def test_parts_that_all_hold_are_one_schema() -> None:
    parts = [{"$ref": "#/$defs/a"}, {"properties": {"y": {"type": "string"}}}]
    more = {"$defs": {"a": {"type": "object", "properties": {"x": {"type": "number"}}}}}
    assert property_of({"allOf": parts, "properties": {"z": {}}}, **more) == {
        "type": "object",
        "properties": {"y": {"type": "string"}, "x": {"type": "number"}, "z": {}},
    }


def test_a_schema_that_refers_to_itself_ends() -> None:
    tree = {"type": "object", "properties": {"kids": {"items": {"$ref": "#/$defs/tree"}}}}
    found = property_of({"$ref": "#/$defs/tree"}, **{"$defs": {"tree": tree}})
    assert found["properties"]["kids"] == {"items": {}}
    loop = {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}
    assert property_of({"$ref": "#/$defs/a"}, **{"$defs": loop}) == {}


def test_references_that_multiply_have_a_limit() -> None:
    named = {
        f"n{step}": {"properties": {side: {"$ref": f"#/$defs/n{step + 1}"} for side in "ab"}}
        for step in range(DEPTH_MAX)
    }
    found = property_of({"$ref": "#/$defs/n0"}, **{"$defs": named})

    def properties(schema: dict[str, Any]) -> int:
        inner: dict[str, Any] = schema.get("properties", {})
        return 1 + sum(properties(each) for each in inner.values())

    assert PROPERTIES_MAX / 2 < properties(found) < PROPERTIES_MAX * 2


def test_a_schema_that_is_too_deep_ends() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(300):
        deep = {"properties": {"p": deep}}
    assert str(property_of(deep)).count("properties") <= DEPTH_MAX


NODES = objects(
    type=VALUES,
    required=VALUES,
    properties=VALUES,
    items=VALUES,
    anyOf=VALUES,
    allOf=VALUES,
    enum=VALUES,
)


def is_readable(schema: Any) -> bool:
    """Whether Ollama's own types take the schema."""
    assert set(schema) <= {
        "type",
        "description",
        "enum",
        "required",
        "anyOf",
        "items",
        "properties",
    }
    listed = list_of(schema.get("type")) or [schema.get("type", "")]
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", [])]
    return (
        all(isinstance(kind, str) for kind in listed)
        and all(isinstance(name, str) for name in schema.get("required", []))
        and isinstance(schema.get("enum", []), list)
        and all(isinstance(each, dict) and is_readable(each) for each in inner)
    )


@few_examples
@given(objects(type=VALUES, properties=objects(a=NODES, b=NODES), allOf=VALUES, required=VALUES))
def test_any_schema_becomes_one_that_ollama_reads(schema: Any) -> None:
    sent = written_tool(Tool("t", "d", object_of(schema)))
    assert sent["function"]["parameters"]["type"] == "object"
    assert is_readable(sent["function"]["parameters"])
