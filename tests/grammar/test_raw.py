"""Text before marks: every short text both ways, and what stands in it comes back whole."""

from __future__ import annotations

import json
from itertools import product
from typing import Any

import pytest
from understudy.protocols.grammar.writer import GrammarWriter, is_text

from .matcher import Grammar

LENGTH_MAX = 4
MARKS = [("</p>",), ('"""',), ("aa",), ("ab", "ba"), ("\n</p>",), ("<e>", "<f>"), ("ab", "abb")]


def texts(marks: tuple[str, ...]) -> list[str]:
    alphabet = sorted({*"".join(marks), "x"})[:5]
    return [
        "".join(one) for size in range(LENGTH_MAX + 1) for one in product(alphabet, repeat=size)
    ]


def comes_back(text: str, marks: tuple[str, ...]) -> bool:
    """Whether every mark that may follow is found where it was written, and none before."""
    found = [(text + mark).find(other) for mark in marks for other in marks]
    return all(at in (-1, *range(len(text), len(text) + 9)) for at in found)


@pytest.mark.parametrize("marks", MARKS, ids=range(len(MARKS)))
def test_raw_text_holds_no_mark(marks: tuple[str, ...]) -> None:
    writer = GrammarWriter()
    grammar = Grammar(writer.text(writer.raw_until(marks)))
    for text in texts(marks):
        assert grammar.accepts(text) is comes_back(text, marks), text


@pytest.mark.parametrize("marks", MARKS, ids=range(len(MARKS)))
@pytest.mark.parametrize(("least", "most"), [(1, None), (2, 3), (0, 1)])
def test_raw_text_is_counted(marks: tuple[str, ...], least: int, most: int | None) -> None:
    schema = {"type": "string", "minLength": least, "maxLength": most or 99}
    writer = GrammarWriter()
    grammar = Grammar(writer.text(writer.argument(schema, marks)))
    for text in texts(marks):
        fits = least <= len(text) <= (most or 99)
        assert not grammar.accepts(text) or (fits and comes_back(text, marks)), text
        if fits and most is not None:
            assert grammar.accepts(text) is comes_back(text, marks), text


def test_a_long_counted_text_holds_no_first_character_of_a_mark() -> None:
    writer = GrammarWriter()
    grammar = Grammar(writer.text(writer.argument({"type": "string", "maxLength": 500}, ("</p>",))))
    assert grammar.accepts("x" * 500)
    assert not grammar.accepts("x" * 501)
    assert not grammar.accepts("<")


def argument(schema: Any) -> Grammar:
    writer = GrammarWriter()
    return Grammar(writer.text(writer.argument(schema, ("</p>",))))


@pytest.mark.parametrize(
    ("schema", "accepted", "refused"),
    [
        ({"type": "string"}, ("a", "", '"a"', "<p>\n\t1"), ("a</p>", "\0")),
        ({"enum": ["a b", "</p>"]}, ("a b",), ('"a b"', "</p>", "")),
        ({"type": "string", "pattern": "^[a-z<]+$"}, ("ab",), ("a<", "", "A")),
        ({"type": "string", "format": "date"}, ("2026-11-26",), ("today",)),
        ({"type": "integer"}, ("1", "-5"), ("a", '"1"')),
        ({"anyOf": [{"enum": ["a"]}, {"type": "null"}]}, ("a", "null"), ('"a"', "b")),
        ({"enum": ["a", 1]}, ("a", "1"), ('"a"', "2")),
        ({"type": ["string", "boolean"]}, ("true", "x"), ("</p>",)),
        ({"type": "array", "items": {"type": "string"}}, ('["<p>", "</", "a\\n"]',), ('["</p>"]',)),
        ({"type": "object"}, ('{"a<": "\\u003c/p>"}',), ('{"</p>": 1}',)),
        ({"const": {"<": "</p>"}}, ('{"\\u003c": "\\u003c/p>"}',), ('{"<": "</p>"}',)),
        (False, ("",), ("</p>",)),
    ],
)
def test_an_argument(schema: object, accepted: tuple[str, ...], refused: tuple[str, ...]) -> None:
    found = argument(schema)
    assert [text for text in accepted if not found.accepts(text)] == []
    assert [text for text in refused if found.accepts(text)] == []
    for text in accepted:
        if text[:1] in ("{", "["):
            assert "</p>" not in text
            assert json.loads(text)


def test_what_is_text() -> None:
    assert is_text({"type": "string"})
    assert is_text({"enum": ["a", "b"]})
    assert is_text({"type": "string", "enum": ["a", 1]})
    assert is_text({"anyOf": [{"const": "a"}, {"type": "string", "minLength": 2}]})
    assert not is_text({"type": ["string", "null"]})
    assert not is_text({"enum": ["a", 1]})
    assert not is_text({})
    assert not is_text(False)
