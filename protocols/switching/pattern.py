"""Patterns of phrases, and where in a text they hold.

A pattern is made of plain words (as `normal` makes them), `[may be left out]`, `(this|that)`,
`<part>` for a part that has a name, and a sign for the name of a place: `@` for any, `~` for one
that is an everyday word, `@@` for one that is none. There is no repetition: what a pattern matches
has a bounded length. A line break parts patterns like `|`.

A choice between patterns keeps them by the words that they can begin with, so that a long list is
no slower than a short one. It answers with all the places where it can end, as the bits of an
integer, once for each place where it begins: a text takes at most as many steps as there are
choices times words, whatever it says. (Regular expressions of the same patterns take half a second
for each language to be made, and more for some texts.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from typing import Final

import attrs

from .normal import IDEOGRAPHS, words_of

ANY_NAME: Final = ("@", "~", "=")
"""The signs of a name, of one that is an everyday word, and of the default."""

PART: Final = re.compile(r"<\w+>")
"""The name of a part."""
_CONTINUED: Final = re.compile(r"\n +")
_PIECE: Final = re.compile(rf"@@|[@~]|<\w+>|[\[\]()|]|[{IDEOGRAPHS}]+|[^\W{IDEOGRAPHS}]+")


def _tuple(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(words)


@attrs.frozen
class Reading:
    """A text that patterns are tried on, and what has been found out about it."""

    words: tuple[str, ...] = attrs.field(converter=_tuple)
    found: dict[tuple[int, int], int] = attrs.field(factory=dict[tuple[int, int], int])


@attrs.frozen(eq=False)
class Choice:
    """One of several rows of words and choices, or nothing if `can_be_empty`."""

    number: int
    can_be_empty: bool
    by_word: Mapping[str, Sequence[Row]] = attrs.field(repr=False)
    """The rows with choices in them; every word that any row can begin with is a key."""
    plain: frozenset[tuple[str, ...]] = attrs.field(repr=False)
    """The rows of nothing but words, which are looked up rather than tried in turn."""
    lengths: Mapping[str, Set[int]] = attrs.field(repr=False)
    """Of those rows, by their first word."""

    def ends(self, reading: Reading, start: int) -> int:
        """The places where it can end that begins here."""
        key = self.number, start
        found = reading.found.get(key)
        if found is None:
            found = reading.found[key] = self._ends(reading, start)
        return found

    def _ends(self, reading: Reading, start: int) -> int:
        found = 1 << start if self.can_be_empty else 0
        words = reading.words
        if start < len(words):
            for length in self.lengths.get(words[start], ()):
                end = start + length
                if end <= len(words) and words[start:end] in self.plain:
                    found |= 1 << end
            for row in self.by_word.get(words[start], ()):
                found |= _row_ends(row, reading, start)
        return found


Row = tuple[str | Choice, ...]


def places_of(bits: int) -> Iterator[int]:
    """The places whose bits are set, the first first."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest


def _row_ends(row: Row, reading: Reading, start: int) -> int:
    words = reading.words
    ends = 1 << start
    for piece in row:
        starts, ends = ends, 0
        for place in places_of(starts):
            if not isinstance(piece, str):
                ends |= piece.ends(reading, place)
            elif place < len(words) and words[place] == piece:
                ends |= 1 << place + 1
        if not ends:
            return 0
    return ends


class PatternWriter:
    """Reads the patterns of one language, with the named parts that they have in common."""

    def __init__(self, parts: Mapping[str, str]) -> None:
        self._texts = parts
        self._parts: dict[str, Choice] = {}
        self._count = 0

    def part(self, name: str) -> Choice:
        """A named part."""
        if name not in self._parts:
            self._parts[name] = self.pattern(self._texts[name])
        return self._parts[name]

    def pattern(self, text: str) -> Choice:
        """The choice between the patterns of a text: a line break parts them like `|`, but for
        lines that go on with the one before and are indented."""
        whole = _CONTINUED.sub(" ", text.strip())
        lines = "|".join(line for line in whole.splitlines() if line.strip())
        pieces = list(reversed(_PIECE.findall(lines)))
        found = self._choice(pieces, can_be_empty=False)
        assert not pieces, f"a bracket too many: {text}"
        return found

    def _choice(self, pieces: list[str], *, can_be_empty: bool) -> Choice:
        rows: list[Row] = []
        row: list[str | Choice] = []
        while pieces and pieces[-1] not in ")]":
            piece = pieces.pop()
            if piece == "|":
                rows.append(tuple(row))
                row = []
            else:
                row += self._row_of(piece, pieces)
        return self._made([*rows, tuple(row)], can_be_empty)

    def _row_of(self, piece: str, pieces: list[str]) -> Sequence[str | Choice]:
        if piece in "[(":
            found = self._choice(pieces, can_be_empty=piece == "[")
            pieces.pop()
            return (found,)
        if piece.startswith("<"):
            return (self.part(piece[1:-1]),)
        if piece == "@":
            return (self._made([(sign,) for sign in ANY_NAME], can_be_empty=False),)
        if piece in ("@@", "~"):
            return (piece[0],)
        return words_of(piece)

    def _made(self, rows: Sequence[Row], can_be_empty: bool) -> Choice:
        by_word: dict[str, list[Row]] = {}
        lengths: dict[str, set[int]] = {}
        plain: set[tuple[str, ...]] = set()
        for row in rows:
            words = tuple(piece for piece in row if isinstance(piece, str))
            for word in _first_words(row):
                by_word.setdefault(word, []).extend([row] if len(words) < len(row) else [])
            if words and len(words) == len(row):
                plain.add(words)
                lengths.setdefault(words[0], set()).add(len(words))
        self._count += 1
        is_empty = can_be_empty or any(map(_can_be_empty, rows))
        return Choice(self._count, is_empty, by_word, frozenset(plain), lengths)


def _can_be_empty(row: Row) -> bool:
    return all(not isinstance(piece, str) and piece.can_be_empty for piece in row)


def _first_words(row: Row) -> Iterable[str]:
    found: dict[str, None] = {}
    for piece in row:
        if isinstance(piece, str):
            return {**found, piece: None}
        found.update(dict.fromkeys(piece.by_word))
        if not piece.can_be_empty:
            break
    return found
