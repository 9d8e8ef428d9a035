"""What a model format is: how a family of models writes thinking, text and calls of tools.

A model's template says how a conversation is shown to it; what it answers is text, in which its
family marks thinking and calls in a way of its own. A format reads that text back, and writes the
grammar that keeps calls valid. Sans-IO, no knowledge of engines.

A call is told only when it is whole: one that `max_tokens` has cut is never a tool use, and its
text is told as text, so that nothing is lost. Nothing is told twice, whatever the split of the
input: text that may be the beginning of a mark is held back until it is known.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

import attrs

from ..conversation.answer import BlockEnded, TextDelta, ThinkingDelta, ToolInputDelta
from ..conversation.answer import ToolUseStarted as _ToolUseStarted
from ..engine.messages import ToolShape
from .told import call_in_words, result_in_words, tools_in_words

ToolUseStarted = _ToolUseStarted
Said = TextDelta | ThinkingDelta | ToolUseStarted | ToolInputDelta | BlockEnded
"""What a parser tells. A tool use is its start, its whole input and the end of its block."""


@attrs.frozen
class Expectation:
    """What a parser has to know of the question: tools by name, the end of the prompt (thinking may
    be open already), and a unique word to make ids of tool uses from."""

    tools: tuple[ToolShape, ...] = ()
    prompt_tail: str = ""
    answer: str = "0"


class AnswerParser(ABC):
    """Reads one answer of a model. Feed it every character, in any pieces."""

    @abstractmethod
    def receive_text(self, text: str) -> list[Said]:
        """Takes the next characters and tells what is known by now."""

    @abstractmethod
    def receive_end(self, *, whole: bool) -> list[Said]:
        """The answer is over: tells what was held back. `whole` is false for one that was cut."""


@attrs.frozen
class CallGrammar:
    """The grammar of an answer from its first call on, in llama.cpp's GBNF.

    `gbnf`'s root begins with one of the `triggers` (the text that opens a call) and goes on, over
    one call or several, to the end of the answer. While no trigger has been written, nothing is
    constrained; a trigger counts at the very start of the answer alone if `at_start`.
    `think_end` is what closes the family's thinking ("" if it has none): an answer that must call
    begins to be constrained there if thinking is open, else at its start.
    """

    gbnf: str
    triggers: tuple[str, ...]
    at_start: bool = False
    think_end: str = ""


class ModelFormat(ABC):
    """A family of models."""

    name: ClassVar[str]

    @abstractmethod
    def fits(self, template: str) -> bool:
        """Whether a model with this chat template writes so. Asked in the registry's order."""

    @abstractmethod
    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""

    @abstractmethod
    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""

    def history(self, messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The messages as this family's templates read them; most read the common form."""
        return messages

    def told_tools(self, tools: Sequence[ToolShape]) -> str:
        """What the system prompt says of the tools where the template says nothing of them."""
        return tools_in_words(tools, self.told_call("<name>", {"<argument>": "<value>"}))

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as text, for a template that shows none; the parser reads it back."""
        return call_in_words(name, arguments)

    def told_result(self, content: str) -> str:
        """A result as the user's text, for a template that shows none."""
        return result_in_words(content)
