"""Hermes's form: `<tool_call>` around a JSON object with `name` and `arguments`.

Nous Research's Hermes 2 Pro and 3, Qwen 2.5 and 3, QwQ, SmolLM3, MiMo and many more write so.
Several calls are several pairs of tags. A closing mark inside a JSON string is part of the string.
Source: the templates of these models, and llama.cpp's tests of them (tests/test-chat.cpp).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar, Final

from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .json_calls import JsonSection
from .json_grammar import json_calls, spaced
from .reader import MarkReader, Shape
from .thinking import THINK

OPEN: Final = "<tool_call>"
CLOSE: Final = "</tool_call>"

_ARGUMENTS: Final = re.compile(r'\\?"arguments\\?"')
"""A member's name in a template, where quotation marks may be escaped."""
_OTHERS: Final = ("<arg_key>", "<parameter=", "<invoke", "<tool_calls>")
"""What other families write in or around the same tags."""


def tool_call_section(expectation: Expectation) -> Section:
    """What stands between the tags."""
    del expectation  # JSON says of itself what it is.
    return JsonSection(CLOSE)


def tool_call_grammar(tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
    """Calls between the tags, each on a line of its own."""
    writer = GrammarWriter()
    call = writer.rule(
        "tagged",
        spaced(writer, writer.literal(OPEN), json_calls(writer, tools), writer.literal(CLOSE)),
    )
    more = f" ({writer.space} {call})*" if parallel else ""
    return CallGrammar(writer.text(call + more), (OPEN,), think_end=THINK.close)


SHAPE: Final = Shape(tags=(THINK,), openings={OPEN: tool_call_section})


class Hermes(ModelFormat):
    """`<tool_call>{"name": ..., "arguments": ...}</tool_call>`."""

    name: ClassVar[str] = "hermes"

    def fits(self, template: str) -> bool:
        """Whether the template writes JSON between the tags."""
        return (
            OPEN in template
            and _ARGUMENTS.search(template) is not None
            and not any(mark in template for mark in _OTHERS)
        )

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        return tool_call_grammar(tools, parallel=parallel)
