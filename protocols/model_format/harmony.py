"""Harmony: the format of gpt-oss. An answer is several messages, each a header and a body.

A header names a channel, and for a call its recipient, in either order; `<|message|>` ends it:

    <|channel|>analysis<|message|>...<|end|>
    <|start|>assistant<|channel|>final<|message|>...<|return|>
    <|channel|>commentary to=functions.NAME <|constrain|>json<|message|>{...}<|call|>
    <|start|>assistant to=functions.NAME<|channel|>commentary json<|message|>{...}<|call|>

The channel `analysis` is thinking. All others are shown: `final`, and `commentary`, in which the
model says what it is about to do. `<|call|>` and `<|return|>` end an answer, so that an engine may
keep them to itself: an answer that ended by itself has ended its last message too. The prompt ends
inside a header, after `<|start|>assistant`.

Source: OpenAI's harmony guide; llama.cpp's common/parsers/gpt-oss.cpp for what models do besides.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar, Final

from ..conversation.answer import (
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from ..conversation.arguments import written_input
from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat, Said
from .marks import Marks
from .named_json import input_of
from .reader import SECTION_CHARACTERS_MAX
from .span import Span

START: Final = "<|start|>"
CHANNEL: Final = "<|channel|>"
MESSAGE: Final = "<|message|>"
END: Final = "<|end|>"
ASSISTANT: Final = "assistant"
NAMESPACE: Final = "functions."
HEADER_CHARACTERS_MAX: Final = 512
"""Of one header; what is longer never was one, and is told as text."""

_MARKS: Final = Marks(START, MESSAGE, END, "<|call|>", "<|return|>")
_CHANNEL: Final = re.compile(r"<\|channel\|>\s*(\w+)")
_RECIPIENT: Final = re.compile(r"\bto=(?!assistant\b)([^\s<]+)")
_EMPTY: Final = re.compile(r"\s*(?:assistant\b|<\|channel\|>|$)")
"""How a header begins that says nothing; other words where one should be are text."""

Speech = type[TextDelta] | type[ThinkingDelta]


class _Call:
    """The body of a call, held back until it is whole."""

    def __init__(self, header: str, name: str) -> None:
        self.name = name
        self.characters = 0
        self.first_close = -1
        """Where in the input the first mark is that a string seems to hold; -1: none has come."""
        self._header = header
        self._pieces: list[str] = []
        self._span = Span()

    def holds(self, mark: str) -> bool:
        """Whether this mark is a part of a string of the input."""
        if not self._span.in_string:
            return False
        if self.first_close < 0:
            self.first_close = self.characters
        self.receive_text(mark)
        return True

    def receive_text(self, text: str) -> None:
        self._pieces.append(text)
        self.characters += len(text)
        if not self._span.ended:
            self._span.receive_text(text)

    @property
    def input(self) -> str:
        """The body as far as it has come."""
        return "".join(self._pieces)

    @property
    def written(self) -> str:
        """All of it as the model wrote it."""
        return self._header + MESSAGE + self.input

    @property
    def is_torn(self) -> bool:
        """The answer is over in a string which holds marks: the string was never closed."""
        return self._span.in_string and self.first_close >= 0


class HarmonyParser(AnswerParser):
    """Reads one answer of gpt-oss."""

    def __init__(self, expectation: Expectation) -> None:
        self._answer = expectation.answer
        self._names = frozenset(tool.name for tool in expectation.tools)
        self._calls = 0
        self._told: list[Said] = []
        self._rest = ""
        """What may be the beginning of a mark."""
        self._header = ""
        self._body: _Call | Speech | None = None
        """The message that is open; None within a header."""
        self._begun = False
        """A block of text or thinking is open."""
        self._strings_hold_marks = True
        self._begin(expectation.prompt_tail)

    def receive_text(self, text: str) -> list[Said]:
        """Takes the next characters and tells what is known by now."""
        self._rest += text
        self._read(last=False)
        return self._take_told()

    def receive_end(self, *, whole: bool) -> list[Said]:
        """The answer is over: tells what was held back. `whole` is false for one that was cut."""
        self._read(last=True)
        if whole and isinstance(self._body, _Call) and self._body.is_torn:
            self._tear(self._body)
        if isinstance(self._body, _Call):
            if whole:
                self._tell_call(self._body)
            else:
                self._tell(TextDelta, self._body.written)
        self._leave_header()
        return self._take_told()

    def _begin(self, prompt_tail: str) -> None:
        """Reads on where the prompt has stopped: in a header, or in a body that it has begun."""
        begun = prompt_tail.rfind(START)
        if begun >= 0:
            self._rest = prompt_tail[begun + len(START) :].removeprefix(ASSISTANT)
            self._read(last=True)
            self._told, self._begun = [], False

    def _take_told(self) -> list[Said]:
        told, self._told = self._told, []
        return told

    def _read(self, *, last: bool) -> None:
        """Takes the rest, but for what may be the beginning of a mark, unless nothing follows."""
        rest, position = self._rest, 0
        while (found := _MARKS.search(rest, position)) is not None and found.mark:
            self._take_text(rest[position : found.start])
            self._take_mark(found.mark)
            position = found.end
        end = len(rest) if found is None or last else found.start
        self._take_text(rest[position:end])
        self._rest = rest[end:]

    def _take_text(self, text: str) -> None:
        if not text:
            return
        if isinstance(self._body, _Call):
            self._body.receive_text(text)
            if self._body.characters > SECTION_CHARACTERS_MAX:
                self._speak(self._body.written)
        elif self._body is not None:
            self._tell(self._body, text)
        else:
            self._header += text
            if len(self._header) > HEADER_CHARACTERS_MAX:
                header, self._header = self._header, ""
                self._speak(header)

    def _take_mark(self, mark: str) -> None:
        if isinstance(self._body, _Call):
            if not (self._strings_hold_marks and self._body.holds(mark)):
                self._tell_call(self._body)
        elif mark != MESSAGE:
            self._leave_header()
            self._end_block()
            self._body = None
        elif self._body is None:
            self._open()
        else:
            self._take_text(mark)

    def _open(self) -> None:
        """A header is complete: the body of its message begins."""
        header, self._header = self._header, ""
        recipient = "".join(_RECIPIENT.findall(header)[-1:])
        if self._names and (recipient.startswith(NAMESPACE) or recipient in self._names):
            self._body = _Call(header, recipient.removeprefix(NAMESPACE))
        else:
            is_thinking = _CHANNEL.findall(header)[-1:] == ["analysis"]
            self._body = ThinkingDelta if is_thinking else TextDelta

    def _tear(self, call: _Call) -> None:
        """A string that was never closed has taken in what follows the call: reads that again."""
        self._strings_hold_marks = False
        self._tell_call(call, call.first_close)
        self._rest = call.input[call.first_close :]
        self._read(last=True)

    def _leave_header(self) -> None:
        """What stood in a header's place has ended without becoming one."""
        header, self._header = self._header, ""
        if not _EMPTY.match(header):
            self._tell(TextDelta, header)

    def _speak(self, text: str) -> None:
        """What was held back has turned out to be text, and so is what follows."""
        self._body = TextDelta
        self._tell(TextDelta, text)

    def _tell(self, kind: Speech, text: str) -> None:
        self._told.append(kind(text))
        self._begun = True

    def _end_block(self) -> None:
        if self._begun:
            self._told.append(BlockEnded())
            self._begun = False

    def _tell_call(self, call: _Call, characters: int | None = None) -> None:
        """The call is complete, or so many characters of its input are."""
        self._body = None
        made = ToolUseStarted(f"call_{self._answer}_{self._calls}", call.name)
        self._told += (made, ToolInputDelta(input_of(call.input[:characters])), BlockEnded())
        self._calls += 1


class Harmony(ModelFormat):
    """gpt-oss."""

    name: ClassVar[str] = "harmony"

    def fits(self, template: str) -> bool:
        """Whether the template writes messages with channels."""
        return CHANNEL in template and START in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return HarmonyParser(expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of one call, with which an answer ends: gpt-oss never makes two of them.

        An answer that must call may think first. One that begins with a recipient is not seen by a
        trigger, since ` to=functions.` is also what thinking about a call says.
        """
        writer = GrammarWriter()
        calls = writer.rule("call", " | ".join(_call_rule(writer, tool) for tool in tools))
        thinking = f"{CHANNEL}analysis{MESSAGE}"
        thought = f"{writer.literal(thinking)} {writer.raw_until((END,))}"
        start = writer.literal(START + ASSISTANT)
        root = f"({thought} {writer.literal(END)} {start} | {start})? {calls}"
        triggers = (
            f"{START}{ASSISTANT} to={NAMESPACE}",
            f"{CHANNEL}commentary to={NAMESPACE}",
            f"{CHANNEL}analysis to={NAMESPACE}",
        )
        return CallGrammar(writer.text(root), triggers, think_end=END)

    def history(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """With the words before a call as the end of the thinking before it: the template shows
        either of the two there, and refuses both."""
        return [_with_one_preface(message) for message in messages]

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        header = f"{CHANNEL}commentary to={NAMESPACE}{name} <|constrain|>json"
        return f"{header}{MESSAGE}{written_input(arguments)}"


def _call_rule(writer: GrammarWriter, tool: ToolShape) -> str:
    recipient = writer.literal(f" to={NAMESPACE}{tool.name}")
    channel = f'{writer.literal(CHANNEL)} ("commentary" | "analysis")'
    header = f"({recipient} {channel} | {channel} {recipient})"
    constraint = '(" <|constrain|>json" | " json")?'
    given = writer.input(tool.schema, tool.name)
    return writer.rule(
        f"call-{tool.name}", f"{header} {constraint} {writer.literal(MESSAGE)} {given}"
    )


def _with_one_preface(message: dict[str, Any]) -> dict[str, Any]:
    thinking, words = message.get("reasoning_content"), message.get("content")
    if not (message.get("tool_calls") and thinking and words):
        return message
    return {**message, "reasoning_content": f"{thinking}\n\n{words}", "content": ""}
