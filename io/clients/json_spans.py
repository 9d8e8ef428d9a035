"""Where the values of a JSON text lie, so that one can be changed and all else stays as it is.

The standard library's reader keeps no places and forgives what the standard does not: a key twice
(two readers may disagree on which counts), NaN, a byte order mark. What clients do with those is
their own; here they are refused, with line and column. Source: RFC 8259.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import attrs

from .document import DEPTH_MAX, OddDocument

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_STRING: Final = re.compile(r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"')
_SCALAR: Final = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null")


@attrs.frozen
class Span:
    """A value's place in the text: from `start` up to `end`. `members` if it is an object."""

    start: int
    end: int
    members: Mapping[str, Member] | None = None


@attrs.frozen
class Member:
    """A member of an object: where its key starts, and its value."""

    key_start: int
    value: Span


def spans_of(text: str) -> Span:
    """Finds every object's members. Raises OddDocument with line and column."""
    return _Scanner(text).document()


@attrs.define
class _Scanner:
    """Reads a text from its start to its end; `at` is how far it has come."""

    text: str
    at: int = 0

    def document(self) -> Span:
        """The outermost value, which has to be an object, and nothing after it."""
        if self.text.startswith("\ufeff"):
            raise OddDocument("line 1: begins with a byte order mark; save it as UTF-8 without one")
        self._skip()
        if not self.text.startswith("{", self.at):
            empty = self.at == len(self.text)
            raise self._odd("is empty; write {} into it" if empty else "is not a JSON object")
        found = self._value(0)
        self._skip()
        if self.at < len(self.text):
            raise self._odd("has something after the end of the object")
        return found

    def _value(self, depth: int) -> Span:
        if depth > DEPTH_MAX:
            raise self._odd(f"is nested more than {DEPTH_MAX} deep")
        opening = self.text[self.at : self.at + 1]
        if opening == "{":
            return self._object(depth)
        if opening == "[":
            return self._array(depth)
        start = self.at
        found = (_STRING if opening == '"' else _SCALAR).match(self.text, start)
        if found is None:
            raise self._odd("is no JSON here")
        self.at = found.end()
        return Span(start, self.at)

    def _object(self, depth: int) -> Span:
        start, members = self.at, dict[str, Member]()
        self._step()
        while not self._ends("}", after_item=bool(members)):
            key_start = self.at
            found = _STRING.match(self.text, key_start)
            if found is None:
                raise self._odd("needs a key in quotes here")
            key = _decoded(found.group())
            if key in members:
                raise self._odd(f'has the key "{key[:64]}" a second time; remove one of the two')
            self.at = found.end()
            self._skip()
            if not self.text.startswith(":", self.at):
                raise self._odd("needs a colon here")
            self._step()
            members[key] = Member(key_start, self._value(depth + 1))
        return Span(start, self.at, members)

    def _array(self, depth: int) -> Span:
        start, is_empty = self.at, True
        self._step()
        while not self._ends("]", after_item=not is_empty):
            self._value(depth + 1)
            is_empty = False
        return Span(start, self.at)

    def _ends(self, closing: str, *, after_item: bool) -> bool:
        """Steps over the closing mark if it comes, else over the comma before the next item."""
        self._skip()
        if self.text.startswith(closing, self.at):
            self.at += 1
            return True
        if not after_item:
            return False
        if not self.text.startswith(",", self.at):
            raise self._odd("is no JSON here")
        comma = self.at
        self._step()
        if self.text.startswith(closing, self.at):
            self.at = comma
            raise self._odd(f"has a comma before {closing}; remove it")
        return False

    def _step(self) -> None:
        self.at += 1
        self._skip()

    def _skip(self) -> None:
        found = _SPACE.match(self.text, self.at)
        assert found is not None, "a pattern that matches nothing, too"
        self.at = found.end()

    def _odd(self, what: str) -> OddDocument:
        before = self.text[: self.at]
        line, column = before.count("\n") + 1, self.at - (before.rfind("\n") + 1) + 1
        if self.text.startswith(("//", "/*", "#"), self.at):
            what = "has a comment, which JSON cannot have; take it out"
        return OddDocument(f"line {line}, column {column}: {what}")


def _decoded(written: str) -> str:
    import json

    text: str = json.loads(written)
    return text
