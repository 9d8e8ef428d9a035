"""A tool's input as text and as an object, and the one form for what is no object.

Models write arguments as JSON text, and not always well. Claude Code gives such a text back under
a member of its own; the neutral conversation keeps it so, whoever wrote it.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

UNPARSED: Final = "__unparsedToolInput"
"""Claude Code's member for an input that was no JSON object."""

_OBJECT = msgspec.json.Decoder(dict[str, Any])


def unparsed(raw: str) -> dict[str, Any]:
    """An input that is no JSON object, kept whole."""
    return {UNPARSED: {"raw": raw, "len": len(raw)}}


def parsed_input(text: str) -> dict[str, Any]:
    """The input as an object; no text at all is an empty one."""
    if not text.strip():
        return {}
    try:
        return _OBJECT.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        return unparsed(text)


def written_input(value: Any) -> str:
    """The input as JSON text."""
    return msgspec.json.encode(value).decode()
