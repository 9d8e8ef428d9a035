"""MiniMax's forms: invocations in tags (M2), and JSON objects, one a line (M1).

    <minimax:tool_call>
    <invoke name="NAME">
    <parameter name="city">Rome</parameter>
    </invoke>
    </minimax:tool_call>

    <tool_calls>
    {"name": "NAME", "arguments": {"city": "Rome"}}
    </tool_calls>

Source: the templates of these models, and llama.cpp's tests of them (tests/test-chat.cpp).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Final

from ..conversation.arguments import written_input
from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .json_grammar import json_calls
from .json_lines import JsonLines
from .reader import MarkReader, Shape
from .tagged import Tagged, Tagging
from .tagged_grammar import Argument, tagged_arguments
from .thinking import THINK

_BLOCK: Final = "<minimax:tool_call>"
_TAGGING: Final = Tagging(
    close="</minimax:tool_call>",
    value_open='<parameter name="',
    value_close="</parameter>",
    between=re.compile(r'(?:\s|</invoke>|<invoke name="[^<>"]+">)*'),
    tool=re.compile(r'<invoke name="(?P<name>[^<>"]+)">'),
    key_inside=re.compile(r'(?P<key>[^<>"]+)">(?P<text>(?!))?'),
)


def _invocations(expectation: Expectation) -> Section:
    return Tagged(_TAGGING, expectation)


_SHAPE: Final = Shape(tags=(THINK,), openings={_BLOCK: _invocations})


class MiniMaxM2(ModelFormat):
    """M2: a block of invocations in tags."""

    name: ClassVar[str] = "minimax_m2"

    def fits(self, template: str) -> bool:
        """Whether the template writes calls in such a block."""
        return _BLOCK in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        call = writer.rule("call", " | ".join(_invocation(writer, tool) for tool in tools))
        calls = writer.times(call, 1, None if parallel else 1, "calls")
        root = f"{writer.literal(_BLOCK)} {_LINE_END} {calls} {writer.literal(_TAGGING.close)}"
        return CallGrammar(writer.text(root), (_BLOCK,), think_end=THINK.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        parameters = "".join(
            f'{_TAGGING.value_open}{key}">{_text(value)}{_TAGGING.value_close}\n'
            for key, value in arguments.items()
        )
        call = f'<invoke name="{name}">\n{parameters}</invoke>\n'
        return f"{_BLOCK}\n{call}{_TAGGING.close}"


_LINE_END: Final = '"\\n"'


def _text(value: Any) -> str:
    return value if isinstance(value, str) else written_input(value)


def _invocation(writer: GrammarWriter, tool: ToolShape) -> str:
    opening = writer.literal(f'<invoke name="{tool.name}">\n')
    arguments = tagged_arguments(writer, tool, partial(_parameter, writer))
    return writer.rule(f"call-{tool.name}", f'{opening} {arguments} "</invoke>\\n"')


def _parameter(writer: GrammarWriter, argument: Argument) -> str:
    opening = writer.literal(f'{_TAGGING.value_open}{argument.name}">')
    value = writer.argument(argument.schema, (_TAGGING.value_close,), argument.name)
    return f'{opening} {value} "</parameter>\\n"'


LIST: Final = "<tool_calls>"
LIST_END: Final = "</tool_calls>"


def _objects(expectation: Expectation) -> Section:
    del expectation  # JSON says of itself what it is.
    return JsonLines(LIST_END)


_LIST_SHAPE: Final = Shape(tags=(THINK,), openings={LIST: _objects})


class MiniMaxM1(ModelFormat):
    """M1: JSON objects between tags, one a line."""

    name: ClassVar[str] = "minimax_m1"

    def fits(self, template: str) -> bool:
        """Whether the template writes objects between these tags, and no array."""
        return LIST in template and LIST + "[" not in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_LIST_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        call = json_calls(writer, tools)
        more = f" ({_LINE_END} {call})*" if parallel else ""
        opening, closing = writer.literal(f"{LIST}\n"), writer.literal(f"\n{LIST_END}")
        return CallGrammar(
            writer.text(f"{opening} {call}{more} {closing}"), (LIST,), think_end=THINK.close
        )

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        call = written_input({"name": name, "arguments": arguments})
        return f"{LIST}\n{call}\n{LIST_END}"
