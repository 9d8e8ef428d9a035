"""Gemma's notation of an input as a grammar: what a schema lets through, and what it does not."""

from __future__ import annotations

import random
from typing import Any

import pytest
from understudy.protocols.grammar.schema import REFERENCES_MAX
from understudy.protocols.grammar.validation import problems
from understudy.protocols.grammar.writer import GrammarWriter
from understudy.protocols.model_format.gemma_values import GemmaReader, gemma_text

from .matcher import Grammar, drawn

QUOTE = "<escape>"
DRAWN = 30
CHILDREN = {"type": "array", "items": {"$ref": "#/$defs/tree"}}
TREE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "children": CHILDREN},
    "required": ["name"],
    "additionalProperties": False,
}


def grammar(schema: dict[str, Any]) -> Grammar:
    writer = GrammarWriter()
    return Grammar(writer.text(writer.bare_input(schema, QUOTE)))


def of(value: Any, *, required: bool = True) -> dict[str, Any]:
    """The schema of an object whose member `a` is of this schema."""
    return {
        "type": "object",
        "properties": {"a": value},
        "required": ["a"] if required else [],
    }


DEEP: Any = [[[[[[[[[["deep"]]]]]]]]]]
LISTED = {"type": "array", "items": {"type": "integer"}, "minItems": 1, "maxItems": 2}
CASES: list[tuple[dict[str, Any], list[Any], list[Any]]] = [
    (of({"type": "string"}), ["", "a b", "7"], [7, None, ["a"]]),
    (of({"type": "string", "maxLength": 2}), ["ab"], ["abc"]),
    (of({"type": ["string", "null"]}), ["x", None], [1]),
    (of({"type": "integer"}), [-3], [1.5, "x"]),
    (of({"enum": ["a", 1, None]}), ["a", 1, None], ["b", 2]),
    (of({"const": True}), [True], [False]),
    (of({"oneOf": [{"type": "boolean"}, {"type": "string"}]}), [False, "f"], [0]),
    (of(LISTED), [[1], [1, 2]], [[], [1, 2, 3], ["x"]]),
    (of({"type": "array", "maxItems": 0}), [[]], [[1]]),
    (of({"type": "array", "items": {"type": "null"}}), [[], [None, None]], [[1]]),
    (of({"type": "array"}), [["x", [1], {"k": None}]], [DEEP]),
    (of({}), ["x", 1.5, [True], {"k": "v"}], [DEEP]),
    (of(True), ["x", None], []),
    (of({"type": "object"}), [{}, {"k": 1, "l": "m"}], [{"not a key": 1}, []]),
    (of({"type": "object", "additionalProperties": False}), [{}], [{"k": 1}]),
    (of({"properties": {"b": {"type": "null"}}}), [{}, {"b": None}], [{"b": 1}, {"c": None}]),
    (
        of({"$ref": "#/$defs/tree"}) | {"$defs": {"tree": TREE}},
        [{"name": "r"}, {"children": [{"name": "l"}], "name": "r"}],
        [{"children": []}, {"name": 1}],
    ),
    (of({"$ref": "#/$defs/none"}), ["x", 1], []),
]


@pytest.mark.parametrize(("schema", "right", "wrong"), CASES, ids=range(len(CASES)))
def test_a_schema_lets_through_what_it_allows(
    schema: dict[str, Any], right: list[Any], wrong: list[Any]
) -> None:
    run = grammar(schema)
    for value in right:
        assert run.accepts(gemma_text({"a": value}, QUOTE)), value
    for value in wrong:
        assert not run.accepts(gemma_text({"a": value}, QUOTE)), value
    assert not run.accepts("{}")


@pytest.mark.parametrize("schema", [case[0] for case in CASES], ids=range(len(CASES)))
def test_what_is_drawn_is_valid(schema: dict[str, Any]) -> None:
    run = grammar(schema)
    texts = [drawn(run, random.Random(seed), 400) for seed in range(DRAWN)]
    found = [text for text in texts if text is not None]
    assert found
    for text in found:
        assert not problems(schema, GemmaReader(text, QUOTE).read()), text


def test_members_come_in_the_order_of_the_templates_and_may_be_left_out() -> None:
    schema = of({"type": "null"}, required=False)
    schema["properties"]["B"] = {"type": "null"}
    run = grammar(schema)
    assert all(run.accepts(text) for text in ("{}", "{a:null}", "{B:null}", "{a:null,B:null}"))
    assert not run.accepts("{B:null,a:null}")


def test_a_schema_without_end_is_followed_so_far() -> None:
    endless: dict[str, Any] = of({"$ref": "#"}, required=False)
    run = grammar(endless)
    assert run.accepts("{a:" * REFERENCES_MAX + "{}" + "}" * REFERENCES_MAX)
    assert not run.accepts("{a:" * 20 + "{}" + "}" * 20)
