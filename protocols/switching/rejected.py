"""Names of what is not wanted: "opus instead of sonnet", "haiku, no sorry, sonnet".

Where a text names several places, those that it sets aside or takes back are taken out of it, with
the words that do so, and so is a name that is said twice: what is left is read like any other text.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from .names import Places
from .normal import words_of
from .rejected_words import COMPARING, CONFIRMING, CORRECTING, GLUE, PHRASE_WORDS_MAX, WEAK
from .remarks import is_all_said_to_us

NAMES_MAX: Final = 3
"""In one text: one that is taken back, and one that is said twice."""
_NAMES: Final = ("@", "~")
_BEFORE: Final = frozenset(
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
        "anything but",
        "anyone but",
        "all but",
        "without",
        "never",
        "other than",
        "except",
        "except for",
        "better than",
        "don t use",
        "do not use",
        "no need for",
        "replace",
        "statt",
        "anstatt",
        "alles ausser",
        "ohne",
        "nie wieder",
        "niemals",
        "anstelle von",
        "nicht mehr",
        "nicht",
        "kein",
        "keine",
        "weg von",
        "von",
        "tout sauf",
        "sans",
        "jamais",
        "plus jamais",
        "pas de",
        "pas d",
        "au lieu de",
        "au lieu d",
        "a la place de",
        "plutot que",
        "pas",
        "plus",
        "et pas",
        "de",
        "todo menos",
        "cualquiera menos",
        "nada de",
        "sin",
        "nunca",
        "nunca mas",
        "en vez de",
        "en lugar de",
        "y no",
        "no",
        "quita",
        "quita el",
        "tira o",
        "tudo menos",
        "qualquer um menos",
        "sem",
        "em vez de",
        "ao inves de",
        "e nao",
        "nao",
        "不用",
        "不要",
        "别用",
        "別用",
        "别换",
        "別換",
    ]
)
"""What stands before a name that is set aside."""
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
_BEHIND: Final = tuple(
    tuple(words_of(text))
    for text in [
        *("should not", "shouldn t", "must not", "can stop", "soll nicht", "以外", "じゃないや"),
    ]
)
"""What stands behind a name that is set aside."""
_TRADES: Final = frozenset(["swap", "replace", "trade", "exchange", "switch"])
_FOR: Final = frozenset(["for", "with"])
_BOTH: Final = frozenset([("from",), ("off",), ("replace",), ("von",), ("de",), ("enough",)])
"""Words that set a name aside only where another one follows: "from opus to sonnet"."""
_ARTICLES: Final = frozenset(["the", "das", "dem", "den", "le", "la", "el", "o"])
"""What may stand between such words and the name."""
_WHY: Final = frozenset(["why", "warum", "wieso", "weshalb", "porque"])
"""Of "why not opus?", which may want it."""
_EITHER: Final = _BOTH | {("leave",), ("plus",), ("no",), ("drop",), ("pas",)}
"""Words that alone may stand before a name that is wanted: "drop to haiku", "pourquoi pas opus"."""
_BEFORE_WORDS_MAX: Final = max(map(len, _BEFORE))
_ALONE: Final = _BEFORE - _EITHER


def without_rejected(
    signs: Sequence[str], names: Sequence[Places]
) -> tuple[Sequence[str], Sequence[Places]]:
    """The text and the names without one that is set aside or taken back; nothing where none is."""
    if not 2 <= len(names) <= NAMES_MAX:
        return (), ()
    signs, names = _said_once(signs, names)
    if len(names) == 1:
        return signs, names
    places = _places(signs)
    if len(names) != 2 or len(places) != len(names):
        return (), ()
    right = _corrected(signs, *places)
    if right:
        return right, [names[1]]
    traded = _traded(signs, places[0])
    if traded:
        return [*traded, *signs[places[0] + 2 :]], [names[1]]
    for number, at in enumerate(places):
        begin = at - (signs[at - 1] in _ARTICLES) if at else at
        words = _before(signs, begin, _BEFORE)
        if not words or (words in _BOTH and not _goes_on(signs, at)):
            continue
        left = [*signs[: begin - len(words)], *signs[at + 1 + _after(signs, at) :]]
        return left, [names[1 - number]]
    return (), ()


def is_set_aside(signs: Sequence[str]) -> bool:
    """Whether the first name of a text is one that is not wanted: "not opus", "stop using opus"."""
    at = next(iter(_places(signs)), 0)
    if any(tuple(signs[at + 1 : at + 1 + len(each)]) == each for each in _BEHIND):
        return True
    at -= at > 0 and signs[at - 1] in _ARTICLES
    is_asked = not _WHY.isdisjoint(signs) or ("por", "que") in pairwise(signs)
    return not is_asked and bool(_before(signs, at, _ALONE))


def _places(signs: Sequence[str]) -> list[int]:
    return [at for at, sign in enumerate(signs) if sign in _NAMES]


def _said_once(
    signs: Sequence[str], names: Sequence[Places]
) -> tuple[Sequence[str], Sequence[Places]]:
    """The text without the names that it says once more: "kimi, yes kimi please"."""
    places = _places(signs)
    if len(places) != len(names):
        return signs, names
    for number, (one, other) in enumerate(pairwise(places)):
        between = signs[one + 1 : other]
        is_same = set(names[number]) >= set(names[number + 1]) or (
            set(names[number]) <= set(names[number + 1])
        )
        if is_same and _is_made_of(between, (CONFIRMING, GLUE)):
            first = (
                number if one == 0 or set(names[number]) > set(names[number + 1]) else number + 1
            )
            left = [*signs[: one if one == 0 else one + 1], *signs[other + (one > 0) :]]
            return _said_once(left, [*names[:first], *names[first + 1 :]])
    return signs, names


def _corrected(signs: Sequence[str], one: int, other: int) -> Sequence[str]:
    """The text with the later name alone, where it takes the earlier one back; else nothing."""
    begin = end = _run_end(signs, one + 1, GLUE)
    is_clear = False
    while end < other and (after := _run_end(signs, end, CORRECTING)) > end:
        is_clear |= end > begin or tuple(signs[end:after]) not in WEAK
        end = after
    if not is_clear or signs[end] in COMPARING or not is_all_said_to_us(signs[: one + 1]):
        return ()
    if _is_made_of(signs[end:other], (GLUE, CONFIRMING)):
        said = [*signs[:one], signs[other], *signs[other + 1 :]]
        return said if len(said) > 1 else ["switch", "to", *said]
    return signs[end:]


def _is_made_of(signs: Sequence[str], tables: Sequence[frozenset[tuple[str, ...]]]) -> bool:
    """Whether words are nothing but phrases of some tables."""
    at = 0
    while at < len(signs):
        end = max(_run_end(signs, at, table) for table in tables)
        if end == at:
            return False
        at = end
    return True


def _run_end(signs: Sequence[str], at: int, table: frozenset[tuple[str, ...]]) -> int:
    """Where the longest phrase of a table that begins at a place ends; the place if none does."""
    lengths = range(min(PHRASE_WORDS_MAX, len(signs) - at), 0, -1)
    return next((at + size for size in lengths if tuple(signs[at : at + size]) in table), at)


def _traded(signs: Sequence[str], at: int) -> Sequence[str]:
    """What "swap haiku for" says before the name that is wanted; nothing where nothing does."""
    is_traded = at > 0 and signs[at - 1] in _TRADES and signs[at + 1] in _FOR
    return [*signs[: at - 1], "switch", "to"] if is_traded else ()


def _before(signs: Sequence[str], at: int, table: frozenset[tuple[str, ...]]) -> tuple[str, ...]:
    """The longest phrase of a table that stands before a place; nothing if none does."""
    found = (tuple(signs[at - size : at]) for size in range(min(_BEFORE_WORDS_MAX, at), 0, -1))
    return next((each for each in found if each in table), ())


def _goes_on(signs: Sequence[str], at: int) -> bool:
    return bool(_after_words(signs, at)) or signs[at + 1 : at + 2] == ["@"]


def _after(signs: Sequence[str], at: int) -> int:
    """How many of the words behind a rejected name reject it too."""
    words = _after_words(signs, at)
    return len(words) if words and words[0] not in ("to", "zu", "auf", "a") else 0


def _after_words(signs: Sequence[str], at: int) -> tuple[str, ...]:
    found = (each for each in _AFTER if tuple(signs[at + 1 : at + 1 + len(each)]) == each)
    return max(found, key=len, default=())
