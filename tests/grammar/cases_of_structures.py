"""Objects, arrays and values of any kind."""

from __future__ import annotations

from .case import INTEGER, STRING, Case, of

THREE_OPTIONAL = {
    "type": "object",
    "properties": {"a": INTEGER, "b": INTEGER, "c": INTEGER},
    "additionalProperties": False,
}
OPTIONAL_FIRST = {
    "type": "object",
    "properties": {"a": INTEGER, "b": INTEGER, "c": INTEGER},
    "required": ["b"],
    "additionalProperties": False,
}

CASES = [
    Case("any value", {}, ('{"a": [1, "b", null, {}]}', "1", '"a"', "[]", "false"), ("", "{", "a")),
    Case("true", True, ("1", "{}"), ("", "a")),
    Case(
        "an object",
        of(a=STRING, b=INTEGER),
        ('{"a": "x"}', '{"a":"x","b":1}', '{ "a": "x", "b": 1 }', '{\n  "a": "x",\n  "b": 1\n}'),
        ("{}", '{"b": 1}', '{"a": 1}', '{"a": "x",}', '{"a": "x" "b": 1}', '{"a": "x", "a": "y"}'),
        otherwise=('{"b": 1, "a": "x"}', '{"a": "x", "z": 1}', '{"a" : "x"}'),
    ),
    Case(
        "no parameters",
        {"type": "object", "properties": {}},
        ("{}", "{ }"),
        ("", "[]"),
        otherwise=('{"a": 1}',),
    ),
    Case(
        "any object",
        {"type": "object"},
        ("{}", '{"a": {"b": [1]}}', '{"é\\n": null, "": 1}'),
        ("[]", "1", '{"a"}', "{a: 1}", '{"a": 1,}'),
    ),
    Case(
        "optional members",
        THREE_OPTIONAL,
        (
            "{}",
            '{"a": 1}',
            '{"b": 1}',
            '{"c": 1}',
            '{"a": 1, "b": 1}',
            '{"a": 1, "c": 1}',
            '{"b": 1, "c": 1}',
            '{"a": 1, "b": 1, "c": 1}',
        ),
        ('{,"a": 1}', '{"a": 1, "d": 1}', '{"a": 1 , "a": 1}'),
        otherwise=('{"b": 1, "a": 1}',),
    ),
    Case(
        "an optional member before a required one",
        OPTIONAL_FIRST,
        ('{"b": 1}', '{"a": 1, "b": 1}', '{"b": 1, "c": 1}', '{"a": 1, "b": 1, "c": 1}'),
        ("{}", '{"a": 1}', '{"c": 1}', '{"a": 1, "c": 1}'),
    ),
    Case(
        "space is bounded",
        of(a=INTEGER),
        ('{"a": 1}', '{\n\t\t"a": 1\n}', "{\n" + 32 * " " + '"a":1}'),
        (),
        otherwise=(
            '{  "a": 1}',
            '{\n\n"a": 1}',
            "{\n" + 33 * " " + '"a":1}',
            ' {"a": 1}',
            '{"a": 1} ',
            '{\r\n"a":1}',
        ),
    ),
    Case(
        "names of all kinds",
        of(**{"é漢": INTEGER, 'a"b\\c\n': INTEGER, "": INTEGER, "$x-y.z": INTEGER}),
        ('{"é漢": 1, "a\\"b\\\\c\\n": 2, "": 3, "$x-y.z": 4}',),
        ('{"a\\"b\\\\c\\n": 2}',),
        otherwise=('{"\\u00e9漢": 1}',),
    ),
    Case(
        "additional properties",
        {**of(a=INTEGER), "additionalProperties": STRING},
        ('{"a": 1}', '{"a": 1, "b": "x", "ab": "y", "": "z"}', '{"a": 1, "é": "x"}'),
        ('{"a": 1, "b": 2}', '{"a": 1, "a": "x"}', '{"b": "x"}', '{"a": 1, "\\u0061": "x"}'),
        otherwise=('{"a": 1, "b\\n": "x"}',),
    ),
    Case(
        "any additional properties",
        {**of(a=INTEGER), "additionalProperties": True},
        ('{"a": 1, "b": [1, {"c": null}]}',),
        ('{"b": 1}', '{"a": 1, "b"}'),
    ),
    Case(
        "a map",
        {"type": "object", "additionalProperties": INTEGER},
        ("{}", '{"a": 1}', '{"a": 1, "b\\"": 2}'),
        ('{"a": "x"}', '{"a": 1, "b": null}'),
    ),
    Case(
        "a map of so many",
        {"type": "object", "additionalProperties": INTEGER, "maxProperties": 2, "minProperties": 1},
        ('{"a": 1}', '{"a": 1, "b": 2}'),
        ("{}", '{"a": 1, "b": 2, "c": 3}'),
    ),
    Case(
        "a map that needs two",
        {"type": "object", "additionalProperties": INTEGER, "minProperties": 2},
        ('{"a": 1, "b": 2}',),
        ('{"a": 1}',),
        ("minProperties",),
    ),
    Case(
        "names of a map",
        {
            "type": "object",
            "additionalProperties": INTEGER,
            "propertyNames": {"pattern": "^[a-z]+$"},
        },
        ('{"ab": 1}', "{}"),
        ('{"A": 1}', '{"": 1}'),
    ),
    Case(
        "listed names of a map",
        {"type": "object", "additionalProperties": INTEGER, "propertyNames": {"enum": ["x", "y"]}},
        ('{"y": 1}', '{"x": 1, "y": 2}'),
        ('{"z": 1}',),
    ),
    Case(
        "members by pattern",
        {
            "type": "object",
            "patternProperties": {"^x-[a-z]+$": INTEGER},
            "additionalProperties": False,
        },
        ("{}", '{"x-a": 1}'),
        ('{"x-": 1}', '{"x-a": "b"}', '{"y": 1}'),
    ),
    Case(
        "a required name without a schema",
        {"type": "object", "required": ["a"]},
        ('{"a": 1}', '{"a": {"b": []}}'),
        ("{}", '{"b": 1}'),
    ),
    Case(
        "a property that nothing fits",
        {"type": "object", "properties": {"a": False, "b": INTEGER}},
        ("{}", '{"b": 1}'),
        ('{"a": 1}', '{"a": 1, "b": 1}'),
    ),
    Case(
        "nested",
        of(a=of(b={"type": "array", "items": of(c=STRING)})),
        ('{"a": {"b": []}}', '{"a": {"b": [{"c": "x"}, {"c": "y"}]}}'),
        ('{"a": {}}', '{"a": {"b": [{}]}}', '{"a": {"b": [{"c": 1}]}}'),
    ),
    Case(
        "an array",
        {"type": "array", "items": INTEGER},
        ("[]", "[1]", "[1, 2,3]", "[\n  1,\n  2\n]"),
        ("[1,]", "[,]", '["a"]', "[1 2]", "[", "[1]]"),
    ),
    Case("any array", {"type": "array"}, ("[]", '[1, "a", [], {}]'), ("{}", "[a]")),
    Case(
        "so many items",
        {"type": "array", "items": INTEGER, "minItems": 1, "maxItems": 3},
        ("[1]", "[1, 2]", "[1, 2, 3]"),
        ("[]", "[1, 2, 3, 4]"),
    ),
    Case("no items", {"type": "array", "items": INTEGER, "maxItems": 0}, ("[]",), ("[1]",)),
    Case("items that nothing fits", {"type": "array", "items": False}, ("[]",), ("[1]",)),
    Case(
        "first items",
        {"type": "array", "prefixItems": [STRING, INTEGER], "items": False},
        ("[]", '["a"]', '["a", 1]'),
        ("[1]", '["a", "b"]', '["a", 1, 2]'),
    ),
    Case(
        "first items, then others",
        {"type": "array", "prefixItems": [STRING], "items": INTEGER, "minItems": 2, "maxItems": 3},
        ('["a", 1]', '["a", 1, 2]'),
        ('["a"]', '["a", 1, 2, 3]', '["a", "b"]', "[]"),
    ),
    Case(
        "first items as drafts before 2020 say it",
        {"type": "array", "items": [STRING, INTEGER], "additionalItems": False, "minItems": 2},
        ('["a", 1]',),
        ('["a"]', '["a", 1, 1]'),
    ),
    Case(
        "items that must be different",
        {"type": "array", "items": INTEGER, "uniqueItems": True},
        ("[1, 2]",),
        ('["a"]',),
        ("uniqueItems",),
    ),
]
