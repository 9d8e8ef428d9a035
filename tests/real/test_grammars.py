"""Our grammars in llama.cpp itself: it reads them all, and means by them what we do."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")

from understudy.protocols.engine.messages import ToolShape
from understudy.protocols.grammar.writer import GrammarWriter, output_grammar, outside_subset

from .grammar_sampling import Bench, open_bench
from .grammar_tables import cases, corpus, judge

TOOLS: list[ToolShape] = corpus.tools()
DRAWN_SHARE_MIN = 0.9
READING_SECONDS_MAX = 0.1
"""To read the grammar of forty tools: 0.3 to 1.5 ms on a quiet machine."""
LONGEST = 100_000


@pytest.fixture(scope="module")
def bench() -> Iterator[Bench]:
    with open_bench() as found:
        yield found


def tool_grammar(*listed: ToolShape) -> str:
    writer = GrammarWriter()
    return writer.text(" | ".join(writer.input(tool.schema, tool.name) for tool in listed))


@pytest.mark.parametrize("case", cases, ids=lambda case: case.name)
def test_a_construct_both_ways_token_by_token(bench: Bench, case: Any) -> None:
    gbnf = output_grammar(case.schema) if case.schema != {} else ""
    if not gbnf:
        writer = GrammarWriter()
        gbnf = writer.text(writer.schema({}))
    assert [text for text in case.written if not bench.accepts(gbnf, text)] == []
    refused = [text for text in (*case.refused, *case.otherwise) if "\0" not in text]
    assert [text for text in refused if bench.accepts(gbnf, text)] == []


def test_what_is_drawn_under_a_construct_s_grammar_is_valid(bench: Bench) -> None:
    ended = 0
    for number, case in enumerate(cases):
        written = bench.drawn(output_grammar(case.schema), number)
        if written is not None:
            ended += 1
            value = json.loads(written.decode("utf-8", "replace"))
            assert case.outside or judge.is_valid(case.schema, value), written
    assert ended > DRAWN_SHARE_MIN * len(cases)


def test_what_is_drawn_under_a_tool_s_grammar_is_valid(bench: Bench) -> None:
    ended = 0
    for number, tool in enumerate(TOOLS):
        schema = corpus.bounded(tool.schema) if number % 2 else tool.schema
        written = bench.drawn(tool_grammar(ToolShape(tool.name, "", schema)), number)
        if written is not None:
            ended += 1
            value = json.loads(written.decode("utf-8", "replace"))
            assert outside_subset(schema) or judge.is_valid(schema, value), written
    assert ended > DRAWN_SHARE_MIN * len(TOOLS)


def test_long_counts_are_exact(bench: Bench) -> None:
    """The library's own repetitions end at 2,000, where it takes a maximum for none."""
    gbnf = output_grammar({"type": "string", "minLength": LONGEST - 1, "maxLength": LONGEST})
    for length, accepted in ((LONGEST - 2, False), (LONGEST, True), (LONGEST + 1, False)):
        assert bench.accepts(gbnf, '"' + "a" * length + '"') is accepted


def test_forty_tools_are_read_in_milliseconds(bench: Bench) -> None:
    gbnf = tool_grammar(*TOOLS[:40])
    start = time.process_time()
    assert bench.accepts(gbnf, "{}") in (True, False)
    assert time.process_time() - start < READING_SECONDS_MAX
