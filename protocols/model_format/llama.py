"""Llama's forms: one JSON object and nothing else, or Python calls in brackets, or a tag for code.

Llama 3.1 to 3.3 answer `{"name": ..., "parameters": {...}}` from the first character on, and may
put `<|python_tag|>` before it, before a call of a built-in tool, `search.call(query="...")`, or
before code for an interpreter. Llama 4 and small Llamas answer `[f(a=1), g()]`. An answer that
only begins alike is told as text after a few characters.
Source: the templates of these models, and Meta's descriptions of their prompts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from ..conversation.arguments import written_input
from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Call, Section, Verdict
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .json_calls import BareCallSection, read_calls
from .json_grammar import json_calls
from .marks import Marks
from .pythonic import PythonicSection, read_pythonic
from .reader import MarkReader, Shape
from .thinking import THINK

PYTHON_TAG: Final = "<|python_tag|>"
INTERPRETERS: Final = ("python", "ipython", "code_interpreter")
"""Names of a tool that is given code, in Llama's documents and in Functionary's."""

_ROLES: Final = ("<|start_header_id|>", "<|header_start|>")
"""What stands before a role in Llama 3's and in Llama 4's templates."""
_BUILT_IN = re.compile(r"\s*[\w.]+\.call\(")


class PythonTagSection(Section):
    """All that follows the tag: a call as JSON or of a built-in tool, or else code."""

    def __init__(self, expectation: Expectation) -> None:
        super().__init__()
        self.marks = Marks()
        self._interpreter = next(
            (tool for tool in expectation.tools if tool.name in INTERPRETERS), None
        )

    def receive_text(self, text: str) -> int:
        """Takes the next characters, all of them."""
        return len(text)

    def receive_mark(self, mark: str) -> None:
        """There are no marks: the tag is the answer's last."""
        raise AssertionError(mark)

    def receive_end(self) -> None:
        """It lasts as long as the answer."""
        self.verdict = Verdict.OVER

    def calls(self, text: str) -> Sequence[Call]:
        """The call that the text is."""
        if text.lstrip().startswith(("{", "[")) and (calls := read_calls(text)):
            return calls
        if _BUILT_IN.match(text) and (called := read_pythonic(text)):
            return [Call(call.name.removesuffix(".call"), call.arguments) for call in called]
        if self._interpreter is None or not text.strip():
            return []
        key = next(iter(self._interpreter.schema.get("properties", {})), "code")
        return [Call(self._interpreter.name, written_input({key: text}))]


def _bare_section(expectation: Expectation) -> Section:
    return BareCallSection(expectation.tools)


def _pythonic_section(expectation: Expectation) -> Section:
    del expectation
    return PythonicSection()


def _marked_pythonic_section(expectation: Expectation) -> Section:
    del expectation
    return PythonicSection("<|python_end|>")


_SHAPE: Final = Shape(
    tags=(THINK,),
    openings={PYTHON_TAG: PythonTagSection, "<|python_start|>": _marked_pythonic_section},
    starts={"{": _bare_section, "[": _pythonic_section},
)


class Llama(ModelFormat):
    """`{"name": ..., "parameters": ...}` as the whole answer."""

    name: ClassVar[str] = "llama"

    def fits(self, template: str) -> bool:
        """Whether the template is Llama 3's or 4's and knows tools. It is asked after the families
        that have Llama's roles, and calls of their own."""
        return any(mark in template for mark in _ROLES) and "parameters" in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of one call: the templates know no answer with several."""
        del parallel
        writer = GrammarWriter()
        opening = f'"{{" " "? "\\"name\\"" {writer.space} ":"'
        root = json_calls(writer, tools, "parameters", opening=opening)
        return CallGrammar(
            writer.text(root), ('{"name"', '{ "name"'), at_start=True, think_end=THINK.close
        )

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as text, for a template that shows none."""
        return json.dumps({"name": name, "parameters": arguments}, ensure_ascii=False)
