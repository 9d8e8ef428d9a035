"""Slips of the finger in the words that commands are made of: "siwtch", "whcih modle".

Only long words are corrected, to which nothing else is near that people write about.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from .names import slips
from .tongues import all_words

_WORDS: Final = [
    "switch",
    "change",
    "swap",
    "model",
    "models",
    "which",
    "what",
    "please",
    "continue",
    "answer",
    "previous",
    "current",
    "currently",
    "recommend",
    "conversation",
    "available",
    "endpoint",
    "endpoints",
    "cheapest",
    "fastest",
    "quickest",
    "smartest",
    "everything",
    "instead",
]
_OTHERS: Final = frozenset(
    ["swatch", "mode", "modes", "modal", "modals", "modem", "wap", "chance", "charge", "rely"]
)
"""Words that are none of these, though a slip makes them of one."""


@cache
def corrections() -> Mapping[str, str]:
    """The words that are meant, by what is written for them."""
    return {
        wrong: word
        for word in _WORDS
        for wrong in slips(word)
        if wrong not in _OTHERS and wrong not in all_words()
    }


def corrected(signs: Sequence[str]) -> list[str]:
    """A text as it was meant."""
    meant = corrections()
    return [meant.get(sign, sign) for sign in signs]
