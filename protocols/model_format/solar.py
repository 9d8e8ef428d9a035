"""Solar Open's form: messages of several kinds, and calls with an id, a name and JSON.

    <|think|>...<|end|><|begin|>assistant<|content|>...<|end|>
    <|begin|>assistant<|tool_calls|>
    <|tool_call:begin|>ID<|tool_call:name|>NAME<|tool_call:args|>{...}<|tool_call:end|><|calls|>

The prompt ends with `<|begin|>assistant`. Source: the model's template.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from ..conversation.arguments import written_input
from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .named_json import NamedJson, name_in
from .reader import MarkReader, Shape
from .thinking import Tags

CALLS: Final = "<|tool_calls|>"
CALL: Final = "<|tool_call:begin|>"
NAME: Final = "<|tool_call:name|>"
ARGUMENTS: Final = "<|tool_call:args|>"
CALL_END: Final = "<|tool_call:end|>"
CALLS_END: Final = "<|calls|>"
_THINKING: Final = Tags("<|think|>", "<|end|>")


def _read_head(head: str, body: str) -> tuple[str, str]:
    return name_in(head.partition(NAME)[2]), body


def _section(expectation: Expectation) -> Section:
    del expectation  # JSON says of itself what it is.
    return NamedJson(ARGUMENTS, (CALL_END, CALLS_END), _read_head)


_SHAPE: Final = Shape(
    tags=(_THINKING,),
    openings={CALL: _section},
    dropped=("<|begin|>assistant", "<|content|>", "<|end|>", CALLS, CALL_END, CALLS_END),
)


class Solar(ModelFormat):
    """Upstage's Solar Open."""

    name: ClassVar[str] = "solar"

    def fits(self, template: str) -> bool:
        """Whether the template writes calls between these marks."""
        return CALL in template and ARGUMENTS in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        call = writer.rule("call", " | ".join(_call(writer, tool) for tool in tools))
        calls = writer.times(call, 1, None if parallel else 1, "calls")
        root = f"({writer.literal(CALLS)})? {calls}"
        return CallGrammar(writer.text(root), (CALLS, CALL), think_end=_THINKING.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        return f"{CALLS}{CALL}a1b2c3d4e5{NAME}{name}{ARGUMENTS}{written_input(arguments)}{CALL_END}"


def _call(writer: GrammarWriter, tool: ToolShape) -> str:
    letters = writer.rule("id", "[a-z0-9]{10}")
    name = writer.literal(f"{NAME}{tool.name}{ARGUMENTS}")
    given = writer.schema(tool.schema, tool.name)
    body = f"{writer.literal(CALL)} {letters} {name} {given} {writer.literal(CALL_END)}"
    return writer.rule(f"call-{tool.name}", body)
