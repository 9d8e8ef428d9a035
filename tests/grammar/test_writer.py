"""What formats build calls from: names, literals, subsets, counts, choices."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from understudy.protocols.grammar.writer import GrammarWriter, output_grammar, outside_subset

from .matcher import Grammar

ODD = 'é漢😀"\\\n\r\t\0\x1f\x7f[]-^ a'


def test_a_literal_is_itself() -> None:
    grammar = Grammar(f"root ::= {GrammarWriter.literal(ODD)}\n")
    assert grammar.accepts(ODD)
    assert not grammar.accepts(ODD[:-1])


def test_rules_with_one_body_are_one_and_names_are_names() -> None:
    writer = GrammarWriter()
    first = writer.rule("a tool_name!", '"x"')
    assert writer.rule("another", '"x"') == first
    others = [writer.rule(hint, f'"{hint}"') for hint in ("a tool_name!", "root", "漢", "", "-")]
    assert len({first, *others}) == 1 + len(others)
    assert Grammar(writer.text(" ".join([first, *others]))).accepts("xa tool_name!root漢-")


@pytest.mark.parametrize("needed", list(product((False, True), repeat=3)))
@pytest.mark.parametrize("separator", ["", ", "])
def test_a_subset_keeps_the_order(needed: tuple[bool, ...], separator: str) -> None:
    writer = GrammarWriter()
    parts = [(writer.literal(name), must) for name, must in zip("abc", needed, strict=True)]
    grammar = Grammar(writer.text(writer.subset(parts, writer.literal(separator))))
    for chosen in product((False, True), repeat=3):
        text = separator.join(name for name, here in zip("abc", chosen, strict=True) if here)
        fits = all(here or not must for here, must in zip(chosen, needed, strict=True))
        assert grammar.accepts(text) is fits, text
    assert not grammar.accepts(f"b{separator}a")
    assert not grammar.accepts(f"a{separator}a")


def test_a_subset_of_nothing_is_nothing() -> None:
    writer = GrammarWriter()
    assert Grammar(writer.text(writer.subset([]))).accepts("")


def test_many_optional_parts_stay_small() -> None:
    writer = GrammarWriter()
    parts = [(writer.literal(f"part{number};"), False) for number in range(100)]
    text = writer.text(writer.subset(parts))
    assert len(text) < 100 * 100
    assert Grammar(text).accepts("part3;part77;part99;")


@pytest.mark.parametrize("most", [0, 1, 7, 63, 64, 65, 80, 81, 99, 100, 143])
@pytest.mark.parametrize("least", [0, 1, 64, 70])
def test_counts_are_exact(least: int, most: int) -> None:
    if least > most:
        pytest.skip("no such count")
    writer = GrammarWriter()
    grammar = Grammar(writer.text(writer.times(writer.rule("x", '"x"'), least, most)))
    state = grammar.run("")
    for count in range(most + 3):
        assert state.may_end is (least <= count <= most), count
        state.read("x")


@pytest.mark.parametrize("least", [0, 1, 65, 200])
def test_counts_without_an_end(least: int) -> None:
    writer = GrammarWriter()
    grammar = Grammar(writer.text(writer.times(writer.rule("x", '"x"'), least, None)))
    assert grammar.accepts("x" * least)
    assert grammar.accepts("x" * (least + 500))
    assert not least or not grammar.accepts("x" * (least - 1))


def test_few_readings_are_open_in_a_long_count() -> None:
    writer = GrammarWriter()
    grammar = Grammar(writer.text(writer.schema({"type": "string", "maxLength": 100_000})))
    assert len(grammar.run('"' + 1000 * "x").readings) < 10


def test_a_choice_of_many_texts() -> None:
    names = [f"get_{name}" for name in ("a", "ab", "abc", "b")] + ["put", "get_", ""]
    writer = GrammarWriter()
    grammar = Grammar(writer.text(writer.choice(names)))
    assert all(grammar.accepts(name) for name in names)
    assert not any(grammar.accepts(name) for name in ("get", "get_abcd", "p", "x"))


@pytest.mark.parametrize("schema", [{}, True, {"properties": {}}, {"type": ["object", "null"]}])
def test_an_input_is_an_object(schema: Any) -> None:
    writer = GrammarWriter()
    grammar = Grammar(writer.text(writer.input(schema)))
    assert grammar.accepts("{}")
    assert not any(grammar.accepts(text) for text in ("null", "1", "[]", '""'))


def test_an_input_may_refer_to_its_own_schema() -> None:
    schema: dict[str, Any] = {
        "$ref": "#/$defs/x",
        "$defs": {"x": {"properties": {"a": {"type": "null"}}}},
    }
    writer = GrammarWriter()
    grammar = Grammar(writer.text(writer.input(schema)))
    assert grammar.accepts('{"a": null}')
    assert not grammar.accepts('{"a": 1}')


def test_structured_output() -> None:
    assert Grammar(output_grammar({})).accepts('{"a": [1, {"b": null}]}')
    assert not Grammar(output_grammar({})).accepts("[]")
    assert Grammar(output_grammar({"type": "array"})).accepts("[]")


def test_a_schema_that_nothing_fits() -> None:
    assert outside_subset(False) == ("nothing is valid",)
    assert Grammar(output_grammar({"type": "string", "enum": [1]})).accepts('"anything"')


def test_paths_of_what_is_outside() -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"a": {"type": "array", "items": {"type": "string", "format": "ipv6"}}},
        "additionalProperties": {"not": {}},
    }
    assert outside_subset(schema) == ("a/item: format ipv6", "additional: not")
