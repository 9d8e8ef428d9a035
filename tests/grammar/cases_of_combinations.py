"""Combinations, references, recursion, and what only validation judges."""

from __future__ import annotations

from .case import INTEGER, STRING, Case, of

TREE = {
    "type": "object",
    "properties": {
        "name": STRING,
        "children": {"type": "array", "items": {"$ref": "#/$defs/tree"}},
    },
    "required": ["name"],
    "additionalProperties": False,
}
SHAPE = {
    "oneOf": [
        {
            "type": "object",
            "properties": {"kind": {"const": "circle"}, "radius": {"type": "number"}},
            "required": ["kind", "radius"],
        },
        {
            "type": "object",
            "properties": {"kind": {"const": "square"}, "side": {"type": "number"}},
            "required": ["kind", "side"],
        },
    ]
}
CASES = [
    Case(
        "anyOf",
        {"anyOf": [STRING, of(a=INTEGER), {"type": "null"}]},
        ('"x"', '{"a": 1}', "null"),
        ("1", "{}", "true"),
    ),
    Case("oneOf by type", {"oneOf": [STRING, INTEGER]}, ('"a"', "1"), ("1.5", "null")),
    Case(
        "oneOf by a constant",
        SHAPE,
        ('{"kind": "circle", "radius": 1}', '{"kind": "square", "side": 2}'),
        ('{"kind": "circle", "side": 2}', '{"kind": "circle"}'),
    ),
    Case(
        "oneOf that may be both",
        {"oneOf": [{"type": "number"}, INTEGER]},
        ("1.5", "1"),
        ('"a"',),
        ("oneOf",),
    ),
    Case(
        "allOf",
        {"allOf": [of(a=INTEGER), of(b=STRING)]},
        ('{"a": 1, "b": "x"}',),
        ('{"a": 1}', '{"b": "x"}', '{"a": "x", "b": "x"}'),
    ),
    Case(
        "allOf of the same property",
        {
            "allOf": [
                of(a={"type": "integer", "minimum": 3}),
                of(a={"type": "number", "maximum": 5}),
            ]
        },
        ('{"a": 3}', '{"a": 5}'),
        ('{"a": 2}', '{"a": 6}', '{"a": 3.5}'),
    ),
    Case(
        "allOf of what is closed",
        {
            "allOf": [
                {**of(a=INTEGER), "additionalProperties": False},
                {"type": "object", "properties": {"b": INTEGER}},
            ]
        },
        ('{"a": 1}',),
        ('{"a": 1, "b": 2}',),
    ),
    Case(
        "allOf of enumerations",
        {"allOf": [{"enum": ["a", "b", 1]}, {"enum": ["b", "c", 1]}]},
        ('"b"', "1"),
        ('"a"', '"c"'),
    ),
    Case(
        "allOf of lengths",
        {"allOf": [{"type": "string", "minLength": 2}, {"maxLength": 3}]},
        ('"ab"', '"abc"'),
        ('"a"', '"abcd"'),
    ),
    Case(
        "allOf of options",
        {"allOf": [{"anyOf": [STRING, INTEGER]}, {"anyOf": [INTEGER, {"type": "null"}]}]},
        ("1",),
        ('"a"', "null"),
    ),
    Case(
        "options beside properties",
        {
            "type": "object",
            "properties": {"a": INTEGER, "b": INTEGER},
            "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
        },
        ('{"a": 1}', '{"b": 1}', '{"a": 1, "b": 2}'),
        ("{}",),
    ),
    Case("a reference", {"$ref": "#/$defs/a~1b%25", "$defs": {"a/b%": STRING}}, ('"x"',), ("1",)),
    Case(
        "a reference of draft 7",
        {
            "properties": {"a": {"$ref": "#/definitions/x"}},
            "required": ["a"],
            "definitions": {"x": INTEGER},
        },
        ('{"a": 1}',),
        ('{"a": "b"}', "{}"),
    ),
    Case(
        "a reference and more",
        {"$ref": "#/$defs/a", "maxLength": 2, "$defs": {"a": STRING}},
        ('"xy"',),
        ('"xyz"', "1"),
    ),
    Case(
        "a reference by anchor",
        {"$ref": "#it", "$defs": {"a": {"$anchor": "it", "type": "null"}}},
        ("null",),
        ("1",),
    ),
    Case(
        "a reference to nowhere", {"$ref": "other.json"}, ("1", '"a"'), ("a",), ("$ref other.json",)
    ),
    Case(
        "recursion",
        {"$ref": "#/$defs/tree", "$defs": {"tree": TREE}},
        (
            '{"name": "a"}',
            '{"name": "a", "children": [{"name": "b", "children": []}, {"name": "c"}]}',
        ),
        ('{"name": "a", "children": [{}]}', '{"children": []}'),
    ),
    Case(
        "recursion through the root",
        {"type": "object", "properties": {"next": {"$ref": "#"}}},
        ("{}", '{"next": {"next": {}}}'),
        ('{"next": 1}',),
    ),
    Case(
        "recursion that must end in a leaf",
        {
            "$ref": "#/$defs/e",
            "$defs": {
                "e": {
                    "anyOf": [
                        INTEGER,
                        {
                            "type": "array",
                            "items": {"$ref": "#/$defs/e"},
                            "minItems": 2,
                            "maxItems": 2,
                        },
                    ]
                }
            },
        },
        ("1", "[1, 2]", "[[1, 2], [3, [4, 5]]]"),
        ("[1]", "[]", '["a", 1]'),
    ),
    Case("not", {"type": "integer", "not": {"const": 3}}, ("1", "3"), ('"a"',), ("not",)),
    Case(
        "a condition",
        {**of(a=INTEGER), "if": {"properties": {"a": {"const": 1}}}, "then": {"required": ["b"]}},
        ('{"a": 1}',),
        ("{}",),
        ("if",),
    ),
    Case(
        "an enumeration is judged by all",
        {"enum": [1, 2, 3], "not": {"const": 2}},
        ("1", "3"),
        ("2",),
    ),
    Case(
        "dependent names",
        {**of(a=INTEGER, b=INTEGER, c=INTEGER), "dependentRequired": {"b": ["c"]}},
        ('{"a": 1, "b": 1}',),
        ("{}",),
        ("dependentRequired",),
    ),
    Case("contains", {"type": "array", "contains": INTEGER}, ("[1]", "[]"), ("{}",), ("contains",)),
    Case(
        "types told by keywords",
        {"minLength": 2, "minimum": 3},
        ('"ab"', "3"),
        ('"a"', "2"),
        otherwise=("null", "true"),
    ),
    Case(
        "unknown keywords",
        {"type": "integer", "title": "x", "x-unknown": 1, "default": "a"},
        ("1",),
        ('"a"',),
    ),
]
