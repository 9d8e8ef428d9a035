"""Gemma's forms of calls: `call:NAME` and an input in a notation of its own, between marks.

    <|tool_call>call:NAME{city:<|"|>Rome<|"|>,days:3}<tool_call|>                          Gemma 4
    <start_function_call>call:NAME{city:<escape>Rome<escape>}<end_function_call>     FunctionGemma

Gemma 4 thinks in `<|channel>thought`, and writes an empty channel, or only the mark that closes
one, behind its text at times. Gemma 1 to 3 have templates without calls and are plain.
Source: the templates of these models; llama.cpp's common/parsers/gemma4.cpp and its tests.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar, Final

import attrs
import msgspec

from ..conversation.arguments import unparsed, written_input
from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Call, Section, Verdict
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .gemma_values import GemmaNonsense, GemmaReader, gemma_text
from .marks import Marks
from .named_json import name_in
from .reader import MarkReader, Shape
from .thinking import Tags

HEAD_CHARACTERS_MAX: Final = 512
"""Of what stands before the input; what is longer is no head of a call."""
_CALL: Final = "call:"


@attrs.frozen
class CallMarks:
    """What stands around a call, and around each string in it."""

    open: str
    close: str
    quote: str


class GemmaCall(Section):
    """One call. A closing mark inside a string is part of the string."""

    def __init__(self, marks: CallMarks, expectation: Expectation) -> None:
        super().__init__()
        del expectation  # The notation says of itself what it is.
        self.marks = Marks(marks.quote, marks.close)
        self._call_marks = marks
        self._in_string = False
        self._head = ""
        self._close = ""

    def receive_text(self, text: str) -> int:
        """Takes the next characters; tells how many are its own."""
        if "{" in self._head:
            return len(text)
        taken = min(len(text), HEAD_CHARACTERS_MAX + 1 - len(self._head))
        self._head += text[:taken]
        if "{" not in self._head and len(self._head) > HEAD_CHARACTERS_MAX:
            self.verdict = Verdict.REFUSED
        return taken if "{" not in self._head else len(text)

    def receive_mark(self, mark: str) -> None:
        """Takes a quote, or the closing mark."""
        if mark == self._call_marks.quote:
            self._in_string = not self._in_string
        elif self._in_string and not self.first_close_ends:
            self.first_close_seen = True
        else:
            self._close, self.verdict = mark, Verdict.OVER

    def receive_end(self) -> None:
        """A call whose strings are closed lacks no more than its mark."""
        if not self._in_string and "{" in self._head:
            self.verdict = Verdict.OVER

    def calls(self, text: str) -> Sequence[Call]:
        """The call in the section's text."""
        head, brace, rest = text.removesuffix(self._close).partition("{")
        name = name_in(head.strip().removeprefix(_CALL))
        if not name or not brace:
            return []
        try:
            given = written_input(GemmaReader(brace + rest, self._call_marks.quote).read())
        except (GemmaNonsense, msgspec.MsgspecError, UnicodeError):
            given = written_input(unparsed(brace + rest))
        return [Call(name, given)]


class Gemma4(ModelFormat):
    """Gemma 4."""

    name: ClassVar[str] = "gemma4"
    marks: ClassVar[CallMarks] = CallMarks("<|tool_call>", "<tool_call|>", '<|"|>')
    thinking: ClassVar[Tags | None] = Tags("<|channel>thought", "<channel|>")
    dropped: ClassVar[tuple[str, ...]] = (
        "<|channel>thought",
        "<channel|>",
        "<|tool_response>",
        "<tool_call|>",
    )
    """Thinking may begin and end anywhere: these marks are no words of any text."""

    def fits(self, template: str) -> bool:
        """Whether the template writes calls between these marks."""
        return self.marks.open + "call:" in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(self._shape(), expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        call = writer.rule("call", " | ".join(self._call(writer, tool) for tool in tools))
        calls = writer.times(call, 1, None if parallel else 1, "calls")
        think_end = self.thinking.close if self.thinking else ""
        return CallGrammar(writer.text(calls), (self.marks.open,), think_end=think_end)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        given = gemma_text(arguments, self.marks.quote)
        return f"{self.marks.open}{_CALL}{name}{given}{self.marks.close}"

    def _shape(self) -> Shape:
        return Shape(
            tags=(self.thinking,) if self.thinking else (),
            openings={self.marks.open: partial(GemmaCall, self.marks)},
            dropped=self.dropped,
        )

    def _call(self, writer: GrammarWriter, tool: ToolShape) -> str:
        head = writer.literal(f"{self.marks.open}{_CALL}{tool.name}")
        given = writer.bare_input(tool.schema, self.marks.quote, tool.name)
        closing = writer.literal(self.marks.close)
        return writer.rule(f"call-{tool.name}", f"{head} {given} {closing}")


class Gemma4First(Gemma4):
    """Gemma 4's first templates, which read results as a part of the message that called."""

    name: ClassVar[str] = "gemma4_first"

    def fits(self, template: str) -> bool:
        """Whether the template knows no message of a tool's."""
        return super().fits(template) and "tool_call_id" not in template

    def history(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Calls, their results and the words that follow them as one message."""
        found: list[dict[str, Any]] = []
        for message in messages:
            last = found[-1] if found else {}
            if message["role"] == "tool" and last.get("tool_calls"):
                last["tool_responses"] = [*last.get("tool_responses", ()), _result(message, last)]
            elif _goes_on(message, last):
                last["content"] = message["content"]
            else:
                found.append(dict(message))
        return found


class FunctionGemma(Gemma4):
    """Gemma 3 270M, made for calls."""

    name: ClassVar[str] = "functiongemma"
    marks: ClassVar[CallMarks] = CallMarks(
        "<start_function_call>", "<end_function_call>", "<escape>"
    )
    thinking: ClassVar[Tags | None] = None
    dropped: ClassVar[tuple[str, ...]] = ("<start_function_response>", "<end_function_call>")

    def fits(self, template: str) -> bool:
        """Whether the template writes calls between these marks."""
        return self.marks.open in template


def _result(message: dict[str, Any], calling: dict[str, Any]) -> dict[str, Any]:
    """A result as the template reads it, with the name of the tool."""
    names = {call.get("id"): call["function"]["name"] for call in calling["tool_calls"]}
    return {
        "name": names.get(message.get("tool_call_id"), message.get("name", "unknown")),
        "response": message["content"],
    }


def _goes_on(message: dict[str, Any], last: dict[str, Any]) -> bool:
    """Whether a message is the words that follow the results in the last one."""
    speaks = message["role"] == "assistant" and not message.get("tool_calls")
    return speaks and bool(last.get("tool_responses")) and not last.get("content")
