"""Names of what is not wanted: "opus instead of sonnet", "not gemini anymore, gpt please".

Where a text names several places, those that it sets aside are taken out of it, with the words that
do so: what is left is read like any other text.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from .names import Places
from .normal import words_of

_NAMES: Final = ("@", "~")
_BEFORE: Final = tuple(
    tuple(words_of(text))
    for text in [
        "ditch",
        "drop",
        "forget",
        "lose",
        "leave",
        "and not",
        "but not",
        "not",
        "instead of",
        "rather than",
        "in place of",
        "in lieu of",
        "no more",
        "no longer",
        "enough of",
        "enough",
        "i don t want",
        "i don t like",
        "i m done with",
        "done with",
        "away from",
        "off",
        "from",
        "i m on",
        "we re on",
        "i m tired of",
        "tired of",
        "i m sick of",
        "sick of",
        "switch off",
        "stop using",
        "replace",
        "statt",
        "anstatt",
        "anstelle von",
        "nicht mehr",
        "nicht",
        "kein",
        "keine",
        "weg von",
        "von",
        "au lieu de",
        "au lieu d",
        "a la place de",
        "plutot que",
        "pas",
        "plus",
        "et pas",
        "de",
        "en vez de",
        "en lugar de",
        "y no",
        "no",
        "em vez de",
        "ao inves de",
        "e nao",
        "nao",
    ]
)
"""What stands before a name that is set aside, the longest first."""
_AFTER: Final = tuple(
    tuple(words_of(text))
    for text in [
        "and",
        "any more",
        "anymore",
        "any longer",
        "to",
        "with",
        "by",
        "for",
        "mehr",
        "zu",
        "auf",
        "a",
        "sur",
        "para",
        "a",
        "au",
        "isn t good enough",
        "is not good enough",
        "is too slow",
        "isn t working",
        "isn t enough",
        "isn t cutting it",
        "is enough",
        "is too expensive",
        "is struggling",
        "is too dumb",
        "is too weak",
    ]
)
_TRADES: Final = frozenset(["swap", "replace", "trade", "exchange", "switch"])
_FOR: Final = frozenset(["for", "with"])
_BOTH: Final = frozenset([("from",), ("off",), ("replace",), ("von",), ("de",), ("enough",)])
"""Words that set a name aside only where another one follows: "from opus to sonnet"."""


def without_rejected(
    signs: Sequence[str], names: Sequence[Places]
) -> tuple[Sequence[str], Sequence[Places]]:
    """The text and the names without one that is set aside; nothing where none is."""
    if len(names) != 2:
        return (), ()
    places = [at for at, sign in enumerate(signs) if sign in _NAMES]
    if len(places) != len(names):
        return (), ()
    traded = _traded(signs, places[0])
    if traded:
        return [*traded, *signs[places[0] + 2 :]], [names[1]]
    for number, at in enumerate(places):
        words = next((each for each in _BEFORE_LONGEST if _ends(signs, at, each)), None)
        if words is None or (words in _BOTH and not _goes_on(signs, at)):
            continue
        left = [*signs[: at - len(words)], *signs[at + 1 + _after(signs, at) :]]
        return left, [names[1 - number]]
    return (), ()


_BEFORE_LONGEST: Final = sorted(_BEFORE, key=len, reverse=True)


def _traded(signs: Sequence[str], at: int) -> Sequence[str]:
    """What "swap haiku for" says before the name that is wanted; nothing where nothing does."""
    is_traded = at > 0 and signs[at - 1] in _TRADES and signs[at + 1] in _FOR
    return [*signs[: at - 1], "switch", "to"] if is_traded else ()


def _ends(signs: Sequence[str], at: int, words: tuple[str, ...]) -> bool:
    """Whether some words stand before a place."""
    return at >= len(words) and tuple(signs[at - len(words) : at]) == words


def _goes_on(signs: Sequence[str], at: int) -> bool:
    return bool(_after_words(signs, at)) or signs[at + 1 : at + 2] == ["@"]


def _after(signs: Sequence[str], at: int) -> int:
    """How many of the words behind a rejected name reject it too."""
    words = _after_words(signs, at)
    return len(words) if words and words[0] not in ("to", "zu", "auf", "a") else 0


def _after_words(signs: Sequence[str], at: int) -> tuple[str, ...]:
    found = (each for each in _AFTER if tuple(signs[at + 1 : at + 1 + len(each)]) == each)
    return max(found, key=len, default=())
