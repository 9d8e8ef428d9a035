"""A TOML file as text: keys of its root and whole tables are put and taken, line by line.

A block between two marks at the end, the usual way, is not enough here: keys of the root have to
stand before the first table, and a client that adds a table of its own may put it before the last
comment of the file, into our block. So a key of the root is a line at the top, a table is a block
at the end, and each is found again by what it says. Which lines say it is guessed from their look,
for a text may hold anything in a string; then the guess is proved: the standard library's reader
has to find exactly the intended change in the new text and no other. Else the file is refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, Final

import attrs

from ...protocols.json_values import list_of, object_of
from .document import Document, KeyPath, OddDocument, Traces, shown

LINES_MAX: Final = 200
"""Of one value or table that is looked for."""
NOTE: Final = "# For Understudy; `understudy uninstall codex` takes it out again."


@attrs.frozen
class TomlDocument(Document):
    """A text and what it says. Paths are a key of the root, or a table in a table."""

    blank = ""

    _text: str = attrs.field(repr=False)
    _values: Mapping[str, Any] = attrs.field(repr=False)

    @classmethod
    def read(cls, text: str) -> TomlDocument:
        """Reads a text. Raises OddDocument."""
        if text.startswith("\ufeff"):
            raise OddDocument("line 1: begins with a byte order mark; save it as UTF-8 without one")
        try:
            return cls(text, tomllib.loads(text))
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            raise OddDocument(f"is not TOML: {error}") from None

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    @property
    def is_bare(self) -> bool:
        """Whether nothing is left, not even a comment."""
        return not self._text.strip()

    def raw(self, path: KeyPath) -> str | None:
        """The lines that say the value; "" where they cannot be told from others."""
        if self._find(path) is None:
            return None
        lines = self._lines_of(path)
        return "" if lines is None else "".join(self._lines[lines[0] : lines[1]])

    def value(self, path: KeyPath) -> Any:
        """The value, which must be there."""
        found = self._find(path)
        assert found is not None, "asked for a value that is not there"
        return found

    def value_of(self, path: KeyPath, raw: str) -> Any:
        """What some lines mean for a path."""
        return TomlDocument.read(raw).value(path) if raw else None

    def traces(self, path: KeyPath) -> Traces:
        """The last line, if it has no end: a table behind it gives it one."""
        if not self._text or self._text.endswith("\n"):
            return Traces()
        return Traces((), (((), self._lines[-1]),))

    def put(self, path: KeyPath, value: Any) -> TomlDocument:
        """The document with a value. Raises OddDocument."""
        written = self._written(path, value)
        if self._find(path) is not None:
            return self.put_raw(path, written)
        if len(path) == 1:
            text = written + self._text
        else:
            ended = self._text if self._text.endswith("\n") or not self._text else self._text + "\n"
            text = f"{ended}{self._newline if ended else ''}{written}"
        return self._proved(
            text.replace("\n", self._newline) if not self._text else text, path, value
        )

    def put_raw(self, path: KeyPath, raw: str) -> TomlDocument:
        """The document with the lines of a value replaced. Raises OddDocument."""
        lines = self._lines_of(path)
        if lines is None or not raw:
            raise self._unclear(path)
        before, after = self._lines[: lines[0]], self._lines[lines[1] :]
        return self._proved("".join([*before, raw, *after]), path, self.value_of(path, raw))

    def take(self, path: KeyPath) -> TomlDocument:
        """The document without a value that is there. Raises OddDocument."""
        lines = self._lines_of(path)
        if lines is None:
            raise self._unclear(path)
        start, end = lines
        has_note = len(path) > 1 and self._lines[start].strip() == NOTE
        if has_note and start > 0 and not self._lines[start - 1].strip():
            start -= 1
        return self._proved("".join([*self._lines[:start], *self._lines[end:]]), path, None)

    def tidied(self, traces: Traces) -> TomlDocument:
        """Without the end of the last line if that had none, and is the last one again."""
        for _, line in traces.emptied:
            if self._lines[-1:] == [line + self._newline]:
                return self.read(self._text.removesuffix(self._newline))
        return self

    @property
    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self._text else "\n"

    @property
    def _lines(self) -> list[str]:
        return (
            self._text.splitlines(keepends=True) if "\r" not in self._text else _split(self._text)
        )

    def _find(self, path: KeyPath) -> Any:
        found: Any = self._values
        for depth, key in enumerate(path):
            if not isinstance(found, dict):
                raise OddDocument(f"{shown(path[:depth])} is not a table, and has to be one")
            if key not in found:
                return None
            found = object_of(found)[key]
        return found

    def _lines_of(self, path: KeyPath) -> tuple[int, int] | None:
        """The lines that say a value and nothing else, proved by reading the text without them."""
        lines = self._lines
        for start, end in self._guesses(path):
            rest = "".join([*lines[:start], *lines[end:]])
            try:
                if tomllib.loads(rest) in self._without(path):
                    return self._with_note(start, path), end
            except tomllib.TOMLDecodeError:
                continue
        return None

    def _guesses(self, path: KeyPath) -> Iterator[tuple[int, int]]:
        lines = self._lines
        for start, line in enumerate(lines):
            if len(path) == 1 and _says_key(line, path[0]):
                yield from ((start, end) for end in range(start + 1, start + 1 + LINES_MAX))
            elif len(path) > 1 and _header(line)[: len(path)] == path:
                end = start + 1
                while end < len(lines) and not _ends_table(lines[end], path):
                    end += 1
                while end > start + 1 and _is_between(lines[end - 1]):
                    end -= 1
                yield start, end

    def _with_note(self, start: int, path: KeyPath) -> int:
        has_note = len(path) > 1 and start > 0 and self._lines[start - 1].strip() == NOTE
        return start - 1 if has_note else start

    def _without(self, path: KeyPath) -> list[dict[str, Any]]:
        """What the text may say once the value is gone: tables around it may go with it."""
        rest = deepcopy(dict(self._values))
        tables = [rest]
        for key in path[:-1]:
            tables.append(tables[-1][key])
        del tables[-1][path[-1]]
        found = [deepcopy(rest)]
        for depth in range(len(path) - 2, -1, -1):
            if tables[depth][path[depth]]:
                break
            del tables[depth][path[depth]]
            found.append(deepcopy(rest))
        return found

    def _proved(self, text: str, path: KeyPath, value: Any) -> TomlDocument:
        """The new document, if it says what this one does but for the one change."""
        try:
            new = TomlDocument(text, tomllib.loads(text))
        except tomllib.TOMLDecodeError:
            raise self._unclear(path) from None
        old = self._without(path) if self._find(path) is not None else [dict(self._values)]
        now = new._without(path) if new._find(path) is not None else [dict(new._values)]
        if new._find(path) != value or not any(each in old for each in now):
            raise self._unclear(path)
        return new

    def _unclear(self, path: KeyPath) -> OddDocument:
        return OddDocument(f"{shown(path)} is written in a way that cannot be changed safely")

    def _written(self, path: KeyPath, value: Any) -> str:
        if len(path) == 1:
            text = f"{path[0]} = {_toml(value)}  # for Understudy\n"
        else:
            text = f"{NOTE}\n{_table(path, value)}"
        return text.replace("\n", self._newline)


def _split(text: str) -> list[str]:
    """Lines by newline alone: a lone carriage return ends none in TOML."""
    pieces = text.split("\n")
    return [*(f"{piece}\n" for piece in pieces[:-1]), *filter(None, pieces[-1:])]


def _says_key(line: str, key: str) -> bool:
    before, equals, _ = line.partition("=")
    return bool(equals) and before.strip() in (key, f'"{key}"', f"'{key}'")


def _header(line: str) -> KeyPath:
    """The table that a line opens; () if it opens none."""
    if not line.lstrip().startswith("["):
        return ()
    try:
        found: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    path: list[str] = []
    while isinstance(found, dict) and found:
        [(key, found)] = object_of(found).items() if len(object_of(found)) == 1 else [("", None)]
        path.append(key)
    return tuple(path)


def _ends_table(line: str, path: KeyPath) -> bool:
    opened = _header(line)
    return bool(opened) and opened[: len(path)] != path


def _is_between(line: str) -> bool:
    """Whether a line belongs to what follows rather than to the table above it."""
    return not line.strip() or line.lstrip().startswith("#")


def _table(path: KeyPath, value: Mapping[str, Any]) -> str:
    own = {key: each for key, each in value.items() if not isinstance(each, dict)}
    lines = [f"[{'.'.join(path)}]", *(f"{key} = {_toml(each)}" for key, each in own.items())]
    text = "\n".join([*lines, ""])
    for key, each in value.items():
        if isinstance(each, dict):
            text += f"\n{_table((*path, key), object_of(each))}"
    return text


def _toml(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case list():
            return f"[{', '.join(map(_toml, list_of(value)))}]"
        case _:
            return _quoted(str(value))


def _quoted(text: str) -> str:
    """A basic string of TOML; what cannot be printed is written by its number."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    shown_text = (each if each.isprintable() else f"\\U{ord(each):08x}" for each in escaped)
    return f'"{"".join(shown_text)}"'
