"""Everyday words by what they are in a remark, and a text as the kinds of its words.

Each language has one table: for each kind its words, parted by blanks, with `_` between the words
of a phrase. The longest phrase counts; a word may be of several kinds. Chinese and Japanese, which
leave no blanks, are read by the same tables, character by character.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

import attrs

from .command import Language
from .normal import words_of

UNKNOWN_WORDS_MAX: Final = 2
"""In one remark; Chinese and Japanese have a limit of characters of their own."""
REMARK_WORDS_MAX: Final = 20
REMARK_IDEOGRAPHS_MAX: Final = 32
Kind = Literal[
    "plain", "lead", "open", "life", "verdict", "model", "link", "failing", "work", "weighing",
    "wish", "saying", "call", "nay", "courtesy", "pause", "joint", "cause", "subject", "head",
    "after", "asks", "made", "scope",
    "name", "number", "unknown",
]  # fmt: skip
"""Of a word.

`plain` words hold a sentence together; after a `lead` ("is", "too") may stand what is said of
something, in a word that nobody has foreseen. What ends with an `open` word ("to", "the"), with a
`wish` or a `saying` is not over: what follows belongs to it, or is a quotation.
`life` is of people, times, places, money, feelings, and `verdict` says how good, dear or quick
something is. A `model`, or the `name` of one, needs a verdict. What `link`s to a network or a
socket may be `failing`. `work` may be spoken of if a `weighing` word says how hard, long or secret
it is. Beside a wish, a model or work no word may be unknown.
A `call` and `courtesy` stand anywhere (a `nay` only between marks), and a `pause` ("um") in the
midst of a command. A `joint` joins a remark to a command in either order, a `cause` one behind it;
a `subject` begins a remark where no mark does, and a `head` begins a command there.
`after` says that one answer is meant ("then as before", "only that"). `asks` asks for something,
`made` is what programs are made of and what goes wrong in them, and `scope` says for how long a
choice holds: none of these is in a remark.
"""
Kinds = frozenset[Kind]
UNKNOWN: Final[Kinds] = frozenset()
_NAME: Final[Kinds] = frozenset(["name"])
_NUMBER: Final[Kinds] = frozenset(["number"])
_MADE: Final[Kinds] = frozenset(["made"])
NAME_SIGNS: Final = ("@", "~", "=")


@attrs.frozen
class Token:
    """Some words of a text, from one place to another, and the kinds that they are of."""

    start: int
    end: int
    kinds: Kinds


@attrs.frozen
class Lexicon:
    """The words of one language."""

    code: Language
    phrases: Mapping[str, Sequence[tuple[tuple[str, ...], Kinds]]] = attrs.field(repr=False)
    words: frozenset[str] = attrs.field(repr=False)
    """All words of the phrases."""
    is_spaced: bool = True
    unknown_max: int = UNKNOWN_WORDS_MAX
    words_max: int = REMARK_WORDS_MAX

    def tokens(self, signs: Sequence[str]) -> list[Token]:
        """The text as the longest phrases of this language."""
        found: list[Token] = []
        at = 0
        while at < len(signs):
            end, kinds = self._longest(signs, at)
            found.append(Token(at, end, kinds))
            at = end
        return found

    def _longest(self, signs: Sequence[str], at: int) -> tuple[int, Kinds]:
        sign = signs[at]
        for phrase, kinds in self.phrases.get(sign, ()):
            if tuple(signs[at : at + len(phrase)]) == phrase:
                return at + len(phrase), kinds
        if sign in NAME_SIGNS:
            return at + 1, _NAME
        if sign.isdigit():
            return at + 1, _NUMBER
        is_foreign = not self.is_spaced and sign.isascii()
        return at + 1, _MADE if is_foreign else UNKNOWN


def lexicon(
    code: Language,
    tables: Mapping[Kind, str],
    unknown_characters_max: int = 0,
) -> Lexicon:
    """A language's words from its table."""
    kinds: dict[tuple[str, ...], set[Kind]] = {}
    for kind, text in tables.items():
        for entry in text.split():
            phrase = tuple(words_of(entry.replace("_", " ")))
            kinds.setdefault(phrase, set()).add(kind)
    by_first: dict[str, list[tuple[tuple[str, ...], Kinds]]] = {}
    for phrase in sorted(kinds, key=len, reverse=True):
        by_first.setdefault(phrase[0], []).append((phrase, frozenset(kinds[phrase])))
    words = frozenset(word for phrase in kinds for word in phrase)
    if unknown_characters_max:
        return Lexicon(code, by_first, words, False, unknown_characters_max, REMARK_IDEOGRAPHS_MAX)
    return Lexicon(code, by_first, words)


def kinds_of(tokens: Iterable[Token]) -> Kinds:
    """All kinds in a text."""
    return UNKNOWN.union(*(each.kinds for each in tokens))
