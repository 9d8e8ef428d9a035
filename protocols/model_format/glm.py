"""GLM's form: `<tool_call>NAME`, then pairs of `<arg_key>` and `<arg_value>`, then `</tool_call>`.

Zhipu's GLM 4.5 to 4.7 write so, iFlytek's Spark 2.5, Poolside's Laguna and Ling 3, with or without
line ends between the tags; Tencent's Hunyuan 3 with a suffix in each tag and a separator behind the
name. Text stands as it is, all else as JSON. A call may come before thinking is closed.
Source: the templates of these models, and llama.cpp's tests of them (tests/test-chat.cpp).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, partial
from typing import Any, ClassVar

import attrs

from ..conversation.arguments import written_input
from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter
from .calls import Section
from .format import AnswerParser, CallGrammar, Expectation, ModelFormat
from .reader import MarkReader, Shape
from .tagged import Tagged, Tagging
from .tagged_grammar import Argument, tagged_arguments
from .thinking import Tags


@attrs.frozen
class GlmTags:
    """The tags of one family: `suffix` is in each of them, `after_name` follows the tool's name."""

    suffix: str = ""
    after_name: str = ""
    dropped: tuple[str, ...] = ()

    def open(self, name: str) -> str:
        """The tag that opens."""
        return f"<{name}{self.suffix}>"

    def close(self, name: str) -> str:
        """The tag that closes."""
        return f"</{name}{self.suffix}>"

    @property
    def thinking(self) -> Tags:
        """What stands around thinking."""
        return Tags(self.open("think"), self.close("think"))

    @property
    def tagging(self) -> Tagging:
        """How calls are tagged."""
        key, end = re.escape(self.open("arg_key")), re.escape(self.close("arg_key"))
        name = rf"(?P<name>[^\s<>]+)\s*(?:{re.escape(self.after_name)})?"
        found = rf"{key}\s*(?P<key>[^<>]+?)\s*{end}\s*(?P<text>(?!))?"
        return Tagging(
            close=self.close("tool_call"),
            value_open=self.open("arg_value"),
            value_close=self.close("arg_value"),
            between=re.compile(rf"\s*(?:{name})?\s*(?:{found})?"),
            tool=re.compile(rf"\A\s*{name}"),
            key_before=re.compile(found + r"\Z"),
        )


class Glm(ModelFormat):
    """`<tool_call>NAME<arg_key>...</arg_key><arg_value>...</arg_value></tool_call>`."""

    name: ClassVar[str] = "glm"
    tags: ClassVar[GlmTags] = GlmTags()

    def fits(self, template: str) -> bool:
        """Whether the template writes keys and values in these tags."""
        return "<arg_key>" in template and "<tool_call>" in template

    def parser(self, expectation: Expectation) -> AnswerParser:
        """A parser for one answer."""
        return MarkReader(_shape(self.tags), expectation)

    def grammar(self, tools: Sequence[ToolShape], *, parallel: bool) -> CallGrammar:
        """The grammar of calls of these tools: at least one call, one only unless `parallel`."""
        writer = GrammarWriter()
        call = writer.rule("call", " | ".join(self._call(writer, tool) for tool in tools))
        more = f' ("\\n"? {call})*' if parallel else ""
        opening = self.tags.open("tool_call")
        return CallGrammar(writer.text(call + more), (opening,), think_end=self.tags.thinking.close)

    def told_call(self, name: str, arguments: dict[str, Any]) -> str:
        """A call as the model writes it."""
        tags = self.tags
        pairs = "".join(
            f"{tags.open('arg_key')}{key}{tags.close('arg_key')}"
            f"{tags.open('arg_value')}{_told(value)}{tags.close('arg_value')}"
            for key, value in arguments.items()
        )
        head = f"{tags.open('tool_call')}{name}{tags.after_name}"
        return f"{head}{pairs}{tags.close('tool_call')}"

    def _call(self, writer: GrammarWriter, tool: ToolShape) -> str:
        tags = self.tags
        opening = writer.literal(tags.open("tool_call") + tool.name + tags.after_name)
        arguments = tagged_arguments(writer, tool, partial(self._argument, writer))
        closing = writer.literal(tags.close("tool_call"))
        return writer.rule(f"call-{tool.name}", f'{opening} "\\n"? {arguments} {closing}')

    def _argument(self, writer: GrammarWriter, argument: Argument) -> str:
        tags = self.tags
        key = writer.literal(tags.open("arg_key") + argument.name + tags.close("arg_key"))
        closing = tags.close("arg_value")
        value = writer.argument(argument.schema, (closing,), argument.name)
        opening = writer.literal(tags.open("arg_value"))
        return f'{key} "\\n"? {opening} {value} {writer.literal(closing)} "\\n"?'


class Hunyuan(Glm):
    """The same in `<tool_calls:opensource>`, with `:opensource` in each tag."""

    name: ClassVar[str] = "hunyuan"
    tags: ClassVar[GlmTags] = GlmTags(
        ":opensource",
        "<tool_sep:opensource>",
        ("<tool_calls:opensource>", "</tool_calls:opensource>"),
    )

    def fits(self, template: str) -> bool:
        """Whether the template makes its tags with this suffix."""
        return "':opensource'" in template and "<tool_sep" in template


def _told(value: Any) -> str:
    return value if isinstance(value, str) else written_input(value)


@cache
def _shape(tags: GlmTags) -> Shape:
    tagging = tags.tagging

    def section(expectation: Expectation) -> Section:
        return Tagged(tagging, expectation)

    return Shape(
        tags=(tags.thinking,),
        openings={tags.open("tool_call"): section},
        dropped=tags.dropped,
        calls_end_thinking=True,
    )
