"""Tools in words, for a chat template that knows nothing of tools.

Small models have read more of the Hermes form than of any other (NousResearch/Hermes-Function-
Calling), so it is the default: `<tool_call>` around a JSON object with `name` and `arguments`. A
format that reads calls of another form back says how one is written (`ModelFormat.told_call`).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..engine.messages import ToolShape

_TOLD = """\
# Tools

You can call these tools. Each line is one tool, as JSON, with the JSON Schema of its arguments:
<tools>
{tools}
</tools>

To call a tool, write nothing but the call, in exactly this form:
{call}
What the tool answers comes in the next message."""


def tools_in_words(tools: Sequence[ToolShape], call: str) -> str:
    """What a system prompt says of the tools. `call` is an example of a call."""
    lines = (
        {"name": tool.name, "description": tool.description, "parameters": tool.schema}
        for tool in tools
    )
    written = "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    return _TOLD.format(tools=written, call=call)


def call_in_words(name: str, arguments: dict[str, Any]) -> str:
    """A call as the assistant writes it."""
    call = json.dumps({"name": name, "arguments": arguments}, ensure_ascii=False)
    return f"<tool_call>\n{call}\n</tool_call>"


def result_in_words(content: str) -> str:
    """A result as the user tells it."""
    return f"<tool_response>\n{content}\n</tool_response>"
