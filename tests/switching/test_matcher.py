"""What is heard and what is not, where a rule of the grammar is at stake; the sets have more."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pytest
from understudy.protocols.switching.command import (
    AskAdvice,
    AskWhich,
    Command,
    Decline,
    GoBack,
    Switch,
)
from understudy.protocols.switching.cues import Cues
from understudy.protocols.switching.known import KnownPlace, KnownPlaces
from understudy.protocols.switching.matcher import match, may_be_command
from understudy.protocols.switching.normal import words_of
from understudy.protocols.switching.pattern import Reading
from understudy.protocols.switching.tongues import CUES

from .worlds import (
    EMBEDDED,
    FLASH,
    LOCAL,
    OPUS,
    PRO,
    SETS,
    SONNET,
    WORLD,
    cases,
    heard,
    known_place,
)

STEPS_MAX = 40_000
"""Of one text in one language: places where a choice has been tried."""


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("switch to Gemini-2.5-Flash", (FLASH,)),
        ("switch to gemini two point five flash", (FLASH,)),
        ("switch to gemini", (FLASH, PRO)),
        ("switch to geminni flash", (FLASH,)),
        ("switch to the built-in one", (EMBEDDED,)),
        ("switch to my local one", (LOCAL,)),
        ("switch to google's flash", (FLASH,)),
        ("hey claude, switch to qwen three", (LOCAL,)),
        ("switch back to the default model", (OPUS,)),
    ],
)
def test_a_place_has_many_names(text: str, places: tuple[str, ...]) -> None:
    found = heard(text)
    assert isinstance(found, Switch)
    assert found.places == places


@pytest.mark.parametrize(
    "text",
    [
        "switch to gpt 2",
        "switch to flask",
        "use clause",
        "use the default",
        "use flash: it is in the menu",
        "use opus - the codec",
        '"switch to opus"',
        "> switch to opus",
        "- switch to opus",
        "/model opus",
        "switch to opus()",
        "switch to opus and sonnet",
        "switch to opus; rm x",
        "What is it?",
        "Who are you?",
        "What is this?",
        "what is groq anyway",
        "give me a haiku",
        "flash it please",
        "thanks claude",
        "claude, continue",
        "move it to my laptop",
        "this is wrong, go back",
        "opus: 3 errors",
        "",
    ],
)
def test_what_only_looks_like_a_command_is_work(text: str) -> None:
    assert heard(text) is None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("for the rest of it I reckon we should have opus please", Switch((OPUS,))),
        ("stick opus on for us mate", Switch((OPUS,))),
        ("only my next reply from opus alone, kindly", Switch((OPUS,), "answer")),
        ("which model have I on at all", AskWhich("en")),
        ("my last model back again please if you would", GoBack("en")),
    ],
)
def test_known_words_are_heard_in_any_order(text: str, command: Command) -> None:
    found = heard(text)
    assert found is not None
    assert attrs.evolve(found, language=command.language) == command


@pytest.mark.parametrize(
    "text",
    [
        "is opus good enough for this",
        "they want opus",
        "opus could be better",
        "put opus first",
        "there is no need to use opus",
        "the old model is back",
        "which model should he use",
    ],
)
def test_known_words_are_work_where_they_ask_state_or_negate(text: str) -> None:
    assert heard(text) is None


def test_one_place_may_be_said_twice() -> None:
    assert heard("flash please, the gemini one") == Switch((FLASH,))
    assert heard("gemini pro and flash please") is None


def test_what_is_wanted_later_or_on_a_condition_is_work() -> None:
    assert heard("si va muy lento, usa flash") is None
    assert heard("sí, usa flash") is not None
    assert heard("tomorrow use opus") is None


def test_an_endpoint_called_like_a_word_of_the_grammar_is_none_alone() -> None:
    known = KnownPlaces((KnownPlace("this/m", "this", "m"), KnownPlace("home/x", "home", "x")))
    assert match("switch to this", known) is None
    assert match("switch to home", known) == Switch(("home/x",))


def test_pro_is_a_model_where_a_name_stands_and_to_the_in_brazil() -> None:
    assert match("switch to pro", WORLD) == Switch((PRO,))
    assert match("pon el pro de google", WORLD) == Switch((PRO,), language="es")
    assert match("manda pro gemini", WORLD) == Switch((FLASH, PRO), language="pt")
    places = ("pro/qwen3-coder-30b", "local/qwen3-coder-30b")
    known = KnownPlaces(tuple(map(known_place, places)), places[0])
    assert match("switch to pro/qwen3-coder-30b", known) == Switch(places[:1])


@pytest.mark.parametrize("text", ["run this on the m2 from now on", "let m2 compile from now on"])
def test_a_letter_with_a_number_is_a_weak_name(text: str) -> None:
    known = KnownPlaces((known_place("minimax/minimax-m2"),), "minimax/minimax-m2")
    assert known.names.find(words_of(text))[0].count("~") == 1


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("use sonnet instead of opus", SONNET),
        ("switch from opus to sonnet", SONNET),
        ("swap opus for sonnet", SONNET),
        ("not gemini anymore, sonnet please", SONNET),
        ("opus isn't cutting it, get me sonnet", SONNET),
        ("siwtch to sonnet", SONNET),
        ("move me to 2.5 pro", PRO),
        ("nothing must leave this laptop, use my local one", LOCAL),
    ],
)
def test_what_is_set_aside_and_why_is_no_part_of_a_command(text: str, place: str) -> None:
    assert heard(text) == Switch((place,))


def test_a_command_is_for_all_that_follows_only_if_it_says_so() -> None:
    assert heard("give me opus: refactor the parser") == Switch((OPUS,), "answer", work=True)
    assert heard("opus: refactor the parser") == Switch((OPUS,), "answer", work=True)
    assert heard("from now on opus: refactor the parser") == Switch((OPUS,), work=True)


def test_whatever_is_heard_passes_the_cheap_look() -> None:
    for path in SETS.glob("*.jsonl"):
        for case in cases(path):
            text = case.get("text", "")
            assert match(text, WORLD) is None or may_be_command(text), text


def test_a_command_may_stand_before_work() -> None:
    assert heard("use opus for this: refactor it") == Switch((OPUS,), "answer", work=True)
    assert heard("switch to opus:\nrefactor it") == Switch((OPUS,), work=True)
    assert heard("switch to opus\n\nplease") == Switch((OPUS,))
    assert heard("which model is this: a or b") is None


def test_anyway_is_heard() -> None:
    assert heard("switch to opus anyway") == Switch((OPUS,), anyway=True)
    assert heard("anyway, gimme opus for the rest of the day please") == Switch(
        (OPUS,), anyway=True
    )


def test_advice_has_a_goal() -> None:
    assert heard("which would you use for a long one?") == AskAdvice("long")
    assert heard("which model is the cheapest?") == AskAdvice("cheap")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2", PRO),
        ("the second", PRO),
        ("the last one", PRO),
        ("number one", FLASH),
        ("the flash one", FLASH),
        ("pro", PRO),
        ("das zweite", PRO),
        ("le premier", FLASH),
        ("第二个", PRO),
    ],
)
def test_an_open_question_is_answered(text: str, place: str) -> None:
    found = match(text, WORLD, (FLASH, PRO))
    assert isinstance(found, Switch)
    assert (found.places, found.picked) == ((place,), True)


def test_an_open_question_is_declined_and_agreed_to() -> None:
    assert match("never mind", WORLD, (FLASH, PRO)) == Decline()
    assert match("yes please", WORLD, (FLASH,)) == Switch((FLASH,), anyway=True, picked=True)
    assert match("yes", WORLD, (FLASH, PRO)) is None
    assert match("opus", WORLD, (FLASH, PRO)) is None
    assert match("now fix the test", WORLD, (FLASH, PRO)) is None
    assert match("switch to opus", WORLD, (FLASH, PRO)) == Switch((OPUS,))


@pytest.mark.parametrize("cues", CUES, ids=lambda each: each.code)
def test_no_text_takes_many_steps(cues: Cues, monkeypatch: pytest.MonkeyPatch) -> None:
    readings: list[Reading] = []

    def reading_of(words: Sequence[str]) -> Reading:
        readings.append(Reading(words))
        return readings[-1]

    monkeypatch.setattr("understudy.protocols.switching.cues.Reading", reading_of)
    words = sorted(cues.vocabulary)
    for start in range(0, len(words), 40):
        cues.heard((words[start : start + 4] * 12)[:48])
    steps = [len(reading.found) for reading in readings]
    assert sum(steps) > 0
    assert max(steps) < STEPS_MAX


def test_the_cheap_look_is_often_false() -> None:
    assert not may_be_command("x" * 5_000)
    assert not may_be_command(
        "Traceback most recent call last File app line main raise ValueError "
        "expected integer argument got string instead foo bar baz qux quux"
    )
