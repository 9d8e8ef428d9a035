"""GigaChat's forms: one JSON object, behind a mark (3.1) or as a message of its own (3).

    ...<|function_call|>{"name": "NAME", "arguments": {...}}
    ...<|message_sep|>

    function call<|role_sep|>
    {"name": "NAME", "arguments": {...}}

Source: the models' templates; llama.cpp's common/parsers/gigachat-v3.cpp and its tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from ..conversation.arguments import written_input
from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .json_grammar import json_calls
from .json_lists import json_section
from .reader import MarkReader, Shape


class GigaChat(ModelFormat):
    """GigaChat 3.1. It makes one call in an answer."""

    name: ClassVar[str] = "gigachat"
    opening: ClassVar[str] = "<|function_call|>"
    shape: ClassVar[Shape] = Shape(openings={opening: json_section()})

    def fits(self, template: str) -> bool:
        """Whether the template has the mark."""
        return self.opening in template and "<|role_sep|>" in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(self.shape, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of one call of these tools."""
        writer = GrammarWriter()
        call = json_calls(writer, tools)
        return CallGrammar(writer.text(f"{writer.literal(self.opening)} {call}"), (self.opening,))

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        return self.opening + written_input({"name": name, "arguments": arguments})


class GigaChat3(GigaChat):
    """GigaChat 3, whose call is a message of a role of its own."""

    name: ClassVar[str] = "gigachat3"
    opening: ClassVar[str] = "<|message_sep|>\n\nfunction call<|role_sep|>\n"
    shape: ClassVar[Shape] = Shape(openings={opening: json_section()})

    def fits(self, template: str) -> bool:
        """Whether the template has the role."""
        return "'function call'" in template and "<|role_sep|>" in template
