"""An offer is followed by itself where the settings say so, and never past a wall."""

from __future__ import annotations

from trio.testing import MockClock
from understudy.protocols.settings_data import ChatSettings
from understudy.protocols.turn import KeepHome

from ..actors.scripts import (
    HOME,
    WORK,
    always,
    answer_events,
    stream,
    turn,
)
from ..actors.stage import open_stage
from .long_turns import (
    DOWN,
    SAY,
    TOOL_USE,
    filled,
    long_turn,
    read_twice,
    settings,
)


async def test_it_is_followed_where_the_settings_say_so(autojump_clock: MockClock) -> None:
    chat = ChatSettings(follow_offer=True)
    async with open_stage(settings(chat), check=False) as stage:
        stage.work.respond = always(filled())
        offered = await read_twice(stage)
        followed = await stage.read(long_turn())
        back = await stage.read(turn("go back", model=WORK))
        last = await stage.read(long_turn())
    assert b"The next turn goes there, as `follow_offer` in the settings says" in offered.body
    assert b"home/claude-y answers from now on, as `follow_offer`" in followed.body
    assert followed.record is not None
    assert f"{followed.record.endpoint}/{followed.record.model}" == HOME
    assert back.record is not None
    assert last.record is not None
    assert last.record.endpoint == "work"


async def test_what_a_refusal_has_offered_is_followed_too(autojump_clock: MockClock) -> None:
    chat = ChatSettings(follow_offer=True)
    async with open_stage(settings(chat), check=False) as stage:
        await stage.read(turn("hello", model=WORK))
        stage.work.respond = always(DOWN)
        for _ in range(2):
            await stage.read(turn("hello", model=WORK))
        reader = await stage.read(turn("hello", model=WORK))
    assert reader.record is not None
    assert reader.record.endpoint == "home"
    assert b"home/claude-y answers from now on" in reader.body


async def test_that_it_was_followed_is_told_by_the_first_answer_with_text(
    autojump_clock: MockClock,
) -> None:
    chat = ChatSettings(follow_offer=True)
    async with open_stage(settings(chat), check=False) as stage:
        stage.work.respond = always(filled())
        await read_twice(stage)
        call = stream([answer_events("x", input_tokens=52_000)[0], *TOOL_USE])
        stage.home.respond = always(call)
        assert b"Understudy" not in (await stage.read(long_turn())).body
        stage.home.respond = always(filled())
        readers = [await stage.read(long_turn()) for _ in range(2)]
    told = [b"home/claude-y answers from now on" in each.body for each in readers]
    assert told == [True, False]


async def test_the_users_own_word_comes_before_what_was_offered(
    autojump_clock: MockClock,
) -> None:
    chat = ChatSettings(follow_offer=True)
    async with open_stage(settings(chat), check=False) as stage:
        stage.work.respond = always(filled())
        await read_twice(stage)
        await stage.read(turn("which model is this?", model=WORK))
        reader = await stage.read(long_turn())
        assert reader.record is not None
        assert reader.record.endpoint == "work"


async def test_one_of_many_that_may_be_alike_is_led_nowhere(autojump_clock: MockClock) -> None:
    chat = ChatSettings(follow_offer=True)
    async with open_stage(settings(chat), check=False) as stage:
        stage.work.respond = always(filled())
        await stage.read(long_turn(named=False))
        assert SAY in (await stage.read(long_turn(named=False))).body
        reader = await stage.read(long_turn(named=False))
        assert reader.record is not None
        assert reader.record.endpoint == "work"


async def test_nothing_is_followed_past_a_wall(autojump_clock: MockClock) -> None:
    chat = ChatSettings(follow_offer=True)
    async with open_stage(settings(chat), check=False) as stage:
        stage.work.respond = always(filled())
        await read_twice(stage)
        await stage.conversations.ask(KeepHome("conversation", WORK))
        reader = await stage.read(long_turn())
        assert reader.record is not None
        assert reader.record.endpoint == "work"


async def test_no_setting_leads_a_conversation_out_of_this_machine(
    autojump_clock: MockClock,
) -> None:
    url = "http://127.0.0.1:9002"
    found = settings(ChatSettings(follow_offer=True), base_url=url)
    async with open_stage(found, check=False) as stage:
        stage.upstream.listen(url, always(filled()))
        assert SAY in (await read_twice(stage)).body
        reader = await stage.read(long_turn())
        assert reader.record is not None
        assert reader.record.endpoint == "work"
