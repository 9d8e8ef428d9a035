"""Our replies in each language: complete, and what they tell users to say is understood."""

from __future__ import annotations

import re
import string
from typing import Final, get_args

import attrs
import pytest
from understudy.protocols.switching.choice import OFFERS_MAX
from understudy.protocols.switching.command import (
    AskList,
    Command,
    Decline,
    GoBack,
    Language,
    Switch,
)
from understudy.protocols.switching.ground import Ground
from understudy.protocols.switching.known import KnownPlace, KnownPlaces
from understudy.protocols.switching.matcher import match
from understudy.protocols.switching.replies import LIST_LINES_MAX, WORDS, Speaker
from understudy.protocols.switching.standing import Standing

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)
PLACE: Final = "home/qwen3"
KNOWN: Final = KnownPlaces(
    (KnownPlace(PLACE, "home", "qwen3"), KnownPlace("work/claude-x", "work", "claude-x")),
    "work/claude-x",
)
SAID: Final = re.compile(r"`([^`]+)`")
SMALL: Final = Standing(PLACE, PLACE, here=True, context_tokens=32_000)
LONG: Final = Ground(47_000, 40_000)
SHORT: Final = Ground(10, 10)


def meant(field: str, language: Language) -> Command:
    """What a hint must be understood as."""
    meanings: dict[str, Command] = {
        "undo": GoBack(language),
        "gone": AskList(language),
        "asked_end": Decline(language),
        "switch": Switch((PLACE,), language=language),
        "too_long": Switch((PLACE,), anyway=True, language=language),
    }
    return meanings[field]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_everything_with_the_same_holes(language: Language) -> None:
    for name, text in attrs.asdict(WORDS[language]).items():
        english: str = getattr(WORDS["en"], name)
        assert holes(text) == holes(english), f"{language}: {name}"
        assert text.strip()
        assert language == "en" or text != english or name in ("window",), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_users_are_told_to_say_is_understood(language: Language) -> None:
    heard = 0
    for name, text in attrs.asdict(WORDS[language]).items():
        for hint in SAID.findall(text):
            if hint.startswith("understudy "):
                continue
            said = hint.format(place=PLACE)
            offers = (PLACE, "work/claude-x") if name == "asked_end" else ()
            assert match(said, KNOWN, offers) == meant(name, language), f"{name}: {said}"
            heard += 1
    assert heard == 5


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_hole_is_left_open(language: Language) -> None:
    speaker, to = Speaker.of(language), attrs.evolve(SMALL, rest_seconds=3.0, why="it failed")
    lacks = attrs.evolve(to, lacks=("vision", "tools"), private=True)
    worst = Ground(47_000, 10, has_images=True, has_tools=True)
    replies = [
        speaker.switched(lacks, worst, "work/claude-x"),
        speaker.switched(to, SHORT, PLACE),
        speaker.switched_once(to, SHORT, "work/claude-x", lost_work=True),
        speaker.returned(to, SHORT),
        speaker.returned(to, SHORT, dropped="work/claude-x"),
        *(speaker.refused(to, LONG, why) for why in ("barred", "barred_unknown", "spent")),
        speaker.refused(to, LONG, "too_long", ("a/b", "c/d", "e/f")),
        speaker.gone("x/y"),
        speaker.unchanged("nobody is left"),
        speaker.unsaved(speaker.declined()),
        speaker.nothing_to_undo(),
        speaker.unread(),
        speaker.which(to, LONG, is_chosen=True, why="", once="x/y"),
        speaker.which(to, LONG, is_chosen=False, why="it was asked for"),
        speaker.listed([to] * 99, 99, chosen=PLACE, default=""),
        speaker.asked([to] * 12, 12),
    ]
    assert len(set(replies)) == len(replies)
    for reply in replies:
        assert "{" not in reply
        assert len(reply.splitlines()) <= LIST_LINES_MAX
        assert "a/b, c/d" not in reply or "e/f" not in reply


def test_a_question_has_a_digit_for_each_offer() -> None:
    lines = Speaker.of("en").asked([SMALL] * 12, 12).splitlines()
    assert lines[OFFERS_MAX].startswith("9. ")
    assert lines[OFFERS_MAX + 1] == "There are 3 more; those need their whole name."


def holes(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}
