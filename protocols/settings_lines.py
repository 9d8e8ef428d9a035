"""On which line each key of a TOML document stands.

The standard library's parser gives no positions for values, so this second, small scanner walks
the text of a document that is already known to be valid, and notes where keys, tables and array
elements begin. It reads no values: strings of all four kinds, comments and nested brackets are
only stepped over. Run only when there is a problem to report, it may be slow but not wrong: what
it cannot place is left out, and the caller falls back to the enclosing table's line.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

KeyPath = tuple[str | int, ...]
"""A key's place: names of tables and keys, and the index (from 0) within an array."""

NESTING_MAX: Final = 4
"""Levels of brackets inside one value that are looked into; no setting of ours is deeper."""

_PART: Final = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_PARTS: Final = re.compile(_PART)
_KEY: Final = re.compile(rf"[ \t]*{_PART}(?:[ \t]*\.[ \t]*{_PART})*[ \t]*")
_BLANK: Final = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_STRING: Final = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'",
    re.DOTALL,
)
_BARE_VALUE: Final = re.compile(r"[^,\[\]{}#\n\"']+")


def key_lines(text: str) -> dict[KeyPath, int]:
    """Maps the place of every key, table and array element to its line, counted from 1."""
    scanner = _Scanner(text)
    try:
        scanner.scan()
    except _LostError:
        return scanner.lines
    return scanner.lines


class _LostError(Exception):
    """The scanner met something that it does not know."""


class _Scanner:
    def __init__(self, text: str) -> None:
        self.lines: dict[KeyPath, int] = {}
        self._text = text
        self._position = 0
        self._newlines = [match.start() for match in re.finditer("\n", text)]
        self._array_lengths: dict[KeyPath, int] = {}

    def scan(self) -> None:
        table: KeyPath = ()
        self._step(_BLANK)
        while self._position < len(self._text):
            if self._next_is("["):
                table = self._header()
            else:
                self._assignment(table, depth=0)
            self._step(_BLANK)

    def _header(self) -> KeyPath:
        line = self._line()
        is_array = self._next_is("[[")
        self._position += 2 if is_array else 1
        path: KeyPath = ()
        for part in self._key():
            if path in self._array_lengths:
                path = (*path, self._array_lengths[path] - 1)
            path = (*path, part)
        if is_array:
            index = self._array_lengths.get(path, 0)
            self._array_lengths[path] = index + 1
            self.lines.setdefault(path, line)
            path = (*path, index)
        self.lines.setdefault(path, line)
        self._expect("]]" if is_array else "]")
        return path

    def _assignment(self, table: KeyPath, depth: int) -> None:
        line = self._line()
        path = table
        for part in self._key():
            path = (*path, part)
            self.lines.setdefault(path, line)
        self._expect("=")
        self._value(path, depth)

    def _value(self, path: KeyPath, depth: int) -> None:
        self._step(_BLANK)
        if not (self._next_is("[") or self._next_is("{")):
            self._scalar()
        elif depth == NESTING_MAX:
            self._brackets()
        elif self._next_is("["):
            self._array(path, depth + 1)
        else:
            self._inline_table(path, depth + 1)

    def _array(self, path: KeyPath, depth: int) -> None:
        self._expect("[")
        self._step(_BLANK)
        index = 0
        while not self._next_is("]"):
            self.lines[(*path, index)] = self._line()
            self._value((*path, index), depth)
            self._comma()
            index += 1
        self._expect("]")

    def _inline_table(self, path: KeyPath, depth: int) -> None:
        self._expect("{")
        self._step(_BLANK)
        while not self._next_is("}"):
            self._assignment(path, depth)
            self._comma()
        self._expect("}")

    def _comma(self) -> None:
        self._step(_BLANK)
        if self._next_is(","):
            self._expect(",")
            self._step(_BLANK)

    def _scalar(self) -> None:
        if self._next_is('"') or self._next_is("'"):
            self._step(_STRING)
        else:
            self._step(_BARE_VALUE)

    def _brackets(self) -> None:
        """Steps over one bracketed value, however deep, without recursion."""
        level = 0
        while True:
            if self._next_is("[") or self._next_is("{"):
                level += 1
                self._position += 1
            elif self._next_is("]") or self._next_is("}"):
                level -= 1
                self._position += 1
                if level == 0:
                    return
            elif self._next_is(","):
                self._position += 1
            else:
                self._scalar()
            self._step(_BLANK)

    def _key(self) -> list[str]:
        return [_unquoted(part) for part in _PARTS.findall(self._step(_KEY))]

    def _step(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._position)
        if match is None:
            raise _LostError
        self._position = match.end()
        return match.group()

    def _expect(self, token: str) -> None:
        if not self._next_is(token):
            raise _LostError
        self._position += len(token)

    def _next_is(self, token: str) -> bool:
        return self._text.startswith(token, self._position)

    def _line(self) -> int:
        return bisect_left(self._newlines, self._position) + 1


def _unquoted(part: str) -> str:
    if part.startswith("'"):
        return part[1:-1]
    if part.startswith('"'):
        import tomllib  # its escapes are TOML's own; loaded long before, by the parser

        return str(tomllib.loads(f"key = {part}")["key"])
    return part
