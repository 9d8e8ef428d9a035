"""A better place is offered once, when a place goes on failing."""

from __future__ import annotations

from typing import cast

import attrs
import pytest
from trio.testing import MockClock
from understudy.protocols.settings_data import Dialect, EndpointSettings, Settings
from understudy.protocols.switching.choice import FindChoice
from understudy.simulations.upstream import SendHead

from ..actors.dialects import (
    CHAT,
    GEMINI,
    OLLAMA,
    RESPONSES,
    SAID,
    answer_pieces,
    dialect_turn,
    said,
    settings_for,
)
from ..actors.scripts import (
    HOME,
    WORK,
    always,
    paced,
    refusal,
    stream,
    turn,
)
from ..actors.stage import HOME_ENDPOINT, open_stage
from .long_turns import (
    DOWN,
    FAILED,
    settings,
)


@pytest.mark.parametrize("dialect", [CHAT, RESPONSES, GEMINI, OLLAMA])
async def test_an_answer_that_is_translated_carries_it(
    autojump_clock: MockClock, dialect: str
) -> None:
    async with open_stage(two_of(dialect, HOME_ENDPOINT), check=False) as stage:
        stage.work.respond = always(DOWN)
        readers = [await stage.read(dialect_turn(dialect)) for _ in range(3)]
    assert [b"work has failed here twice" in each.body for each in readers] == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize("dialect", [CHAT, RESPONSES, GEMINI, OLLAMA])
async def test_a_relay_of_any_dialect_carries_it_once(
    autojump_clock: MockClock, dialect: str, streamed: bool
) -> None:
    pieces, headers = answer_pieces(dialect, streamed=streamed)
    length = (b"content-length", b"%d" % len(b"".join(pieces)))
    spoken = cast("tuple[Dialect, ...]", (dialect,))
    home = attrs.evolve(HOME_ENDPOINT, models=("m",), dialects=spoken)
    async with open_stage(two_of(dialect, home), check=False) as stage:
        stage.work.respond = always(DOWN)
        sent = (*headers, *([] if streamed else [length]))
        stage.home.respond = always([SendHead(200, sent), *paced(pieces)])
        readers = [await stage.read(dialect_turn(dialect, stream=streamed)) for _ in range(3)]
        choice = await stage.conversations.ask(FindChoice("conversation"))
    assert [readers[0].body, readers[2].body] == [b"".join(pieces)] * 2
    words = said(dialect, readers[1].body, streamed=streamed)
    assert words.startswith("(Understudy: work has failed here twice in a row. home/m")
    assert words.endswith(f")\n\n{SAID}")
    assert length not in readers[1].headers
    assert choice is not None
    assert choice.told


def two_of(dialect: str, home: EndpointSettings) -> Settings:
    """An endpoint of this dialect, and the one that it falls back to."""
    [work] = settings_for(dialect).endpoints
    back = f"{home.name}/{home.models[0]}"
    return Settings(endpoints=(attrs.evolve(work, fallback=(back,)), home))


async def test_a_place_that_makes_it_fall_back_twice_is_told(autojump_clock: MockClock) -> None:
    async with open_stage(settings(fallback=(HOME,)), check=False) as stage:
        stage.work.respond = always(DOWN)
        readers = [await stage.read(turn("hi", model=WORK)) for _ in range(3)]
    assert [FAILED.encode() in each.body for each in readers] == [False, True, False]


async def test_a_place_that_was_passed_over_since_it_failed_is_told(
    autojump_clock: MockClock,
) -> None:
    busy = refusal(429, "rate_limit_error", "slowly", ((b"retry-after", b"60"),))
    async with open_stage(settings(fallback=(HOME,)), check=False) as stage:
        stage.work.respond = always(busy)
        readers = [await stage.read(turn("hi", model=WORK)) for _ in range(2)]
    assert [FAILED.encode() in each.body for each in readers] == [False, True]


async def test_a_second_refusal_in_a_row_says_whom_to_ask(autojump_clock: MockClock) -> None:
    async with open_stage(settings()) as stage:
        await stage.read(turn("hello", model=WORK))
        stage.work.respond = always(DOWN)
        first = await stage.read(turn("one", model=WORK))
        second = await stage.read(turn("two", model=WORK))
        third = await stage.read(turn("three", model=WORK))
        assert b"oops" in first.body
        assert b"Understudy" not in first.body
        assert second.refused.status == 500
        assert second.refused.message.startswith(f"oops. {FAILED}")
        assert second.refused.message.endswith("Say `switch to home/claude-y` to go on there.")
        assert third.body == first.body
        choice = await stage.conversations.ask(FindChoice("conversation"))
        assert choice is not None
        assert choice.told


async def test_failures_that_are_not_in_a_row_are_nothing_to_tell(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(settings(fallback=(HOME,)), check=False) as stage:
        for respond in (DOWN, stream(), DOWN):
            stage.work.respond = always(respond)
            reader = await stage.read(turn("hi", model=WORK))
            assert b"Understudy" not in reader.body
