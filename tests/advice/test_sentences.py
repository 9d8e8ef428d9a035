"""The words of a recommendation: in each language the same numbers, and nothing made up."""

from __future__ import annotations

import re
import string
from typing import Any

import attrs
import pytest
from understudy.protocols.advice.contender import Contender, InMemory
from understudy.protocols.advice.exclusions import Cause
from understudy.protocols.advice.phrases import PHRASES, Phrases
from understudy.protocols.advice.ranking import Advice, recommend
from understudy.protocols.advice.sentences import as_data, reason, summary, why_not
from understudy.protocols.advice.situation import Situation
from understudy.protocols.settings_data import RecommendSettings
from understudy.protocols.switching.command import Language

PLACES = (
    Contender("local/qwen", 32_000, here=True, trusted=True),
    Contender("gemini/flash", 1_000_000, first_seconds=0.8),
    Contender("work/small", 64_000),
)
NOW = Situation(47_000, place="work/small")


def compared(now: Situation = NOW, *places: Contender) -> Advice:
    return recommend(now, places or PLACES, RecommendSettings())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            "you are at 47K of this model's 64K; local/qwen holds 32K; "
            "gemini/flash holds 1M, 0.8 s to first token today.",
        ),
        (
            "de",
            "du bist bei 47K von 64K dieses Modells; local/qwen fasst 32K; "
            "gemini/flash fasst 1M, heute 0,8 s bis zum ersten Token.",
        ),
        (
            "ja",
            "現在 47K、このモデルの上限は 64K; local/qwen は 32K まで; "
            "gemini/flash は 1M まで、今日の最初のトークンまで 0.8 秒。",
        ),
    ],
)
def test_the_numbers_stand_in_one_sentence(language: Language, words: str) -> None:
    assert summary(compared(), language) == words


@pytest.mark.parametrize("language", PHRASES)
def test_every_language_has_the_same_numbers(language: Language) -> None:
    english, other = PHRASES["en"], PHRASES[language]
    for field in attrs.fields(Phrases):
        mine, its = getattr(english, field.name), getattr(other, field.name)
        if isinstance(mine, str):
            assert fields_of(its) == fields_of(mine), field.name
            assert its.strip()
    assert set(other.causes) == set(Cause)
    for cause, words in english.causes.items():
        assert fields_of(other.causes[cause]) == fields_of(words), cause


@pytest.mark.parametrize("language", PHRASES)
def test_every_language_says_all_that_is_known(language: Language) -> None:
    known = Contender(
        "far/model",
        200_000,
        trusted=True,
        first_seconds=12.3,
        tokens_per_second=7.25,
        attempts=20,
        errors=3,
        cached=True,
        price=(5.0, 25.0),
    )
    advice = compared(NOW, known)
    words = reason(advice, advice.ranked[0], language)
    found = [number.replace(",", ".") for number in re.findall(r"\d+(?:[.,]\d+)?", words)]
    assert sorted(found) == sorted(["200", "12", "7.2", "3", "20", "0.260"])


def fields_of(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ({"memory": InMemory.FITS}, "a/b holds 9K, has to be loaded first."),
        (
            {"memory": InMemory.EVICTS, "evicts": ("c/d", "e/f")},
            "a/b holds 9K, needs the memory of c/d, e/f.",
        ),
        ({"memory": InMemory.LOADED, "cached": True}, "has this conversation in its cache"),
        ({"window_tokens": 0}, "a/b: nothing is known of it yet."),
        ({"window_tokens": 0, "trusted": True}, "a/b: is private, as you have said."),
    ],
)
def test_what_a_place_would_take_is_told(known: dict[str, Any], words: str) -> None:
    place = attrs.evolve(Contender("a/b", 9_000), **known)
    advice = compared(Situation(), place)
    assert words in reason(advice, advice.ranked[0])


def test_where_nothing_fits_that_is_told() -> None:
    advice = compared(Situation(5_000), Contender("a/b", 4_000))
    assert summary(advice) == "you are at 5K; a/b holds 4K; no endpoint fits."
    [left] = advice.left_out
    assert why_not(left, "de") == "a/b fasst 4K."
    assert as_data(advice)["left_out"] == [
        {"place": "a/b", "cause": "too small", "reason": "a/b holds 4K."}
    ]
