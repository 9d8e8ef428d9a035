"""Kimi K3's form: everything in tags of three marks, arguments each with its type.

    ...<|close|>think<|sep|><|open|>response<|sep|>...<|close|>response<|sep|>
    <|open|>tools<|sep|><|open|>call tool="NAME" index="1"<|sep|>
    <|open|>argument key="city" type="string"<|sep|>Rome<|close|>argument<|sep|>
    <|close|>call<|sep|><|close|>tools<|sep|><|close|>message<|sep|>

The prompt may open thinking.
Source: the model's template; llama.cpp's common/parsers/kimi-k3.cpp and its tests.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Final

from ..conversation.arguments import written_input
from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .reader import MarkReader, Shape
from .tagged import Tagged, Tagging
from .tagged_grammar import Argument, tagged_arguments
from .thinking import Tags

TOOLS: Final = "<|open|>tools<|sep|>"
_THINKING: Final = Tags("<|open|>think<|sep|>", "<|close|>think<|sep|>")
_CALL: Final = r'<\|open\|>call tool="(?P<name>[^"<>]+)"[^<>]*<\|sep\|>'
_TAGGING: Final = Tagging(
    close="<|close|>tools<|sep|>",
    value_open='<|open|>argument key="',
    value_close="<|close|>argument<|sep|>",
    between=re.compile(
        r'(?:\s|<\|close\|>call<\|sep\|>|<\|open\|>call tool="[^"<>]+"[^<>]*<\|sep\|>)*'
    ),
    tool=re.compile(_CALL),
    key_inside=re.compile(r'(?P<key>[^"<>]+)"(?:\s*type="(?:(?P<text>string)|\w+)")?\s*<\|sep\|>'),
)


def _section(expectation: Expectation) -> Section:
    return Tagged(_TAGGING, expectation)


_SHAPE: Final = Shape(
    tags=(_THINKING,),
    openings={TOOLS: _section},
    dropped=(
        "<|open|>response<|sep|>",
        "<|close|>response<|sep|>",
        "<|close|>message<|sep|>",
    ),
)


class KimiK3(ModelFormat):
    """Moonshot's Kimi K3."""

    name: ClassVar[str] = "kimi_k3"

    def fits(self, template: str) -> bool:
        """Whether the template makes its tags of these marks."""
        return all(mark in template for mark in ("<|open|>", "<|close|>", "<|end_of_msg|>"))

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        call = writer.rule("call", " | ".join(_call(writer, tool) for tool in tools))
        calls = writer.times(call, 1, None if parallel else 1, "calls")
        root = f"{writer.literal(TOOLS)} {calls} {writer.literal(_TAGGING.close)}"
        return CallGrammar(writer.text(root), (TOOLS,), think_end=_THINKING.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        given = "".join(
            f"{_opening(key, isinstance(value, str))}"
            f"{value if isinstance(value, str) else written_input(value)}{_TAGGING.value_close}"
            for key, value in arguments.items()
        )
        call = f'<|open|>call tool="{name}" index="1"<|sep|>{given}<|close|>call<|sep|>'
        return f"{TOOLS}{call}{_TAGGING.close}"


def _opening(key: str, is_text: bool) -> str:
    return f'{_TAGGING.value_open}{key}" type="{"string" if is_text else "object"}"<|sep|>'


def _call(writer: GrammarWriter, tool: ToolShape) -> str:
    opening = writer.literal(f'<|open|>call tool="{tool.name}" index="')
    index = writer.rule("index", "[1-9] [0-9]?")
    arguments = tagged_arguments(writer, tool, partial(_argument, writer))
    closing = writer.literal("<|close|>call<|sep|>")
    return writer.rule(f"call-{tool.name}", f'{opening} {index} "\\"<|sep|>" {arguments} {closing}')


def _argument(writer: GrammarWriter, argument: Argument) -> str:
    """The attribute says whether the value is a string as it is, or JSON of another type."""
    marks = (_TAGGING.value_close,)
    kind = writer.rule("kind", " | ".join(f'"{kind}"' for kind in _KINDS))
    text = writer.bare_text(argument.schema, marks, argument.name)
    other = writer.others(argument.schema, marks, argument.name)
    opening = f"{_TAGGING.value_open}{argument.name}"
    bodies = [f"{writer.literal(_opening(argument.name, is_text=True))} {text}"] if text else []
    if other:
        head = f"{writer.literal(opening)} "
        bodies.append(head + f'"\\" type=\\"" {kind} "\\"<|sep|>" {other}')
    chosen = writer.rule(f"value-{argument.name}", " | ".join(bodies))
    return f"{chosen} {writer.literal(_TAGGING.value_close)}"


_KINDS: Final = ("number", "boolean", "object", "array", "null", "integer")
