"""MiniMax's answers: invocations in tags (M2), and JSON, one object a line (M1)."""

from __future__ import annotations

import pytest
from understudy.protocols.conversation.arguments import unparsed
from understudy.protocols.model_format.minimax import MiniMaxM1, MiniMaxM2

from .blocks import Called, Example, Spoken, Thought, splits, told
from .tool_shapes import TOOLS

TAIL = "]~b]ai\n<think>\n"
HELLO = "Hello, world!\nWhat's up?"
ONE = Called("special_function", {"arg1": 1})


def invoke(name: str, /, **arguments: str) -> str:
    pairs = (f'<parameter name="{key}">{value}</parameter>\n' for key, value in arguments.items())
    return f'<invoke name="{name}">\n{"".join(pairs)}</invoke>\n'


def block(*calls: str) -> str:
    return f"<minimax:tool_call>\n{''.join(calls)}</minimax:tool_call>"


ARG1 = invoke("special_function", arg1="1")
EMPTY = invoke("empty_args")

# Most are llama.cpp's examples (tests/test-chat.cpp) of M2.
M2_EXAMPLES = [
    Example(f"\n</think>\n\n{HELLO}", [Spoken(HELLO)], TAIL),
    Example(f"I think\n</think>\n\n{HELLO}", [Thought("I think"), Spoken(HELLO)], TAIL),
    Example(
        f"A tool:\n</think>\n\n{block(EMPTY)}", [Thought("A tool:"), Called("empty_args", {})], TAIL
    ),
    Example(f"\n</think>\n\n{block(ARG1)}", [ONE], TAIL),
    Example(f"I call.\n{block(ARG1, EMPTY)}", [Spoken("I call."), ONE, Called("empty_args", {})]),
    Example(
        block(invoke("python", code="</invoke> </minimax:tool_call> <parameter")),
        [Called("python", {"code": "</invoke> </minimax:tool_call> <parameter"})],
    ),
    Example(
        block(invoke("set_config", config='{"a": [1]}'), invoke("python", code="\n7\n")),
        [Called("set_config", {"config": {"a": [1]}}), Called("python", {"code": "\n7\n"})],
    ),
    Example(block(ARG1).removesuffix("</minimax:tool_call>"), [ONE]),
    Example(block("prose"), [Spoken(block("prose"))]),
    Example(block("<invoke>"), [Spoken(block("<invoke>"))]),
]


@pytest.mark.parametrize("example", M2_EXAMPLES, ids=range(len(M2_EXAMPLES)))
def test_tags_mean_the_same_for_every_split(example: Example) -> None:
    for pieces in splits(example.written):
        assert told(MiniMaxM2(), pieces, TOOLS, example.tail) == example.blocks


def line(name: str, given: str) -> str:
    return f'{{"name": "{name}", "arguments": {given}}}\n'


ARGS = '{"arg1": 1}'
CODE = '{"code": "</tool_calls>\\""}'
TORN = '{"code": "a'

M1_EXAMPLES = [
    Example(HELLO, [Spoken(HELLO)]),
    Example(
        f"<tool_calls>\n{line('special_function', ARGS)}{line('empty_args', '{}')}</tool_calls>",
        [ONE, Called("empty_args", {})],
    ),
    Example(
        "<think>I think</think>So:<tool_calls>"
        f"[{line('empty_args', '{}')}, {line('special_function', ARGS)}]</tool_calls>.",
        [Thought("I think"), Spoken("So:"), Called("empty_args", {}), ONE, Spoken(".")],
    ),
    Example(
        f"<tool_calls>{line('python', CODE)}</tool_calls>",
        [Called("python", {"code": '</tool_calls>"'})],
    ),
    Example(f"<tool_calls>\n{line('empty_args', '{}')}", [Called("empty_args", {})]),
    Example(
        f"<tool_calls>{line('python', TORN)}</tool_calls>",
        [Called("python", unparsed(TORN))],
    ),
    Example("<tool_calls> are tags", [Spoken("<tool_calls> are tags")]),
    Example("<tool_calls>{}</tool_calls>", [Spoken("<tool_calls>{}</tool_calls>")]),
]


@pytest.mark.parametrize("example", M1_EXAMPLES, ids=range(len(M1_EXAMPLES)))
def test_lines_mean_the_same_for_every_split(example: Example) -> None:
    for pieces in splits(example.written):
        assert told(MiniMaxM1(), pieces, TOOLS, example.tail) == example.blocks
