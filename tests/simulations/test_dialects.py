"""The simulated endpoints and clients of every dialect, with no product between, and their stories.

What a voice says its own ear must hear: whole, and of every beginning of it no more than was said.
Each ear must find what is wrong with a stream, or it could judge nothing.
"""

from __future__ import annotations

from random import Random

import pytest
from understudy import app
from understudy.simulations.dialects.asked import Asked, Line, problems_of
from understudy.simulations.dialects.dialects import EARS, VOICES
from understudy.simulations.dialects.ear import Prompt, Results, object_in
from understudy.simulations.dialects.meaning import (
    Calls,
    Heard,
    Meaning,
    Says,
    Thinks,
    is_same_call,
)
from understudy.simulations.dialects.voice import Manner
from understudy.simulations.scenarios.dialect_storm import dialect_storm
from understudy.simulations.scenarios.dialects import dialects
from understudy.simulations.scenarios.server_tools import server_tools
from understudy.simulations.scenarios.switch import switch_in_mid_conversation
from understudy.simulations.scenarios.translated_esc import translated_esc
from understudy.simulations.world.run import Scenario, run

SCENARIOS = (dialects, dialect_storm, translated_esc, switch_in_mid_conversation, server_tools)
SEEDS = range(4)
NAMES = sorted(VOICES)
MANNERS = [Manner.drawn(Random(seed)) for seed in range(12)]
MEANINGS = (
    Meaning(1_000, (Says("Gewiß 😀, „so“ sei es."),), 12),
    Meaning(1_001, (Thinks("thoughtOfChatX1001", "AAAA"), Says("Aha.")), 13, 0, 4),
    Meaning(
        1_002,
        (
            Says("Two of them. "),
            Calls("call_0", "Bash", '{"command":"run 1002-0"}'),
            Calls("call_1", "Read", '{"command":"run 1002-1"}'),
        ),
        14,
    ),
)


def said(name: str, meaning: Meaning, manner: Manner) -> bytes:
    return b"".join(piece.data for piece in VOICES[name].stream(meaning, manner))


def is_heard(calls: tuple[Calls, ...], meaning: Meaning) -> bool:
    pairs = zip(calls, meaning.calls, strict=True)
    return all(is_same_call(one, other) for one, other in pairs)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("meaning", MEANINGS, ids=lambda meaning: str(meaning.serial))
def test_what_is_said_is_heard(name: str, meaning: Meaning) -> None:
    for manner in MANNERS:
        stream = said(name, meaning, manner)
        body = VOICES[name].whole(meaning, manner)
        for heard in (EARS[name].heard(stream, complete=True), EARS[name].heard_whole(body)):
            assert heard.complaints == ()
            assert (heard.whole, heard.error) == (True, "")
            assert (heard.text, heard.thoughts) == (meaning.text, meaning.thoughts)
            assert heard.usage == (meaning.input_tokens, meaning.output_tokens)
            assert is_heard(heard.calls, meaning)


@pytest.mark.parametrize("name", NAMES)
def test_a_beginning_is_never_more_than_was_said(name: str) -> None:
    meaning, manner = MEANINGS[1], MANNERS[0]
    pieces = list(VOICES[name].stream(meaning, manner))
    before = b"".join(piece.data for piece in pieces if piece.kind != "end")
    for end in range(0, len(before), 7):
        heard = EARS[name].heard(before[:end], complete=False)
        assert (heard.complaints, heard.whole) == ((), False)
        assert meaning.text.startswith(heard.text)


@pytest.mark.parametrize("name", NAMES)
def test_a_clean_end_without_the_end_mark_is_found(name: str) -> None:
    pieces = VOICES[name].stream(MEANINGS[0], MANNERS[0])
    body = b"".join(piece.data for piece in pieces if piece.kind != "end")
    assert EARS[name].heard(body, complete=True).complaints


@pytest.mark.parametrize("name", NAMES)
def test_an_end_inside_an_event_is_found(name: str) -> None:
    body = said(name, MEANINGS[0], MANNERS[0])[:-9]
    assert EARS[name].heard(body, complete=True).complaints


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_after_the_end_is_found(name: str) -> None:
    pieces = list(VOICES[name].stream(MEANINGS[0], MANNERS[0]))
    [again, *_] = (piece.data for piece in pieces if piece.kind == "content")
    body = b"".join(piece.data for piece in pieces) + again
    assert EARS[name].heard(body, complete=True).complaints


@pytest.mark.parametrize("name", NAMES)
def test_an_error_in_the_middle_is_no_whole_answer(name: str) -> None:
    voice = VOICES[name]
    begun = b"".join(
        piece.data for piece in voice.stream(MEANINGS[0], MANNERS[0]) if piece.kind == "start"
    )
    heard = EARS[name].heard(begun + voice.failing("as scripted"), complete=True)
    assert (heard.complaints, heard.whole, heard.error) == ((), False, "as scripted")


@pytest.mark.parametrize("name", NAMES)
def test_an_error_response_is_read(name: str) -> None:
    body = object_in(VOICES[name].error(429, "as scripted")) or {}
    assert EARS[name].refusal(429, body) == "as scripted"
    assert EARS[name].refusal(429, {"detail": "in no dialect"}) == ""


@pytest.mark.parametrize("name", NAMES)
def test_an_endpoint_reads_what_a_client_of_its_dialect_sends(name: str) -> None:
    meaning = MEANINGS[2]
    heard = EARS[name].heard(said(name, meaning, Manner()), complete=True)
    results = tuple((call, f"story ran {call.arguments[12:-2]}") for call in heard.calls)
    turns: list[Prompt | Heard | Results] = [Prompt("[tools #1]"), heard, Results(results)]
    body = EARS[name].body("m", turns, "Be kind.", streamed=True)
    target = EARS[name].target("m", streamed=True)
    asked = VOICES[name].asked(target, body)
    assert (asked.streamed, asked.tools, asked.wish) == (True, ("Bash", "Read"), "tools")
    assert asked.rounds == 1
    assert len(asked.results) == len(meaning.calls)
    assert problems_of(asked, b"", "house", {}) == ()


def problems(*lines: Line, body: bytes = b"", endpoint: str = "chat") -> list[str]:
    signed = {'{"command":"run 1-0"}': "signedByChatX1"}
    asked = Asked(streamed=True, tools=(), lines=(Line("user", "[talk #1]"), *lines))
    return [problem.kind for problem in problems_of(asked, body, endpoint, signed)]


def test_an_endpoint_finds_what_is_wrong_with_a_request() -> None:
    call = Line("call", '{"command":"run 1-0"}', "a", "Bash", "signedByChatX1")
    other = Line("call", '{"command":"run 1-1"}', "b", "Bash")
    assert problems(call, Line("result", "story ran run 1-0", "a")) == []
    assert problems(Line("result", "story ran run 1-0", "a")) == ["pairing"]
    assert problems(call, Line("user", "And?")) == ["pairing"]
    mixed = (Line("result", "story ran run 1-1", "a"), Line("result", "story ran run 1-0", "b"))
    assert problems(call, other, *mixed) == ["pairing", "pairing"]
    unsigned = Line("call", call.text, "a", "Bash")
    assert problems(unsigned, Line("result", "story ran run 1-0", "a")) == ["unsigned"]
    assert problems(body=b"thoughtOfChatX1") == []
    assert problems(body=b"thoughtOfGeminiX1") == ["foreign thinking"]
    assert problems(Line("assistant", "thoughtOfChatX1")) == ["thinking as text"]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda found: str(found.__name__))
def test_nothing_is_found(scenario: Scenario) -> None:
    found = [run(scenario, seed, app) for seed in SEEDS]
    assert [result for result in found if result.complaints] == []


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda found: str(found.__name__))
def test_one_seed_is_one_run(scenario: Scenario) -> None:
    first, second = (run(scenario, 7, app, trace=True) for _ in range(2))
    assert second == first
