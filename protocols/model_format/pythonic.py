"""Calls written as Python: `[get_weather(city="Oslo", days=3), now()]`.

Llama 4 and small Llamas write so. Only literals are read, by hand: Python's own parser takes much
more than a call, and has no bound on what it builds. JSON's words `true`, `false` and `null` count
too, for models mix them in. Positional arguments are none that a schema knows: such a call is told
as text.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, Final, TypeVar

import msgspec

from ..conversation.arguments import unparsed, written_input
from .calls import Call
from .span import PYTHON_QUOTES
from .span_section import Head, SpanSection

_Item = TypeVar("_Item")

NESTING_MAX: Final = 64
"""Of lists and objects in an argument; a call with a deeper one is told as text."""

_HEAD: Final = Head(
    re.compile(r"\[(?=\s*[A-Za-z_][\w.\-]*\s*\()"),
    re.compile(r"\[?\s*(?:[A-Za-z_][\w.\-]*)?\s*\(?"),
)
_FIRST_CALL = re.compile(r"\[\s*(?P<name>[A-Za-z_][\w.\-]*)\s*\(")
_SPACE = re.compile(r"\s*")
_NAME = re.compile(r"[A-Za-z_][\w.\-]*")
_NUMBER = re.compile(r"[+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_STRING = re.compile(r"""'([^'\\]*(?:\\.[^'\\]*)*)'|"([^"\\]*(?:\\.[^"\\]*)*)\"""", re.DOTALL)
_JSON_STRING = msgspec.json.Decoder(str)
_ESCAPE = re.compile(r"\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
_ESCAPED: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0", "\n": ""}
_WORDS: Final[dict[str, Any]] = {
    "True": True,
    "true": True,
    "False": False,
    "false": False,
    "None": None,
    "null": None,
}


class PythonicSection(SpanSection):
    """A list of calls, and a closing mark if the family has one."""

    def __init__(self, *closes: str) -> None:
        super().__init__(closes, _HEAD, PYTHON_QUOTES)

    def calls(self, text: str) -> Sequence[Call]:
        """The calls in the list; none if it is no list of calls. Between marks it was meant to be
        one: what cannot be read is the input of the first call's tool, as it stands."""
        value = self.value(text)
        calls = read_pythonic(value)
        if calls or not self.marks.marks or not (first := _FIRST_CALL.match(value)):
            return calls
        raw = value[first.end() :].rstrip().removesuffix("]").removesuffix(")")
        return [Call(first["name"], written_input(unparsed(raw)))]


def read_pythonic(text: str) -> list[Call]:
    """The calls in a Python list; none if it is no list of calls with literals by name."""
    reader = _Reader(text.strip())
    try:
        return reader.calls() if reader.took("[") else [reader.call()]
    except ValueError:
        return []


def literal_as_json(text: str) -> str:
    """The JSON text of what is one literal in Python. Raises ValueError for what is none."""
    reader = _Reader(text.strip())
    value = reader.value(NESTING_MAX)
    if not reader.ended():
        raise ValueError("more than a literal")
    return _written(value)


def _written(value: Any) -> str:
    """JSON with numbers of any size; half a surrogate pair in a string is a ValueError."""
    text = json.dumps(value, ensure_ascii=False)
    text.encode()
    return text


class _Reader:
    """Reads Python's literals from left to right; ValueError is what is none."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._position = 0

    def calls(self) -> list[Call]:
        """What follows the opening bracket of a list of calls."""
        return list(self._items("]", self.call))

    def call(self) -> Call:
        """One call: a dotted name, and arguments by name."""
        name = self._match(_NAME)
        self._expect("(")
        arguments = dict(self._items(")", self._argument))
        return Call(name, _written(arguments))

    def took(self, mark: str) -> bool:
        """Whether this comes next; then it is behind us."""
        self._match(_SPACE)
        found = self._text.startswith(mark, self._position)
        self._position += len(mark) if found else 0
        return found

    def ended(self) -> bool:
        """Whether all has been read."""
        return self._position == len(self._text)

    def _items(self, end: str, item: Callable[[], _Item]) -> Iterator[_Item]:
        """Items with commas between them, up to the end; a comma may come last, too."""
        while not self.took(end):
            yield item()
            if not self.took(","):
                self._expect(end)
                return

    def _argument(self) -> tuple[str, Any]:
        self._match(_SPACE)
        key = self._match(_NAME)
        self._expect("=")
        return key, self.value(NESTING_MAX)

    def value(self, depth: int) -> Any:
        """One literal, in which at most so many are nested."""
        if depth == 0:
            raise ValueError("nested too deep")
        if self.took("["):
            return list(self._items("]", partial(self.value, depth - 1)))
        if self.took("("):
            return list(self._items(")", partial(self.value, depth - 1)))
        if self.took("{"):
            return dict(self._items("}", partial(self._member, depth - 1)))
        if self._text[self._position : self._position + 1] in ("'", '"'):
            return self._string()
        if word := _NAME.match(self._text, self._position):
            self._position = word.end()
            if word.group() not in _WORDS:
                raise ValueError("no literal")
            return _WORDS[word.group()]
        return _number(self._match(_NUMBER))

    def _member(self, depth: int) -> tuple[str, Any]:
        self._match(_SPACE)
        key = self._string()
        self._expect(":")
        return key, self.value(depth)

    def _string(self) -> str:
        match = _STRING.match(self._text, self._position)
        if match is None:
            raise ValueError("no string")
        self._position = match.end()
        if match.group().startswith('"'):
            with suppress(msgspec.MsgspecError, UnicodeError):
                return _JSON_STRING.decode(match.group())
        return _ESCAPE.sub(_unescaped, match.group(1) or match.group(2) or "")

    def _match(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._position)
        if match is None:
            raise ValueError("something else was expected")
        self._position = match.end()
        return match.group()

    def _expect(self, mark: str) -> None:
        if not self.took(mark):
            raise ValueError(f"{mark} was expected")


def _number(text: str) -> int | float:
    plain = text.replace("_", "")
    if plain.lstrip("+-").isdecimal():
        return int(plain)
    if math.isinf(number := float(plain)):
        raise ValueError("too large")
    return number


def _unescaped(match: re.Match[str]) -> str:
    escape = match.group(1)
    if len(escape) == 1:
        return _ESCAPED.get(escape, escape if escape in "\\'\"" else match.group())
    try:
        return chr(int(escape[1:], 16))
    except (ValueError, OverflowError):
        return match.group()
