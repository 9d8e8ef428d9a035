"""How many tokens are said to a user: the same everywhere."""

from __future__ import annotations

import pytest
from understudy.protocols.routing.cards import window_in_words
from understudy.protocols.switching.command import Language
from understudy.protocols.switching.ground import Ground
from understudy.protocols.switching.replies import Speaker
from understudy.protocols.switching.standing import Standing
from understudy.protocols.window_words import in_kilos, window_in_kilos


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (0, "0"),
        (812, "812"),
        (1_000, "1K"),
        (1_500, "1.5K"),
        (47_300, "47K"),
        (999_999, "1M"),
        (1_048_576, "1M"),
        (1_500_000, "1.5M"),
        (10_485_760, "10M"),
    ],
)
def test_tokens_are_said_as_people_say_them(tokens: int, words: str) -> None:
    assert in_kilos(tokens) == words


@pytest.mark.parametrize(
    ("window", "words"),
    [
        (4_096, "4K"),
        (32_768, "32K"),
        (65_536, "64K"),
        (100_000, "100K"),
        (131_072, "128K"),
        (200_000, "200K"),
        (1_000_000, "1M"),
        (1_048_576, "1M"),
    ],
)
def test_a_window_is_said_in_its_own_kilo_by_the_picker_and_in_the_chat(
    window: int, words: str
) -> None:
    place = Standing("a/b", "a/b", context_tokens=window)
    assert window_in_kilos(window) == window_in_words(window) == words
    said = Speaker.of("en").switched(place, Ground(0, 0), "c/d")
    assert f"(remote, {words} tokens)" in said


def test_what_is_compared_with_a_window_is_said_in_its_kilo() -> None:
    place = Standing("a/b", "a/b", context_tokens=65_536)
    speaker = Speaker.of("en")
    told = speaker.which(place, Ground(48_128, 0), is_chosen=True, why="")
    assert "about 47K of 64K tokens" in told


@pytest.mark.parametrize(("language", "words"), [("en", "2.5K of 7.3K"), ("de", "2,5K von 7,3K")])
def test_a_decimal_is_written_as_in_the_language(language: Language, words: str) -> None:
    place = Standing("a/b", "a/b", context_tokens=7_500)
    told = Speaker.of(language).which(place, Ground(2_560, 0), is_chosen=True, why="")
    assert words in told


def test_two_lengths_that_would_read_alike_are_said_exactly() -> None:
    place = Standing("a/b", "a/b", context_tokens=32_768)
    refused = Speaker.of("en").refused(place, Ground(32_900, 32_900), "too_long")
    assert "has about 32900 tokens, and a/b holds 32768." in refused
    refused = Speaker.of("en").refused(place, Ground(50_000, 50_000), "too_long")
    assert "has about 49K tokens, and a/b holds 32K." in refused
