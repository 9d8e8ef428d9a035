"""Liquid's form: Python calls in brackets, between `<|tool_call_start|>` and `<|tool_call_end|>`.

Values are Python's literals or JSON; both are read. Source: the templates of LFM2 and LFM2.5, and
llama.cpp's common/parsers/lfm2.cpp.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Final

from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .pythonic import PythonicSection
from .reader import MarkReader, Shape
from .tagged_grammar import Argument, tagged_arguments
from .thinking import THINK

OPEN: Final = "<|tool_call_start|>"
CLOSE: Final = "<|tool_call_end|>"


def _section(expectation: Expectation) -> Section:
    del expectation  # Python's literals say of themselves what they are.
    return PythonicSection(CLOSE)


_SHAPE: Final = Shape(tags=(THINK,), openings={OPEN: _section})


class Lfm(ModelFormat):
    """`<|tool_call_start|>[f(a=1)]<|tool_call_end|>`."""

    name: ClassVar[str] = "lfm"

    def fits(self, template: str) -> bool:
        """Whether the template has Liquid's marks for calls or, as the older ones, for tools."""
        return any(mark in template for mark in (OPEN, "<|tool_list_start|>", "List of tools: ["))

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        call = writer.rule("call", " | ".join(_call(writer, tool) for tool in tools))
        more = f' (", " {call})*' if parallel else ""
        root = f'{writer.literal(OPEN)} "[" {call}{more} "]" {writer.literal(CLOSE)}'
        return CallGrammar(writer.text(root), (OPEN,), think_end=THINK.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as text, for a template that shows none."""
        written = (
            f"{key}={json.dumps(value, ensure_ascii=False)}" for key, value in arguments.items()
        )
        return f"{OPEN}[{name}({', '.join(written)})]{CLOSE}"


def _call(writer: GrammarWriter, tool: ToolShape) -> str:
    """A rule for a call of this tool: its arguments in the order of the schema."""
    comma = writer.literal(", ")
    arguments = tagged_arguments(writer, tool, partial(_argument, writer), comma)
    return writer.rule(f"call-{tool.name}", f'{writer.literal(f"{tool.name}(")} {arguments} ")"')


def _argument(writer: GrammarWriter, argument: Argument) -> str:
    given = writer.schema(argument.schema, argument.name)
    return f"{writer.literal(f'{argument.name}=')} {given}"
