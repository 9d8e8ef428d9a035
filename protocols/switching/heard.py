"""What was heard in a text: its meaning, and the names in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import attrs

from .cues import Cues
from .everyday import CALLS
from .known import KnownPlaces
from .meaning import Meaning
from .names import Places
from .normal import said_words
from .slips import corrected

NAME_SIGNS: Final = ("@", "=", "~")
"""The surest first."""
ADDRESS_WORDS_MAX: Final = 2
"""Of "hey claude": of a call by name before what is said."""


@attrs.frozen
class Heard:
    """What a text means, the names in it, and the language that it is in."""

    meaning: Meaning
    signs: Sequence[str]
    names: Sequence[Places]
    cues: Cues

    @property
    def is_weak(self) -> bool:
        """Whether its name is an everyday word."""
        return "~" in self.signs


@attrs.frozen
class Said:
    """A text as words, a sign standing for each name, and the names; no words where it looks like
    nothing that is said to us."""

    text: str
    signs: Sequence[str] = ()
    names: Sequence[Places] = ()

    @classmethod
    def of(cls, text: str, known: KnownPlaces) -> Said:
        """What is said in a text."""
        words = said_words(text)
        if not words:
            return cls(text)
        found, names = known.names.find(words)
        return cls(text, corrected(found), names)


def without_repeats(
    signs: Sequence[str], names: Sequence[Places]
) -> tuple[Sequence[str], Sequence[Places]]:
    """What is said where several names are one: "flash, the gemini one"; nothing otherwise."""
    if len(names) < 2:
        return (), ()
    common = tuple(place for place in names[0] if all(place in each for each in names[1:]))
    places = [at for at, sign in enumerate(signs) if sign in NAME_SIGNS]
    if not common or len(places) != len(names):
        return (), ()
    strongest = min(places, key=lambda at: NAME_SIGNS.index(signs[at]))
    return [
        "@" if at == strongest else sign
        for at, sign in enumerate(signs)
        if at == strongest or sign not in NAME_SIGNS
    ], [common]


def without_address(
    signs: Sequence[str], names: Sequence[Places]
) -> tuple[Sequence[str], Sequence[Places]]:
    """What is said to a model that is called by its name first; nothing where none is."""
    first = next((at for at, word in enumerate(signs[:ADDRESS_WORDS_MAX]) if word == "@"), -1)
    is_called = first == 0 or (first == 1 and signs[0] in CALLS)
    if not is_called or len(signs) < first + ADDRESS_WORDS_MAX:
        return (), ()
    return [*signs[:first], *signs[first + 1 :]], names[1:]
