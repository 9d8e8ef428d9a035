"""Texts that others have written, made safe for a terminal, and how wide they are there.

A client names any model and any conversation it likes; what it says must not move a cursor, ring a
bell or turn the direction of writing. Such characters are shown as Python writes them.
"""

from __future__ import annotations

import unicodedata

CUT = "…"


def printable(text: str) -> str:
    """The text with everything escaped that is not plainly to be seen."""
    return "".join(sign if sign.isprintable() else _escaped(sign) for sign in text)


def columns_of(text: str) -> int:
    """How many columns of a terminal a printable text takes."""
    return sum(_columns(sign) for sign in text)


def fitted(text: str, columns: int) -> str:
    """The text in exactly so many columns: cut with a mark, or filled up to the left."""
    if columns_of(text) > columns:
        kept = ""
        while columns_of(kept) + _columns(text[len(kept)]) < columns:
            kept += text[len(kept)]
        text = kept + CUT
    return text + " " * (columns - columns_of(text))


def _escaped(sign: str) -> str:
    return ascii(sign)[1:-1]


def _columns(sign: str) -> int:
    if unicodedata.combining(sign):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1
