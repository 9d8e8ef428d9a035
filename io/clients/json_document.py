"""A JSON object as text, in which members are put and taken by splicing.

Order, numbers, escapes and white space of everything else stay as they are, byte for byte. What is
put looks like what stands around it: the same indentation and line ends, or all on one line. A
member goes behind the last one; taking it out again is the exact reverse.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import attrs

from .document import Document, KeyPath, OddDocument, Traces, shown
from .json_spans import Member, Span, spans_of

INDENT: Final = "  "


@attrs.frozen
class JsonDocument(Document):
    """A text and the places of its values."""

    blank = "{}\n"

    _text: str = attrs.field(repr=False)
    _root: Span = attrs.field(repr=False)

    @classmethod
    def read(cls, text: str) -> JsonDocument:
        """Reads a text. Raises OddDocument."""
        return cls(text, spans_of(text))

    @property
    def text(self) -> str:
        """The whole text."""
        return self._text

    @property
    def is_bare(self) -> bool:
        """Whether the object has no members."""
        return not self._root.members

    def raw(self, path: KeyPath) -> str | None:
        """The value as it is written; None if there is none. Raises OddDocument."""
        found = self._find(path)
        return None if found is None else self._text[found.start : found.end]

    def value(self, path: KeyPath) -> Any:
        """The value, which must be there."""
        raw = self.raw(path)
        assert raw is not None, "asked for a value that is not there"
        return self.value_of(path, raw)

    def value_of(self, path: KeyPath, raw: str) -> Any:
        """What a raw text means; a number is itself and not another that looks alike."""
        return json.loads(raw, parse_float=_Number)

    def traces(self, path: KeyPath) -> Traces:
        """What putting a value there would make, and what it would fill."""
        for depth in range(len(path)):
            found = self._object(path[:depth])
            if found is None:
                made = tuple(path[:end] for end in range(depth, len(path)))
                return Traces(made, self._emptied(path[: depth - 1]))
        return Traces((), self._emptied(path[:-1]))

    def put(self, path: KeyPath, value: Any) -> JsonDocument:
        """The document with a value; objects on the way are made. Raises OddDocument."""
        if self.raw(path) is not None:
            return self.put_raw(path, self._written(value, path))
        depth = len(path) - 1
        while self._object(path[:depth]) is None:
            value = {path[depth]: value}
            depth -= 1
        return self._added(path[: depth + 1], value)

    def put_raw(self, path: KeyPath, raw: str) -> JsonDocument:
        """The document with a value that is there replaced by a raw text."""
        found = self._find(path)
        assert found is not None, "only what is there can be replaced"
        return self.read(self._text[: found.start] + raw + self._text[found.end :])

    def take(self, path: KeyPath) -> JsonDocument:
        """The document without a member that is there."""
        parent = self._object(path[:-1])
        assert parent is not None, "only what is there can be taken"
        assert parent.members, "only what is there can be taken"
        keys = list(parent.members)
        index = keys.index(path[-1])
        member = parent.members[keys[index]]
        if len(keys) == 1:
            start, end = parent.start + 1, parent.end - 1
        elif index + 1 < len(keys):
            start, end = member.key_start, parent.members[keys[index + 1]].key_start
        else:
            start, end = parent.members[keys[index - 1]].value.end, member.value.end
        return self.read(self._text[:start] + self._text[end:])

    def tidied(self, traces: Traces) -> JsonDocument:
        """Without empty objects that were made; those that were empty look as they did."""
        tidy = self
        for path in sorted(traces.made, key=len, reverse=True):
            if tidy._is_empty(path):
                tidy = tidy.take(path)
        for path, inside in traces.emptied:
            if tidy._is_empty(path):
                tidy = tidy._filled(path, inside)
        return tidy

    def _find(self, path: KeyPath) -> Span | None:
        parent = self._object(path[:-1])
        member = None if parent is None else (parent.members or {}).get(path[-1])
        return None if member is None else member.value

    def _object(self, path: KeyPath) -> Span | None:
        """An object's place; None if it is not there. Raises OddDocument if it is no object."""
        found = self._root
        for depth, key in enumerate(path, 1):
            assert found.members is not None, "looked into what is no object"
            if key not in found.members:
                return None
            found = found.members[key].value
            if found.members is None:
                line = self._text.count("\n", 0, found.start) + 1
                raise OddDocument(
                    f"line {line}: {shown(path[:depth])} is not an object, and has to be"
                )
        return found

    def _is_empty(self, path: KeyPath) -> bool:
        try:
            found = self._object(path)
        except OddDocument:
            return False
        return found is not None and not found.members

    def _emptied(self, path: KeyPath) -> tuple[tuple[KeyPath, str], ...]:
        found = self._object(path)
        assert found is not None, "the nearest object that is there"
        if found.members:
            return ()
        return ((path, self._text[found.start + 1 : found.end - 1]),)

    def _filled(self, path: KeyPath, inside: str) -> JsonDocument:
        found = self._object(path)
        assert found is not None, "an empty object that is there"
        return self.read(f"{self._text[: found.start + 1]}{inside}{self._text[found.end - 1 :]}")

    def _added(self, path: KeyPath, value: Any) -> JsonDocument:
        """With a member more in an object that is there."""
        parent = self._object(path[:-1])
        assert parent is not None, "the object is there"
        member = f"{json.dumps(path[-1])}{self._colon}{self._written(value, path)}"
        gap = self._gap(path)
        if parent.members:
            last = _last_of(parent.members).value.end
            return self.read(f"{self._text[:last]},{gap}{member}{self._text[last:]}")
        closing = self._gap(path[:-1]) if path[:-1] else self._newline
        closing = closing if self._is_pretty else ""
        opening = gap if self._is_pretty else ""
        return self._filled(path[:-1], f"{opening}{member}{closing}")

    @property
    def _newline(self) -> str:
        return "\r\n" if "\r\n" in self._text else "\n"

    @property
    def _is_pretty(self) -> bool:
        """Whether members stand on lines of their own; so does the first one of all."""
        members = self._root.members
        return not members or "\n" in self._text[self._root.start : _last_of(members).key_start]

    @property
    def _colon(self) -> str:
        return ": " if self._is_pretty or ": " in self._text else ":"

    @property
    def _indent(self) -> str:
        """One step of indentation, as the outermost object's first member has it."""
        for member in (self._root.members or {}).values():
            line = self._text[self._root.start + 1 : member.key_start].rpartition("\n")[2]
            return line if not line.strip(" \t") and line else INDENT
        return INDENT

    def _gap(self, path: KeyPath) -> str:
        """What stands before a member: a new line and its indentation, or next to nothing."""
        if self._is_pretty:
            parent = self._object(path[:-1])
            if parent is not None and parent.members:
                first = next(iter(parent.members.values()))
                before = self._text[parent.start + 1 : first.key_start]
                return self._newline + before.rpartition("\n")[2] if "\n" in before else " "
            return self._newline + self._indent * len(path)
        return " " if ", " in self._text or self._colon == ": " else ""

    def _written(self, value: Any, path: KeyPath) -> str:
        """A value in the style of the text."""
        if not self._is_pretty:
            return json.dumps(
                value, ensure_ascii=False, separators=(f",{self._gap(path)}", self._colon)
            )
        gap = self._gap(path)
        if "\n" not in gap:
            return json.dumps(value, ensure_ascii=False)
        lines = json.dumps(value, ensure_ascii=False, indent=self._indent).split("\n")
        return (self._newline + gap.rpartition("\n")[2]).join(lines)


def _last_of(members: Mapping[str, Member]) -> Member:
    return members[next(reversed(list(members)))]


class _Number(str):
    """A number as it is written: what a float cannot hold still differs."""

    __slots__ = ()
