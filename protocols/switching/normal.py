"""Typed or spoken text as plain words, so that one grammar reads all ways to write a thing.

NFKC and case folding, accents off, every kind of quote and dash alike. A word is a run of letters,
a run of digits, or one Chinese or Japanese character: `gpt-5.2`, `GPT 5.2` and `gpt5.2` are the
same three words, and an apostrophe parts `l'opus` and `what's` alike. A text with a sign that
belongs to code, to a list or to markup has no words at all: nobody says those to us.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

WORDS_MAX: Final = 48
"""Of one command; a longer text is none."""

IDEOGRAPHS: Final = "\u3005\u3007\u3041-\u3096\u309d-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
"""Chinese and Japanese characters, for a character class."""
IDEOGRAPH: Final = re.compile(f"[{IDEOGRAPHS}]")
_WORD: Final = re.compile(rf"[0-9]+|[{IDEOGRAPHS}]|[^\W\d_{IDEOGRAPHS}]+")
_MARKS: Final = re.compile("[\u0300-\u036f]")
_ASCII: Final = re.compile(r"[\x00-\x7f]*")
_SMILEY: Final = re.compile(r"\s[:;]-?[)D]$")
_CODE: Final = re.compile(
    r"[`{}()\[\]<>=|\\$#@*&%^+\u0000-\u0008\u000e-\u001f]|;(?!\s\w)|\.\w+\s*\(|://"
)
"""Signs of code and markup; a semicolon between words is of prose."""
_LISTED: Final = re.compile(r"[/>#$!*-]")
"""What begins a line of a list, a quotation or a client's own command."""
_OPEN: Final = '"\u00ab\u201c\u201e\u300c\u300e'
_CLOSE: Final = '"\u00bb\u201d\u201c\u300d\u300f'
_QUOTED: Final = re.compile(f"['\u2018{_OPEN}].*['\u2019{_CLOSE}][.!?\u3002]*", re.DOTALL)
"""A text that is a quotation as a whole: somebody else has said it."""
_QUOTES: Final = re.compile(
    rf"[{_OPEN}][^{_CLOSE}\s]*\s[^{_CLOSE}\s]*\s|\u2018[^\u2019\s]*\s[^\u2019\s]*\s"
    rf"|[{_OPEN}](?:[^{_CLOSE}{IDEOGRAPHS}]*[{IDEOGRAPHS}]){{3}}"
)
"""A quotation of more than two words or characters: no name."""


def plain(text: str) -> str:
    """The text with one spelling for each letter."""
    if _ASCII.fullmatch(text):
        return text.casefold()
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = _MARKS.sub("", unicodedata.normalize("NFD", folded))
    return unicodedata.normalize("NFC", bare)


def word_set(text: str) -> frozenset[str]:
    """The words of a table, which stand in one text between blanks."""
    return frozenset(text.split())


def words_of(text: str) -> list[str]:
    """The words of a text, whatever else it contains."""
    return _WORD.findall(plain(text))


def said_words(text: str) -> list[str]:
    """The words of what may have been said to us; [] if it looks like anything else."""
    said = _SMILEY.sub("", text.strip())
    if _LISTED.match(said) or _CODE.search(said) or _QUOTED.fullmatch(said) or _QUOTES.search(said):
        return []
    words = words_of(said)
    return words if len(words) <= WORDS_MAX else []
