"""Validation against a library: the same verdict on every value, and words that a model can use."""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from understudy.protocols.grammar.document import is_list, is_object
from understudy.protocols.grammar.validation import PROBLEMS_MAX, problems
from understudy.protocols.grammar.writer import GrammarWriter

from . import judge
from .corpus import bounded, tools
from .matcher import Grammar, drawn
from .test_schemas import CASES, NOWHERE

VALUES: list[Any] = [
    *(None, True, False, 0, 1, 2, 3, 5, -1, 1.0, 1.5, 10**20, 0.0075),
    *("", "a", "ab", "abc", "é", "2026-11-26", "127.0.0.1", "::1", "a@b", "x:y"),
    *([], [1], [1, 1], [1, True], ["a", 1], ["a", "b"], [[1], [1.0]], [1, 2, 3]),
    *({}, {"a": 1}, {"a": "x"}, {"b": 1}, {"a": 1, "b": 2}, {"a": 1, "c": 3}, {"x-a": 1}),
    *({"a": {"a": {"a": 1}}}, {"a": [1, {"b": None}]}, {"a": 1, "b": 1, "c": 1}),
]
INTEGER = {"type": "integer"}
UNJUDGED = ("format uri", "format time", "format date-time", "format hostname")
"""The library judges these with other packages alone."""
CLOSED = {"unevaluatedProperties": False}
SCHEMAS: list[Any] = [
    *({"type": kind} for kind in ("object", "array", "string", "number", "integer", "null")),
    {"type": ["string", "boolean"]},
    {"enum": [1, "a", [1], {"a": 1}, None]},
    {"const": [1.0]},
    {"const": False},
    {"minimum": 1, "maximum": 3},
    {"exclusiveMinimum": 1, "exclusiveMaximum": 3},
    {"multipleOf": 0.0001},
    {"multipleOf": 2},
    {"minLength": 1, "maxLength": 2},
    {"pattern": "^a"},
    {"pattern": "b"},
    {"minItems": 1, "maxItems": 2},
    {"uniqueItems": True},
    {"uniqueItems": False},
    {"minProperties": 1, "maxProperties": 2},
    {"required": ["a", "b"]},
    {"properties": {"a": INTEGER, "b": False}},
    {"additionalProperties": INTEGER},
    {"properties": {"a": True}, "additionalProperties": False},
    {"patternProperties": {"^x-": INTEGER}, "additionalProperties": {"type": "string"}},
    {"propertyNames": {"maxLength": 1, "pattern": "a"}},
    {"dependentRequired": {"a": ["b"]}},
    {"dependentSchemas": {"a": {"required": ["b"]}}},
    {"items": INTEGER},
    {"items": False},
    {"prefixItems": [{"type": "string"}]},
    {"prefixItems": [{"type": "string"}], "items": INTEGER},
    {"contains": INTEGER},
    {"contains": INTEGER, "minContains": 2, "maxContains": 2},
    {"contains": INTEGER, "minContains": 0},
    {"allOf": [{"type": "number"}, {"minimum": 2}]},
    {"anyOf": [INTEGER, {"minLength": 2}]},
    {"anyOf": [INTEGER]},
    {"oneOf": [{"type": "number"}, INTEGER, {"type": "string"}]},
    {"not": INTEGER},
    {"not": {}},
    {"if": INTEGER, "then": {"minimum": 2}, "else": {"type": "string"}},
    {"if": INTEGER},
    {"$ref": "#/$defs/a", "$defs": {"a": INTEGER}, "minimum": 2},
    {"properties": {"a": {"$ref": "#"}}, "additionalProperties": False},
    {"unevaluatedProperties": False, "properties": {"a": True}},
    {"unevaluatedProperties": False, "allOf": [{"properties": {"a": True}}]},
    {**CLOSED, "anyOf": [{"properties": {"a": INTEGER}}, {"required": ["b"]}]},
    {**CLOSED, "$ref": "#/$defs/a", "$defs": {"a": {"patternProperties": {"a": {}}}}},
    {**CLOSED, "if": {"required": ["a"]}, "then": {"properties": {"a": True}}},
    {"unevaluatedProperties": False, "dependentSchemas": {"a": {"additionalProperties": True}}},
    {"unevaluatedProperties": False, "allOf": [{"unevaluatedProperties": True}]},
    *({"format": name} for name in ("date", "ipv4", "ipv6", "email")),
    True,
    False,
]  # fmt: skip


@pytest.mark.parametrize("schema", SCHEMAS, ids=range(len(SCHEMAS)))
def test_the_verdict_is_the_library_s(schema: Any) -> None:
    for value in VALUES:
        assert (problems(schema, value) == ()) is judge.is_valid(schema, value), value


def changed(value: Any, random: Random) -> Any:
    """The value with one thing in it replaced, taken away or added."""
    if is_object(value) and value and random.random() < 0.8:
        key = random.choice(list(value))
        if random.random() < 0.3:
            return {name: one for name, one in value.items() if name != key}
        return {**value, key: changed(value[key], random)}
    if is_list(value) and value and random.random() < 0.8:
        at = random.randrange(len(value))
        return [*value[:at], changed(value[at], random), *value[at + 1 :]]
    return random.choice(VALUES)


def test_the_verdict_on_calls_that_went_wrong_is_the_library_s() -> None:
    random, wrong = Random(3), 0
    for tool in tools():
        schema = bounded(tool.schema)
        writer = GrammarWriter()
        text = drawn(Grammar(writer.text(writer.input(schema))), random)
        assert text is not None
        value = changed(json.loads(text), random)
        valid = judge.is_valid(schema, value)
        told = [one for one in problems(schema, value) if not one.endswith(UNJUDGED)]
        assert (told == []) is valid, (tool.name, value, told)
        wrong += not valid
    assert wrong > 50


@pytest.mark.parametrize("case", [one for one in CASES if NOWHERE not in one.outside])
def test_the_verdict_on_the_table_is_the_library_s(case: Any) -> None:
    for value in VALUES:
        told = [one for one in problems(case.schema, value) if not one.endswith(UNJUDGED)]
        assert (told == []) is judge.is_valid(case.schema, value), value


@pytest.mark.parametrize(
    ("schema", "value", "told"),
    [
        (INTEGER, "a", "the value must be of type integer"),
        (
            {"properties": {"a": {"items": INTEGER}}},
            {"a": [1, "x"]},
            "a[1] must be of type integer",
        ),
        ({"properties": {"a": {"enum": [1]}}}, {"a": 2}, "a must be one of [1]"),
        ({"required": ["b"]}, {}, 'the value must have "b"'),
        ({"additionalProperties": False}, {"a": 1}, "a is not allowed"),
        ({"maxLength": 2}, "abc", "the value must have at most 2 characters"),
        ({"minimum": 2}, 1, "the value must not be less than 2"),
        ({"minimum": 2, "exclusiveMinimum": True}, 2, "the value must be more than 2"),
        ({"maximum": 2, "exclusiveMaximum": True}, 2, "the value must be less than 2"),
        ({"dependencies": {"a": ["b"]}}, {"a": 1}, 'the value must have "b" beside "a"'),
        ({"dependencies": {"a": {"required": ["c"]}}}, {"a": 1}, 'the value must have "c"'),
        ({"type": "string", "nullable": True}, 1, "the value must be of type string or null"),
        ({"format": "time"}, "noon", "the value must be of the format time"),
        ({"format": "hostname"}, "-a", "the value must be of the format hostname"),
        ({"items": [INTEGER], "additionalItems": False}, [1, 2], "[1] is not allowed"),
        ({"propertyNames": False}, {"a": 1}, "a has a name that is not allowed"),
    ],
)
def test_what_is_told(schema: Any, value: Any, told: str) -> None:
    assert problems(schema, value) == (told,)


def test_no_more_is_told_than_a_model_can_repair() -> None:
    assert len(problems({"items": INTEGER}, ["x"] * 100)) == PROBLEMS_MAX
    assert len(problems({"enum": ["x" * 1000]}, 1)[0]) < 400


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "unknown"},
        {"pattern": "("},
        {"pattern": 1},
        {"minimum": "1"},
        {"multipleOf": 0},
        {"$ref": "#"},
        {"$ref": "#/nowhere"},
        {"$ref": 1},
        {"items": "x"},
        {"allOf": [{"$ref": "#"}, {"$ref": "#"}]},
        {"format": "color"},
        {"format": 1},
        {"contains": 1},
        {"not": 1},
        {"x-unknown": False},
    ],
    ids=str,
)
def test_what_means_nothing_says_nothing(schema: Any) -> None:
    for value in (1, "a", [1], {"a": 1}):
        assert problems(schema, value) == ()
