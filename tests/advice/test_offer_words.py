"""An offer is made in the language of its user, and what it says to say is understood."""

from __future__ import annotations

import re
import string
from typing import Final, get_args

import attrs
import pytest
from trio.testing import MockClock
from understudy.protocols.advice.contender import Contender
from understudy.protocols.advice.offer import followed_words, make_offer
from understudy.protocols.advice.offer_words import OFFER_WORDS
from understudy.protocols.advice.ranking import recommend
from understudy.protocols.advice.situation import Situation
from understudy.protocols.settings_data import ChatSettings, RecommendSettings
from understudy.protocols.switching.choice import Choice, KeepChoice, gone_back, picked, switched
from understudy.protocols.switching.command import Command, GoBack, Language, Switch
from understudy.protocols.switching.known import KnownPlace, KnownPlaces
from understudy.protocols.switching.matcher import match

from ..actors.scripts import WORK, always, turn
from ..actors.stage import open_stage
from .long_turns import filled, long_turn, settings

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
PLACE: Final = "gemini/flash"
SMALL: Final = Contender("work/small", 64_000)
LARGE: Final = Contender(PLACE, 1_000_000, first_seconds=0.8)
FULL: Final = recommend(Situation(60_000, place="work/small"), (SMALL, LARGE), RecommendSettings())
KNOWN: Final = KnownPlaces(
    (KnownPlace(PLACE, "gemini", "flash"), KnownPlace("work/small", "work", "small")), "work/small"
)
SAID: Final = re.compile(r"`([^`]+)`")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_everything_with_the_same_holes(language: Language) -> None:
    for name, text in attrs.asdict(OFFER_WORDS[language]).items():
        english: str = getattr(OFFER_WORDS["en"], name)
        assert holes(text) == holes(english), f"{language}: {name}"
        assert language == "en" or text != english, name


def holes(text: str) -> set[str | None]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("follow", [False, True])
@pytest.mark.parametrize("why", ["full", "fails"])
def test_what_it_says_to_say_is_understood(language: Language, follow: bool, why: str) -> None:
    chat = ChatSettings(follow_offer=follow)
    offer = make_offer(FULL, "full" if why == "full" else "fails", "work", chat, language)
    assert offer is not None
    *_, said = SAID.findall(offer.words)
    wanted: Command = GoBack(language) if follow else Switch((PLACE,), language=language)
    assert match(said, KNOWN) == wanted
    assert "{" not in offer.words
    assert ("60K" in offer.words) == (why == "full")
    assert "1M" in offer.words
    *_, said = SAID.findall(followed_words(PLACE, chat, language))
    assert match(said, KNOWN) == GoBack(language)


def test_how_it_sounds_in_german_and_chinese() -> None:
    german = make_offer(FULL, "full", "", ChatSettings(), "de")
    assert german is not None
    assert german.notice == (
        "(Understudy: Du bist bei 60K von 64K dieses Modells. gemini/flash fasst 1M, heute 0,8 s "
        "bis zum ersten Token. Um dort weiterzumachen: `wechsle zu gemini/flash`.)\n\n"
    )
    chinese = make_offer(FULL, "fails", "work", ChatSettings("prefix", "us"), "zh")
    assert chinese is not None
    assert chinese.words == (
        "work 在这里已连续失败两次。gemini/flash 可容纳 1M，"  # noqa: RUF001 Chinese punctuation
        "今天首个 token 需 0.8 秒。"
        "要在那里继续，请说 `us 切换到 gemini/flash`。"  # noqa: RUF001 Chinese punctuation
    )


async def test_it_is_made_in_the_language_that_is_typed(autojump_clock: MockClock) -> None:
    german = [{"role": "user", "content": "Bitte räum den Parser auf: " + "word " * 22_000}]
    async with open_stage(settings()) as stage:
        stage.work.respond = always(filled())
        await stage.read(turn(model=WORK, messages=german))
        body = (await stage.read(turn(model=WORK, messages=german))).body
    assert b"Du bist bei 52K von 60K dieses Modells. home/claude-y fasst 1M" in body
    assert b"`wechsle zu home/claude-y`" in body


async def test_or_else_in_that_of_the_last_command(autojump_clock: MockClock) -> None:
    async with open_stage(settings(), check=False) as stage:
        stage.work.respond = always(filled())
        await stage.read(long_turn())
        await stage.read(turn("wechsle zu work", model=WORK))
        body = (await stage.read(long_turn())).body
    assert b"Du bist bei 52K" in body


def test_the_language_stays_with_the_choice() -> None:
    german = Choice("home/claude-y", language="de")
    back = gone_back(switched(german, WORK))
    assert back is not None
    assert [each.language for each in (switched(german, WORK), picked(german, "m"), back)] == [
        "de"
    ] * 3


async def test_one_who_has_said_nothing_gets_english(autojump_clock: MockClock) -> None:
    async with open_stage(settings()) as stage:
        await stage.conversations.ask(KeepChoice("conversation", Choice(told=False)))
        stage.work.respond = always(filled())
        await stage.read(long_turn())
        assert b"You are at 52K" in (await stage.read(long_turn())).body
