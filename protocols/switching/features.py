"""What the classifier of commands sees of a text: its words, what follows what, and pieces of them.

Two and three words that follow each other, two with one between them, the whole of a short text;
what stands around a name; where a text has several clauses, of which some may only give a reason,
what stands in the clause with the name, before it and after it; of work that follows, its first
words; and the pieces of words, so that an ending or a slip of the finger is no stranger. Features
are hashed into rows of a table (Weinberger et al., "Feature hashing for large scale multitask
learning", 2009), so nothing but the words that it has met is stored as text. The names of places
that exist have been replaced by their signs before (`names`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final
from zlib import crc32

import attrs

from .pattern import ANY_NAME

ROWS: Final = 1 << 19
PIECES: Final = (3, 4, 5)
"""Letters of the pieces of a word."""
WHOLE_LETTERS: Final = 3
"""A word of no more has no pieces."""
WHOLE_WORDS_MAX: Final = 8
"""Of a text that is a feature as a whole."""
WORK_WORDS_MAX: Final = 8
"""Of the beginning of work that is looked at."""
AROUND_WORDS: Final = 4
"""So far from a name a word stands beside it; two words on its both sides half as far."""
NAMES_MAX: Final = 3
"""Of the names of a text around which it is looked."""
_UNKNOWN: Final = "?"
_START, _END = "^", "$"
_QUESTION: Final = ("?", "\uff1f")
_MARK: Final = re.compile(r"[,;.!?\u2026:\u3002\uff0c\u3001\uff01\uff1f\uff1a\n]+(?=.)", re.DOTALL)
_COUNT_MAX: Final = 3
_LENGTH_STEP: Final = 3
_LENGTHS_MAX: Final = 8


@attrs.frozen
class Wording:
    """A text as it is weighed: its words, a sign for each name, and how it was written.

    `clauses` are the words of each clause, where there are several. `work` is how the work begins
    that the text stands in front of.
    """

    signs: Sequence[str]
    text: str
    clauses: Sequence[Sequence[str]] = ()
    work: Sequence[str] = ()

    def known(self, words: frozenset[str]) -> Wording:
        """The same where a word that is none of these stands for all unknown ones."""
        return attrs.evolve(
            self,
            signs=_known(self.signs, words),
            clauses=[_known(each, words) for each in self.clauses],
            work=_known(self.work[:WORK_WORDS_MAX], words),
        )


def rows_of(found: Iterator[str]) -> set[int]:
    """The rows of a text's features: each counts once."""
    return {crc32(each.encode()) % ROWS for each in found}


def features(wording: Wording, words: frozenset[str]) -> Iterator[str]:
    """What the weights are of; `words` are those that have been met."""
    known = wording.known(words)
    yield from _counted(known)
    yield from _in_a_row(known.signs)
    yield from _around_names(known.signs)
    yield from _by_clause(known.clauses)
    yield from _of_work(known.work)
    for sign in wording.signs:
        yield f"1 {sign}"
        if len(sign) > WHOLE_LETTERS and sign.isascii():
            yield from pieces(f"<{sign}>")


def pieces(word: str) -> Iterator[str]:
    """The pieces of a word between its marks of beginning and end."""
    for letters in PIECES:
        for at in range(len(word) - letters + 1):
            yield word[at : at + letters]


def _known(signs: Sequence[str], words: frozenset[str]) -> list[str]:
    return [each if each in words or each in ANY_NAME else _UNKNOWN for each in signs]


def _counted(said: Wording) -> Iterator[str]:
    text, signs = said.text.strip(), said.signs
    yield f"names {min(sum(each in ANY_NAME for each in signs), _COUNT_MAX)}"
    yield f"unknown {min(signs.count(_UNKNOWN), _COUNT_MAX)}"
    yield f"length {min(len(signs) // _LENGTH_STEP, _LENGTHS_MAX)}"
    yield f"asks {text.endswith(_QUESTION)}"
    yield f"marks {min(len(_MARK.findall(text)), _COUNT_MAX)}"
    if len(signs) <= WHOLE_WORDS_MAX:
        yield f"all {' '.join(signs)}"


def _in_a_row(signs: Sequence[str]) -> Iterator[str]:
    """What follows what."""
    row = [_START, *signs, _END]
    for one, two, three in zip(row, row[1:], [*row[2:], ""], strict=False):
        yield f"2 {one} {two}"
        if three:
            yield f"3 {one} {two} {three}"
            yield f"1 1 {one} {three}"


def _around_names(signs: Sequence[str]) -> Iterator[str]:
    """What stands near a name, before it and after it, and in which pairs."""
    for at in [at for at, sign in enumerate(signs) if sign in ANY_NAME][:NAMES_MAX]:
        before = signs[max(0, at - AROUND_WORDS) : at]
        after = signs[at + 1 : at + 1 + AROUND_WORDS]
        yield from (f"before {each}" for each in before)
        yield from (f"after {each}" for each in after)
        for one in before[-AROUND_WORDS // 2 :]:
            yield from (f"around {one} {two}" for two in after[: AROUND_WORDS // 2])


def _by_clause(clauses: Sequence[Sequence[str]]) -> Iterator[str]:
    """What stands in a clause with a name, and in those before and after the first such one."""
    named = [any(sign in ANY_NAME for sign in each) for each in clauses]
    first = named.index(True) if any(named) else -1
    for at, clause in enumerate(clauses):
        place = "named" if named[at] else "nowhere" if first < 0 else "<" if at < first else ">"
        yield from (f"{place} {each}" for each in clause)
        yield from (f"{place} {one} {two}" for one, two in pairwise([_START, *clause, _END]))


def _of_work(work: Sequence[str]) -> Iterator[str]:
    """How the work begins that a text stands in front of."""
    if work:
        yield f"work {work[0]}"
        yield f"work {' '.join(work[:2])}"
        yield from (f"in work {each}" for each in work)
