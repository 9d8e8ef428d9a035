"""Patterns: every short text both ways, against Python's own expressions."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

import pytest
from understudy.protocols.grammar import regex
from understudy.protocols.grammar.patterns import FORMATS
from understudy.protocols.grammar.writer import GrammarWriter, outside_subset

from .matcher import Grammar

ALPHABET = 'ab1-"\\'
LENGTH_MAX = 3
TEXTS = ["".join(text) for size in range(LENGTH_MAX + 1) for text in product(ALPHABET, repeat=size)]
READ = [
    "^a$",
    "a",
    "^a",
    "b$",
    "^$",
    "^a|b$",
    "^(a|b)*$",
    "^(?:a?b?)+$",
    "^(a*)*$",
    "^(a|)(b|)$",
    "^a{2}$",
    "^a{1,2}b{0,1}$",
    "^a{2,}$",
    "^[ab]+?$",
    "^[^ab]*$",
    r"^\w+$",
    r"^\W$",
    r"^\D{2}$",
    r"^[^\d]$",
    r"^[\d-]+$",
    r"^[a\-1]*$",
    r'^"\\+$',
    "^.{3}$",
    r"^\x61\u0062$",
    "^(?:(?:a1|1a){1,2}|-)$",
    "a1.*b|-$",
]
UNREAD = [
    "^(?=a)",
    "^(?!a)",
    r"(a)\1",
    r"\ba",
    r"\p{L}",
    "(?i)a",
    "(?<x>a)",
    "a^b",
    "a$b",
    "(^a)",
    "a**",
    "[b-a]",
    "[",
    "(",
    ")",
    "a{2,1}",
    "a{x}",
    "{",
    "*",
    "a\\",
    r"\u12",
    r"[\d-z]",
    "a{20000}",
    "(" * 30 + ")" * 30,
    "a" * 1001,
    "[ab]" * 201 + "|" + "b?" * 240 + "(?:c|d)" * 30,
]


def accepted(schema: dict[str, Any]) -> list[str]:
    writer = GrammarWriter()
    grammar = Grammar(writer.text(writer.schema(schema)))
    return [text for text in TEXTS if grammar.accepts(json.dumps(text))]


@pytest.mark.parametrize("pattern", READ)
def test_a_pattern_accepts_what_python_finds(pattern: str) -> None:
    schema = {"type": "string", "pattern": pattern}
    ends = pattern.replace("$", r"\Z")
    assert outside_subset(schema) == ()
    assert accepted(schema) == [text for text in TEXTS if re.search(ends, text, re.ASCII)]


@pytest.mark.parametrize("pattern", UNREAD, ids=range(len(UNREAD)))
def test_a_pattern_that_is_not_regular_is_not_read(pattern: str) -> None:
    schema = {"type": "string", "pattern": pattern, "maxLength": 1}
    with pytest.raises(regex.UnreadPattern):
        regex.read(pattern)
    assert outside_subset(schema) == ("pattern",)
    assert accepted(schema) == [text for text in TEXTS if len(text) <= 1]


@pytest.mark.parametrize(
    ("pattern", "least", "most"),
    [("^[ab]*$", 1, 2), ("^a[ab1]+$", 0, 3), ("^-?a{0,9}b$", 2, 2), ("^(?:ab)$", 0, 9)],
)
def test_a_pattern_and_a_length(pattern: str, least: int, most: int) -> None:
    schema = {"type": "string", "pattern": pattern, "minLength": least, "maxLength": most}
    found = [text for text in accepted(schema) if least <= len(text) <= most]
    valid = [one for one in TEXTS if re.fullmatch(pattern, one) and least <= len(one) <= most]
    if outside_subset(schema):
        assert found == valid
    else:
        assert accepted(schema) == valid


def test_what_cannot_be_written_is_for_validation() -> None:
    assert outside_subset({"type": "string", "pattern": "^\\x00$"}) == ("pattern",)
    assert outside_subset({"type": "string", "minLength": 3, "maxLength": 2}) == (
        "nothing is valid",
    )


def test_lengths_of_trees() -> None:
    for pattern, lengths in [
        ("^a{2,3}(?:b|cd)$", (3, 5)),
        ("^a*$", (0, None)),
        ("^(?:|a*)b?$", (0, None)),
        ("a", (1, None)),
        ("^(?:){3}$", (0, 0)),
    ]:
        assert regex.lengths(regex.read(pattern)) == lengths


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_a_pattern_that_python_reads(name: str) -> None:
    assert re.compile(FORMATS[name])
    assert regex.read(FORMATS[name])
