"""The grammar of calls written as JSON objects with a name and arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from ..engine.messages import ToolShape
from ..grammar.writer import GrammarWriter

COMMA: Final = '","'


def spaced(writer: GrammarWriter, *parts: str) -> str:
    """A body: these bodies with space as JSON may have it between them."""
    return f" {writer.space} ".join(parts)


def json_call(
    writer: GrammarWriter,
    tool: ToolShape,
    arguments_key: str = "arguments",
    id_pattern: str = "",
    opening: str = "",
) -> str:
    """A rule for `{"name": ..., "arguments": ...}` with this tool's name and input.

    With an `id_pattern`, a body, a member `id` may follow. `opening` is a body for all up to the
    name's value, where not any space may be there.
    """
    parts = [
        opening or spaced(writer, '"{"', '"\\"name\\""', '":"'),
        writer.literal(msgspec.json.encode(tool.name).decode()),
        COMMA,
        writer.literal(f'"{arguments_key}"'),
        '":"',
        writer.input(tool.schema, tool.name),
    ]
    if id_pattern:
        member = spaced(writer, COMMA, '"\\"id\\""', '":"', f'"\\"" {id_pattern} "\\""')
        parts.append(f"({member})?")
    return writer.rule(f"call-{tool.name}", spaced(writer, *parts, '"}"'))


def json_calls(
    writer: GrammarWriter,
    tools: Sequence[ToolShape],
    arguments_key: str = "arguments",
    id_pattern: str = "",
    opening: str = "",
) -> str:
    """A rule for one call of any of the tools."""
    calls = (json_call(writer, tool, arguments_key, id_pattern, opening) for tool in tools)
    return writer.rule("call", " | ".join(calls))


def json_list(writer: GrammarWriter, call: str, *, parallel: bool) -> str:
    """A body: a list of calls of this rule, of one only unless `parallel`."""
    more = f"({spaced(writer, COMMA, call)} {writer.space})*"
    return spaced(writer, '"["', call, *([more] if parallel else []), '"]"')
