"""A better place is offered once, when the window fills up."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.protocols.settings_data import ChatSettings, Settings
from understudy.protocols.turn import KeepHome
from understudy.simulations.state import SimulatedState, StoredState

from ..actors.scripts import (
    WORK,
    always,
    answer_events,
    stream,
    turn,
    whole,
)
from ..actors.stage import open_stage
from ..actors.test_trace import CallTree
from .long_turns import (
    LONG,
    OFFER,
    SAY,
    TOOL_USE,
    filled,
    long_turn,
    read_twice,
    settings,
)

SUMMARY = {
    "role": "user",
    "content": "Respond with text only. Your task is to create a detailed summary of the "
    "conversation so far." + " This is how." * 900,
}


async def test_a_window_that_fills_up_is_told_once(autojump_clock: MockClock) -> None:
    async with open_stage(settings()) as stage:
        stage.work.respond = always(filled())
        first = await stage.read(long_turn())
        second = await stage.read(long_turn())
        third = await stage.read(long_turn())
    assert OFFER not in first.body
    assert OFFER in second.body
    assert SAY in second.body
    assert b"Understudy" not in third.body


async def test_what_was_offered_is_not_offered_again_after_a_restart(
    autojump_clock: MockClock,
) -> None:
    stored = StoredState()
    async with open_stage(settings(), state=SimulatedState(stored)) as stage:
        stage.work.respond = always(filled())
        assert OFFER in (await read_twice(stage)).body
    async with open_stage(settings(), state=SimulatedState(stored)) as stage:
        stage.work.respond = always(filled())
        assert b"Understudy" not in (await read_twice(stage)).body


async def test_esc_after_the_words_does_not_bring_them_back(autojump_clock: MockClock) -> None:
    async with open_stage(settings()) as stage:
        stage.work.respond = always(filled())
        await stage.read(long_turn())
        reader = stage.start(long_turn())
        while OFFER not in reader.body:
            await trio.sleep(0.01)
        reader.leave()
        await reader.ended.wait()
        assert b"Understudy" not in (await stage.read(long_turn())).body


async def test_two_turns_of_growth_away_is_near_enough(autojump_clock: MockClock) -> None:
    async with open_stage(settings()) as stage:
        stage.work.respond = always(filled(30_000))
        await stage.read(long_turn())
        stage.work.respond = always(filled(45_500))
        await stage.read(long_turn())
        stage.work.respond = always(filled(46_000))
        assert b"You are at 46K of" in (await stage.read(long_turn())).body


@pytest.mark.parametrize(
    "chat", [ChatSettings(offer=False), ChatSettings(offer=False, follow_offer=True)]
)
async def test_the_settings_turn_it_off(autojump_clock: MockClock, chat: ChatSettings) -> None:
    async with open_stage(settings(chat)) as stage:
        stage.work.respond = always(filled())
        assert b"Understudy" not in (await read_twice(stage)).body


@pytest.mark.parametrize(
    ("chat", "words"),
    [
        (ChatSettings("off"), b"Choose `home/claude-y` as the model to go on there.)"),
        (ChatSettings("prefix", "us:"), b"Say `us: switch to home/claude-y` to go on there.)"),
    ],
)
async def test_what_it_says_to_say_works(
    autojump_clock: MockClock, chat: ChatSettings, words: bytes
) -> None:
    async with open_stage(settings(chat)) as stage:
        stage.work.respond = always(filled())
        assert words in (await read_twice(stage)).body


async def test_a_private_conversation_is_led_nowhere_remote(autojump_clock: MockClock) -> None:
    async with open_stage(settings(private=True)) as stage:
        stage.work.respond = always(filled())
        assert b"Understudy" not in (await read_twice(stage)).body


async def test_one_that_was_private_before_is_led_nowhere_remote(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(settings()) as stage:
        await stage.conversations.ask(KeepHome("other", WORK))
        stage.work.respond = always(filled())
        assert b"Understudy" not in (await read_twice(stage, "other")).body
        assert OFFER in (await read_twice(stage)).body


@pytest.mark.parametrize(
    "members",
    [
        {"agent": "a1"},
        {"model": "claude-haiku-4-5"},
        {"output_config": {"format": {"type": "json_schema", "schema": {}}}},
        {"output_format": {"type": "text"}},
        {"messages": [{"role": "user", "content": LONG}, SUMMARY]},
    ],
)
async def test_what_the_user_does_not_read_is_left_alone(
    autojump_clock: MockClock, members: dict[str, Any]
) -> None:
    async with open_stage(settings()) as stage:
        stage.work.respond = always(filled())
        await stage.read(long_turn())
        given: dict[str, Any] = {"model": WORK} | members
        reader = await stage.read(turn(LONG, **given))
        assert b"Understudy" not in reader.body


async def test_the_first_answer_of_all_is_left_alone(autojump_clock: MockClock) -> None:
    async with open_stage(settings()) as stage:
        stage.work.respond = always(filled())
        reader = await stage.read(long_turn(LONG * 2))
        assert b"Understudy" not in reader.body


async def test_an_answer_without_text_leaves_it_to_the_next(autojump_clock: MockClock) -> None:
    async with open_stage(settings(), check=False) as stage:
        stage.work.respond = always(filled())
        await stage.read(long_turn())
        told = [answer_events("x", input_tokens=52_000)[0], *TOOL_USE]
        stage.work.respond = always(stream(told))
        assert b"Understudy" not in (await stage.read(long_turn())).body
        stage.work.respond = always(filled())
        assert OFFER in (await stage.read(long_turn())).body


async def test_esc_before_the_words_leaves_it_to_the_next(autojump_clock: MockClock) -> None:
    async with open_stage(settings()) as stage:
        stage.work.respond = always(filled())
        await stage.read(long_turn())
        reader = stage.start(long_turn())
        while b"message_start" not in reader.body:
            await trio.sleep(0.01)
        reader.leave()
        await reader.ended.wait()
        assert b"Understudy" not in reader.body
        assert OFFER in (await stage.read(long_turn())).body


async def test_a_window_that_nobody_knows_is_no_promise(autojump_clock: MockClock) -> None:
    small, large = settings().endpoints
    unknown = attrs.evolve(large, context_tokens=None)
    async with open_stage(Settings(endpoints=(small, unknown))) as stage:
        stage.work.respond = always(filled())
        assert b"Understudy" not in (await read_twice(stage)).body


async def test_where_there_is_nowhere_to_go_it_is_looked_for_once_in_a_while(
    autojump_clock: MockClock,
) -> None:
    tree = CallTree()
    alone = attrs.evolve(settings(), endpoints=settings().endpoints[:1])
    async with open_stage(alone, observers=[tree]) as stage:
        stage.work.respond = always(filled())
        for _ in range(4):
            await stage.read(long_turn())
        assert looks(tree) == 1
        await trio.sleep(60)
        await stage.read(long_turn())
        assert looks(tree) == 2


def looks(tree: CallTree) -> int:
    """How often the ledger was asked for today's times."""
    return [message for _, _, message in tree.calls].count("FindUsage")


async def test_a_turn_that_calls_for_nothing_costs_no_question(
    autojump_clock: MockClock,
) -> None:
    tree = CallTree()
    async with open_stage(settings(), observers=[tree]) as stage:
        for _ in range(3):
            await stage.read(turn("hello", model=WORK))
    asked = {message for _, _, message in tree.calls}
    assert not asked & {"FindContenders", "FindToday", "FindUsage", "Recall"}


async def test_a_whole_answer_carries_it(autojump_clock: MockClock) -> None:
    async with open_stage(settings()) as stage:
        stage.work.respond = always(filled())
        await stage.read(long_turn())
        stage.work.respond = always(whole())
        reader = await stage.read(long_turn(stream=False))
        assert OFFER in reader.body
        assert not any(name == b"content-length" for name, _ in reader.headers)


async def test_relays_that_carry_nothing_stay_as_they_are(autojump_clock: MockClock) -> None:
    async with open_stage(settings()) as stage:
        answer = answer_events("To", " be", input_tokens=40_000)
        stage.work.respond = always(stream(answer))
        reader = await read_twice(stage)
        assert reader.body == b"".join(answer)
