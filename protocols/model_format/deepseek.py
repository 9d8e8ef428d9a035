"""DeepSeek's forms: marks of its own around JSON (R1, V3, V3.1), and tags (V3.2, V4).

    <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>NAME
    ```json
    {...}
    ```<｜tool▁call▁end｜><｜tool▁calls▁end｜>                                       R1, V3
    <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>NAME<｜tool▁sep｜>{...}<｜tool▁call▁end｜>...    V3.1
    <｜DSML｜function_calls><｜DSML｜invoke name="NAME">
    <｜DSML｜parameter name="city" string="true">Rome</｜DSML｜parameter>...    V3.2

V4 writes as V3.2, in a block called `tool_calls`, and calls before it has closed its thinking. One
parser reads both forms of JSON, since distilled models mix them up.
Source: the templates of these models, and llama.cpp's tests of them (tests/test-chat.cpp).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import partial
from itertools import starmap
from typing import Any, ClassVar, Final

from ..conversation.arguments import written_input
from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .named_json import NamedJson, name_in
from .reader import MarkReader, Shape
from .tagged import Tagged, Tagging
from .tagged_grammar import Argument, tagged_arguments
from .thinking import THINK

CALLS: Final = "<｜tool▁calls▁begin｜>"
CALLS_END: Final = "<｜tool▁calls▁end｜>"
CALL: Final = "<｜tool▁call▁begin｜>"
CALL_END: Final = "<｜tool▁call▁end｜>"
SEPARATOR: Final = "<｜tool▁sep｜>"
_FENCE: Final = "```"


def _read_head(head: str, body: str) -> tuple[str, str]:
    if head.strip() == "function" and not body.lstrip().startswith("{"):
        head, _, body = body.partition(_FENCE)
        body = body.removeprefix("json").rstrip().removesuffix(_FENCE)
    return name_in(head), body


def _json_section(expectation: Expectation) -> Section:
    del expectation  # JSON says of itself what it is.
    return NamedJson(SEPARATOR, (CALL_END, CALLS_END), _read_head)


_JSON_SHAPE: Final = Shape(
    tags=(THINK,), openings={CALL: _json_section}, dropped=(CALLS, CALLS_END, CALL_END)
)


class DeepSeekV31(ModelFormat):
    """V3.1: the name, a separator, JSON."""

    name: ClassVar[str] = "deepseek_v3_1"

    def fits(self, template: str) -> bool:
        """Whether the template writes calls between these marks, and without a fence."""
        return CALLS in template and _FENCE not in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_JSON_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        call = writer.rule("call", " | ".join(self._call(writer, tool) for tool in tools))
        more = f' ("\\n"? {call})*' if parallel else ""
        root = f"({writer.literal(CALLS)})? {call}{more} {writer.literal(CALLS_END)}"
        return CallGrammar(writer.text(root), (CALLS, CALL), think_end=THINK.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        return f"{CALLS}{CALL}{name}{SEPARATOR}{written_input(arguments)}{CALL_END}{CALLS_END}"

    def _call(self, writer: GrammarWriter, tool: ToolShape) -> str:
        head = writer.literal(CALL + tool.name + SEPARATOR)
        given = writer.input(tool.schema, tool.name)
        return writer.rule(f"call-{tool.name}", f"{head} {given} {writer.literal(CALL_END)}")


class DeepSeekR1(DeepSeekV31):
    """R1, what is distilled from it, and V3: the word `function`, the name, JSON in a fence."""

    name: ClassVar[str] = "deepseek_r1"

    def fits(self, template: str) -> bool:
        """Whether the template writes calls between these marks, in a fence."""
        return CALLS in template and _FENCE in template

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        head = f"{CALLS}{CALL}function{SEPARATOR}{name}\n{_FENCE}json\n"
        return f"{head}{written_input(arguments)}\n{_FENCE}{CALL_END}{CALLS_END}"

    def _call(self, writer: GrammarWriter, tool: ToolShape) -> str:
        head = writer.literal(f"{CALL}function{SEPARATOR}{tool.name}\n{_FENCE}json\n")
        given = writer.input(tool.schema, tool.name)
        end = writer.literal(f"\n{_FENCE}{CALL_END}")
        return writer.rule(f"call-{tool.name}", f"{head} {given} {end}")


_DSML: Final = "｜DSML｜"
_INVOKE: Final = rf'<{_DSML}invoke name="(?P<name>[^<>"]+)">'


def _tagging(block: str) -> Tagging:
    return Tagging(
        close=f"</{_DSML}{block}>",
        value_open=f'<{_DSML}parameter name="',
        value_close=f"</{_DSML}parameter>",
        between=re.compile(rf'(?:\s|</{_DSML}invoke>|<{_DSML}invoke name="[^<>"]+">)*'),
        tool=re.compile(_INVOKE),
        key_inside=re.compile(r'(?P<key>[^<>"]+)"(?:\s*string="(?:(?P<text>true)|false)")?\s*>'),
    )


def _tagged(tagging: Tagging, expectation: Expectation) -> Section:
    return Tagged(tagging, expectation)


_TAG_SHAPE: Final = Shape(
    tags=(THINK,),
    openings={
        f"<{_DSML}{block}>": partial(_tagged, _tagging(block))
        for block in ("function_calls", "tool_calls")
    },
    calls_end_thinking=True,
)


class DeepSeekV32(ModelFormat):
    """V3.2: a block of invocations in tags."""

    name: ClassVar[str] = "deepseek_v3_2"
    block: ClassVar[str] = "function_calls"

    def fits(self, template: str) -> bool:
        """Whether the template makes its tags with DSML, and calls the block so."""
        return "DSML" in template and self.block in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_TAG_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        opening = f"<{_DSML}{self.block}>"
        call = writer.rule("call", " | ".join(_invocation(writer, tool) for tool in tools))
        calls = writer.times(call, 1, None if parallel else 1, "calls")
        closing = writer.literal(f"</{_DSML}{self.block}>")
        root = f'{writer.literal(opening)} "\\n" {calls} {closing}'
        return CallGrammar(writer.text(root), (opening,), think_end=THINK.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        parameters = "".join(starmap(_told_parameter, arguments.items()))
        call = f'<{_DSML}invoke name="{name}">\n{parameters}</{_DSML}invoke>\n'
        return f"<{_DSML}{self.block}>\n{call}</{_DSML}{self.block}>"


class DeepSeekV4(DeepSeekV32):
    """V4: the same, in a block of another name."""

    name: ClassVar[str] = "deepseek_v4"
    block: ClassVar[str] = "tool_calls"

    def fits(self, template: str) -> bool:
        """Whether the template makes its tags with DSML, and calls the block so."""
        return "DSML" in template and "+ 'tool_calls>" in template


def _invocation(writer: GrammarWriter, tool: ToolShape) -> str:
    opening = writer.literal(f'<{_DSML}invoke name="{tool.name}">\n')
    arguments = tagged_arguments(writer, tool, partial(_parameter, writer))
    closing = writer.literal(f"</{_DSML}invoke>\n")
    return writer.rule(f"call-{tool.name}", f"{opening} {arguments} {closing}")


def _told_parameter(name: str, value: Any) -> str:
    text = "true" if isinstance(value, str) else "false"
    written = value if isinstance(value, str) else written_input(value)
    opening = f'<{_DSML}parameter name="{name}" string="{text}">'
    return f"{opening}{written}</{_DSML}parameter>\n"


def _parameter(writer: GrammarWriter, argument: Argument) -> str:
    """A rule: the attribute says whether the value is a string as it is, or JSON."""
    closing = f"</{_DSML}parameter>"
    values = {
        "true": writer.bare_text(argument.schema, (closing,), argument.name),
        "false": writer.others(argument.schema, (closing,), argument.name),
    }
    opening = f'<{_DSML}parameter name="{argument.name}" string="'
    bodies = [
        writer.literal(word + '">') + f" {value}"
        for word, value in values.items()
        if value is not None
    ]
    chosen = writer.rule(f"value-{argument.name}", " | ".join(bodies))
    return f'{writer.literal(opening)} {chosen} {writer.literal(closing)} "\\n"'
