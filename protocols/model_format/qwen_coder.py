"""Qwen Coder's form: `<tool_call>` around `<function=f>` and `<parameter=a>` tags.

Qwen3-Coder, Qwen 3.5, Nemotron 3 and Step 3.5 write so; ByteDance's Seed has the same with marks
of its own and with values on the tags' line. Qwen 3.5 begins calls in thinking that it has not
closed, which they end. The coder leaves out the outer mark at times: then a function's tag opens
a call, if there is such a tool.
Source: the templates of these models; llama.cpp's common/parsers/qwen3-coder.cpp and its tests.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, ClassVar

from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .hermes import CLOSE, OPEN
from .reader import MarkReader, Shape
from .tagged_grammar import Argument, tagged_arguments
from .thinking import THINK, Tags
from .xml_section import FUNCTION, FUNCTION_END, PARAMETER, PARAMETER_END, XmlSection

SEED_OPEN = "<seed:tool_call>"
SEED_CLOSE = "</seed:tool_call>"
SEED_THINK = Tags("<seed:think>", "</seed:think>")


def _qwen_section(expectation: Expectation) -> Section:
    return XmlSection(CLOSE, expectation, own_lines=True)


def _bare_section(expectation: Expectation) -> Section:
    return XmlSection(CLOSE, expectation, own_lines=True, named=True)


def _seed_section(expectation: Expectation) -> Section:
    return XmlSection(SEED_CLOSE, expectation, own_lines=False)


_QWEN = Shape(
    tags=(THINK,),
    openings={OPEN: _qwen_section, FUNCTION: _bare_section},
    calls_end_thinking=True,
)
_SEED = Shape(tags=(SEED_THINK,), openings={SEED_OPEN: _seed_section})


class QwenCoder(ModelFormat):
    """`<tool_call><function=f><parameter=a>`, every tag on a line of its own."""

    name: ClassVar[str] = "qwen_coder"

    def fits(self, template: str) -> bool:
        """Whether the template writes functions and parameters as tags."""
        return PARAMETER in template and OPEN in template and SEED_OPEN not in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_QWEN, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        gbnf = _grammar(tools, (OPEN, CLOSE), line="\n", parallel=parallel)
        return CallGrammar(gbnf, (OPEN,), think_end=THINK.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as text, for a template that shows none."""
        return _call_text(name, arguments, (OPEN, CLOSE), line="\n")


class Seed(ModelFormat):
    """`<seed:tool_call><function=f><parameter=a>`, every value on the line of its tags."""

    name: ClassVar[str] = "seed"

    def fits(self, template: str) -> bool:
        """Whether the template has Seed's marks."""
        return SEED_OPEN in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_SEED, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        gbnf = _grammar(tools, (SEED_OPEN, SEED_CLOSE), line="", parallel=parallel)
        return CallGrammar(gbnf, (SEED_OPEN,), think_end=SEED_THINK.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as text, for a template that shows none."""
        return _call_text(name, arguments, (SEED_OPEN, SEED_CLOSE), line="")


def _call_text(name: str, arguments: dict[str, Any], marks: tuple[str, str], *, line: str) -> str:
    """A call as the templates write it."""
    parameters = "".join(
        f"{PARAMETER}{key}>{line}{_value_text(value)}{line}{PARAMETER_END}\n"
        for key, value in arguments.items()
    )
    return f"{marks[0]}\n{FUNCTION}{name}>\n{parameters}{FUNCTION_END}\n{marks[1]}"


def _value_text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _grammar(
    tools: Sequence[ToolShape], marks: tuple[str, str], *, line: str, parallel: bool
) -> str:
    writer = GrammarWriter()
    functions = " | ".join(_function(writer, tool, line) for tool in tools)
    opening, closing = writer.literal(f"{marks[0]}\n"), writer.literal(marks[1])
    call = writer.rule("tagged", f"{opening} ({functions}) {closing}")
    more = f' ("\\n" {call})*' if parallel else ""
    return writer.text(call + more)


def _function(writer: GrammarWriter, tool: ToolShape, line: str) -> str:
    """A rule for a call of this tool: its parameters in the order of the schema."""
    parameters = tagged_arguments(writer, tool, lambda one: _parameter(writer, one, line))
    opening, closing = (
        writer.literal(f"{FUNCTION}{tool.name}>\n"),
        writer.literal(f"{FUNCTION_END}\n"),
    )
    return writer.rule(f"call-{tool.name}", f"{opening} {parameters} {closing}")


def _parameter(writer: GrammarWriter, argument: Argument, line: str) -> str:
    opening = writer.literal(f"{PARAMETER}{argument.name}>{line}")
    closing = writer.literal(f"{line}{PARAMETER_END}\n")
    value = writer.argument(argument.schema, (PARAMETER_END,), argument.name)
    return writer.rule(f"parameter-{argument.name}", f"{opening} {value} {closing}")
