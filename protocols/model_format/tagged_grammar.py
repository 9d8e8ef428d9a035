"""The grammar of arguments between tags: in the schema's order, the optional ones at will.

An object without named properties gets no arguments: a grammar cannot make up names.
"""

from __future__ import annotations

from collections.abc import Callable

from ..engine.messages import ToolShape
from ..grammar.rules import NOTHING
from ..grammar.writer import GrammarWriter, Member, members_of

Argument = Member
"""One argument of a tool. Its schema holds all that it may refer to."""


def tagged_arguments(
    writer: GrammarWriter,
    tool: ToolShape,
    write: Callable[[Argument], str],
    separator: str = NOTHING,
) -> str:
    """A rule for all arguments of a call; `write` gives the body of one, tags and all, and the
    separator (a body) stands between two."""
    hint = f"arguments-{tool.name}"
    ways = [
        writer.subset([(write(one), one.is_required) for one in arguments], separator, hint)
        for arguments in members_of(tool.schema)
    ]
    return writer.rule(hint, " | ".join(ways) or NOTHING)
