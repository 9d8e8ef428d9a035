"""What an answer is held to: the grammar, where it begins, and what is judged after.

Tools make a grammar of calls. While the model may choose, it begins with a call's first mark; where
a call is demanded, at the start of the answer, or behind thinking that the prompt has opened.
Structured output makes a grammar of JSON in the same place. With both, the answer is calls or JSON.

Making a grammar of forty tools takes a while and is the same in every turn, so the last are kept.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any, Final

import attrs
import msgspec

from ....protocols.conversation.answer import ThinkingDelta
from ....protocols.engine.messages import Ask, ToolShape
from ....protocols.grammar.writer import output_grammar, outside_subset
from ....protocols.model_format.format import (
    AnswerParser,
    CallGrammar,
    Expectation,
    ModelFormat,
)
from .check import Check, call_judge, output_judge
from .constraint import Opening

GRAMMARS_MAX: Final = 16
MODES: Final = ("auto", "any", "tool", "none")
_encode = msgspec.msgpack.Encoder(order="sorted").encode
_PARTS = re.compile(r'"(?:\\.|[^"\\])*"|\[(?:\\.|[^\]\\])*\]|[A-Za-z][A-Za-z0-9-]*|.', re.DOTALL)
"""Of a grammar: texts, classes, names, and everything else."""


class BadRules(ValueError):
    """This cannot be demanded; the message says why."""


@attrs.frozen
class Rules:
    """A grammar, where it begins (None: at once), and what is judged after, if anything."""

    gbnf: str
    opening: Opening | None
    check: Check | None = None


@attrs.frozen
class _Calls:
    """The grammar of some tools, and the tools whose schemas it does not hold whole."""

    grammar: CallGrammar
    judged: dict[str, dict[str, Any]]


class RuleBook:
    """Makes the rules of answers in one format."""

    def __init__(self, form: ModelFormat) -> None:
        self._form = form
        self._calls: OrderedDict[bytes, _Calls] = OrderedDict()

    def rules(self, ask: Ask, tail: str) -> Rules | None:
        """What this answer is held to, with its prompt's end; None for nothing. Raises BadRules."""
        calls = self._calls_of(ask)
        must_call = calls is not None and ask.tool_mode != "auto"
        if ask.output is not None and not must_call:
            return self._output(ask.output, calls, tail)
        if calls is None:
            return None
        grammar = calls.grammar
        opening = self._start(grammar, tail) if must_call else _opening(grammar)
        if not calls.judged:
            return Rules(grammar.gbnf, opening)
        tools = tuple(ask.chat.tools)

        def parser() -> AnswerParser:
            return self._form.parser(Expectation(tools, tail))

        check = Check(grammar.triggers, call_judge(parser, calls.judged))
        return Rules(grammar.gbnf, opening, check)

    def _output(self, schema: dict[str, Any], calls: _Calls | None, tail: str) -> Rules:
        grammar = calls.grammar if calls else self._form.grammar([_ANY_TOOL], parallel=False)
        opening = self._start(grammar, tail)
        gbnf = output_grammar(schema)
        if calls:
            return Rules(either(gbnf, grammar.gbnf), opening)
        if not outside_subset(schema):
            return Rules(gbnf, opening)
        marks = (grammar.think_end,) if opening else ()
        return Rules(gbnf, opening, Check(marks, output_judge(schema), keeps_mark=False))

    def _calls_of(self, ask: Ask) -> _Calls | None:
        if ask.tool_mode not in MODES:
            raise BadRules(f"tool_mode is {ask.tool_mode!r}; it is one of {', '.join(MODES)}")
        tools: Sequence[ToolShape] = ask.chat.tools
        if ask.tool_mode == "tool":
            tools = [tool for tool in tools if tool.name == ask.tool_name]
            if not tools:
                raise BadRules(f"there is no tool {ask.tool_name!r} to be called")
        if ask.tool_mode == "any" and not tools:
            raise BadRules("a tool is to be called, and there is none")
        if ask.tool_mode == "none" or not tools:
            return None
        key = blake2b(_encode((tools, ask.parallel)), digest_size=16).digest()
        found = self._calls.get(key)
        if found is None:
            judged = {tool.name: tool.schema for tool in tools if outside_subset(tool.schema)}
            found = _Calls(self._form.grammar(tools, parallel=ask.parallel), judged)
            self._calls[key] = found
            if len(self._calls) > GRAMMARS_MAX:
                self._calls.popitem(last=False)
        self._calls.move_to_end(key)
        return found

    def _start(self, grammar: CallGrammar, tail: str) -> Opening | None:
        """Where an answer begins to be constrained that has no choice."""
        if grammar.think_end and self._thinks(tail):
            return Opening((grammar.think_end.encode(),), inside=False)
        return None

    def _thinks(self, tail: str) -> bool:
        """Whether the prompt has opened thinking: its family's parser knows."""
        parser = self._form.parser(Expectation((), tail))
        said = parser.receive_text("thought") + parser.receive_end(whole=False)
        return any(isinstance(each, ThinkingDelta) for each in said)


_ANY_TOOL = ToolShape("any", "", {"type": "object"})
"""What a format is asked for a grammar with, where only the end of its thinking is wanted."""


def either(one: str, other: str) -> str:
    """A grammar of what one of two grammars allows."""
    return f"root ::= one-root | other-root\n{_renamed(one, 'one')}\n{_renamed(other, 'other')}\n"


def _renamed(gbnf: str, prefix: str) -> str:
    return _PARTS.sub(
        lambda found: f"{prefix}-{found[0]}" if found[0][0].isalpha() else found[0], gbnf
    )


def _opening(grammar: CallGrammar) -> Opening:
    texts = tuple(text.encode() for text in grammar.triggers)
    return Opening(texts, at_start=grammar.at_start)
