"""The languages that Understudy listens to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from .command import Language
from .cues import Cues
from .cues_de import GERMAN as GERMAN_CUES
from .cues_en import ENGLISH as ENGLISH_CUES
from .cues_es import SPANISH as SPANISH_CUES
from .cues_fr import FRENCH as FRENCH_CUES
from .cues_ja import JAPANESE as JAPANESE_CUES
from .cues_pt import PORTUGUESE as PORTUGUESE_CUES
from .cues_zh import CHINESE as CHINESE_CUES
from .grammar import Grammar
from .words_de import GERMAN
from .words_en import ENGLISH
from .words_es import SPANISH
from .words_fr import FRENCH
from .words_ja import JAPANESE
from .words_pt import PORTUGUESE
from .words_zh import CHINESE

GRAMMARS: Final = tuple(
    map(Grammar, (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, CHINESE, JAPANESE))
)

CUES: Final[Mapping[Language, Cues]] = {
    "en": ENGLISH_CUES,
    "de": GERMAN_CUES,
    "fr": FRENCH_CUES,
    "es": SPANISH_CUES,
    "pt": PORTUGUESE_CUES,
    "zh": CHINESE_CUES,
    "ja": JAPANESE_CUES,
}


def warm() -> None:
    """Reads the patterns of all languages, which takes a moment, before a text waits for it."""
    for grammar in GRAMMARS:
        grammar.warm()
    for cues in CUES.values():
        cues.heard(["@", "@"])
    all_words()


@cache
def all_words() -> frozenset[str]:
    """Every word of every language but the names."""
    spoken = (*(each.vocabulary for each in GRAMMARS), *(each.vocabulary for each in CUES.values()))
    return frozenset[str]().union(*spoken)
