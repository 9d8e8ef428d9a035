"""A recommendation in sentences, with its numbers, in each language; and as plain data.

Of what is not known nothing is said, so a sentence has only numbers that somebody has measured or
written down.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

import attrs

from ..switching.command import Language
from ..window_words import in_kilos, kilo_of, window_in_kilos
from .contender import Contender, InMemory
from .exclusions import Cause
from .phrases import PHRASES, Phrases
from .ranking import Advice, LeftOut, Ranked
from .scores import turn_price
from .situation import Situation

TOO_SMALL_SHOWN: Final = 2
"""So many of those that are too small are named in a summary."""
GIBIBYTE: Final = 1024**3


def summary(advice: Advice, language: Language = "en") -> str:
    """One sentence: how the conversation stands, who is too small for it, and who is best."""
    words = PHRASES[language]
    pieces = [_now(advice, words)] if advice.situation.tokens else []
    pieces += [
        why_not(left, language).removesuffix(words.stop)
        for left in advice.left_out
        if left.cause is Cause.TOO_SMALL and left.place != advice.situation.place
    ][:TOO_SMALL_SHOWN]
    best = advice.best
    pieces.append(words.nothing if best is None else _about(advice.situation, best, words))
    return words.semicolon.join(pieces) + words.stop


def standing(advice: Advice, language: Language = "en") -> str:
    """How long the conversation is, of which window; "" where that is not known."""
    return _now(advice, PHRASES[language]) if advice.situation.tokens else ""


def reason(advice: Advice, ranked: Ranked, language: Language = "en") -> str:
    """One sentence about a place that could answer."""
    words = PHRASES[language]
    return _about(advice.situation, ranked, words) + words.stop


def why_not(left: LeftOut, language: Language = "en") -> str:
    """One sentence about a place that could not."""
    words, contender = PHRASES[language], left.contender
    said = words.causes[left.cause].format(
        window=window_in_kilos(contender.window_tokens, words.decimal),
        seconds=f"{contender.rest_seconds:.0f}",
        budget=in_kilos(contender.tokens_per_day, decimal=words.decimal),
        need=_decimal(contender.need_bytes / GIBIBYTE, words, 1),
    )
    return f"{left.place} {said}{words.stop}"


def as_data(advice: Advice, language: Language = "en") -> dict[str, Any]:
    """The recommendation as plain data, ready for JSON."""
    return {
        "summary": summary(advice, language),
        "situation": attrs.asdict(advice.situation),
        "best": None if advice.best is None else advice.best.place,
        "ranking": [
            {
                "place": each.place,
                "points": each.share,
                "parts": dict(each.points),
                "reason": reason(advice, each, language),
                "facts": _facts(each.contender),
            }
            for each in advice.ranked
        ],
        "left_out": [
            {"place": each.place, "cause": each.cause.value, "reason": why_not(each, language)}
            for each in advice.left_out
        ],
        "not_known": list(advice.unasked),
    }


def joined(sentences: Iterable[str]) -> str:
    """Sentences in a row: those of Chinese and Japanese have no space between them."""
    return " ".join(filter(None, sentences)).replace("。 ", "。")


def _now(advice: Advice, words: Phrases) -> str:
    window = advice.here.window_tokens if advice.here is not None else 0
    tokens = in_kilos(advice.situation.tokens, kilo_of(window), words.decimal)
    if not window:
        return words.now_alone.format(tokens=tokens)
    return words.now.format(tokens=tokens, window=window_in_kilos(window, words.decimal))


def _about(now: Situation, ranked: Ranked, words: Phrases) -> str:
    contender = ranked.contender
    pieces = [piece for tell in _PIECES if (piece := tell(now, contender, words))]
    window = contender.window_tokens
    if not window:
        return f"{ranked.place}: {words.comma.join(pieces) or words.unknown}"
    holds = words.holds.format(window=window_in_kilos(window, words.decimal))
    return words.comma.join((f"{ranked.place} {holds}", *pieces))


def _first(_now: Situation, it: Contender, words: Phrases) -> str:
    seconds = _decimal(it.first_seconds, words, 1 if it.first_seconds < 10 else 0)
    return words.first.format(seconds=seconds) if it.first_seconds >= 0 else ""


def _rate(_now: Situation, it: Contender, words: Phrases) -> str:
    places = 1 if it.tokens_per_second < 10 else 0
    rate = _decimal(it.tokens_per_second, words, places)
    return words.rate.format(rate=rate) if it.tokens_per_second >= 0 else ""


def _where(_now: Situation, it: Contender, words: Phrases) -> str:
    if it.here:
        return words.here
    return words.trusted if it.trusted else ""


def _ready(_now: Situation, it: Contender, words: Phrases) -> str:
    if it.cached:
        return words.cached
    named = {
        InMemory.LOADED: words.loaded,
        InMemory.FITS: words.load,
        InMemory.EVICTS: words.evicts.format(names=words.comma.join(it.evicts)),
    }
    return named.get(it.memory, "")


def _errors(_now: Situation, it: Contender, words: Phrases) -> str:
    if not it.errors:
        return ""
    return words.errors.format(errors=it.errors, attempts=it.attempts)


def _price(now: Situation, it: Contender, words: Phrases) -> str:
    price = turn_price(now, it)
    return words.price.format(price=_decimal(price, words, 3)) if price else ""


_PIECES: Final[tuple[Callable[[Situation, Contender, Phrases], str], ...]] = (
    _first,
    _rate,
    _where,
    _ready,
    _errors,
    _price,
)
"""What is told of a place behind its window, in this order."""


def _decimal(value: float, words: Phrases, places: int) -> str:
    return f"{value:.{places}f}".replace(".", words.decimal)


def _facts(contender: Contender) -> Mapping[str, Any]:
    """What is known of a place; None where nobody has said."""
    return {
        "context_tokens": contender.window_tokens or None,
        "here": contender.here,
        "private": contender.trusted,
        "first_token_seconds": contender.first_seconds if contender.first_seconds >= 0 else None,
        "tokens_per_second": (
            contender.tokens_per_second if contender.tokens_per_second >= 0 else None
        ),
        "attempts_today": contender.attempts,
        "errors_today": contender.errors,
        "cached": contender.cached,
        "memory": contender.memory.value,
        "memory_bytes": contender.need_bytes or None,
        "evicts": list(contender.evicts),
        "price_per_million": None if contender.price is None else list(contender.price),
        "abilities": sorted(contender.has),
    }
