"""Cohere's answers: lists of actions."""

from __future__ import annotations

import pytest
from understudy.protocols.model_format.command_r import CommandR, CommandR7B

from .blocks import Called, Example, Spoken, Thought, splits, told
from .tool_shapes import TOOLS

HELLO = "Hello, world!\nWhat's up?"
ONE = Called("special_function", {"arg1": 1})
THINKING = "<|START_THINKING|>I think<|END_THINKING|>"
OPEN = "<|CHATBOT_TOKEN|><|START_THINKING|>"


def action(name: str, given: str, number: str = "0") -> str:
    head = f'"tool_call_id": "{number}", ' if number else ""
    return f'{{{head}"tool_name": "{name}", "parameters": {given}}}'


def actions(*listed: str) -> str:
    lines = ",\n    ".join(listed)
    return f"<|START_ACTION|>[\n    {lines}\n]<|END_ACTION|>"


ARG1 = action("special_function", '{"arg1": 1}')
LISTS = action("todo_list", '{"todos": ["buy milk", "walk dog"]}')
CODE = action("python", '{"code": "print(\'hey\')"}', "1")
MARKS = action("python", '{"code": "<|END_ACTION|>]\\""}')
HEY = Called("python", {"code": "print('hey')"})

# Most are llama.cpp's examples (tests/test-chat.cpp) of R7B and North.
EXAMPLES = [
    Example(f"<|START_RESPONSE|>{HELLO}<|END_RESPONSE|>", [Spoken(HELLO)]),
    Example(
        f"{THINKING}<|START_RESPONSE|>{HELLO}<|END_RESPONSE|>", [Thought("I think"), Spoken(HELLO)]
    ),
    Example(f"{THINKING}{actions(ARG1)}", [Thought("I think"), ONE]),
    Example(f"<|START_THINKING|><|END_THINKING|>{actions(ARG1)}", [ONE]),
    Example(
        f"I think<|END_THINKING|><|START_TEXT|>{HELLO}<|END_TEXT|>",
        [Thought("I think"), Spoken(HELLO)],
        OPEN,
    ),
    Example(
        f"<|END_THINKING|>{actions(LISTS)}",
        [Called("todo_list", {"todos": ["buy milk", "walk dog"]})],
        OPEN,
    ),
    Example(f"I think<|END_THINKING|>{actions(ARG1, CODE)}", [Thought("I think"), ONE, HEY], OPEN),
    Example(f"I think{actions(ARG1)}", [Thought("I think"), ONE], OPEN),
    Example(f"I think<|START_TEXT|>{HELLO}", [Thought("I think"), Spoken(HELLO)], OPEN),
    Example(actions(MARKS), [Called("python", {"code": '<|END_ACTION|>]"'})]),
    Example(actions(ARG1).removesuffix("<|END_ACTION|>"), [ONE]),
    Example("<|START_ACTION|>[1]<|END_ACTION|>", [Spoken("<|START_ACTION|>[1]<|END_ACTION|>")]),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_answer_means_the_same_for_every_split(example: Example) -> None:
    for pieces in splits(example.written):
        assert told(CommandR7B(), pieces, TOOLS, example.tail) == example.blocks


def plan(*listed: str) -> str:
    return f"Action:\n```json\n[{', '.join(listed)}]\n```"


BARE = action("special_function", '{"arg1": 1}', "")
DIRECT = action("directly_answer", "{}", "")
FENCE = action("html", '{"markup": "```"}', "")

R_EXAMPLES = [
    Example(f"<|CHATBOT_TOKEN|>{HELLO}<|END_OF_TURN_TOKEN|>", [Spoken(HELLO)]),
    Example(plan(BARE), [ONE]),
    Example(
        f"I act.\n{plan(BARE, FENCE)}", [Spoken("I act."), ONE, Called("html", {"markup": "```"})]
    ),
    Example(plan(DIRECT), [Spoken(plan(DIRECT))]),
    Example(plan(DIRECT, BARE), [ONE]),
    Example("Action: none", [Spoken("Action: none")]),
]


@pytest.mark.parametrize("example", R_EXAMPLES, ids=range(len(R_EXAMPLES)))
def test_a_plan_means_the_same_for_every_split(example: Example) -> None:
    for pieces in splits(example.written):
        assert told(CommandR(), pieces, TOOLS, example.tail) == example.blocks
