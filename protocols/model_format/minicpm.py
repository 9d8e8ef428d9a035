"""MiniCPM 5's form: calls in tags, and values that need it in CDATA.

    <function name="NAME"><param name="city">Rome</param></function>
    <function name="NAME"><param name="markup"><![CDATA[<p>text</p>]]></param></function>

Source: the model's template; llama.cpp's common/parsers/minicpm5.cpp and its tests.
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
from .thinking import THINK

OPEN: Final = '<function name="'
CLOSE: Final = "</function>"
_CDATA: Final = ("<![CDATA[", "]]>")
_TAGGING: Final = Tagging(
    close=CLOSE,
    value_open='<param name="',
    value_close="</param>",
    between=re.compile(r'(?:\A[^"<>\s]+">)?\s*'),
    tool=re.compile(r'\A(?P<name>[^"<>\s]+)">'),
    key_inside=re.compile(r'(?P<key>[^"<>]+)">(?P<text>(?!))?'),
    quotes=_CDATA,
)


def _section(expectation: Expectation) -> Section:
    return Tagged(_TAGGING, expectation)


_SHAPE: Final = Shape(tags=(THINK,), openings={OPEN: _section})


class MiniCpm(ModelFormat):
    """OpenBMB's MiniCPM 5."""

    name: ClassVar[str] = "minicpm"

    def fits(self, template: str) -> bool:
        """Whether the template writes functions and their parameters in these tags."""
        return OPEN in template and _TAGGING.value_open in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        call = writer.rule("call", " | ".join(_call(writer, tool) for tool in tools))
        more = f' ("\\n" {call})*' if parallel else ""
        return CallGrammar(writer.text(call + more), (OPEN,), think_end=THINK.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        given = "".join(
            f'{_TAGGING.value_open}{key}">{_told(value)}{_TAGGING.value_close}'
            for key, value in arguments.items()
        )
        return f'{OPEN}{name}">{given}{CLOSE}'


def _told(value: Any) -> str:
    """Text as the template quotes it, all else as JSON."""
    if not isinstance(value, str):
        return written_input(value)
    opening, closing = _CDATA
    return f"{opening}{value}{closing}" if any(each in value for each in "<&\n") else value


def _call(writer: GrammarWriter, tool: ToolShape) -> str:
    opening = writer.literal(f'{OPEN}{tool.name}">')
    arguments = tagged_arguments(writer, tool, partial(_argument, writer))
    return writer.rule(f"call-{tool.name}", f"{opening} {arguments} {writer.literal(CLOSE)}")


def _argument(writer: GrammarWriter, argument: Argument) -> str:
    """Text is bare, or in CDATA where a tag may be a part of it."""
    opening = writer.literal(f'{_TAGGING.value_open}{argument.name}">')
    closing = writer.literal(_TAGGING.value_close)
    begin, end = _CDATA
    bare = writer.argument(argument.schema, (_TAGGING.value_close, begin), argument.name)
    if not argument.is_text:
        return f"{opening} {bare} {closing}"
    quoted = writer.argument(argument.schema, (end,), argument.name)
    text = f"{bare} | {writer.literal(begin)} {quoted} {writer.literal(end)}"
    return f"{opening} {writer.rule(argument.name, text)} {closing}"
