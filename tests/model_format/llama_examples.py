"""Llama's and Liquid's answers: bare objects, Python calls, and the tag for code."""

from __future__ import annotations

from understudy.protocols.conversation.arguments import unparsed

from .blocks import Called, Example, Spoken, Thought
from .hermes_examples import HELLO, ONE, ONE_JSON, THOUGHT, TWO

PARAMETERS = ONE_JSON.replace("arguments", "parameters")
PYTHONIC = "special_function(arg1=1)"
PYTHONIC_TWO = "special_function_with_opt(arg1=1, arg2=2)"
JSON_ANSWERS = (
    '{"foo": "{"}',
    '{"name": "Bob", "age": 3}',
    '{"names": []}',
    '{ "typ": 1}',
    "{",
    "{}",
    '{"nam',
    '{"a_rather_long_key_of_an_object": 1}',
)
LISTS = (
    "[1, 2]",
    "[x]",
    "[f(1)]",
    "[f(a=b)]",
    "[f(a=[)]",
    "[f(a=1)",
    "[f(a=1",
    "[link](http://x)",
    "[ ] to do",
    "[" + " " * 300,
    f"[f(a={'[' * 70}{']' * 70})]",
)

EXAMPLES = [
    Example(HELLO, [Spoken(HELLO)]),
    Example(PARAMETERS, [ONE]),
    Example(f"\n\n{PARAMETERS}\n", [ONE]),
    Example(ONE_JSON, [ONE]),
    Example('{"type": "function", "name": "special_function", "parameters": {"arg1": 1}}', [ONE]),
    Example('{"name": "empty_args"}', [Called("empty_args", {})]),
    Example('{"name": "nobody_s", "parameters": {}}', [Called("nobody_s", {})]),
    Example(f"<think>{THOUGHT}</think>\n{PARAMETERS}", [Thought(THOUGHT), ONE]),
    Example(f"{PARAMETERS} Done.", [ONE, Spoken("Done.")]),
    Example(f"So: {PARAMETERS}", [Spoken(f"So: {PARAMETERS}")]),
    *(Example(text, [Spoken(text)]) for text in (*JSON_ANSWERS, *LISTS)),
    # Python.
    Example(f"[{PYTHONIC}]", [ONE]),
    Example(f"[{PYTHONIC}, {PYTHONIC_TWO}]", [ONE, TWO]),
    Example(f"[ {PYTHONIC} ,\n{PYTHONIC_TWO}, ]", [ONE, TWO]),
    Example(f"<|python_start|>[{PYTHONIC}]<|python_end|>", [ONE]),
    Example(f"<|python_start|>[{PYTHONIC}]", [ONE]),
    Example(
        '[a.b(s=\'it\\\'s "]"\', t="\\n\\x41\\u00e9\\q\\\\", '
        "u=(1, -2.5), v={'k': [None, true]}, w=1_0)]",
        [
            Called(
                "a.b",
                {
                    "s": 'it\'s "]"',
                    "t": "\nAé\\q\\",
                    "u": [1, -2.5],
                    "v": {"k": [None, True]},
                    "w": 10,
                },
            )
        ],
    ),
    # The tag for code.
    Example(f"<|python_tag|>{PARAMETERS}", [ONE]),
    Example('<|python_tag|>brave_search.call(query="x")', [Called("brave_search", {"query": "x"})]),
    Example("<|python_tag|>print('hey')", [Called("python", {"code": "print('hey')"})]),
    Example("<|python_tag|>{'a': 1}", [Called("python", {"code": "{'a': 1}"})]),
    Example("I see.<|python_tag|>1 + 1", [Spoken("I see."), Called("python", {"code": "1 + 1"})]),
    Example("<|python_tag|> ", [Spoken("<|python_tag|> ")]),
]

LFM_EXAMPLES = [
    Example(HELLO, [Spoken(HELLO)]),
    Example(f"<|tool_call_start|>[{PYTHONIC}]<|tool_call_end|>", [ONE]),
    Example(
        f"<think>{THOUGHT}</think>Now."
        f"<|tool_call_start|>[{PYTHONIC}, {PYTHONIC_TWO}]<|tool_call_end|>!",
        [Thought(THOUGHT), Spoken("Now."), ONE, TWO, Spoken("!")],
    ),
    Example(
        f"<think>Of <|tool_call_start|>[{PYTHONIC}]<|tool_call_end|> hmm</think>",
        [Thought(f"Of <|tool_call_start|>[{PYTHONIC}]<|tool_call_end|> hmm")],
    ),
    Example(
        '<|tool_call_start|>[python(code="<|tool_call_end|>")]<|tool_call_end|>',
        [Called("python", {"code": "<|tool_call_end|>"})],
    ),
    Example(
        '<|tool_call_start|>[python(code="x)]<|tool_call_end|> Done.',
        [Called("python", unparsed('code="x')), Spoken("Done.")],
    ),
    Example(
        "<|tool_call_start|>[python(code='it's')]<|tool_call_end|>",
        [Called("python", unparsed("code='it's'"))],
    ),
    Example(
        "<|tool_call_start|>[7]<|tool_call_end|>",
        [Spoken("<|tool_call_start|>[7]<|tool_call_end|>")],
    ),
]
