"""Calls of real tools in every model format: what is written is read back, and is valid."""

from __future__ import annotations

import json
from random import Random

import pytest
from understudy.protocols.conversation.answer import ToolInputDelta, ToolUseStarted
from understudy.protocols.engine.messages import ToolShape
from understudy.protocols.grammar.writer import members_of, outside_subset
from understudy.protocols.model_format.format import Expectation
from understudy.protocols.model_format.formats import FORMATS

from . import judge
from .corpus import bounded, tools
from .matcher import Grammar, drawn

TOOLS = tools()
EVERY = 20
CHARACTERS_MAX = 6000
COMPLETED_SHARE_MIN = 0.8
TAILS = {"functionary_recipients": ">>>"}
COMBINED = ToolShape(
    "combined",
    "",
    {
        "$defs": {"n": {"type": "integer", "minimum": 5}},
        "properties": {"a": {"$ref": "#/$defs/n"}, "b": {"type": ["string", "null"]}},
        "allOf": [{"properties": {"a": {"maximum": 6}}}],
        "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
    },
)
"""What families that write each argument by itself must not lose."""


def written_call(name: str, tool: ToolShape, seed: object) -> tuple[str, str] | None:
    """The name and the input of a call that was drawn; None if it has not ended."""
    form = FORMATS[name]
    grammar = Grammar(form.grammar([tool], parallel=False).gbnf)
    text = drawn(grammar, Random(f"{name} {tool.name} {seed}"), CHARACTERS_MAX)
    if text is None:
        return None
    parser = form.parser(Expectation((tool,), TAILS.get(name, ""), "x"))
    said = parser.receive_text(text) + parser.receive_end(whole=True)
    (started,) = [each for each in said if isinstance(each, ToolUseStarted)]
    written = (each.json_text for each in said if isinstance(each, ToolInputDelta))
    return started.name, "".join(written)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"plain"}))
def test_calls_in_a_format(name: str) -> None:
    chosen = TOOLS[sorted(FORMATS).index(name) % EVERY :: EVERY]
    ended = 0
    for tool in [ToolShape(tool.name, "", bounded(tool.schema)) for tool in chosen]:
        if (found := written_call(name, tool, 0)) is not None:
            ended += 1
            assert found[0] == tool.name
            value = json.loads(found[1])
            assert outside_subset(tool.schema) or judge.is_valid(tool.schema, value), found
    assert ended >= COMPLETED_SHARE_MIN * len(chosen)


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"plain"}))
def test_combinations_in_a_format(name: str) -> None:
    tool = ToolShape(COMBINED.name, "", bounded(COMBINED.schema))
    drawn_calls = [found for seed in range(8) if (found := written_call(name, tool, seed))]
    assert drawn_calls
    for _, text in drawn_calls:
        assert judge.is_valid(tool.schema, json.loads(text)), text


def test_members() -> None:
    ways = members_of(COMBINED.schema)
    assert [[(one.name, one.is_required) for one in members] for members in ways] == [
        [("a", True), ("b", False)],
        [("a", False), ("b", True)],
    ]
    assert not ways[0][0].is_text
    assert members_of({}) == [[]]
    assert [one.name for one in members_of({"required": ["a"]})[0]] == ["a"]
    assert members_of({"properties": {"a": False, "b": {"type": "string"}}})[0][0].is_text
