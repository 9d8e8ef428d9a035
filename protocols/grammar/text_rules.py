"""Strings of a flat schema in rules: lengths, formats and patterns.

One pattern can be held; of several, and of a format and a pattern, the others are for validation.
A pattern and a length are held together where every text of the pattern has that length, and where
one repetition of single characters decides on the length; else the length is for validation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

import attrs

from . import regex
from .assertions import CHECKED_FORMATS
from .flat import Extent, Flat
from .patterns import FORMATS, written
from .rules import Rules
from .strings import Letters

PATTERNS_KEPT: Final = 256
"""Read patterns that are kept; tools come again with every request."""

Note = Callable[[str], None]
"""Is told what the grammar does not hold."""


@attrs.frozen
class TextRules:
    """Writes the texts of a flat schema, in these letters."""

    rules: Rules
    flat: Flat
    letters: Letters
    note: Note
    hint: str

    def text(self) -> str | None:
        """A body: the characters of a string; None if there can be none."""
        least, most = self.flat.length
        if most is not None and most < least:
            return None
        held: str | None = None
        for source, node in self._trees():
            body = self._held(node) if held is None else None
            held = held or body
            if body is None:
                self.note(source)
        return held if held is not None else self.letters.any_text(least, most)

    def _held(self, node: regex.Node) -> str | None:
        """The body of a pattern's texts, of the right length if that can be said."""
        fitting = of_length(node, self.flat.length)
        try:
            body = written(self.rules, fitting or node, self.letters.one_of_set, self.hint)
        except regex.UnreadPattern:
            return None
        if body is not None and fitting is None:
            for keyword, limit in zip(("minLength", "maxLength"), self.flat.length, strict=True):
                if limit:
                    self.note(keyword)
        return body

    def _trees(self) -> Iterator[tuple[str, regex.Node]]:
        """Patterns and formats that are read, each with its name; the others are noted. A pattern
        comes first: beside a format it says the same, but more exactly."""
        for pattern in self.flat.patterns:
            try:
                yield "pattern", _read(pattern)
            except regex.UnreadPattern:
                self.note("pattern")
        for name in self.flat.formats:
            if name in FORMATS:
                yield f"format {name}", _read(FORMATS[name])
            elif name in CHECKED_FORMATS:
                self.note(f"format {name}")


_read = lru_cache(maxsize=PATTERNS_KEPT)(regex.read)


def of_length(node: regex.Node, length: Extent) -> regex.Node | None:
    """The tree of those texts that have the right length; None where that cannot be said."""
    least, most = length
    low, high = regex.lengths(node)
    if low >= least and (most is None or (high is not None and high <= most)):
        return node
    parts = list(node.parts) if isinstance(node, regex.Sequence) else [node]
    spread = [index for index, part in enumerate(parts) if len(set(regex.lengths(part))) > 1]
    part = parts[spread[0]] if len(spread) == 1 else None
    if not isinstance(part, regex.Repeat) or regex.lengths(part.part) != (1, 1):
        return None
    fixed = low - part.least
    counts = [part.most, None if most is None else most - fixed]
    upper = min((count for count in counts if count is not None), default=None)
    lower = max(part.least, least - fixed)
    if upper is not None and upper < lower:
        return None
    parts[spread[0]] = regex.Repeat(part.part, lower, upper)
    return regex.Sequence(tuple(parts))
