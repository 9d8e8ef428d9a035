"""The grammars of calls of families with marks of their own, run by the matcher."""

from __future__ import annotations

import random
from typing import Any

import msgspec
import pytest
from understudy.protocols.conversation.answer import TextDelta, ToolInputDelta, ToolUseStarted
from understudy.protocols.engine.messages import ToolShape
from understudy.protocols.grammar.validation import problems
from understudy.protocols.model_format.apertus import Apertus
from understudy.protocols.model_format.command_r import CommandR, CommandR7B
from understudy.protocols.model_format.deepseek import (
    DeepSeekR1,
    DeepSeekV4,
    DeepSeekV31,
    DeepSeekV32,
)
from understudy.protocols.model_format.format import Expectation, ModelFormat
from understudy.protocols.model_format.gemma import FunctionGemma, Gemma4
from understudy.protocols.model_format.gigachat import GigaChat, GigaChat3
from understudy.protocols.model_format.glm import Glm, Hunyuan
from understudy.protocols.model_format.harmony import Harmony
from understudy.protocols.model_format.kimi import Kimi
from understudy.protocols.model_format.kimi_k3 import KimiK3
from understudy.protocols.model_format.minicpm import MiniCpm
from understudy.protocols.model_format.minimax import MiniMaxM1, MiniMaxM2
from understudy.protocols.model_format.solar import Solar

from .matcher import Grammar, drawn

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "at": {"type": "string"},
        "count": {"type": "integer", "minimum": 0},
        "deep": {
            "type": "object",
            "properties": {"flag": {"type": "boolean"}, "ratio": {"type": "number"}},
            "required": ["flag"],
            "additionalProperties": False,
        },
        "either": {
            "anyOf": [{"type": "null"}, {"type": "array", "items": {"$ref": "#/$defs/kind"}}]
        },
        "kind": {"$ref": "#/$defs/kind"},
        "label": {"type": "string", "pattern": "^[a-c]{2,3}$"},
    },
    "required": ["at", "kind"],
    "additionalProperties": False,
    "$defs": {"kind": {"enum": ["small", "large"]}},
}
LOOK = ToolShape("look", "Looks.", SCHEMA)
READ = ToolShape("mcp__files__read-file", "Reads.", {"type": "object", "properties": {}})
SCHEMAS = {LOOK.name: SCHEMA, READ.name: READ.schema}
GIVEN = {"at": "a <b> \\ c", "count": 3, "deep": {"flag": True, "ratio": -0.5}, "kind": "large"}
WRONG = ({**GIVEN, "kind": "none"}, {**GIVEN, "count": "few"}, {"at": ""}, {**GIVEN, "label": "d"})
DRAWN = 40

FORMS: tuple[ModelFormat, ...] = (
    Harmony(),
    DeepSeekR1(),
    DeepSeekV31(),
    DeepSeekV32(),
    DeepSeekV4(),
    Kimi(),
    Glm(),
    Hunyuan(),
    Gemma4(),
    FunctionGemma(),
    MiniMaxM1(),
    MiniMaxM2(),
    CommandR(),
    CommandR7B(),
    Apertus(),
    GigaChat(),
    GigaChat3(),
    MiniCpm(),
    Solar(),
    KimiK3(),
)
ONE_CALL = ("harmony", "gigachat", "gigachat3")
"""Families that make one call in an answer."""
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)


def grammar_of(form: ModelFormat, *, parallel: bool) -> Grammar:
    return Grammar(form.grammar((LOOK, READ), parallel=parallel).gbnf)


@each_form
def test_a_grammar_begins_with_each_trigger(form: ModelFormat) -> None:
    grammar = grammar_of(form, parallel=True)
    for trigger in form.grammar((LOOK, READ), parallel=True).triggers:
        assert grammar.begins(trigger)
    assert not grammar.begins("I ")


@each_form
def test_a_grammar_takes_what_the_model_writes(form: ModelFormat) -> None:
    grammar = grammar_of(form, parallel=False)
    assert grammar.accepts(form.told_call("look", GIVEN))
    assert grammar.accepts(form.told_call("mcp__files__read-file", {}))
    for wrong in WRONG:
        assert not grammar.accepts(form.told_call("look", wrong)), wrong
    assert not grammar.begins(form.told_call("unknown", {}))


def calls_in(form: ModelFormat, written: str) -> list[tuple[str, Any]]:
    """The calls that the format's parser tells, which tells no text."""
    parser = form.parser(Expectation((LOOK, READ), "", "a1"))
    said = parser.receive_text(written) + parser.receive_end(whole=True)
    assert not any(isinstance(event, TextDelta) for event in said), written
    names = [event.name for event in said if isinstance(event, ToolUseStarted)]
    inputs = [event.json_text for event in said if isinstance(event, ToolInputDelta)]
    return list(zip(names, map(msgspec.json.decode, inputs), strict=True))


@each_form
@pytest.mark.parametrize("parallel", [False, True])
def test_what_a_grammar_lets_through_is_a_valid_call(form: ModelFormat, parallel: bool) -> None:
    grammar = grammar_of(form, parallel=parallel)
    counts: set[int] = set()
    for seed in range(DRAWN):
        if written := drawn(grammar, random.Random(seed), 600):
            calls = calls_in(form, written)
            counts.add(len(calls))
            for name, given in calls:
                assert not problems(SCHEMAS[name], given), written
    is_several = parallel and form.name not in ONE_CALL
    assert counts == {1} if not is_several else len(counts) > 1 and min(counts) == 1
