"""Patterns of sentences, and where in a text they hold.

A pattern is made of plain words (as `normal` makes them), `[may be left out]`, `(this|that)`,
`<part>` for a part that has a name, and a sign for the name of a place: `@` for any, `@@` for one
that is no everyday word. There is no repetition: what a pattern matches has a bounded length.

A choice between patterns keeps them by the words that they can begin with, so that a long list is
no slower than a short one. It answers with all the places where it can end, as the bits of an
integer, once for each place where it begins: a text takes at most as many steps as there are
choices times words, whatever it says. (Regular expressions of the same patterns take half a second
for each language to be made, and more for some texts.)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from .normal import IDEOGRAPHS, words_of

ANY_NAME: Final = ("@", "~", "=")
"""The signs of a name, of one that is an everyday word, and of the default."""

_CONTINUED: Final = re.compile(r"\n +")
_PIECE: Final = re.compile(rf"@@|@|<\w+>|[\[\]()|]|[{IDEOGRAPHS}]+|[^\W{IDEOGRAPHS}]+")


@attrs.frozen
class Reading:
    """A text that patterns are tried on, and what has been found out about it."""

    words: Sequence[str]
    found: dict[tuple[int, int], int] = attrs.field(factory=dict[tuple[int, int], int])

    def holds(self, pattern: Choice) -> bool:
        """Whether the whole text is what a pattern says."""
        return bool(pattern.ends(self, 0) >> len(self.words) & 1)


@attrs.frozen(eq=False)
class Choice:
    """One of several rows of words and choices, or nothing if `can_be_empty`."""

    number: int
    rows: Sequence[Row]
    can_be_empty: bool
    by_word: Mapping[str, Sequence[Row]] = attrs.field(repr=False)

    def ends(self, reading: Reading, start: int) -> int:
        """The places where it can end that begins here."""
        key = self.number, start
        found = reading.found.get(key)
        if found is None:
            found = reading.found[key] = self._ends(reading, start)
        return found

    def ends_of_all(self, reading: Reading, starts: int) -> int:
        """The places where it can end that begins at one of these."""
        found = 0
        for start in places_of(starts):
            found |= self.ends(reading, start)
        return found

    def _ends(self, reading: Reading, start: int) -> int:
        found = 1 << start if self.can_be_empty else 0
        if start < len(reading.words):
            for row in self.by_word.get(reading.words[start], ()):
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
    """Reads the patterns of one language; `without` takes out of words what adds nothing."""

    def __init__(self, parts: Mapping[str, str], fillers: Iterable[str]) -> None:
        self._texts = parts
        self._parts: dict[str, Choice] = {}
        self._fillers = phrases_by_first_word(fillers)
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

    def without_fillers(self, words: Sequence[str]) -> list[str]:
        """The words without what adds nothing."""
        found: list[str] = []
        place = 0
        while place < len(words):
            length = filler_length(self._fillers, words, place)
            if not length:
                found.append(words[place])
            place += length or 1
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
        if piece == "@@":
            return ("@",)
        return self.without_fillers(words_of(piece))

    def _made(self, rows: Sequence[Row], can_be_empty: bool) -> Choice:
        by_word: dict[str, list[Row]] = {}
        for row in rows:
            for word in _first_words(row):
                by_word.setdefault(word, []).append(row)
        self._count += 1
        is_empty = can_be_empty or any(map(_can_be_empty, rows))
        return Choice(self._count, rows, is_empty, by_word)


def words_in(choice: Choice) -> frozenset[str]:
    """All words of a choice."""
    found: set[str] = set()
    seen: set[int] = set()
    open_choices = [choice]
    while open_choices:
        for row in open_choices.pop().rows:
            for piece in row:
                if isinstance(piece, str):
                    found.add(piece)
                elif piece.number not in seen:
                    seen.add(piece.number)
                    open_choices.append(piece)
    return frozenset(found)


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


def phrases_by_first_word(texts: Iterable[str]) -> dict[str, list[tuple[str, ...]]]:
    """Phrases, the longest first."""
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in sorted((tuple(words_of(text)) for text in texts), key=len, reverse=True):
        found.setdefault(phrase[0], []).append(phrase)
    return found


def filler_length(
    phrases: Mapping[str, Sequence[tuple[str, ...]]], words: Sequence[str], place: int
) -> int:
    """How many words the longest phrase has that begins here; 0 if none does."""
    for phrase in phrases.get(words[place], ()):
        if tuple(words[place : place + len(phrase)]) == phrase:
            return len(phrase)
    return 0
