"""Answers of the families that write a list of calls, or a name and arguments, behind a mark."""

from __future__ import annotations

from understudy.protocols.conversation.arguments import unparsed

from .blocks import Called, Example, Spoken, Thought
from .hermes_examples import HELLO, ONE, ONE_JSON, THOUGHT, TWO, TWO_JSON

ARG1, ARG2 = '{"arg1": 1}', '{"arg1": 1, "arg2": 2}'
LIST = f"[{ONE_JSON}, {TWO_JSON}]"
WITH_ID = ONE_JSON[:-1] + ', "id": "123456789"}'
MARK = "[TOOL_CALLS]"

MISTRAL_EXAMPLES = [
    Example(HELLO, [Spoken(HELLO)]),
    Example(f"{MARK}[{WITH_ID}]", [ONE]),
    Example(f"{MARK} {LIST}", [ONE, TWO]),
    Example(f"{MARK}{ONE_JSON}", [ONE]),
    Example(f"{MARK}special_function[ARGS]{ARG1}", [ONE]),
    Example(f"{HELLO}{MARK}special_function [ARGS] {ARG1}", [Spoken(HELLO), ONE]),
    Example(f"{MARK}special_function{ARG1}", [ONE]),
    Example(f"{MARK}special_function[CALL_ID]123456789[ARGS]{ARG1}", [ONE]),
    Example(
        f"{MARK}special_function[CALL_ID]000000001[ARGS]{ARG1}"
        f"{MARK}special_function_with_opt[CALL_ID]000000002[ARGS]{ARG2} Done.",
        [ONE, TWO, Spoken("Done.")],
    ),
    Example(f"[THINK]{THOUGHT}[/THINK]{HELLO}", [Thought(THOUGHT), Spoken(HELLO)]),
    Example(f"{THOUGHT}[/THINK]{HELLO}", [Thought(THOUGHT), Spoken(HELLO)], "[THINK]"),
    Example(
        f"[THINK]Of {MARK}special_function[ARGS]{ARG1} and more[/THINK]"
        f"{MARK}special_function[ARGS]{ARG1}",
        [Thought(f"Of {MARK}special_function[ARGS]{ARG1} and more"), ONE],
    ),
    Example(
        f'{MARK}python[ARGS]{{"code": "{MARK}[ARGS]}}"}}',
        [Called("python", {"code": f"{MARK}[ARGS]}}"})],
    ),
    Example(f"{MARK}python[ARGS]{{oops}}", [Called("python", unparsed("{oops}"))]),
    Example(f'{MARK}python[ARGS]{{"code": "a\nb"}}', [Called("python", {"code": "a\nb"})]),
    *(
        Example(text, [Spoken(text)])
        for text in (
            f"{MARK}hello there",
            f"{MARK}[ARGS]{{}}",
            f"{MARK}f[ARGX]{{}}",
            f"{MARK}f[CALL_ID]1[CALL_ID]2[ARGS]{{}}",
            f"{MARK}",
            f"{MARK}[1]",
            f"{MARK}{'f' * 300}{{}}",
            f'{MARK}f[ARGS]{{"a": "',
            "[TOOL_CALL",
        )
    ),
]

GRANITE_EXAMPLES = [
    Example(f"<think>{THOUGHT}</think>{HELLO}", [Thought(THOUGHT), Spoken(HELLO)]),
    Example(
        f"<think>{THOUGHT}</think><response>{HELLO}</response>", [Thought(THOUGHT), Spoken(HELLO)]
    ),
    Example("Use <response>x</response>.", [Spoken("Use <response>x</response>.")]),
    Example("<response></response>", []),
    Example(f"<|tool_call|>[{ONE_JSON}]", [ONE]),
    Example(f"<|tool_call|> {LIST}\n", [ONE, TWO]),
    Example(f"<|tool_call|>{ONE_JSON}", [ONE]),
    Example(f"<tool_call>{LIST}", [ONE, TWO]),
    Example(f"<tool_call>\n{ONE_JSON}\n</tool_call>", [ONE]),
    Example("<|tool_call|>none", [Spoken("<|tool_call|>none")]),
]

PHI_EXAMPLES = [
    Example(f"<|tool_call|>{LIST}<|/tool_call|>", [ONE, TWO]),
    Example(f"Now. <|tool_call|>[{ONE_JSON}]", [Spoken("Now."), ONE]),
    Example(f"functools{LIST}", [ONE, TWO]),
    Example(f" functools [ {ONE_JSON}]", [ONE]),
    Example("functools is a module", [Spoken("functools is a module")]),
    Example("functools[0]", [Spoken("functools[0]")]),
    Example(f"Use functools[{ONE_JSON}]", [Spoken(f"Use functools[{ONE_JSON}]")]),
]

NEMOTRON_EXAMPLES = [
    Example(
        f"{THOUGHT}\n</think>\n\n<TOOLCALL>[{ONE_JSON}]</TOOLCALL>\n",
        [Thought(THOUGHT), ONE],
        "<SPECIAL_11>Assistant\n<think>\n",
    ),
    Example(f"<TOOLCALL>{LIST}</TOOLCALL>", [ONE, TWO]),
]

REASONS = "Here are my reasoning steps:\n"
APRIEL_EXAMPLES = [
    Example(f"<tool_calls>{LIST}</tool_calls>", [ONE, TWO]),
    Example(
        f"<thinking>{THOUGHT}</thinking>\n<tool_calls>[{ONE_JSON}]</tool_calls>",
        [Thought(THOUGHT), ONE],
    ),
    Example(
        f"{THOUGHT}\n[BEGIN FINAL RESPONSE]\n{HELLO}", [Thought(THOUGHT), Spoken(HELLO)], REASONS
    ),
    Example(
        f"{THOUGHT}\n[BEGIN FINAL RESPONSE]\n<tool_calls>[{ONE_JSON}]</tool_calls>",
        [Thought(THOUGHT), ONE],
        REASONS,
    ),
]

FUNCTIONARY_TAGS_EXAMPLES = [
    Example(HELLO, [Spoken(HELLO)]),
    Example(f"<function=special_function>{ARG1}</function>", [ONE]),
    Example(
        f"{HELLO}<function=special_function>{ARG1}</function>"
        f"<function=special_function_with_opt>{ARG2}</function>",
        [Spoken(HELLO), ONE, TWO],
    ),
    Example('<|python_tag|>print("hey")', [Called("python", {"code": 'print("hey")'})]),
    Example("<function=f>x</function>", [Spoken("<function=f>x</function>")]),
    Example("<function=f</function>", [Spoken("<function=f</function>")]),
    Example("#include <function=", [Spoken("#include <function=")]),
]

FUNCTIONARY_RECIPIENTS_EXAMPLES = [
    Example(f"all\n{HELLO}", [Spoken(HELLO)], ">>>"),
    Example(f"special_function\n{ARG1}", [ONE], ">>>"),
    Example(f"all\n{HELLO}\n>>>special_function\n{ARG1}", [Spoken(HELLO), ONE], ">>>"),
    Example(
        f"special_function\n{ARG1}>>>special_function_with_opt\n{ARG2}>>>all\nDone.",
        [ONE, TWO, Spoken("Done.")],
        ">>>",
    ),
    Example('all\n{"a": 1}', [Spoken('{"a": 1}')], ">>>"),
    Example("all\n>>> print(1)\n1", [Spoken(">>> print(1)\n1")], ">>>"),
    Example(f">>>special_function\n{ARG1}", [ONE]),
    Example(HELLO, [Spoken(HELLO)]),
]
