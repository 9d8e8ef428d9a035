"""DeepSeek's answers: JSON behind marks (R1, V3, V3.1), and tags (V3.2, V4)."""

from __future__ import annotations

import pytest
from understudy.protocols.conversation.arguments import unparsed
from understudy.protocols.model_format.deepseek import (
    DeepSeekR1,
    DeepSeekV31,
    DeepSeekV32,
)
from understudy.protocols.model_format.format import ModelFormat

from .blocks import Block, Called, Example, Spoken, Thought, splits, told
from .tool_shapes import TOOLS

THINK = "<｜Assistant｜><think>\n"
NO_THINK = "<｜Assistant｜><think></think>"
HELLO = "Hello, world!\nWhat's up?"
THINKING = "I'm\nthinking"
ONE = Called("special_function", {"arg1": 1})
BEGIN, END = "<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"


def v31(name: str, given: str) -> str:
    return f"<｜tool▁call▁begin｜>{name}<｜tool▁sep｜>{given}<｜tool▁call▁end｜>"


def r1(name: str, given: str) -> str:
    return v31("function", f"{name}\n```json\n{given}\n```")


CITY: list[Block] = [
    Called("get_time", {"city": "Paris"}),
    Called("get_weather", {"city": "Paris"}),
]
PARIS = '{"city": "Paris"}'
TORN = '{"code": "a'

# Most are llama.cpp's examples (tests/test-chat.cpp).
JSON_EXAMPLES = [
    Example(f"</think>{HELLO}", [Spoken(HELLO)], THINK),
    Example(f"{THINKING}</think>{HELLO}", [Thought(THINKING), Spoken(HELLO)], THINK),
    Example(f"<think>\n{THINKING}\n</think>\n\n{HELLO}", [Thought(THINKING), Spoken(HELLO)], "x"),
    Example(HELLO, [Spoken(HELLO)], NO_THINK),
    Example(
        f"</think>{BEGIN}<｜tool▁call▁begin｜>function<｜tool▁sep｜>special_function\n```json\n"
        f'{{"arg1": 1}}```<｜tool▁call▁end｜>{END}',
        [ONE],
        THINK,
    ),
    Example(f"{BEGIN}{r1('special_function', '{}')}{END}", [Called("special_function", {})]),
    Example(
        f"{BEGIN}{v31('get_time', PARIS)}{END}", [Called("get_time", {"city": "Paris"})], NO_THINK
    ),
    Example(
        f"REASONING</think>CONTENT{BEGIN}{v31('get_time', PARIS)}{v31('get_weather', PARIS)}{END}",
        [Thought("REASONING"), Spoken("CONTENT"), *CITY],
        THINK,
    ),
    Example(
        f"{BEGIN}{r1('get_time', PARIS)}\n{r1('get_weather', PARIS)}{END}",
        CITY,
        NO_THINK,
    ),
    # A tool called `function`, and one mark in a string.
    Example(f"{BEGIN}{v31('function', PARIS)}{END}", [Called("function", {"city": "Paris"})]),
    Example(
        f'{BEGIN}{v31("python", """{"code": "a<｜tool▁call▁end｜>```b"}""")}{END}',
        [Called("python", {"code": "a<｜tool▁call▁end｜>```b"})],
    ),
    # The closing marks are missing; what is no object is kept.
    Example('<｜tool▁call▁begin｜>special_function<｜tool▁sep｜>{"arg1": 1}', [ONE]),
    Example(f"{BEGIN}{v31('python', '{oops')}{END}", [Called("python", unparsed("{oops"))]),
    Example(
        f"{BEGIN}{v31('python', TORN)}{v31('get_time', PARIS)}{END}done",
        [Called("python", unparsed(TORN)), CITY[0], Spoken("done")],
    ),
    # What is no call is told as it is, and no later than a head could be one.
    Example(f"<｜tool▁call▁begin｜>{'a' * 600}", [Spoken(f"<｜tool▁call▁begin｜>{'a' * 600}")]),
    Example(f"{BEGIN}see <｜tool▁call▁begin｜> there", [Spoken("see <｜tool▁call▁begin｜> there")]),
]


@pytest.mark.parametrize("example", JSON_EXAMPLES, ids=range(len(JSON_EXAMPLES)))
@pytest.mark.parametrize("form", [DeepSeekR1(), DeepSeekV31()], ids=lambda form: form.name)
def test_json_means_the_same_for_every_split(form: ModelFormat, example: Example) -> None:
    for pieces in splits(example.written):
        assert told(form, pieces, TOOLS, example.tail) == example.blocks


def parameter(name: str, value: str, *, text: bool) -> str:
    is_text = "true" if text else "false"
    return f'<｜DSML｜parameter name="{name}" string="{is_text}">{value}</｜DSML｜parameter>\n'


def invoke(name: str, *parameters: str) -> str:
    return f'<｜DSML｜invoke name="{name}">\n{"".join(parameters)}</｜DSML｜invoke>\n'


def block(*invocations: str, name: str = "function_calls") -> str:
    return f"<｜DSML｜{name}>\n{''.join(invocations)}</｜DSML｜{name}>"


ARG1 = invoke("special_function", parameter("arg1", "1", text=False))
TIME = invoke("get_time", parameter("city", "Paris", text=True))
WEATHER = invoke("get_weather", parameter("city", "Paris", text=True))

STRAY = parameter("city", "Paris", text=True)
NAMELESS = STRAY.replace("city", "")

TAG_EXAMPLES = [
    Example(HELLO, [Spoken(HELLO)], NO_THINK),
    Example(f"{THINKING}</think>{HELLO}", [Thought(THINKING), Spoken(HELLO)], THINK),
    Example(f"Let me</think>\n\n{block(TIME)}", [Thought("Let me"), CITY[0]], THINK),
    Example(block(ARG1), [ONE], NO_THINK),
    Example(f"Both</think>\n\n{block(TIME, WEATHER)}", [Thought("Both"), *CITY], THINK),
    Example(
        f"T</think>Let me call.\n\n{block(ARG1)}",
        [Thought("T"), Spoken("Let me call."), ONE],
        THINK,
    ),
    Example(f"</think>\n\n{block(TIME)}", [CITY[0]], THINK),
    Example(
        block(invoke("magic_int", parameter("ref", "-14", text=False))),
        [Called("magic_int", {"ref": -14})],
    ),
    Example(
        block(invoke("amount", parameter("orig", "3.14", text=False))),
        [Called("amount", {"orig": 3.14})],
    ),
    Example(
        block(invoke("toggle", parameter("enabled", "true", text=False))),
        [Called("toggle", {"enabled": True})],
    ),
    Example(
        block(invoke("todo_list", parameter("todos", '["buy milk","walk dog"]', text=False))),
        [Called("todo_list", {"todos": ["buy milk", "walk dog"]})],
    ),
    Example(
        block(invoke("set_config", parameter("config", '{"theme":"dark","level":2}', text=False))),
        [Called("set_config", {"config": {"theme": "dark", "level": 2}})],
    ),
    Example(
        block(
            invoke(
                "magic_int",
                parameter("ref", "42", text=False),
                parameter("name", "foo bar", text=True),
            )
        ),
        [Called("magic_int", {"ref": 42, "name": "foo bar"})],
    ),
    # The separator is the block's; the block is V4's; a call comes before thinking is closed.
    Example(f"\n\n{block(ARG1, name='tool_calls')}", [ONE], NO_THINK),
    Example(f"Let me\n\n{block(ARG1, name='tool_calls')}", [Thought("Let me"), ONE], THINK),
    # What the tag says counts where the schema leaves it open.
    Example(
        block(invoke("set_nullable_str", parameter("name", "null", text=True))),
        [Called("set_nullable_str", {"name": "null"})],
    ),
    Example(
        block(invoke("set_nullable_str", parameter("name", "null", text=False))),
        [Called("set_nullable_str", {"name": None})],
    ),
    # A value may talk of tags, and a block with anything else in it is no call.
    Example(
        block(invoke("python", parameter("code", "</｜DSML｜function_calls> <think>", text=True))),
        [Called("python", {"code": "</｜DSML｜function_calls> <think>"})],
    ),
    Example(f"{block('prose')} ends", [Spoken(f"{block('prose')} ends")]),
    Example(block(STRAY), [Spoken(block(STRAY))]),
    Example(block(invoke("python", NAMELESS)), [Spoken(block(invoke("python", NAMELESS)))]),
    Example(block(invoke("empty_args"), ARG1), [Called("empty_args", {}), ONE]),
    # A value that was never closed ends with the block.
    Example(
        '<｜DSML｜function_calls>\n<｜DSML｜invoke name="python">\n'
        '<｜DSML｜parameter name="code" string="true">a</｜DSML｜function_calls>b',
        [Called("python", {"code": "a"}), Spoken("b")],
    ),
]


@pytest.mark.parametrize("example", TAG_EXAMPLES, ids=range(len(TAG_EXAMPLES)))
def test_tags_mean_the_same_for_every_split(example: Example) -> None:
    for pieces in splits(example.written):
        assert told(DeepSeekV32(), pieces, TOOLS, example.tail) == example.blocks
