"""The languages that Understudy listens to."""

from __future__ import annotations

from functools import cache
from typing import Final

from .cues_de import GERMAN
from .cues_en import ENGLISH
from .cues_es import SPANISH
from .cues_fr import FRENCH
from .cues_ja import JAPANESE
from .cues_pt import PORTUGUESE
from .cues_zh import CHINESE

CUES: Final = (ENGLISH, GERMAN, FRENCH, SPANISH, PORTUGUESE, CHINESE, JAPANESE)
"""In the order in which they are tried."""
WESTERN: Final = tuple(each for each in CUES if each.code not in ("zh", "ja"))


def warm() -> None:
    """Reads the patterns of all languages, which takes a moment, before a text waits for it."""
    for cues in CUES:
        cues.heard(["@", "@"])
    all_words()
    telling_words()


@cache
def all_words() -> frozenset[str]:
    """Every word of every language but the names."""
    return frozenset[str]().union(*(each.vocabulary for each in CUES))


@cache
def telling_words() -> frozenset[str]:
    """Words of which every text for us has one, in whatever language, or a name."""
    return frozenset[str]().union(*(each.telling for each in CUES))
