"""How long a conversation is and how fast it grows, read from the ledger's lines of its turns.

A conversation's lines are mixed: sub-agents and the client's own small work are among them, and a
compaction makes it shorter at once. So the newest line that has about the length of the request
itself is taken for the conversation's, and of those before it the ones of about its own length.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import attrs

from ..records import TurnOutcome, TurnRecord

ALIKE: Final = 2
"""Of two lengths that are taken for the same conversation's, none is more than so many times the
other: a guess from bytes is as far off as that."""
STEPS_MAX: Final = 4
"""The growth is the mean of so many steps at most."""


@attrs.frozen
class Size:
    """Tokens that the next turn begins with, and what a turn adds; 0 where nothing is known."""

    tokens: int = 0
    growth_tokens: int = 0


def size_of(lines: Iterable[TurnRecord], guessed_tokens: int = 0) -> Size:
    """The size that a conversation's lines tell, newest first; a guess at a request helps."""
    lengths = [_length(line) for line in lines if line.outcome is TurnOutcome.ANSWERED]
    lengths = [tokens for tokens in lengths if tokens]
    newest = next((each for each in lengths if _alike(each, guessed_tokens)), 0)
    if not newest:
        return Size(guessed_tokens)
    return Size(newest, growth_of([each for each in lengths if _alike(each, newest)]))


def growth_of(lengths: Sequence[int]) -> int:
    """The mean of the newest steps that have made it longer; the newest length comes first."""
    steps = [later - earlier for later, earlier in pairwise(lengths)]
    grown = [step for step in steps if step > 0][:STEPS_MAX]
    return sum(grown) // len(grown) if grown else 0


def _length(line: TurnRecord) -> int:
    """What a turn has read and written: the next one reads all of it."""
    return line.usage.read_tokens + line.usage.output_tokens if line.usage.read_tokens else 0


def _alike(one: int, other: int) -> bool:
    return not one or not other or max(one, other) <= ALIKE * min(one, other)
