"""Apertus's form: a list of objects with one member each, the tool's name and its input.

    <|tools_prefix|>[{"NAME": {"city": "Rome"}}]<|tools_suffix|>

Source: the model's template, and llama.cpp's tests of it (tests/test-chat.cpp).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

import msgspec

from ..conversation.arguments import written_input
from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Call, Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .json_calls import JsonSection, input_text
from .reader import MarkReader, Shape
from .thinking import Tags

OPEN: Final = "<|tools_prefix|>"
CLOSE: Final = "<|tools_suffix|>"
_THINKING: Final = Tags("<|inner_prefix|>", "<|inner_suffix|>")
_LIST: Final = msgspec.json.Decoder(list[dict[str, msgspec.Raw]])


class _Calls(JsonSection):
    """A list of calls, or none where it is no such list."""

    def calls(self, text: str) -> Sequence[Call]:
        """The calls in the section's text."""
        try:
            listed = _LIST.decode(self.value(text))
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return []
        members = [member for one in listed for member in one.items()]
        return [Call(name, input_text(bytes(given).decode())) for name, given in members]


def _section(expectation: Expectation) -> Section:
    del expectation  # JSON says of itself what it is.
    return _Calls(CLOSE)


_SHAPE: Final = Shape(tags=(_THINKING,), openings={OPEN: _section})


class Apertus(ModelFormat):
    """The Swiss AI initiative's Apertus."""

    name: ClassVar[str] = "apertus"

    def fits(self, template: str) -> bool:
        """Whether the template has the marks."""
        return OPEN in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        call = writer.rule("call", " | ".join(_call(writer, tool) for tool in tools))
        more = f' ("," {writer.space} {call})*' if parallel else ""
        root = f'{writer.literal(OPEN)} "[" {call}{more} "]" {writer.literal(CLOSE)}'
        return CallGrammar(writer.text(root), (OPEN,), think_end=_THINKING.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        return f"{OPEN}[{{{written_input(name)}: {written_input(arguments)}}}]{CLOSE}"


def _call(writer: GrammarWriter, tool: ToolShape) -> str:
    head = writer.literal(f"{{{written_input(tool.name)}: ")
    given = writer.schema(tool.schema, tool.name)
    return writer.rule(f"call-{tool.name}", f'{head} {given} "}}"')
