"""Functionary's forms: `<function=f>{...}</function>` in 3.1, and recipients in 3.2.

In 3.2 an answer is a sequence of messages, each to a recipient that its first line names:
`>>>all` and text, or `>>>f` and the arguments of a call. The prompt ends with the first `>>>`.
Source: the templates of these models; llama.cpp's common/parsers/functionary-v3-2.cpp.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Call, Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .json_calls import NamedSection
from .llama import PYTHON_TAG, PythonTagSection
from .reader import MarkReader, Shape
from .span_section import Head
from .xml_section import FUNCTION, FUNCTION_END, PARAMETER

TO: Final = ">>>"
TO_ALL: Final = "all\n"

_TAGGED: Final = Head(
    re.compile(r"(?P<name>[\w.\-]+)>\s*\{"), re.compile(r"(?:[\w.\-]+(?:>\s*\{?)?)?")
)
_ADDRESSED: Final = Head(
    re.compile(r"(?!all\n)(?P<name>[\w.\-]+)\n\s*\{"),
    re.compile(r"all\n|(?:[\w.\-]+(?:\n\s*\{?)?)?"),
)


class _AddressedSection(NamedSection):
    """What follows `>>>`: a call, or text to all, which is told without its first line."""

    def __init__(self, expectation: Expectation) -> None:
        super().__init__(_ADDRESSED)
        self._tools = expectation.tools

    def calls(self, text: str) -> Sequence[Call]:
        """The call in the section's text; there is none where there are no tools."""
        return super().calls(text) if self._tools else []

    def as_text(self, opening: str, held: str) -> str:
        """The text that the section is if it is no call."""
        return held.removeprefix(TO_ALL) if held.startswith(TO_ALL) else opening + held


def _tagged_section(expectation: Expectation) -> Section:
    del expectation
    return NamedSection(_TAGGED, FUNCTION_END)


_TAGGED_SHAPE: Final = Shape(openings={FUNCTION: _tagged_section, PYTHON_TAG: PythonTagSection})
_ADDRESSED_SHAPE: Final = Shape(openings={TO: _AddressedSection}, structural=True)


class FunctionaryTags(ModelFormat):
    """Functionary 3.1's `<function=f>{...}</function>`."""

    name: ClassVar[str] = "functionary_tags"

    def fits(self, template: str) -> bool:
        """Whether the template writes a function's tag around JSON."""
        return FUNCTION_END in template and FUNCTION in template and PARAMETER not in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_TAGGED_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        named = " | ".join(
            f"{writer.literal(f'{tool.name}>')} {writer.input(tool.schema, tool.name)}"
            for tool in tools
        )
        call = writer.rule(
            "call", f"{writer.literal(FUNCTION)} ({named}) {writer.literal(FUNCTION_END)}"
        )
        return CallGrammar(writer.text(f"{call}+" if parallel else call), (FUNCTION,))

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as text, for a template that shows none."""
        return f"{FUNCTION}{name}>{json.dumps(arguments, ensure_ascii=False)}{FUNCTION_END}"


class FunctionaryRecipients(ModelFormat):
    """Functionary 3.2's `>>>f` and arguments."""

    name: ClassVar[str] = "functionary_recipients"

    def fits(self, template: str) -> bool:
        """Whether the template writes recipients."""
        return ">>>all" in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer. It is in a message already if the prompt has begun one."""
        reader = MarkReader(_ADDRESSED_SHAPE, expectation)
        if expectation.prompt_tail.endswith(TO):
            reader.receive_text(TO)
        return reader

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of an answer that begins with a call; the prompt has written its `>>>`."""
        writer = GrammarWriter()
        named = (
            f'{writer.literal(tool.name)} "\\n" {writer.input(tool.schema, tool.name)}'
            for tool in tools
        )
        call = writer.rule("call", " | ".join(named))
        more = f" ({writer.literal(TO)} {call})*" if parallel else ""
        triggers = tuple(f"{tool.name}\n" for tool in tools)
        return CallGrammar(writer.text(f"{call}{more}"), triggers, at_start=True)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as text, for a template that shows none."""
        return f"{TO}{name}\n{json.dumps(arguments, ensure_ascii=False)}"
