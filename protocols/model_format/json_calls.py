"""Calls written as JSON: `{"name": "f", "arguments": {...}}`, one or an array of them.

The arguments are handed on as the model has written them, to the character. What cannot be decoded
is not lost: raw line ends inside strings, which small models write, are let through; for the rest
the name is looked for, and the arguments are told in the form of `conversation.arguments` for an
input that is no object. A value without a name is no call.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from ..conversation.arguments import parsed_input, unparsed, written_input
from ..engine.messages import ToolShape
from .calls import Call
from .span_section import Head, SpanSection

_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ELEMENTS = msgspec.json.Decoder(list[msgspec.Raw])
_STRING = msgspec.json.Decoder(str)
_NAME_KEYS: Final = ("name", "function", "tool_name")
_ID = re.compile(r"[A-Za-z0-9]{1,64}")
_NAME = re.compile(r'"(?:(?:tool_)?name|function)"\s*:\s*("[^"\\]*(?:\\.[^"\\]*)*")')
_ARGUMENTS = re.compile(r'"(?:arguments|parameters)"\s*:\s*')
_LENIENT = json.JSONDecoder(strict=False)
"""Takes raw line ends in strings."""
_BARE_CALL = Head(
    re.compile(r'\{(?=\s*"(?:name|type|function|parameters|arguments)")'),
    re.compile(r'\{?\s*(?:"\w{0,16}"?)?'),
)


ANY_JSON: Final = Head(re.compile(r"\s*(?:\{|\[(?=\s*\{))"), re.compile(r"\s*(?:\{|\[\s*)?"))
"""An object, or an array of them."""


class JsonSection(SpanSection):
    """JSON, and a closing mark if the family has one: `closes` are its forms."""

    def __init__(self, *closes: str, head: Head = ANY_JSON) -> None:
        super().__init__(closes, head)

    def calls(self, text: str) -> Sequence[Call]:
        """The calls in the section's text."""
        return read_calls(self.value(text))


class BareCallSection(SpanSection):
    """A call without any mark around it: an object whose first member is one of a call's.

    Such an object may be an answer that is no call: it counts as one if it names a tool that there
    is, or has both a name and arguments.
    """

    def __init__(self, tools: Iterable[ToolShape]) -> None:
        super().__init__((), _BARE_CALL)
        self._names = frozenset(tool.name for tool in tools)

    def calls(self, text: str) -> Sequence[Call]:
        """The call in the section's text."""
        calls = read_calls(text)
        named = all(call.name in self._names for call in calls)
        return calls if named or _ARGUMENTS.search(text) else []


class NamedSection(SpanSection):
    """A name and then the arguments alone; the head says how, by its groups `name` and `id`."""

    def __init__(self, head: Head, *closes: str) -> None:
        super().__init__(closes, head)

    def calls(self, text: str) -> Sequence[Call]:
        """The call in the section's text."""
        head = self._head.whole.match(text)
        if head is None:
            return []
        groups = head.groupdict("")
        arguments = read_arguments(self.value(text))
        return [Call(groups["name"], arguments, id=groups.get("id", ""))]


def read_calls(text: str) -> list[Call]:
    """The calls in a JSON text, an object or an array of objects; none if one of them is none."""
    text = text.strip()
    try:
        calls = _calls(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        try:
            calls = _calls(_repaired(text))
        except (msgspec.MsgspecError, ValueError, RecursionError):
            calls = [_malformed(text)]
    return [call for call in calls if call] if all(calls) else []


def _repaired(text: str) -> str:
    """The first value in the text as proper JSON. Raises ValueError, also for infinite numbers and
    for half a surrogate pair."""
    value = _LENIENT.raw_decode(text)[0]
    written = json.dumps(value, allow_nan=False, ensure_ascii=False)
    written.encode()
    return written


def _calls(text: str) -> list[Call | None]:
    if not text.startswith("["):
        return [_call(_MEMBERS.decode(text))]
    return [_call(_MEMBERS.decode(each)) for each in _ELEMENTS.decode(text)]


def _call(members: dict[str, msgspec.Raw]) -> Call | None:
    name = bytes(next((members[key] for key in _NAME_KEYS if key in members), b""))
    if name.startswith(b"{"):
        return _call(_MEMBERS.decode(name))
    if not name.startswith(b'"'):
        return None
    arguments = bytes(members.get("arguments") or members.get("parameters") or b"null")
    given = bytes(members.get("id") or b"").decode().strip('"')
    return Call(
        _STRING.decode(name),
        input_text(arguments.decode()),
        id=given if _ID.fullmatch(given) else "",
    )


def read_arguments(text: str) -> str:
    """The text of an input that stands alone; what cannot be decoded is kept as it is."""
    try:
        return msgspec.json.encode(_MEMBERS.decode(text.strip())).decode()
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        pass
    try:
        return input_text(_repaired(text.strip()))
    except (ValueError, RecursionError):
        return written_input(unparsed(text))


def input_text(value: str) -> str:
    """A value's JSON text as that of a tool's input; some models write an object as a string."""
    if value.startswith("{"):
        return value
    if value == "null":
        return "{}"
    return written_input(
        parsed_input(_STRING.decode(value)) if value.startswith('"') else unparsed(value)
    )


def _malformed(text: str) -> Call | None:
    """A call that cannot be decoded, if it has a name."""
    name = _NAME.search(text)
    if name is None:
        return None
    try:
        called = _STRING.decode(name.group(1))
    except msgspec.MsgspecError:
        called = name.group(1)[1:-1]
    arguments = _ARGUMENTS.search(text)
    raw = text[arguments.end() :].removesuffix("}") if arguments else text
    return Call(called, written_input(unparsed(raw)))
