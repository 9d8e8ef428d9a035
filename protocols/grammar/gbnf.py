"""The notation of llama.cpp's grammars: escapes of literals and classes.

Source of the notation: llama.cpp's `grammars/README.md` and `src/llama-grammar.cpp`. The parser
there knows the escapes \\t \\r \\n \\\\ \\" \\[ \\] \\- \\xNN \\uNNNN \\UNNNNNNNN and no others.

Classes are written as what they contain, never as what they leave out: a negated class lets
through surrogates and numbers above U+10FFFF, which a byte-level vocabulary can spell.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

Ranges = tuple[tuple[int, int], ...]
"""A set of characters: first and last code point of each run, ascending, apart."""

CHARACTERS: Final[Ranges] = ((0x20, 0x7E), (0x80, 0xD7FF), (0xE000, 0x10FFFF))
"""Every character but controls and DEL, which no text of an argument needs raw."""
LAST_CHARACTER: Final = 0x10FFFF
_SURROGATES: Final = (0xD800, 0xDFFF)


def literal(text: str) -> str:
    """A terminal that is exactly this text."""
    return '"' + "".join(_LITERAL.get(char) or _raw(ord(char)) for char in text) + '"'


def char_class(ranges: Ranges) -> str:
    """A terminal that is one of these characters; there must be one."""
    assert ranges
    return "[" + "".join(_run(first, last) for first, last in ranges) + "]"


def ranges_of(characters: Iterable[str]) -> Ranges:
    """These characters as a set."""
    return normal((ord(char), ord(char)) for char in characters)


def normal(runs: Iterable[tuple[int, int]]) -> Ranges:
    """Runs in any order, perhaps overlapping, as a set."""
    found: list[tuple[int, int]] = []
    for first, last in sorted(runs):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return tuple(found)


def without(ranges: Ranges, excluded: Ranges) -> Ranges:
    """What of the first set is not in the second."""
    left = list(ranges)
    for out_first, out_last in excluded:
        pieces = [
            piece
            for first, last in left
            for piece in ((first, min(last, out_first - 1)), (max(first, out_last + 1), last))
            if piece[0] <= piece[1]
        ]
        left = sorted(set(pieces))
    return tuple(left)


def within(ranges: Ranges, other: Ranges) -> Ranges:
    """What is in both sets."""
    return without(ranges, without(((0, LAST_CHARACTER),), other))


_LITERAL: Final = {"\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def _raw(point: int) -> str:
    """Printable ASCII as it is, all else by number, so that a grammar is plain text."""
    if 0x20 <= point < 0x7F:
        return chr(point)
    if point < 0x80:
        return f"\\x{point:02X}"
    return f"\\u{point:04X}" if point <= 0xFFFF else f"\\U{point:08X}"


def _run(first: int, last: int) -> str:
    if first == last:
        return _in_class(first)
    return f"{_in_class(first)}-{_in_class(last)}"


def _in_class(point: int) -> str:
    """A character of a class; whatever could be taken for notation is written by number."""
    char = chr(point)
    return char if char.isascii() and char.isalnum() else _by_number(point)


def _by_number(point: int) -> str:
    return f"\\x{point:02X}" if point < 0x100 else _raw(point)
