"""Qwen Coder's and Seed's answers. Most are llama.cpp's examples (tests/test-chat.cpp)."""

from __future__ import annotations

from understudy.protocols.conversation.arguments import unparsed

from .blocks import Called, Example, Spoken, Thought
from .hermes_examples import HELLO, ONE, THOUGHT, TWO


def function(name: str, /, **arguments: str) -> str:
    """A function with its parameters, each tag on a line of its own."""
    parameters = "".join(
        f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in arguments.items()
    )
    return f"<function={name}>\n{parameters}</function>\n"


def call(name: str, /, **arguments: str) -> str:
    """A call as Qwen writes it."""
    return f"<tool_call>\n{function(name, **arguments)}</tool_call>"


def python(code: str) -> tuple[str, Called]:
    """A call of a tool that takes a string, and what it means."""
    return call("python", code=code), Called("python", {"code": code})


ONE_TEXT = call("special_function", arg1="1")
TWO_TEXT = call("special_function_with_opt", arg1="1", arg2="2")
CODE = 'def hello():\n    print("Hello, world!")\n\nhello()'
MARKED = "a</parameter>b\n</function>\n</tool_call>\n<parameter=code>\nc<function=python>"
NESTED = "a</parameter>\n<function=python>b</parameter>\n<tool_call>c"
TWICE = "a\n</parameter>\n</parameter>\nb"

EXAMPLES = [
    Example(HELLO, [Spoken(HELLO)]),
    Example(ONE_TEXT, [ONE]),
    Example(f"{ONE_TEXT}\n{TWO_TEXT}", [ONE, TWO]),
    Example(f"{HELLO}\n\n{ONE_TEXT}\n", [Spoken(HELLO), ONE]),
    *(
        Example(python(code)[0], [python(code)[1]])
        for code in (
            CODE,
            "格",
            "#include\n",
            "    indented",
            "",
            "</tool_call>",
            MARKED,
            NESTED,
            TWICE,
        )
    ),
    Example(
        call("html", markup="<html>\n <p>x</p>\n</html>"),
        [Called("html", {"markup": "<html>\n <p>x</p>\n</html>"})],
    ),
    # Values by their kinds.
    Example(
        call("magic_int", ref="42555916", name="5123123"),
        [Called("magic_int", {"ref": 42555916, "name": "5123123"})],
    ),
    Example(call("amount", orig="-3.14"), [Called("amount", {"orig": -3.14})]),
    Example(call("toggle", enabled="True"), [Called("toggle", {"enabled": True})]),
    Example(call("set_nullable", value="None"), [Called("set_nullable", {"value": None})]),
    Example(call("set_nullable_str", name="null"), [Called("set_nullable_str", {"name": None})]),
    Example(call("set_nullable_str", name="nul"), [Called("set_nullable_str", {"name": "nul"})]),
    Example(
        call("set_union", value='{"a": 1}', amount="2 dollars"),
        [Called("set_union", {"value": {"a": 1}, "amount": "2 dollars"})],
    ),
    Example(
        call("set_union", value="{not JSON", amount="42"),
        [Called("set_union", {"value": "{not JSON", "amount": 42})],
    ),
    Example(call("todo_list", todos='["a", "b"]'), [Called("todo_list", {"todos": ["a", "b"]})]),
    Example(call("todo_list", todos="['a', \"b\"]"), [Called("todo_list", {"todos": ["a", "b"]})]),
    Example(call("todo_list", todos="[oops"), [Called("todo_list", {"todos": "[oops"})]),
    Example(call("empty_args"), [Called("empty_args", {})]),
    Example(call("nobody_s", a="[1]", b="x"), [Called("nobody_s", {"a": [1], "b": "x"})]),
    # Thinking, which a call may end.
    Example(f"{THOUGHT}\n</think>\n\n{HELLO}", [Thought(THOUGHT), Spoken(HELLO)], "<think>\n"),
    Example(f"{THOUGHT}\n</think>\n\n{ONE_TEXT}", [Thought(THOUGHT), ONE], "<think>\n"),
    Example(ONE_TEXT, [ONE], "<think>\n"),
    Example(f"{THOUGHT}\n{ONE_TEXT}", [Thought(THOUGHT), ONE], "<think>\n"),
    Example(f"{THOUGHT}\n{ONE_TEXT}\n</think>", [Thought(THOUGHT), ONE], "<think>\n"),
    Example(f"<think>\n\n</think>\n\n{ONE_TEXT}", [ONE]),
    Example(
        "<tool_call> is a mark</think>x", [Thought("<tool_call> is a mark"), Spoken("x")], "<think>"
    ),
    # Marks that are left out.
    Example(f"{function('special_function', arg1='1')}</tool_call>", [ONE]),
    Example(f"Now.\n{function('special_function', arg1='1')}", [Spoken("Now."), ONE]),
    Example(f"{function('special_function', arg1='1')}</tool_call>\n{TWO_TEXT}", [ONE, TWO]),
    Example(function("nobody_s"), [Spoken(function("nobody_s"))]),
    Example("#include <functional> <function=x", [Spoken("#include <functional> <function=x")]),
    Example(f"<tool_call>\n{function('special_function', arg1='1')}Done.", [ONE, Spoken("Done.")]),
    Example(
        "<tool_call>\n<function=special_function>\n<parameter=arg1>\n1\n</parameter>\n</tool_call>",
        [ONE],
    ),
    Example(
        "<tool_call>\n<function=special_function>\n<parameter=arg1>\n1\n</function>\n</tool_call>!",
        [ONE, Spoken("!")],
    ),
    Example(
        "<tool_call><function=special_function_with_opt>"
        "<parameter=arg1>1<parameter=arg2>2</function></tool_call>",
        [TWO],
    ),
    Example(
        f"<tool_call>\n{function('special_function', arg1='1')}"
        f"{function('special_function_with_opt', arg1='1', arg2='2')}</function></tool_call>",
        [ONE, TWO],
    ),
    # What is no call, or no input.
    Example("<tool_call>\n</tool_call>", [Spoken("<tool_call>\n</tool_call>")]),
    Example("<tool_call>\nx</tool_call>", [Spoken("<tool_call>\nx</tool_call>")]),
    Example("<tool_call></parameter>", [Spoken("<tool_call></parameter>")]),
    Example("<tool_call><function=a<b>", [Spoken("<tool_call><function=a<b>")]),
    Example(f"<function={'f' * 257}></think>x", [Spoken(f"<function={'f' * 257}>"), Spoken("x")]),
    Example("<function=a\n</think>x", [Spoken("<function=a"), Spoken("x")]),
    Example("<tool_call><function=>", [Spoken("<tool_call><function=>")]),
    Example("<tool_call><function=a><parameter=b", [Spoken("<tool_call><function=a><parameter=b")]),
    Example(
        "<tool_call><function=empty_args>\noops<parameter>\n</parameter></function></tool_call>",
        [Called("empty_args", unparsed("oops<parameter>\n</parameter>"))],
    ),
]


def seed(name: str, /, **arguments: str) -> str:
    """A call as Seed writes it."""
    parameters = "".join(
        f"<parameter={key}>{value}</parameter>\n" for key, value in arguments.items()
    )
    return f"<seed:tool_call>\n<function={name}>\n{parameters}</function>\n</seed:tool_call>"


SEED_EXAMPLES = [
    Example(HELLO, [Spoken(HELLO)]),
    Example(f"<seed:think>{THOUGHT}</seed:think>\n{HELLO}", [Thought(THOUGHT), Spoken(HELLO)]),
    Example(seed("special_function", arg1="1"), [ONE]),
    Example(
        f"{seed('special_function', arg1='1')}\n"
        f"{seed('special_function_with_opt', arg1='1', arg2='2')}",
        [ONE, TWO],
    ),
    Example(
        seed("edit", oldString='f("14"):\n  x\n', newString="\npass\n", replaceAll="False"),
        [
            Called(
                "edit",
                {"oldString": 'f("14"):\n  x\n', "newString": "\npass\n", "replaceAll": False},
            )
        ],
    ),
]
