"""gpt-oss's answers: channels, calls, and what goes wrong with them."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.conversation.arguments import unparsed
from understudy.protocols.model_format.format import Expectation
from understudy.protocols.model_format.harmony import HEADER_CHARACTERS_MAX, Harmony

from .blocks import Called, Example, Spoken, Thought, splits, told
from .tool_shapes import TOOLS

Json = dict[str, Any]
FORM = Harmony()
TAIL = "<|end|><|start|>assistant"
ANALYSIS = "<|channel|>analysis<|message|>"
NEXT = "<|end|><|start|>assistant"
CALL = "<|channel|>commentary to=functions."
HELLO = "Hello, world!\nWhat's up?"
THINKING = "I'm\nthinking"
ONE = Called("special_function", {"arg1": 1})
EDIT = {
    "oldString": "if (part < railCount - 1) {",
    "newString": "if (part < 4) {",
    "replaceAll": False,
}
EDIT_TEXT = (
    '{"oldString": "if (part < railCount - 1) {", "newString": "if (part < 4) {", '
    '"replaceAll": false}'
)

# Most are llama.cpp's examples (tests/test-chat.cpp) of openai-gpt-oss-120b.
EXAMPLES = [
    Example(f"<|channel|>final<|message|>{HELLO}", [Spoken(HELLO)]),
    Example(f"<|channel|>commentary<|message|>{HELLO}", [Spoken(HELLO)]),
    Example(
        f"{ANALYSIS}{THINKING}{NEXT}<|channel|>final<|message|>{HELLO}",
        [Thought(THINKING), Spoken(HELLO)],
    ),
    Example(f"{ANALYSIS}{THINKING}", [Thought(THINKING)]),
    Example(' to=functions.special_function<|channel|>analysis<|message|>{"arg1": 1}', [ONE]),
    Example('<|channel|>analysis to=functions.special_function<|message|>{"arg1": 1}', [ONE]),
    Example(
        ' to=functions.special_function<|channel|>analysis <|constrain|>json<|message|>{"arg1": 1}',
        [ONE],
    ),
    Example(f'{CALL}special_function<|message|>{{"arg1": 1}}', [ONE]),
    Example(
        f"{ANALYSIS}{THINKING}{NEXT} to=functions.special_function<|channel|>analysis<|message|>"
        '{"arg1": 1}',
        [Thought(THINKING), ONE],
    ),
    Example(
        f"{ANALYSIS}Thinking about edit...{NEXT}{CALL}edit <|constrain|>json<|message|>{EDIT_TEXT}",
        [Thought("Thinking about edit..."), Called("edit", EDIT)],
    ),
    Example(
        f"{ANALYSIS}It is JSON{NEXT}<|channel|>final <|constrain|>json<|message|>"
        '{"amount": 123.45}',
        [Thought("It is JSON"), Spoken('{"amount": 123.45}')],
    ),
    Example(
        "<|channel|>commentary to=assistant<|channel|>analysis<|message|>"
        f"{THINKING}{NEXT}<|channel|>final<|message|>{HELLO}",
        [Thought(THINKING), Spoken(HELLO)],
    ),
    Example(
        f"{ANALYSIS}{THINKING}{NEXT}<|channel|>commentary to=assistant<|channel|>final<|message|>"
        f"{HELLO}",
        [Thought(THINKING), Spoken(HELLO)],
    ),
    # The prompt ends in a body that the answer goes on with.
    Example("world!", [Spoken("world!")], f"{TAIL}<|channel|>final<|message|>Hello, "),
    Example(
        f" thinking{NEXT}<|channel|>final<|message|>{HELLO}",
        [Thought(" thinking"), Spoken(HELLO)],
        f"{TAIL}{ANALYSIS}I'm",
    ),
    # A tool of the model's own, which nobody has offered: what it wrote is shown, and not run.
    Example(
        f"{ANALYSIS}I say hello{NEXT} to=container.exec<|channel|>commentary<|message|>echo hello",
        [Thought("I say hello"), Spoken("echo hello")],
    ),
    # A tool whose namespace is left out is one that has been offered.
    Example(
        '<|channel|>commentary to=python code<|message|>{"code": "1"}<|call|>',
        [Called("python", {"code": "1"})],
    ),
    # Preambles are text, each a block of its own, and calls may follow one another.
    Example(
        f"<|channel|>commentary<|message|>First I read.{NEXT}<|channel|>commentary<|message|>"
        f'Then I write.{NEXT}{CALL}special_function json<|message|>{{"arg1": 1}}<|call|>'
        f"<|start|>assistant{CALL}empty_args json<|message|>{{}}<|call|>",
        [Spoken("First I read."), Spoken("Then I write."), ONE, Called("empty_args", {})],
    ),
    Example(f"{CALL}empty_args<|message|><|call|>", [Called("empty_args", {})]),
    # A mark inside a string is part of the string; one behind the object ends the call.
    Example(
        f'{CALL}python<|message|>{{"code": "a<|end|>b <|call|>\\"<|start|>"}}<|call|>',
        [Called("python", {"code": 'a<|end|>b <|call|>"<|start|>'})],
    ),
    # A string that was never closed has not taken in what follows.
    Example(
        f'{CALL}python<|message|>{{"code": "a<|call|><|start|>assistant{CALL}special_function'
        '<|message|>{"arg1": 1}<|call|>',
        [Called("python", unparsed('{"code": "a')), ONE],
    ),
    Example(f"{CALL}python<|message|>[1]<|call|>", [Called("python", unparsed("[1]"))]),
    Example(f"{CALL}python<|message|>{{oops<|call|>", [Called("python", unparsed("{oops"))]),
    # A raw line end inside a string is let through.
    Example(f'{CALL}python<|message|>{{"code": "a\nb"}}', [Called("python", {"code": "a\nb"})]),
    # What has no header is text.
    Example(HELLO, [Spoken(HELLO)]),
    Example("x" * 600 + "<|message|>y", [Spoken("x" * 600 + "<|message|>y")]),
    Example(f"<|channel|>final<|message|>a<|message|>b{NEXT}", [Spoken("a<|message|>b")]),
    Example(f"{ANALYSIS}<|end|>", []),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_answer_means_the_same_for_every_split(example: Example) -> None:
    tail = example.tail or TAIL
    for pieces in splits(example.written):
        assert told(FORM, pieces, TOOLS, tail) == example.blocks


CUT = f'{CALL}special_function <|constrain|>json<|message|>{{"arg1": 1'


@pytest.mark.parametrize("cut", range(len(CUT) - len('{"arg1": 1'), len(CUT) + 1))
def test_a_call_that_is_cut_is_text(cut: int) -> None:
    assert told(FORM, [CUT[:cut]], TOOLS, TAIL, whole=False) == [Spoken(CUT[:cut])]
    blocks = told(FORM, list(CUT[:cut] + "}<|cal"), TOOLS, TAIL, whole=False)
    assert blocks == [Spoken(CUT[:cut] + "}<|cal")]


def test_a_call_that_is_closed_is_whole_whatever_cuts_the_answer_after_it() -> None:
    written = CUT + "}<|call|><|start|>assistant<|chan"
    assert told(FORM, [written], TOOLS, TAIL, whole=False) == [ONE]


def test_without_tools_a_call_is_text() -> None:
    assert told(FORM, [f"{CUT}}}<|call|>"], (), TAIL) == [Spoken('{"arg1": 1}')]


def test_words_before_a_call_are_shown_as_the_end_of_its_thinking() -> None:
    calls: list[Any] = [{"id": "a", "function": {"name": "look", "arguments": {}}}]
    said: Json = {"role": "assistant", "content": "I look.", "reasoning_content": "Hm."}
    thought: Json = {
        "role": "assistant",
        "content": "",
        "reasoning_content": "Hm.",
        "tool_calls": calls,
    }
    both: Json = {**said, "tool_calls": calls}
    joined: Json = {**thought, "reasoning_content": "Hm.\n\nI look."}
    assert FORM.history([said, thought, both]) == [said, thought, joined]


def test_a_header_is_held_back_no_longer_than_a_header_can_be() -> None:
    pieces = ["y" * HEADER_CHARACTERS_MAX, "y", "z"]
    parser = FORM.parser(Expectation())
    assert [len(parser.receive_text(piece)) for piece in pieces] == [0, 1, 1]
