"""Tool arguments: JSON text here, an object in the neutral form."""

from __future__ import annotations

from typing import Any

import msgspec

from ..json_values import object_of

UNPARSED = "__unparsedToolInput"
"""Claude Code's own member for arguments that are no JSON object."""

_ANY = msgspec.json.Decoder()


def read_arguments(text: str) -> dict[str, Any]:
    """The arguments as an object; no text at all is an empty one."""
    if not text.strip():
        return {}
    try:
        found = _ANY.decode(text)
    except (msgspec.MsgspecError, RecursionError, UnicodeEncodeError):
        found = None
    if isinstance(found, dict):
        return object_of(found)
    return {UNPARSED: {"raw": text, "len": len(text)}}


def written_arguments(value: dict[str, Any]) -> str:
    """The arguments as JSON text."""
    return msgspec.json.encode(value).decode()
