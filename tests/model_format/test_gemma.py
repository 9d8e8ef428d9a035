"""Gemma's answers: calls in a notation of its own."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.conversation.arguments import unparsed
from understudy.protocols.model_format.gemma import FunctionGemma, Gemma4, Gemma4First
from understudy.protocols.model_format.gemma_values import (
    NESTING_MAX,
    GemmaNonsense,
    GemmaReader,
    gemma_text,
)

from .blocks import Called, Example, Spoken, Thought, splits, told
from .tool_shapes import TOOLS

HELLO = "Hello, world!\nWhat's up?"
Q = '<|"|>'
PARIS = Called("get_time", {"city": "Paris"})


def call(name: str, given: str) -> str:
    return f"<|tool_call>call:{name}{given}<tool_call|>"


TIME = call("get_time", f"{{city:{Q}Paris{Q}}}")
DEEP = "[" * NESTING_MAX + "[]" + "]" * NESTING_MAX

# Most are llama.cpp's examples (tests/test-chat.cpp) of Gemma 4.
EXAMPLES = [
    Example(HELLO, [Spoken(HELLO)]),
    Example(f"<|channel>thought\nI think<channel|>{HELLO}", [Thought("I think"), Spoken(HELLO)]),
    Example(f"<|channel>thought<channel|>{HELLO}", [Spoken(HELLO)]),
    Example(TIME, [PARIS]),
    Example(call("empty_args", "{}"), [Called("empty_args", {})]),
    Example(f"{HELLO}{TIME}", [Spoken(HELLO), PARIS]),
    Example(f"<|channel>thought\nI think<channel|>{TIME}", [Thought("I think"), PARIS]),
    Example(
        TIME + call("get_weather", f"{{city:{Q}Rome{Q}}}"),
        [PARIS, Called("get_weather", {"city": "Rome"})],
    ),
    Example(call("special_function", "{arg1:42}"), [Called("special_function", {"arg1": 42})]),
    Example(call("special_function", "{arg1:-7}"), [Called("special_function", {"arg1": -7})]),
    Example(call("amount", "{orig:3.14}"), [Called("amount", {"orig": 3.14})]),
    Example(call("amount", "{orig:1.5e10}"), [Called("amount", {"orig": 1.5e10})]),
    Example(call("toggle", "{enabled:false}"), [Called("toggle", {"enabled": False})]),
    Example(call("set_nullable", "{value:null}"), [Called("set_nullable", {"value": None})]),
    Example(
        call("todo_list", f"{{todos:[{Q}buy milk{Q},{Q}walk dog{Q}]}}"),
        [Called("todo_list", {"todos": ["buy milk", "walk dog"]})],
    ),
    Example(
        call("set_config", f"{{config:{{theme:{Q}dark{Q},count:3}}}}"),
        [Called("set_config", {"config": {"theme": "dark", "count": 3}})],
    ),
    Example(call("todo_list", "{todos:[]}"), [Called("todo_list", {"todos": []})]),
    Example(call("set_config", "{config:{}}"), [Called("set_config", {"config": {}})]),
    # An empty channel behind the text, and marks that close none.
    Example(f"<|channel>thought\n<channel|>{HELLO}<channel|>", [Spoken(HELLO)]),
    Example(
        f"<|channel>thought\n<channel|>{HELLO}<|channel>thought\n<channel|><channel|>",
        [Spoken(HELLO)],
    ),
    # Anything may stand in a string; keys may be in strings, too; bare words are strings.
    Example(
        call("python", f'{{code:{Q}a<tool_call|>{{[,:}}"\\{Q}}}'),
        [Called("python", {"code": 'a<tool_call|>{[,:}"\\'})],
    ),
    Example(
        call("set_config", f"{{ {Q}config{Q} : {{ a b : c d , e : True }} }}"),
        [Called("set_config", {"config": {"a b": "c d", "e": "True"}})],
    ),
    # The closing mark is missing, or the end of a string; the notation is not kept to.
    Example(TIME.removesuffix("<tool_call|>"), [PARIS]),
    Example(
        call("python", f"{{code:{Q}a}}") + TIME,
        [Called("python", unparsed(f"{{code:{Q}a}}")), PARIS],
    ),
    Example(call("python", "{code}"), [Called("python", unparsed("{code}"))]),
    Example(call("python", "{a:1}b"), [Called("python", unparsed("{a:1}b"))]),
    Example(call("python", f"{{a:{DEEP}}}"), [Called("python", unparsed(f"{{a:{DEEP}}}"))]),
    Example("<|tool_call>none<tool_call|>", [Spoken("<|tool_call>none<tool_call|>")]),
    Example("<|tool_call>" + "a b " * 150, [Spoken("<|tool_call>" + "a b " * 150)]),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_answer_means_the_same_for_every_split(example: Example) -> None:
    for pieces in splits(example.written):
        assert told(Gemma4(), pieces, TOOLS, example.tail) == example.blocks


def test_functiongemma_has_marks_of_its_own() -> None:
    written = (
        "Yes.<start_function_call>call:get_time{city:<escape>Paris<escape>}<end_function_call>"
        "<start_function_response>"
    )
    for pieces in splits(written):
        assert told(FunctionGemma(), pieces, TOOLS) == [Spoken("Yes."), PARIS]


VALUES: list[dict[str, Any]] = [
    {},
    {"a": "", "b": ["x", 1, -2.5, True, None, {}, []], "c": {"d": {"e": "f,g:{}[]"}}},
    {"text": "two\nlines", "empty": {"list": [[], [""]]}},
]


@pytest.mark.parametrize("value", VALUES, ids=range(len(VALUES)))
@pytest.mark.parametrize("quote", [Q, "<escape>"])
def test_the_notation_is_read_as_it_is_written(value: dict[str, Any], quote: str) -> None:
    assert GemmaReader(gemma_text(value, quote), quote).read() == value


NONSENSE = ["", "[]", "{", "{a:", "{a:}", "{:1}", "{a:1", f"{{a:{Q}b}}", f"{{{Q}a{Q} 1}}", "{a:1}}"]


@pytest.mark.parametrize("text", NONSENSE)
def test_what_is_not_in_the_notation_is_said_to_be_none(text: str) -> None:
    with pytest.raises(GemmaNonsense, match="at character"):
        GemmaReader(text, Q).read()


def test_the_first_templates_get_results_within_the_message_that_called() -> None:
    calls: list[dict[str, Any]] = [{"id": "x", "function": {"name": "look", "arguments": {}}}]
    asked = {"role": "user", "content": "?"}
    calling: dict[str, Any] = {"role": "assistant", "content": "", "tool_calls": calls}
    found = Gemma4First().history(
        [
            asked,
            calling,
            {"role": "tool", "content": "seen", "tool_call_id": "x"},
            {"role": "tool", "content": "lost", "tool_call_id": "y"},
            {"role": "assistant", "content": "I see."},
            asked,
            {"role": "assistant", "content": "No."},
        ]
    )
    responses = [{"name": "look", "response": "seen"}, {"name": "unknown", "response": "lost"}]
    joined: dict[str, Any] = {**calling, "content": "I see.", "tool_responses": responses}
    assert found == [asked, joined, asked, {"role": "assistant", "content": "No."}]
    assert "tool_responses" not in calling
