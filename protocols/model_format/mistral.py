"""Mistral's forms: `[TOOL_CALLS]` and a list, or a name and `[ARGS]`, and thinking in `[THINK]`.

Mistral 7B v3 and Nemo write one list of objects with an id each; later models one mark a call,
`[TOOL_CALLS]name[ARGS]{...}`, Small 3.2 with `[CALL_ID]` between. All of them are read alike, for
models mix them; they differ in the grammar.
Source: the templates of these models, and llama.cpp's tests of them (tests/test-chat.cpp).
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
from .json_calls import NamedSection, read_calls
from .json_grammar import json_calls, json_list, spaced
from .reader import MarkReader, Shape
from .span_section import Head
from .thinking import Tags

OPEN: Final = "[TOOL_CALLS]"
THINK: Final = Tags("[THINK]", "[/THINK]")
_KINDS: Final = ("[ARGS]", "[CALL_ID]", THINK.open)
ID: Final = "[a-zA-Z0-9]{9}"

_HEAD: Final = Head(
    re.compile(
        r"\s*(?:(?P<name>[\w.\-/]+)\s*(?:\[CALL_ID\]\s*(?P<id>\w*)\s*)?(?:\[ARGS\])?\s*\{"
        r"|\{|\[(?=\s*\{))"
    ),
    re.compile(
        r"\s*(?:[\w.\-/]+\s*(?:\[CALL_ID\]\s*\w*\s*)?(?:\[(?:C(?:A(?:L(?:L(?:_(?:I(?:D)?)?)?)?)?)?"
        r"|A(?:R(?:G(?:S(?:\]\s*)?)?)?)?)?)?|\[\s*|\{)?"
    ),
)


class _MistralSection(NamedSection):
    """A list of calls, or one call by name."""

    def calls(self, text: str) -> Sequence[Call]:
        """The calls in the section's text."""
        calls = super().calls(text)
        return calls if calls and calls[0].name else read_calls(self.value(text))


def _section(expectation: Expectation) -> Section:
    del expectation
    return _MistralSection(_HEAD)


_SHAPE: Final = Shape(tags=(THINK,), openings={OPEN: _section})


class Mistral(ModelFormat):
    """`[TOOL_CALLS]name[ARGS]{...}`, once for each call."""

    name: ClassVar[str] = "mistral"
    before_arguments: ClassVar[str] = '"[ARGS]"'
    marks: ClassVar[frozenset[str]] = frozenset({"[ARGS]"})
    """Those of `_KINDS` that the template has."""

    def fits(self, template: str) -> bool:
        """Whether the template has the mark for calls, and of the others the family's alone."""
        found = frozenset(mark for mark in _KINDS if mark in template)
        return OPEN in template and found == self.marks

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        named = [
            f"{writer.literal(tool.name)} {self.before_arguments} "
            f"{writer.input(tool.schema, tool.name)}"
            for tool in tools
        ]
        call = writer.rule("call", f"{writer.literal(OPEN)} ({' | '.join(named)})")
        return CallGrammar(
            writer.text(f"{call}+" if parallel else call), (OPEN,), think_end=THINK.close
        )

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as text, for a template that shows none."""
        return f"{OPEN}{name}[ARGS]{json.dumps(arguments, ensure_ascii=False)}"


class MistralWithIds(Mistral):
    """`[TOOL_CALLS]name[CALL_ID]123456789[ARGS]{...}`."""

    name: ClassVar[str] = "mistral_ids"
    marks = frozenset({"[ARGS]", "[CALL_ID]"})
    before_arguments: ClassVar[str] = f'"[CALL_ID]" {ID} "[ARGS]"'


class MistralThinking(Mistral):
    """Magistral's and Ministral 3's: as Mistral's, with `[THINK]`."""

    name: ClassVar[str] = "mistral_thinking"
    marks = frozenset({"[ARGS]", THINK.open})


class MistralList(Mistral):
    """`[TOOL_CALLS][{"name": ..., "arguments": ..., "id": ...}]`."""

    name: ClassVar[str] = "mistral_list"
    marks = frozenset[str]()

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        call = json_calls(writer, tools, id_pattern=ID)
        root = spaced(writer, writer.literal(OPEN), json_list(writer, call, parallel=parallel))
        return CallGrammar(writer.text(root), (OPEN,))

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as text, for a template that shows none."""
        return f"{OPEN}{json.dumps([{'name': name, 'arguments': arguments}], ensure_ascii=False)}"
