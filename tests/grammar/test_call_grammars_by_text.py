"""The grammars of calls that are JSON, XML or Python: several calls, triggers, drawn texts."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

import msgspec
import pytest
from understudy.protocols.conversation.answer import TextDelta, ToolInputDelta, ToolUseStarted
from understudy.protocols.engine.messages import ToolShape
from understudy.protocols.grammar.validation import problems
from understudy.protocols.model_format.format import Expectation, ModelFormat
from understudy.protocols.model_format.functionary import FunctionaryRecipients, FunctionaryTags
from understudy.protocols.model_format.hermes import Hermes
from understudy.protocols.model_format.json_lists import Apriel, Functools, Granite, Nemotron
from understudy.protocols.model_format.lfm import Lfm
from understudy.protocols.model_format.llama import Llama
from understudy.protocols.model_format.mistral import (
    Mistral,
    MistralList,
    MistralThinking,
    MistralWithIds,
)
from understudy.protocols.model_format.phi import Phi
from understudy.protocols.model_format.plain import Plain
from understudy.protocols.model_format.qwen_coder import QwenCoder, Seed

from .matcher import Grammar, drawn

READ = ToolShape(
    "read",
    "Reads a file.",
    {
        "type": "object",
        "properties": {
            "path": {"type": "string", "maxLength": 8},
            "limit": {"type": "integer"},
            "flags": {"type": "array", "items": {"type": "boolean"}},
        },
        "required": ["path"],
        "additionalProperties": False,
    },
)
LIST = ToolShape(
    "list", "Lists.", {"type": "object", "properties": {}, "additionalProperties": False}
)
TOOLS = (READ, LIST)
SCHEMAS = {tool.name: tool.schema for tool in TOOLS}
DRAWN = 30
TO = ">>>"
"""What Functionary's prompt has written already."""

ALONE: dict[str, ModelFormat] = {
    form.name: form for form in (Hermes(), Plain(), QwenCoder(), Seed())
}
LISTS: dict[str, ModelFormat] = {
    form.name: form
    for form in (Granite(), Phi(), Nemotron(), Apriel(), Functools(), MistralList(), Lfm())
}
JOINED: dict[str, ModelFormat] = {
    form.name: form
    for form in (Mistral(), MistralThinking(), FunctionaryTags(), FunctionaryRecipients(), Llama())
}
FORMS = [*ALONE.values(), *LISTS.values(), *JOINED.values()]
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)

Call = tuple[str, Mapping[str, Any]]


def text_of(form: ModelFormat, *calls: Call) -> str:
    """Calls as an answer that is nothing else."""
    texts = [form.told_call(name, dict(given)) for name, given in calls]
    if form.name not in LISTS:
        return ("\n" if form.name in ALONE else "").join(texts).removeprefix(TO)
    start, _, empty = form.told_call("", {}).rpartition("[{" if form.name != "lfm" else "[(")
    end = empty[empty.rindex("]") :]
    inner = ", ".join(text[len(start) + 1 : -len(end)] for text in texts)
    return f"{start}[{inner}{end}"


@each_form
@pytest.mark.parametrize("parallel", [False, True])
def test_calls_as_the_model_writes_them_are_of_the_grammar(
    form: ModelFormat, parallel: bool
) -> None:
    grammar = Grammar(form.grammar(TOOLS, parallel=parallel).gbnf)
    one: Call = ("read", {"path": "a\n</b>", "limit": 3})
    ones: tuple[Call, ...] = (one, ("read", {"path": "", "flags": [True]}), ("list", {}))
    for call in ones:
        assert grammar.accepts(text_of(form, call))
    assert grammar.accepts(text_of(form, one, ("list", {}))) == (parallel and form.name != "llama")


@each_form
def test_what_is_no_call_of_a_tool_is_refused(form: ModelFormat) -> None:
    grammar = Grammar(form.grammar(TOOLS, parallel=True).gbnf)
    wrong: tuple[Call, ...] = (
        ("write", {}),
        ("list", {"path": "a"}),
        ("read", {}),
        ("read", {"path": "a", "limit": "x"}),
    )
    for call in wrong:
        assert not grammar.accepts(text_of(form, call)), call
    assert not grammar.accepts(text_of(form, ("list", {})) + " And so on.")
    assert not grammar.accepts("")


def calls_in(form: ModelFormat, written: str) -> list[tuple[str, Any]]:
    """The calls that the format's parser tells, which tells no text."""
    tail = TO if isinstance(form, FunctionaryRecipients) else ""
    parser = form.parser(Expectation(TOOLS, tail, "a1"))
    said = parser.receive_text(written) + parser.receive_end(whole=True)
    assert not any(isinstance(event, TextDelta) for event in said), written
    names = [event.name for event in said if isinstance(event, ToolUseStarted)]
    inputs = [event.json_text for event in said if isinstance(event, ToolInputDelta)]
    return list(zip(names, map(msgspec.json.decode, inputs), strict=True))


@pytest.mark.parametrize("form", [*FORMS, MistralWithIds()], ids=lambda form: form.name)
@pytest.mark.parametrize("parallel", [False, True])
def test_every_text_of_a_grammar_begins_with_a_trigger_and_is_valid_calls(
    form: ModelFormat, parallel: bool
) -> None:
    call_grammar = form.grammar(TOOLS, parallel=parallel)
    grammar = Grammar(call_grammar.gbnf)
    assert all(grammar.begins(trigger) for trigger in call_grammar.triggers)
    found = [drawn(grammar, Random(seed), 600) for seed in range(DRAWN)]
    texts = [text for text in found if text is not None]
    assert texts
    for text in texts:
        assert text.startswith(call_grammar.triggers)
        calls = calls_in(form, text)
        assert calls
        assert parallel or len(calls) == 1
        for name, given in calls:
            assert not problems(SCHEMAS[name], given), text


def test_names_are_escaped() -> None:
    odd = ToolShape('a"b\\', "", {"type": "object", "properties": {"x": {"type": "string"}}})
    for form in (Hermes(), Llama()):
        text = form.told_call(odd.name, {"x": "y"})
        assert '"a\\"b\\\\"' in text
        assert Grammar(form.grammar([odd], parallel=False).gbnf).accepts(text)


def test_thinking_is_closed_before_a_call_that_must_come() -> None:
    ends = {form.name: form.grammar(TOOLS, parallel=False).think_end for form in FORMS}
    assert ends["hermes"] == ends["llama"] == "</think>"
    assert ends["seed"] == "</seed:think>"
    assert ends["mistral_thinking"] == "[/THINK]"
    assert ends["functionary_recipients"] == ""


@each_form
def test_what_opens_a_call_without_a_mark_counts_at_the_start_alone(form: ModelFormat) -> None:
    without_mark = {"functionary_recipients", "llama", "functools"}
    assert form.grammar(TOOLS, parallel=False).at_start == (form.name in without_mark)
