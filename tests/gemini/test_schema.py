"""Schemas both ways: what is kept, said in other words, and taken out."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.gemini.schema import DEPTH_MAX, from_openapi, parameters, to_gemini

from .wire import few_examples

OPENAPI: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"type": "STRING", "format": "date"}, {"type": "string", "format": "date"}),
    ({"type": "TYPE_UNSPECIFIED"}, {}),
    ({"type": ["STRING", "NULL"]}, {"type": ["string", "null"]}),
    ({"type": "INTEGER", "nullable": True}, {"type": ["integer", "null"]}),
    ({"nullable": True, "anyOf": [{}]}, {"anyOf": [{}]}),
    ({"type": "INTEGER", "nullable": False}, {"type": "integer"}),
    (
        {"type": "ARRAY", "items": {"type": "NUMBER"}, "min_items": "2", "maxItems": 3},
        {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 3},
    ),
    (
        {"any_of": [{"type": "STRING"}, {"ref": "x"}]},
        {"anyOf": [{"type": "string"}, {"$ref": "x"}]},
    ),
    ({"minItems": "9" * 5_000}, {"minItems": "9" * 5_000}),
    ({"defs": {"A": {"type": "STRING"}}}, {"$defs": {"A": {"type": "string"}}}),
    ({"additional_properties": False}, {"additionalProperties": False}),
    (
        {"properties": {"nullable": {"type": "STRING"}}},
        {"properties": {"nullable": {"type": "string"}}},
    ),
    ({"example": 1, "propertyOrdering": ["a"], "title": "t"}, {"title": "t"}),
]


@pytest.mark.parametrize(("schema", "wanted"), OPENAPI)
def test_gemini_s_own_style_as_json_schema(schema: dict[str, Any], wanted: Any) -> None:
    assert from_openapi(schema) == wanted


CASES: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"$schema": "x", "type": "string", "examples": [1]}, {"type": "string"}),
    ({"type": "string", "format": "uri"}, {"type": "string"}),
    ({"type": "string", "format": "date-time"}, {"type": "string", "format": "date-time"}),
    ({"const": "x"}, {"enum": ["x"]}),
    ({"const": True}, {}),
    ({"enum": ["a", "", None, 2, True]}, {"enum": ["a", 2]}),
    ({"type": "integer", "exclusiveMinimum": 0}, {"type": "integer", "minimum": 1}),
    ({"type": "integer", "exclusiveMaximum": 9}, {"type": "integer", "maximum": 8}),
    ({"type": "number", "exclusiveMinimum": 0}, {"type": "number", "minimum": 0}),
    ({"minimum": 3, "exclusiveMinimum": 0}, {"minimum": 3}),
    ({"exclusiveMinimum": True}, {}),
    ({"type": ["string", "null"]}, {"type": ["string", "null"]}),
    (
        {"type": ["string", "array"], "items": {"type": "string"}, "title": "t"},
        {
            "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
            "title": "t",
        },
    ),
    (
        {"type": ["object", "string"], "properties": {"a": {}}, "required": ["a"]},
        {
            "anyOf": [
                {"type": "object", "properties": {"a": {}}, "required": ["a"]},
                {"type": "string"},
            ]
        },
    ),
    (
        {"properties": {"a": {}}, "required": ["a", "b"]},
        {"properties": {"a": {}}, "required": ["a"]},
    ),
    ({"$ref": "#/definitions/A", "description": "x"}, {"$ref": "#/$defs/A"}),
    ({"definitions": {"A": {"const": 1}}}, {"$defs": {"A": {"enum": [1]}}}),
    ({"allOf": [{"$ref": "#/$defs/A"}], "description": "x"}, {"$ref": "#/$defs/A"}),
    (
        {
            "properties": {"a": {}},
            "required": ["a"],
            "allOf": [{"properties": {"b": {}}, "required": ["b"]}, {"title": "t"}],
        },
        {"properties": {"a": {}, "b": {}}, "required": ["b", "a"], "title": "t"},
    ),
    ({"oneOf": [{"not": {}}, True]}, {"oneOf": [{}]}),
    ({"patternProperties": {}, "if": {}, "dependentRequired": {}, "uniqueItems": True}, {}),
    ({"items": {"pattern": "a"}}, {"items": {"pattern": "a"}}),
    ({"additionalProperties": {"const": "x"}}, {"additionalProperties": {"enum": ["x"]}}),
]


@pytest.mark.parametrize(("schema", "wanted"), CASES)
def test_json_schema_as_gemini_takes_it(schema: dict[str, Any], wanted: Any) -> None:
    assert to_gemini(schema) == wanted


@pytest.mark.parametrize(
    ("schema", "wanted"),
    [
        ({}, None),
        ({"type": "object", "properties": {}}, None),
        (
            {"type": "object", "additionalProperties": False},
            {"type": "object", "additionalProperties": False},
        ),
        ({"properties": {"a": {}}}, {"type": "object", "properties": {"a": {}}}),
        ({"$ref": "#/$defs/A", "$defs": {"A": {}}}, {"$ref": "#/$defs/A", "$defs": {"A": {}}}),
    ],
)
def test_a_tool_s_parameters(schema: dict[str, Any], wanted: Any) -> None:
    assert parameters(schema) == wanted


def test_a_schema_without_an_end_is_cut() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _ in range(300):
        deep = {"items": deep}
    for shaped in (to_gemini(deep), from_openapi(deep)):
        levels, inner = 0, shaped
        while "items" in inner:
            levels, inner = levels + 1, inner["items"]
        assert (levels, inner) == (DEPTH_MAX, {})


KEYS = st.sampled_from(
    [
        "type",
        "properties",
        "items",
        "anyOf",
        "allOf",
        "enum",
        "required",
        "$ref",
        "const",
        "definitions",
        "minItems",
        "nullable",
        "exclusiveMinimum",
        "additionalProperties",
    ]
)
LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(["OBJECT", "array", ""])
ODD = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner), max_leaves=9
)


@few_examples
@given(st.dictionaries(KEYS, ODD))
def test_an_odd_schema_is_shaped_and_shaping_it_again_changes_nothing(value: Any) -> None:
    shaped = to_gemini(value)
    assert to_gemini(shaped) == shaped
    assert isinstance(from_openapi(value), dict)
