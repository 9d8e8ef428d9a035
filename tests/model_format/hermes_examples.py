"""Hermes's answers: what models write, and what it means.

Most are llama.cpp's examples (tests/test-chat.cpp) of Hermes 2 and 3, Qwen 2.5 and 3, QwQ, MiMo and
Reka; the others are what small models do.
"""

from __future__ import annotations

from understudy.protocols.conversation.arguments import unparsed

from .blocks import Called, Example, Spoken, Thought

HELLO = "Hello, world!\nWhat's up?"
THOUGHT = "I'm\nthinking"
ONE = Called("special_function", {"arg1": 1})
TWO = Called("special_function_with_opt", {"arg1": 1, "arg2": 2})

ONE_JSON = '{"name": "special_function", "arguments": {"arg1": 1}}'
TWO_JSON = '{"name": "special_function_with_opt", "arguments": {"arg1": 1, "arg2": 2}}'


def tagged(text: str, space: str = "\n") -> str:
    """A call between the tags."""
    return f"<tool_call>{space}{text}{space}</tool_call>"


def python(code: str) -> str:
    """A call whose argument is this JSON string, without its quotation marks."""
    return tagged(f'{{"name": "python", "arguments": {{"code": "{code}"}}}}')


def called(code: str) -> Called:
    """What it means."""
    return Called("python", {"code": code})


EXAMPLES = [
    Example(HELLO, [Spoken(HELLO)]),
    Example("", []),
    Example("  indented\n", [Spoken("  indented\n")]),
    Example(tagged(ONE_JSON), [ONE]),
    Example(f"<tool_call>\n{ONE_JSON}</tool_call>", [ONE]),
    Example(tagged(ONE_JSON, ""), [ONE]),
    Example(f"{HELLO}{tagged(ONE_JSON)}", [Spoken(HELLO), ONE]),
    Example(f"{HELLO}\n{tagged(ONE_JSON)}\n", [Spoken(HELLO), ONE]),
    Example(f"{tagged(ONE_JSON)}\n{tagged(TWO_JSON)}", [ONE, TWO]),
    Example(f"{tagged(ONE_JSON)}{tagged(ONE_JSON)} Done. ", [ONE, ONE, Spoken("Done. ")]),
    # Thinking, opened by the model, by the prompt, or not at all.
    Example(f"<think>\n{THOUGHT}\n</think>\n\n{HELLO}", [Thought(THOUGHT), Spoken(HELLO)]),
    Example(f"\n<think>{THOUGHT}</think>{HELLO}", [Thought(THOUGHT), Spoken(HELLO)]),
    Example(f"{THOUGHT}\n</think>\n\n{HELLO}", [Thought(THOUGHT), Spoken(HELLO)], "<think>\n"),
    Example(f"</think>\n{tagged(ONE_JSON)}", [ONE], "<|im_start|>assistant\n<think>"),
    Example(f"<think>\n\n</think>\n\n{HELLO}", [Spoken(HELLO)]),
    Example("<think>\n</think>", []),
    Example(f"<think>{THOUGHT}", [Thought(THOUGHT)]),
    Example(f"{HELLO}\n</think>\nMore", [Spoken(HELLO), Spoken("More")]),
    Example("a</think>b</think>c", [Spoken("a"), Spoken("b</think>c")]),
    Example("<think>a</think>b</think>c", [Thought("a"), Spoken("b</think>c")]),
    Example("<think>a</think> <think>b</think>c", [Thought("a"), Thought("b"), Spoken("c")]),
    Example("Write <think> and </th to think.", [Spoken("Write <think> and </th to think.")]),
    Example(
        f"<think>Call {tagged(TWO_JSON)} perhaps</think>\n{tagged(ONE_JSON)}",
        [Thought(f"Call {tagged(TWO_JSON)} perhaps"), ONE],
    ),
    # Marks, brackets and escapes in strings.
    Example(python("</tool_call>"), [called("</tool_call>")]),
    Example(
        python('x\\n</tool_call>\\n<tool_call>{\\"name'),
        [called('x\n</tool_call>\n<tool_call>{"name')],
    ),
    Example(python('}]\\\\\\"}{[\\u00e9\\ud83d\\ude00 ä'), [called('}]\\"}{[é😀 ä')]),
    Example(
        tagged('{"name": "set_config", "arguments": {"config": {"a": [{}, [1, {"b": "{"}]]}}}'),
        [Called("set_config", {"config": {"a": [{}, [1, {"b": "{"}]]}})],
    ),
    # Other ways to say the same.
    Example(tagged(f"[{ONE_JSON}, {TWO_JSON}]"), [ONE, TWO]),
    Example(tagged('{"arguments": {"arg1": 1}, "name": "special_function"}'), [ONE]),
    Example(tagged('{"name": "special_function", "parameters": {"arg1": 1}}'), [ONE]),
    Example(tagged('{"function": "special_function", "parameters": {"arg1": 1}}'), [ONE]),
    Example(tagged(f'{{"type": "function", "function": {ONE_JSON}}}'), [ONE]),
    Example(tagged('{"name": "special_function", "arguments": "{\\"arg1\\": 1}"}'), [ONE]),
    Example(tagged('{"name": "empty_args"}'), [Called("empty_args", {})]),
    Example(tagged('{"name": "empty_args", "arguments": null}'), [Called("empty_args", {})]),
    Example(tagged('{"name": "nobody_s", "arguments": {"a": 1}}'), [Called("nobody_s", {"a": 1})]),
    # What is not quite JSON, but can be read.
    Example(python("a\nb\tc"), [called("a\nb\tc")]),
    Example(tagged(ONE_JSON + "}"), [ONE]),
    Example(f"<tool_call>{ONE_JSON}<tool_call>{TWO_JSON}</tool_call>", [ONE, TWO]),
    Example(f"<tool_call>{ONE_JSON}\nDone.", [ONE, Spoken("Done.")]),
    Example(f"<tool_call>\n{ONE_JSON}", [ONE]),
    Example(f"<tool_call>\n{ONE_JSON}\n</tool", [ONE]),
    # What cannot be read, of a tool that can be named.
    Example(
        tagged('{"name": "python", "arguments": {"code": "x}}') + " Done.",
        [Called("python", unparsed('{"code": "x}')), Spoken("Done.")],
    ),
    Example(
        tagged('{"name": "python", "arguments": {"code": "x}}', "") + tagged(ONE_JSON),
        [Called("python", unparsed('{"code": "x}')), ONE],
    ),
    Example(
        tagged('{"name": "python", "arguments": {"code": oops}}'),
        [Called("python", unparsed('{"code": oops}'))],
    ),
    Example(
        tagged('{"name": "python", oops}'), [Called("python", unparsed('{"name": "python", oops}'))]
    ),
    Example(
        tagged('{"name": "pyth\\qon", oops}'),
        [Called("pyth\\qon", unparsed('{"name": "pyth\\qon", oops}'))],
    ),
    Example(tagged('{"name": "python", "arguments": [1]}'), [Called("python", unparsed("[1]"))]),
    Example(
        tagged('{"name": "python", "arguments": {"x": NaN}}'),
        [Called("python", unparsed('{"x": NaN}'))],
    ),
    # What is no call.
    Example(tagged("python()"), [Spoken(tagged("python()"))]),
    Example(tagged(""), [Spoken(tagged(""))]),
    Example(tagged('{"nobody": 1}'), [Spoken(tagged('{"nobody": 1}'))]),
    Example(tagged("{oops}"), [Spoken(tagged("{oops}"))]),
    Example(tagged(f"[{ONE_JSON}, {{}}]"), [Spoken(tagged(f"[{ONE_JSON}, {{}}]"))]),
    Example(tagged('{"name": 7}'), [Spoken(tagged('{"name": 7}'))]),
    Example("<tool_call> <tool_call> x", [Spoken("<tool_call> <tool_call> x")]),
    Example(f"<tool_call>x{tagged(ONE_JSON)}", [Spoken("<tool_call>x"), ONE]),
    Example("a < b <tool <tool_cal", [Spoken("a < b <tool <tool_cal")]),
]
