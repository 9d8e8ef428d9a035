"""Kimi K2's answers: a section of calls, whose marks it leaves out now and then."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.conversation.arguments import unparsed
from understudy.protocols.model_format.kimi import Kimi, KimiFirst

from .blocks import Called, Example, Spoken, Thought, splits, told
from .tool_shapes import TOOLS

HELLO = "Hello, world!\nWhat's up?"
BEGIN, END = "<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"
ARGUMENT = "<|tool_call_argument_begin|>"
ONE = Called("special_function", {"arg1": 1})
TWO = Called("special_function_with_opt", {"arg1": 1, "arg2": 2})
HEY = Called("python", {"code": "print('hey')"})


def call(name: str, given: str, end: str = "<|tool_call_end|>") -> str:
    return f"<|tool_call_begin|>{name}{ARGUMENT}{given}{end}"


ARG1 = call("functions.special_function:0", '{"arg1": 1}')
ARG2 = call("functions.special_function_with_opt:1", '{"arg1": 1, "arg2": 2}')
CODE = call("functions.python:1", '{"code": "print(\'hey\')"}')

PYTHON = '{"code": "def hello():\\n    print(\\"Hello!\\")\\n\\nhello()"}'
UNCLOSED = call("functions.special_function:0", '{"arg1": 1}', "")
TORN = '{"code": "a'

# Most are llama.cpp's examples (tests/test-chat.cpp) of K2.
EXAMPLES = [
    Example(HELLO, [Spoken(HELLO)]),
    Example(f"{BEGIN}{ARG1}{END}", [ONE]),
    Example(f"<think>I think</think>{BEGIN}{ARG1}{END}", [Thought("I think"), ONE]),
    Example(f"{HELLO}{BEGIN}{ARG1}{END}", [Spoken(HELLO), ONE]),
    Example(f"{BEGIN}{ARG1}{ARG2}{END}", [ONE, TWO]),
    Example(f"<think>Two</think>{BEGIN}{ARG1}{CODE}{END}", [Thought("Two"), ONE, HEY]),
    Example(
        f"{BEGIN}{call('functions.python:0', PYTHON)}{END}",
        [Called("python", {"code": 'def hello():\n    print("Hello!")\n\nhello()'})],
    ),
    Example(f"{BEGIN}{call('functions.empty_args:0', '{}')}{END}", [Called("empty_args", {})]),
    # It calls before its thinking is closed, without the section's marks or the closing ones.
    Example(f"<think>Two{BEGIN}{ARG1}{CODE}{END}", [Thought("Two"), ONE, HEY]),
    Example(f"<think>Two{UNCLOSED}{CODE[: -len('<|tool_call_end|>')]}", [Thought("Two"), ONE, HEY]),
    Example(f"{UNCLOSED}", [ONE]),
    Example(f"{BEGIN} {UNCLOSED}\n {ARG2}{END} done", [ONE, TWO, Spoken("done")]),
    # Other ids.
    Example(call("special_function:12", '{"arg1": 1}'), [ONE]),
    Example(call("functions.special_function", '{"arg1": 1}'), [ONE]),
    # Marks in strings, strings without an end, and what is no object.
    Example(
        call("functions.python:0", '{"code": "<|tool_call_end|>\\"<|tool_call_begin|>"}'),
        [Called("python", {"code": '<|tool_call_end|>"<|tool_call_begin|>'})],
    ),
    Example(
        f"{BEGIN}{call('functions.python:0', TORN)}{ARG1}{END}",
        [Called("python", unparsed(TORN)), ONE],
    ),
    Example(call("functions.python:0", "7"), [Called("python", unparsed("7"))]),
    Example(
        "<|tool_call_begin|>no head <|tool_call_end|>!",
        [Spoken("<|tool_call_begin|>no head <|tool_call_end|>!")],
    ),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_answer_means_the_same_for_every_split(example: Example) -> None:
    for pieces in splits(example.written):
        assert told(Kimi(), pieces, TOOLS, example.tail) == example.blocks


def message(*ids: str) -> dict[str, Any]:
    calls: list[dict[str, Any]] = [
        {"id": id_, "function": {"name": "look", "arguments": {}}} for id_ in ids
    ]
    return {"role": "assistant", "content": "", "tool_calls": calls}


def result(id_: str) -> dict[str, Any]:
    return {"role": "tool", "content": "", "tool_call_id": id_}


HISTORY = [
    {"role": "user", "content": "?"},
    message("toolu_a", "toolu_b"),
    result("toolu_b"),
    result("toolu_a"),
    message("toolu_c"),
    result("toolu_c"),
    result("toolu_lost"),
]


@pytest.mark.parametrize(("form", "third"), [(Kimi(), 2), (KimiFirst(), 0)])
def test_history_numbers_the_calls_as_the_model_does(form: Kimi, third: int) -> None:
    a, b, c = "functions.look:0", "functions.look:1", f"functions.look:{third}"
    assert form.history(HISTORY) == [
        HISTORY[0],
        message(a, b),
        result(b),
        result(a),
        message(c),
        result(c),
        result("toolu_lost"),
    ]
    assert HISTORY[1] == message("toolu_a", "toolu_b")
