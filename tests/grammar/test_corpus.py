"""The schemas of real tools: what their grammars write is valid, in every model format."""

from __future__ import annotations

import json
import time
from random import Random

import pytest
from understudy.protocols.engine.messages import ToolShape
from understudy.protocols.grammar.validation import problems
from understudy.protocols.grammar.writer import GrammarWriter, outside_subset

from . import judge
from .corpus import bounded, tools
from .matcher import Grammar, drawn

TOOLS = tools()
DRAWN = 3
OUTSIDE_TOOLS_MAX = 12
"""So few have a feature that only validation judges."""
FORTY_TOOLS_SECONDS_MAX = 0.1
"""Of computing; 6 ms on a quiet machine."""


def test_the_corpus_is_what_it_says() -> None:
    assert len(TOOLS) >= 200
    assert len({json.dumps(tool.schema, sort_keys=True) for tool in TOOLS}) == len(TOOLS)


def test_few_tools_have_what_only_validation_judges() -> None:
    outside = {tool.name: outside_subset(tool.schema) for tool in TOOLS}
    assert sum(1 for found in outside.values() if found) <= OUTSIDE_TOOLS_MAX


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)
def test_what_a_tool_s_grammar_writes_is_valid(tool: ToolShape) -> None:
    random = Random(tool.name)
    for schema in (tool.schema, bounded(tool.schema)):
        writer = GrammarWriter()
        grammar = Grammar(writer.text(writer.input(schema, tool.name)))
        for _ in range(DRAWN):
            text = drawn(grammar, random)
            assert text is not None
            value = json.loads(text)
            assert isinstance(value, dict)
            if not outside_subset(schema):
                assert judge.is_valid(schema, value), text
                assert problems(schema, value) == (), text


def test_forty_tools_take_milliseconds() -> None:
    writer = GrammarWriter()
    start = time.process_time()
    calls = [
        f"{writer.literal(tool.name)} {writer.input(tool.schema, tool.name)}" for tool in TOOLS[:40]
    ]
    text = writer.text(" | ".join(calls))
    assert time.process_time() - start < FORTY_TOOLS_SECONDS_MAX
    assert len(text) < 100_000
