"""What of a text decides how many tokens it has, counted without a tokenizer.

Every tokenizer of today splits text at words, runs of punctuation, digits and line ends, and gives
a script that it knows well few tokens and another many. So bytes are counted by class: the scripts
by the first byte of each character, words and runs by where one begins. A text of 120,000 bytes
takes about a millisecond: each class is one pass at C speed over bytes that were translated to
their classes, and a text that is plain ASCII is not looked through for scripts.

Beside the text there is what an API adds around it: something for each message, call and tool.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import attrs

NAMES: Final = (
    "words",
    "lower case",
    "upper case",
    "digits",
    "spaces",
    "runs of punctuation",
    "line ends",
    "pairs of spaces",
    "accented Latin",
    "Greek",
    "Cyrillic",
    "Hebrew",
    "Arabic",
    "Indic and Thai",
    "kana",
    "Han",
    "Hangul",
    "other characters",
    "thinking",
    "images",
    "documents",
    "messages",
    "calls",
    "tools",
)
"""What each number in `TokenFeatures` counts. Media are in tokens of a first guess."""

_SCRIPTS: Final = (
    (0xC2, 0xCD, b"l"),
    (0xCE, 0xCF, b"r"),
    (0xD0, 0xD3, b"y"),
    (0xD4, 0xD7, b"h"),
    (0xD8, 0xDF, b"q"),
    (0xE0, 0xE0, b"i"),
    (0xE1, 0xE2, b"o"),
    (0xE3, 0xE3, b"k"),
    (0xE4, 0xE9, b"z"),
    (0xEA, 0xED, b"g"),
    (0xEE, 0xFF, b"o"),
)
"""The first bytes of characters in UTF-8, and the class of each."""
_SCRIPT_CLASSES: Final = (b"l", b"r", b"y", b"h", b"q", b"i", b"k", b"z", b"g", b"o")
BREAK: Final = b"\0"
"""Stands between two texts: it is of no class and joins no run."""


def _class_of(byte: int) -> int:
    """The class of one byte."""
    if byte >= 0x80:
        found = (mark for first, last, mark in _SCRIPTS if first <= byte <= last)
        return next(found, BREAK)[0]
    character = chr(byte)
    if character.isalpha():
        return ord("a" if character.islower() else "A")
    if character.isdigit():
        return ord("0")
    if character in "\t\n\r":
        return ord("n")
    return byte if character in " \0" else ord(".")


_CLASSES: Final = bytes(_class_of(byte) for byte in range(256))
_LETTERS: Final = bytes(
    ord("a") if chr(kind) in "aA" else ord(" ") for kind in map(_class_of, range(256))
)
"""Letters of ASCII and the rest: a word begins where the rest ends."""
_LOWER: Final = bytes(range(ord("a"), ord("z") + 1))
_ASCII: Final = bytes(range(0x80))


@attrs.frozen
class TokenFeatures:
    """The features of one request, in the order of `NAMES`."""

    counts: tuple[float, ...]


def features_of(
    texts: Iterable[bytes],
    *,
    thinking: float = 0.0,
    images: float = 0.0,
    documents: float = 0.0,
    messages: int = 0,
    calls: int = 0,
    tools: int = 0,
) -> TokenFeatures:
    """The features of all texts together with what stands beside them."""
    found = list(texts)
    text = BREAK.join(found)
    foreign = BREAK.join(each for each in found if not each.isascii())
    beside = (thinking, images, documents, messages, calls, tools)
    return TokenFeatures((*_text_counts(text), *_script_counts(foreign), *beside))


def _text_counts(text: bytes) -> tuple[int, ...]:
    """The counts of ASCII. What stands alone is looked for where no lower case is left."""
    classes = text.translate(_CLASSES)
    letters = text.translate(_LETTERS)
    rest = text.translate(_CLASSES, _LOWER)
    count = rest.count
    return (
        letters.count(b" a") + letters.startswith(b"a"),
        len(text) - len(rest),
        count(b"A"),
        count(b"0"),
        count(b" "),
        count(b".") - classes.count(b".."),
        count(b"n"),
        classes.count(b"  "),
    )


def _script_counts(foreign: bytes) -> Iterable[int]:
    """The characters of each script in texts that are not all ASCII."""
    return map(foreign.translate(_CLASSES, _ASCII).count, _SCRIPT_CLASSES)
