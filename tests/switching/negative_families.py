"""Endless work that looks like a command: what developers say, with near misses in it.

`generate` draws a language, a family of near misses and one of its sentences, and fills the slots
of the sentence from the words of the language. Both lie beside the other sets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Final

from .worlds import SETS

SLOT: Final = re.compile(r"\{([a-z]+)\}")
LANGUAGES: Final = ("en", "de", "fr", "es", "pt", "zh", "ja")
SHARES: Final = (45, 10, 9, 9, 9, 9, 9)
VERBATIM: Final = frozenset({"g_log_line", "g_code_line", "g_markdown"})
CLOUD: Final = "cloud"
"""Names of models elsewhere, which fill the slot of an endpoint in every language."""
MISSES_UNTIL_DRY: Final = 5_000


def generate(draw: Random) -> Iterator[str]:
    """Yields sentences, none twice whatever its case, until words run dry."""
    frames, words = _frames(), _words()
    families = sorted({family for family, _ in frames})
    seen: set[str] = set()
    misses = 0
    while misses < MISSES_UNTIL_DRY:
        language = draw.choices(LANGUAGES, SHARES)[0]
        family = draw.choice([name for name in families if (name, language) in frames])
        text = _filled(draw.choice(frames[family, language]), language, draw, words).strip()
        if family not in VERBATIM:
            text = _typed(text, draw)
        key = text.casefold().rstrip(".")
        misses = misses + 1 if key in seen else 0
        if key not in seen:
            seen.add(key)
            yield text


def _frames() -> dict[tuple[str, str], list[str]]:
    lines = (SETS / "negative_frames.jsonl").read_text(encoding="utf-8").splitlines()
    found = map(json.loads, lines)
    return {(each["family"], each["lang"]): each["frames"] for each in found}


def _words() -> dict[tuple[str, str], list[str]]:
    """The words of each slot and language; "" is for all languages."""
    lines = (SETS / "negative_words.jsonl").read_text(encoding="utf-8").splitlines()
    return {(each["slot"], each["lang"]): each["words"] for each in map(json.loads, lines)}


def _choices(slot: str, language: str, words: Mapping[tuple[str, str], list[str]]) -> list[str]:
    if slot == "ep":
        return [*words[CLOUD, ""], *words[slot, language]]
    return words[slot, ""] if (slot, "") in words else words[slot, language]


def _filled(
    frame: str, language: str, draw: Random, words: Mapping[tuple[str, str], list[str]]
) -> str:
    """The sentence with each slot filled, without one word twice where it names a slot twice."""
    used: dict[str, set[str]] = {}

    def word(match: re.Match[str]) -> str:
        slot = match[1]
        seen = used.setdefault(slot, set())
        options = [each for each in _choices(slot, language, words) if each not in seen]
        chosen = draw.choice(options)
        if slot not in ("lead", "tail"):
            seen.add(chosen)
        return _filled(chosen, language, draw, words)

    return SLOT.sub(word, frame)


def _typed(text: str, draw: Random) -> str:
    """Small habits of typing: a capital first letter, a full stop, all lower case."""
    habit = draw.random()
    capital = text[:1].upper() + text[1:]
    if habit < 0.25:
        return capital
    if habit < 0.35 and text[-1].isalnum() and text.isascii():
        return f"{capital}."
    return text.lower() if habit < 0.5 else text
