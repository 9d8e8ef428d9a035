"""Gemma's notation of a call's input: bare keys, and strings in a mark of their own.

    {city:<|"|>Rome<|"|>,days:3,units:[<|"|>C<|"|>],at:{hour:12}}

Within a string nothing is escaped, and all else is as in JSON. FunctionGemma's mark is `<escape>`.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final, cast

NESTING_MAX: Final = 64
"""How deep objects and arrays may be in one another."""

_BARE: Final = re.compile(r"[^,{}\[\]]*")
_KEY: Final = re.compile(r"\s*([^:{}\[\],]+?)\s*:\s*")
_GAP: Final = re.compile(r"[\s,]*")


class GemmaNonsense(ValueError):
    """The text is not in this notation; the message says where it is not."""


class GemmaReader:
    """Reads one object."""

    def __init__(self, text: str, quote: str) -> None:
        self._text = text
        self._quote = quote
        self._position = 0

    def read(self) -> dict[str, Any]:
        """The object, after which nothing else may stand. Raises GemmaNonsense."""
        if not self._takes("{"):
            raise self._nonsense("an object")
        found = self._object(NESTING_MAX)
        if self._text[self._position :].strip():
            raise self._nonsense("the end")
        return found

    def _object(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not self._closes("}"):
            name = self._key()
            found[name] = self._value(depth)
        return found

    def _array(self, depth: int) -> list[Any]:
        found: list[Any] = []
        while not self._closes("]"):
            found.append(self._value(depth))
        return found

    def _value(self, depth: int) -> Any:
        if depth == 0:
            raise self._nonsense(f"at most {NESTING_MAX} levels")
        if self._takes(self._quote):
            return self._string()
        if self._takes("{"):
            return self._object(depth - 1)
        if self._takes("["):
            return self._array(depth - 1)
        return self._bare()

    def _key(self) -> str:
        if self._takes(self._quote):
            name = self._string()
            if not self._takes(":"):
                raise self._nonsense("a colon")
            self._skip()
            return name
        found = _KEY.match(self._text, self._position)
        if found is None:
            raise self._nonsense("a key")
        self._position = found.end()
        return found.group(1)

    def _string(self) -> str:
        end = self._text.find(self._quote, self._position)
        if end < 0:
            raise self._nonsense("the end of a string")
        found = self._text[self._position : end]
        self._position = end + len(self._quote)
        return found

    def _bare(self) -> Any:
        """A number or a word of JSON's; any other word is a string without its marks."""
        found = _BARE.match(self._text, self._position)
        word = found.group().strip() if found else ""
        if not found or not word:
            raise self._nonsense("a value")
        self._position = found.end()
        try:
            return json.loads(word, parse_constant=str)
        except ValueError:
            return word

    def _skip(self) -> None:
        while self._text[self._position : self._position + 1].isspace():
            self._position += 1

    def _takes(self, text: str) -> bool:
        self._skip()
        if not self._text.startswith(text, self._position):
            return False
        self._position += len(text)
        return True

    def _closes(self, bracket: str) -> bool:
        gap = _GAP.match(self._text, self._position)
        self._position = gap.end() if gap else self._position
        return self._takes(bracket)

    def _nonsense(self, expected: str) -> GemmaNonsense:
        return GemmaNonsense(f"no {expected} at character {self._position}")


def gemma_text(value: Any, quote: str) -> str:
    """The value in this notation."""
    if isinstance(value, str):
        return f"{quote}{value}{quote}"
    if isinstance(value, dict):
        members = cast(dict[str, Any], value).items()
        return "{" + ",".join(f"{name}:{gemma_text(each, quote)}" for name, each in members) + "}"
    if isinstance(value, list):
        return "[" + ",".join(gemma_text(each, quote) for each in cast(list[Any], value)) + "]"
    return json.dumps(value)
