"""The text of the file of endpoints that were added: `[[endpoint]]` tables, and no more.

What is kept of an endpoint is what was said of it, not what its provider adds: a table that changes
with a newer version then changes the endpoint, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

HEADER: Final = """\
# Endpoints that were added by command. Understudy writes this file by itself and keeps no comment
# that is written here: use `understudy endpoints add` and `understudy endpoints remove`. Endpoints
# of your own belong into settings.toml beside it, which has the last word where names are equal.
"""

Value = str | int | bool | list[str] | dict[str, str]
EndpointTable = Mapping[str, Value]
"""One table, by key, as it is written."""


def endpoints_text(tables: Iterable[EndpointTable]) -> str:
    """The whole file for these endpoints, in this order."""
    return "\n".join([HEADER, *(endpoint_text(each) for each in tables)])


def endpoint_text(table: EndpointTable) -> str:
    """One `[[endpoint]]` table."""
    lines = [f"{key} = {_written(value)}" for key, value in table.items()]
    return "\n".join(["[[endpoint]]", *lines, ""])


def _written(value: Value) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return _quoted(value)
        case list():
            return f"[{', '.join(map(_quoted, value))}]"
        case dict():
            inside = ", ".join(f"{key} = {_quoted(text)}" for key, text in value.items())
            return f"{{ {inside} }}"


def _quoted(text: str) -> str:
    """A basic string of TOML; what cannot be printed is written by its number."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    shown = (each if each.isprintable() else f"\\U{ord(each):08x}" for each in escaped)
    return f'"{"".join(shown)}"'
