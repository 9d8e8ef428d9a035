"""Families that write all their calls as one JSON list behind a mark: `<mark>[{...}, {...}]`.

They differ in the marks alone, so that each is a row: Granite 3, Nvidia's Nemotron Nano 2,
ServiceNow's Apriel, Fireworks' Firefunction. Granite 4 has gone over to Hermes's form.
Source: the templates of these models.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Final

from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .json_calls import JsonSection
from .json_grammar import json_calls, json_list, spaced
from .reader import MarkReader, Shape
from .span_section import Head
from .thinking import THINK, Tags

_FUNCTOOLS: Final = Head(
    re.compile(r"functools\s*\[(?=\s*\{)"), re.compile(r"(?:functools\s*(?:\[\s*)?)?")
)


def json_section(*closes: str) -> Callable[[Expectation], Section]:
    """What makes sections of JSON that end with one of these marks."""

    def make(expectation: Expectation) -> Section:
        del expectation  # JSON says of itself what it is.
        return JsonSection(*closes)

    return make


def functools_section(expectation: Expectation) -> Section:
    """A list that stands, without a mark of its own, behind a word."""
    del expectation
    return JsonSection(head=_FUNCTOOLS)


class JsonListFormat(ModelFormat):
    """One list of calls behind `opening`, and `closing` behind it ("" for none)."""

    opening: ClassVar[str]
    closing: ClassVar[str] = ""
    shape: ClassVar[Shape]

    def fits(self, template: str) -> bool:
        """Whether the template has the opening mark."""
        return self.opening in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(self.shape, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        listed = json_list(writer, json_calls(writer, tools), parallel=parallel)
        closing = [writer.literal(self.closing)] if self.closing else []
        root = spaced(writer, writer.literal(self.opening), listed, *closing)
        if self.opening in self.shape.starts:
            triggers = (self.opening, f" {self.opening}")
            return CallGrammar(
                writer.text(f'" "? {root}'), triggers, at_start=True, think_end=THINK.close
            )
        return CallGrammar(writer.text(root), (self.opening,), think_end=THINK.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as text, for a template that shows none."""
        members = [{"name": name, "arguments": arguments}]
        return f"{self.opening}{json.dumps(members, ensure_ascii=False)}{self.closing}"


class Granite(JsonListFormat):
    """Granite 3's `<|tool_call|>[...]`, and `<tool_call>[...]` which it writes as often."""

    name: ClassVar[str] = "granite"
    opening = "<|tool_call|>"
    shape = Shape(
        tags=(THINK,),
        openings={opening: json_section(), "<tool_call>": json_section("</tool_call>")},
        wrappers=(Tags("<response>", "</response>"),),
    )

    def fits(self, template: str) -> bool:
        """Whether the template has Granite's roles, and its own mark for calls."""
        return "<|start_of_role|>" in template and self.opening in template


class Nemotron(JsonListFormat):
    """Nvidia's `<TOOLCALL>[...]</TOOLCALL>`."""

    name: ClassVar[str] = "nemotron"
    opening = "<TOOLCALL>"
    closing = "</TOOLCALL>"
    shape = Shape(tags=(THINK,), openings={opening: json_section(closing)})


class Apriel(JsonListFormat):
    """ServiceNow's `<tool_calls>[...]</tool_calls>`, and thinking that is closed with words."""

    name: ClassVar[str] = "apriel"
    opening = "<tool_calls>"
    closing = "</tool_calls>"
    think: ClassVar[Tags] = Tags("Here are my reasoning steps:", "[BEGIN FINAL RESPONSE]")
    shape = Shape(
        tags=(THINK, Tags("<thinking>", "</thinking>"), think),
        openings={opening: json_section(closing)},
    )

    def fits(self, template: str) -> bool:
        """Whether the template writes a list between the marks; MiniMax M1's writes lines."""
        return f"{self.opening}[" in template


class Functools(JsonListFormat):
    """Firefunction's `functools[...]`."""

    name: ClassVar[str] = "functools"
    opening = "functools"
    shape = Shape(tags=(THINK,), starts={opening: functools_section})
