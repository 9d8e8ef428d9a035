"""How likely a text means something to us, by weights learnt from sentences of many people.

The grammar (`cues`) knows what it has been told; people say the same in more ways than anybody
lists. A linear classifier weighs what stands in a text: its words, two and three that follow each
other, two with one between them, and the pieces of words, so that an ending or a slip of the finger
is no stranger. Features are hashed into a table of rows of small integers (Weinberger et al.,
"Feature hashing for large scale multitask learning", 2009): nothing but the words that it has met
is stored as text. Names have been replaced by their signs before (`names`), so it has learnt no
model's name, and where models are called otherwise it holds as well.

Pure: the weights are handed in. `io/classifier` keeps them, and makes them from labelled sentences.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterator, Sequence
from typing import Final
from zlib import crc32

import attrs

from .meaning import Meaning
from .pattern import ANY_NAME

MEANINGS: Final[tuple[Meaning, ...]] = (
    *("conversation", "answer", "this", "back", "which", "list", "advice"),
)
"""What a text may mean, in the order of a row's weights: how much more than nothing. `this` is said
in front of work."""
WIDTH: Final = len(MEANINGS)
ROWS: Final = 1 << 17
PIECES: Final = (3, 4, 5)
"""Letters of the pieces of a word."""
WHOLE_LETTERS: Final = 3
"""A word of no more has no pieces."""
STRANGE_COST: Final = 0.75
"""What each word that no command has had takes from a meaning's log-odds, up to so many."""
STRANGE_MAX: Final = 3
WEIGHT_MAX: Final = 100.0
_UNKNOWN: Final = "?"
_START, _END = "^", "$"
_QUESTION: Final = ("?", "\uff1f")
_MARK: Final = re.compile(r"[,;.!?\u2026:\u3002\uff0c\u3001\uff01\uff1f\uff1a\n]+(?=.)", re.DOTALL)
_COUNT_MAX: Final = 3
_LENGTH_STEP: Final = 3
_LENGTHS_MAX: Final = 8


def _share(weight: float) -> float:
    """How much likelier than nothing, within what a number holds."""
    return math.exp(max(-WEIGHT_MAX, min(weight, WEIGHT_MAX)))


@attrs.frozen
class Likelihood:
    """How much each of `MEANINGS` outweighs that nothing is meant, as logarithms of odds."""

    weights: Sequence[float]
    strange: int = 0
    """So many words have not been met in a command."""

    def nothing(self) -> float:
        """The share of all likelihood that nothing is meant to us: from 0 to 1."""
        return 1 / (1 + sum(map(_share, self.weights)))

    def odds(self, meanings: Sequence[Meaning]) -> float:
        """The log-odds that one of these is meant, less what strange words cost."""
        shares: dict[Meaning, float] = dict(zip(MEANINGS, map(_share, self.weights), strict=True))
        meant = sum(shares.pop(each) for each in meanings)
        return math.log(meant / (1 + sum(shares.values()))) - STRANGE_COST * min(
            self.strange, STRANGE_MAX
        )


@attrs.frozen
class Classifier:
    """The weights: `WIDTH` for each of `ROWS` features, times `scale`; the words it has met."""

    weights: array[int] = attrs.field(repr=False)
    scale: float = 1.0
    bias: Sequence[float] = (0.0,) * WIDTH
    words: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    spoken: frozenset[str] = attrs.field(default=frozenset(), repr=False)
    """Those of `words`, and of rarer ones, that stand in commands."""

    def likelihood(self, signs: Sequence[str], text: str) -> Likelihood:
        """How likely a text, whose words are these, means what."""
        weights = self.weights
        rows = [
            weights[row * WIDTH : row * WIDTH + WIDTH]
            for row in rows_of(features(signs, text, self.words))
        ]
        sums = [sum(column) for column in zip(*rows, strict=True)]
        strange = sum(sign not in self.spoken and sign not in ANY_NAME for sign in signs)
        return Likelihood(
            [bias + self.scale * each for bias, each in zip(self.bias, sums, strict=True)], strange
        )


def rows_of(found: Iterator[str]) -> set[int]:
    """The rows of a text's features: each counts once."""
    return {crc32(each.encode()) % ROWS for each in found}


def features(signs: Sequence[str], text: str, words: frozenset[str]) -> Iterator[str]:
    """What the weights are of; a word that is none of `words` stands for all unknown ones."""
    read = [each if each in words or each in ANY_NAME else _UNKNOWN for each in signs]
    said = text.strip()
    yield f"names {min(sum(each in ANY_NAME for each in signs), _COUNT_MAX)}"
    yield f"unknown {min(read.count(_UNKNOWN), _COUNT_MAX)}"
    yield f"length {min(len(signs) // _LENGTH_STEP, _LENGTHS_MAX)}"
    yield f"asks {said.endswith(_QUESTION)}"
    yield f"marks {min(len(_MARK.findall(said)), _COUNT_MAX)}"
    around = [_START, *read, _END]
    for one, two, three in zip(around, around[1:], [*around[2:], ""], strict=False):
        yield f"2 {one} {two}"
        if three:
            yield f"3 {one} {two} {three}"
            yield f"1 1 {one} {three}"
    for sign in signs:
        yield f"1 {sign}"
        if len(sign) > WHOLE_LETTERS and sign.isascii():
            yield from pieces(f"<{sign}>")


def pieces(word: str) -> Iterator[str]:
    """The pieces of a word between its marks of beginning and end."""
    for letters in PIECES:
        for at in range(len(word) - letters + 1):
            yield word[at : at + letters]
