"""Every construct both ways: documents that a grammar must accept, and texts that it must refuse.

The grammar is run by the small matcher beside this file; whether a document is valid is judged by a
library, and by our own validation, which must agree.
"""

from __future__ import annotations

import json
from random import Random
from typing import Any

import pytest
from understudy.protocols.grammar.validation import problems
from understudy.protocols.grammar.writer import GrammarWriter, outside_subset

from . import cases_of_combinations, cases_of_scalars, cases_of_structures, judge
from .case import Case
from .matcher import Grammar, drawn

CASES = [*cases_of_scalars.CASES, *cases_of_structures.CASES, *cases_of_combinations.CASES]
NOWHERE = "$ref other.json"
DRAWN = 40


def grammar(schema: Any) -> Grammar:
    writer = GrammarWriter()
    return Grammar(writer.text(writer.schema(schema)))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_construct_both_ways(case: Case) -> None:
    found = grammar(case.schema)
    assert [text for text in case.written if not found.accepts(text)] == []
    assert [text for text in (*case.refused, *case.otherwise) if found.accepts(text)] == []
    assert outside_subset(case.schema) == case.outside


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_judges_agree_with_the_table(case: Case) -> None:
    """Valid is what is listed as written or as spelled otherwise, but for what is left outside."""
    if NOWHERE in case.outside:
        pytest.skip("the library raises, where ours lets pass")
    for text in (*case.written, *case.otherwise):
        valid = judge.is_valid(case.schema, json.loads(text))
        assert valid or case.outside, text
        assert (problems(case.schema, json.loads(text)) == ()) == valid or "format" in str(
            case.outside
        )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_a_grammar_writes_is_valid(case: Case) -> None:
    found, random = grammar(case.schema), Random(7)
    texts = [text for _ in range(DRAWN) if (text := drawn(found, random)) is not None]
    assert len(texts) > DRAWN / 4
    for text in texts:
        value = json.loads(text)
        assert case.outside or judge.is_valid(case.schema, value), text
        assert case.outside or not problems(case.schema, value), text
