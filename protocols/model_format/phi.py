"""Phi-4-mini's form: `<|tool_call|>[...]<|/tool_call|>`, or `functools[...]`, which it writes, too.

Its template shows tools from a member of the system message, which only its own clients know, and
no calls. Source: the template and model card of Phi-4-mini-instruct.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import ClassVar

from ..engine.messages import ToolShape
from .json_lists import JsonListFormat, functools_section, json_section
from .reader import Shape
from .thinking import THINK


class Phi(JsonListFormat):
    """`<|tool_call|>[...]<|/tool_call|>`."""

    name: ClassVar[str] = "phi"
    opening = "<|tool_call|>"
    closing = "<|/tool_call|>"
    shape = Shape(
        tags=(THINK,),
        openings={opening: json_section(closing)},
        starts={"functools": functools_section},
    )

    def fits(self, template: str) -> bool:
        """Whether the template puts tools between Phi's marks."""
        return "<|/tool|>" in template

    def told_tools(self, tools: Sequence[ToolShape]) -> str:
        """The tools between Phi's marks, as the template puts them from a place of its own."""
        listed = [
            {"name": tool.name, "description": tool.description, "parameters": tool.schema}
            for tool in tools
        ]
        return f"<|tool|>{json.dumps(listed, ensure_ascii=False)}<|/tool|>"
