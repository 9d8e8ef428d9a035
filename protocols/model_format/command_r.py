"""Cohere's forms: a list of actions, in JSON with `tool_name` and `parameters`.

    <|START_THINKING|>...<|END_THINKING|><|START_ACTION|>[
        {"tool_call_id": "0", "tool_name": "NAME", "parameters": {"city": "Rome"}}
    ]<|END_ACTION|>                                             Command R7B and A, North
    Action:
    ```json
    [{"tool_name": "NAME", "parameters": {"city": "Rome"}}]
    ```                                                         Command R and R+

What is no action stands in `<|START_RESPONSE|>` (North: `<|START_TEXT|>`), which is dropped. R and
R+ are told to act in every answer, and to call `directly_answer` where they have no use for a tool.
Source: the templates of these models, and llama.cpp's tests of them (tests/test-chat.cpp).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from ..conversation.arguments import written_input
from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Call, Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .json_calls import JsonSection
from .reader import MarkReader, Shape
from .thinking import Tags

ACTION: Final = "<|START_ACTION|>"
ACTION_END: Final = "<|END_ACTION|>"
_THINKING: Final = Tags("<|START_THINKING|>", "<|END_THINKING|>")
_SPEECH: Final = (
    "<|START_RESPONSE|>",
    "<|END_RESPONSE|>",
    "<|START_TEXT|>",
    "<|END_TEXT|>",
)


def _actions(expectation: Expectation) -> Section:
    del expectation  # JSON says of itself what it is.
    return JsonSection(ACTION_END)


_SHAPE: Final = Shape(
    tags=(_THINKING,), openings={ACTION: _actions}, dropped=_SPEECH, calls_end_thinking=True
)


class CommandR7B(ModelFormat):
    """R7B, A and North: actions between marks."""

    name: ClassVar[str] = "command_r7b"

    def fits(self, template: str) -> bool:
        """Whether the template has the mark for actions."""
        return ACTION in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        number = writer.rule("number", "[0-9] [0-9]?")
        head = rf'"\"tool_call_id\": \"" {number} "\"," {writer.space}'
        actions = _list(writer, tools, head, parallel=parallel)
        root = f"{writer.literal(ACTION)} {actions} {writer.literal(ACTION_END)}"
        return CallGrammar(writer.text(root), (ACTION,), think_end=_THINKING.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        action = f'{{"tool_call_id": "0", {_members(name, arguments)}}}'
        return f"{ACTION}{_told(action)}{ACTION_END}"


ACTION_WORD: Final = "Action:\n```json"
_FENCE: Final = "```"


class _Plan(JsonSection):
    """The actions of R and R+. A direct answer is none."""

    def calls(self, text: str) -> Sequence[Call]:
        """The actions that are calls of tools."""
        return [call for call in super().calls(text) if call.name not in _DIRECT]


_DIRECT: Final = ("directly_answer", "directly-answer")


def _plan(expectation: Expectation) -> Section:
    del expectation  # JSON says of itself what it is.
    return _Plan(_FENCE)


_PLAN_SHAPE: Final = Shape(
    openings={ACTION_WORD: _plan}, dropped=("<|CHATBOT_TOKEN|>", "<|END_OF_TURN_TOKEN|>")
)


class CommandR(ModelFormat):
    """R and R+: actions in a fence."""

    name: ClassVar[str] = "command_r"

    def fits(self, template: str) -> bool:
        """Whether the template tells the model to write actions in a fence."""
        return r"Action:\n```json" in template and "tool_name" in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_PLAN_SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        actions = _list(writer, tools, "", parallel=parallel)
        root = f'{writer.literal(ACTION_WORD)} "\\n" {actions} "\\n"? {writer.literal(_FENCE)}'
        return CallGrammar(writer.text(root), (ACTION_WORD,))

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        return f"{ACTION_WORD}\n{_told(f'{{{_members(name, arguments)}}}')}\n{_FENCE}"


def _told(action: str) -> str:
    return f"[\n    {action}\n]"


def _members(name: str, arguments: dict[str, Any]) -> str:
    return f'"tool_name": {written_input(name)}, "parameters": {written_input(arguments)}'


def _list(writer: GrammarWriter, tools: Sequence[ToolShape], head: str, *, parallel: bool) -> str:
    """The body of a list of actions, each of which begins with `head`."""
    call = writer.rule("call", " | ".join(_action(writer, tool) for tool in tools))
    action = writer.rule("action", f'"{{" {writer.space} {head} {call} {writer.space} "}}"')
    more = f' ("," {writer.space} {action})*' if parallel else ""
    return f'"[" {writer.space} {action}{more} {writer.space} "]"'


def _action(writer: GrammarWriter, tool: ToolShape) -> str:
    space = writer.space
    name = writer.literal(f'"tool_name": {written_input(tool.name)},')
    given = writer.input(tool.schema, tool.name)
    return writer.rule(f"call-{tool.name}", f'{name} {space} "\\"parameters\\": " {given}')
