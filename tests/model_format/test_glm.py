"""GLM's answers, and those of the families that have taken over its tags."""

from __future__ import annotations

import pytest
from understudy.protocols.model_format.glm import Glm, Hunyuan

from .blocks import Called, Example, Spoken, Thought, splits, told
from .tool_shapes import TOOLS

FORCED = "<|assistant|><think>"
HELLO = "Hello, world!\nWhat's up?"
ONE = Called("special_function", {"arg1": 1})


def call(name: str, /, line: str = "", **arguments: str) -> str:
    pairs = "".join(
        f"<arg_key>{key}</arg_key>{line}<arg_value>{value}</arg_value>{line}"
        for key, value in arguments.items()
    )
    return f"<tool_call>{name}{line}{pairs}</tool_call>"


ARG1 = call("special_function", arg1="1")
LINES = call("special_function", "\n", arg1="1")

# Most are llama.cpp's examples (tests/test-chat.cpp) of GLM 4.6 and 4.7, Spark 2.5 and Ling 3.
EXAMPLES = [
    Example(HELLO, [Spoken(HELLO)], "<|assistant|></think>"),
    Example(f"I think</think>{HELLO}", [Thought("I think"), Spoken(HELLO)], FORCED),
    Example(f"\n<think>I think</think>\n{HELLO}", [Thought("I think"), Spoken(HELLO)]),
    Example(LINES, [ONE]),
    Example(ARG1, [ONE]),
    Example(f"I think</think>{ARG1}", [Thought("I think"), ONE], FORCED),
    Example(
        ARG1 + call("special_function_with_opt", arg1="1", arg2="2"),
        [ONE, Called("special_function_with_opt", {"arg1": 1, "arg2": 2})],
    ),
    Example(
        "Let me read.</think><tool_call>empty_args</tool_call>",
        [Thought("Let me read."), Called("empty_args", {})],
        FORCED,
    ),
    Example(
        "Preparing updates."
        + call("magic_int", ref="42", name="上海")
        + call("amount", orig="2.5")
        + call("toggle", enabled="true")
        + call("set_config", config='{"source": "spark", "options": {"strict": true}}')
        + call("nested_args", tags='["alpha", "测试"]', entries='[{"id": 1}, {"id": 2}]')
        + call("empty_args"),
        [
            Spoken("Preparing updates."),
            Called("magic_int", {"ref": 42, "name": "上海"}),
            Called("amount", {"orig": 2.5}),
            Called("toggle", {"enabled": True}),
            Called("set_config", {"config": {"source": "spark", "options": {"strict": True}}}),
            Called("nested_args", {"tags": ["alpha", "测试"], "entries": [{"id": 1}, {"id": 2}]}),
            Called("empty_args", {}),
        ],
    ),
    # A call before thinking is closed; words behind the last call.
    Example(f"I check.\n{LINES}", [Thought("I check."), ONE], FORCED),
    Example(f"{LINES}\nIt is done.", [ONE, Spoken("It is done.")]),
    # What a value means is the schema's to say.
    Example(
        call("python", code="contains </think> and <tool_call> and </tool_call>"),
        [Called("python", {"code": "contains </think> and <tool_call> and </tool_call>"})],
    ),
    Example(call("python", code="7"), [Called("python", {"code": "7"})]),
    Example(call("set_nullable_str", name="null"), [Called("set_nullable_str", {"name": None})]),
    Example(
        call("set_nullable_str", name="123 Main St"),
        [Called("set_nullable_str", {"name": "123 Main St"})],
    ),
    Example(
        call("set_union", value='{"a": 1}', amount="7"),
        [Called("set_union", {"value": {"a": 1}, "amount": 7})],
    ),
    Example(
        call("set_union", value="plain text", amount="1abc"),
        [Called("set_union", {"value": "plain text", "amount": "1abc"})],
    ),
    Example(call("toggle", enabled="True"), [Called("toggle", {"enabled": True})]),
    Example(call("unknown", a="1", b="x"), [Called("unknown", {"a": 1, "b": "x"})]),
    # A value that was never closed ends with its call; words that are no call are told.
    Example(
        "<tool_call>python<arg_key>code</arg_key><arg_value>a</tool_call> b",
        [Called("python", {"code": "a"}), Spoken("b")],
    ),
    Example("<tool_call> is a tag.</tool_call>", [Spoken("<tool_call> is a tag.</tool_call>")]),
    Example("<tool_call>python<arg_key>code", [Spoken("<tool_call>python<arg_key>code")]),
    Example("<tool_call>" + "a b " * 300, [Spoken("<tool_call>" + "a b " * 300)]),
]


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_an_answer_means_the_same_for_every_split(example: Example) -> None:
    for pieces in splits(example.written):
        assert told(Glm(), pieces, TOOLS, example.tail) == example.blocks


HUNYUAN = (
    "<think:opensource>I think</think:opensource><tool_calls:opensource>\n"
    "<tool_call:opensource>special_function<tool_sep:opensource>\n"
    "<arg_key:opensource>arg1</arg_key:opensource>\n"
    "<arg_value:opensource>1</arg_value:opensource>\n</tool_call:opensource>\n"
    "<tool_call:opensource>empty_args<tool_sep:opensource>\n</tool_call:opensource>\n"
    "</tool_calls:opensource>"
)


def test_hunyuan_has_a_suffix_in_each_tag() -> None:
    for pieces in splits(HUNYUAN):
        blocks = told(Hunyuan(), pieces, TOOLS)
        assert blocks == [Thought("I think"), ONE, Called("empty_args", {})]
