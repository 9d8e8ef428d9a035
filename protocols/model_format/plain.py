"""Models whose template knows no tools: text, and thinking in the usual tags.

It fits every template, so that it stands last in the registry. Where a request insists on a call,
such a model is made to write Hermes's form, the one that most models have seen; so that form is
read back, and what has been called before is told to it in the same form, as text
(`engine.template_fit`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from ..engine.messages import ToolShape
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .hermes import SHAPE, tool_call_grammar
from .reader import MarkReader


class Plain(ModelFormat):
    """Text, and nothing that the template prescribes."""

    name: ClassVar[str] = "plain"

    def fits(self, template: str) -> bool:
        """Every template."""
        return True

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(SHAPE, expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        return tool_call_grammar(tools, parallel=parallel)
