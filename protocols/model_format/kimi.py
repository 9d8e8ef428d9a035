"""Kimi K2's form: a section of calls, each with an id that holds the tool's name.

    <|tool_calls_section_begin|><|tool_call_begin|>functions.NAME:0<|tool_call_argument_begin|>{...}
    <|tool_call_end|><|tool_calls_section_end|>

The number counts the calls of the conversation. It is not told as the call's id, since a model that
miscounts would name two calls alike; history numbers the calls again, so that the model reads what
it has written. K2 leaves out the marks of the section and the closing ones now and then, and calls
before it has closed its thinking.
Source: Moonshot's guide to K2's calls; llama.cpp's common/parsers/kimi-k2.cpp for the deviations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Final

from ..conversation.arguments import written_input
from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .named_json import NamedJson, name_in
from .reader import MarkReader, Shape
from .thinking import THINK

SECTION: Final = "<|tool_calls_section_begin|>"
SECTION_END: Final = "<|tool_calls_section_end|>"
CALL: Final = "<|tool_call_begin|>"
CALL_END: Final = "<|tool_call_end|>"
NAMESPACE: Final = "functions."
ARGUMENT: Final = "<|tool_call_argument_begin|>"
_HEAD: Final = re.compile(r"\s*(?:functions\.)?(.*?)(?::\d+)?\s*")


def _read_head(head: str, body: str) -> tuple[str, str]:
    found = _HEAD.fullmatch(head)
    return name_in(found.group(1) if found else ""), body


def _section(expectation: Expectation) -> Section:
    del expectation  # JSON says of itself what it is.
    return NamedJson(ARGUMENT, (CALL_END, SECTION_END), _read_head)


_SHAPE: Final = Shape(
    tags=(THINK,),
    openings={CALL: _section},
    dropped=(SECTION, SECTION_END, CALL_END),
    calls_end_thinking=True,
)


class Kimi(ModelFormat):
    """K2, whose calls are numbered through the conversation."""

    name: ClassVar[str] = "kimi"

    def fits(self, template: str) -> bool:
        """Whether the template writes calls between these marks."""
        return SECTION in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        call = writer.rule("call", " | ".join(_call(writer, tool) for tool in tools))
        calls = writer.times(call, 1, None if parallel else 1, "calls")
        root = f"({writer.literal(SECTION)})? {calls} {writer.literal(SECTION_END)}"
        return CallGrammar(writer.text(root), (SECTION, CALL), think_end=THINK.close)

    def history(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Calls and results with the ids that the model gives."""
        ids: dict[str, str] = {}
        numbers = self._numbers(messages)
        return [_numbered(message, ids, numbers) for message in messages]

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        head = f"{SECTION}{CALL}{NAMESPACE}{name}:0{ARGUMENT}"
        return f"{head}{written_input(arguments)}{CALL_END}{SECTION_END}"

    def _numbers(self, messages: list[dict[str, Any]]) -> Iterator[int]:
        calls = sum(len(message.get("tool_calls") or ()) for message in messages)
        return iter(range(calls))


class KimiFirst(Kimi):
    """K2's first template, which numbers the calls of each message from 0."""

    name: ClassVar[str] = "kimi_first"

    def fits(self, template: str) -> bool:
        """Whether the template numbers the calls so."""
        return SECTION in template and "loop.index0" in template

    def _numbers(self, messages: list[dict[str, Any]]) -> Iterator[int]:
        return (
            number
            for message in messages
            for number, _ in enumerate(message.get("tool_calls") or ())
        )


def _call(writer: GrammarWriter, tool: ToolShape) -> str:
    head = writer.literal(f"{CALL}{NAMESPACE}{tool.name}:")
    given = writer.input(tool.schema, tool.name)
    number = writer.rule("number", "[0-9] [0-9]? [0-9]?")
    body = f"{head} {number} {writer.literal(ARGUMENT)} {given} {writer.literal(CALL_END)}"
    return writer.rule(f"call-{tool.name}", body)


def _numbered(
    message: dict[str, Any], ids: dict[str, str], numbers: Iterator[int]
) -> dict[str, Any]:
    if message.get("tool_call_id") in ids:
        return {**message, "tool_call_id": ids[message["tool_call_id"]]}
    if not message.get("tool_calls"):
        return message
    calls: list[dict[str, Any]] = []
    for call, number in zip(message["tool_calls"], numbers, strict=False):
        calls.append({**call, "id": f"{NAMESPACE}{call['function']['name']}:{number}"})
        ids[call["id"]] = calls[-1]["id"]
    return {**message, "tool_calls": calls}
