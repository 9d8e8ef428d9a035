"""A newer copy of a request wins: the older is ended, so that resent questions cannot pile up."""

from __future__ import annotations

from typing import Any

import pytest
import trio
from trio.testing import MockClock
from understudy.actors.session import REPLACED
from understudy.protocols.records import TurnOutcome
from understudy.protocols.turn import Cut, Operation
from understudy.simulations.upstream import HANG, Ending, Wait

from .scripts import ANSWER, HOME, LOCAL, always, one_after_the_other, stream, turn
from .stage import Reader, Stage, open_stage


async def start_two(stage: Stage, first: dict[str, Any], second: dict[str, Any]) -> list[Reader]:
    """Two turns, the second three seconds after the first."""
    readers = [stage.start(turn(**first))]
    await trio.sleep(3)
    readers.append(stage.start(turn(**second)))
    return readers


@pytest.mark.parametrize(
    "again",
    [{}, {"stream": False}, {"max_tokens": 9}, {"model": HOME}, {"metadata": {"user_id": "u"}}],
)
async def test_the_older_copy_is_refused_and_its_upstream_left(
    again: dict[str, Any], autojump_clock: MockClock
) -> None:
    async with open_stage() as stage:
        stage.work.respond = one_after_the_other([HANG], stream())
        older, newer = await start_two(stage, {}, again)
        await older.ended.wait()
        assert trio.current_time() == 3
        await newer.ended.wait()
        assert (older.refused.status, str(older.refused)) == (409, REPLACED)
        exchange = stage.upstream.exchanges[0]
        assert (exchange.ending, exchange.left_seconds) == (Ending.LEFT, 3)
        assert newer.pieces == list(ANSWER)
        assert (await stage.line(older)).outcome is TurnOutcome.CANCELLED
        assert newer.record == await stage.line(newer)


async def test_an_older_copy_that_has_begun_is_cut(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        stage.work.respond = one_after_the_other([*stream(ANSWER[:3]), HANG], stream())
        older, newer = await start_two(stage, {}, {"stream": False})
        await newer.ended.wait()
        assert older.cut == Cut(REPLACED)
        assert older.pieces == list(ANSWER[:3])


async def test_a_client_that_resends_for_ever_keeps_one_turn(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        stage.work.respond = always([Wait(60), *stream()])
        readers = list[Reader]()
        for _ in range(20):
            readers.append(stage.start(turn()))
            await trio.sleep(30)
            assert len(stage.sessions.live) == 1
            assert stage.upstream.statistics().open_connections == 1
        await readers[-1].ended.wait()
        assert [reader.record is not None for reader in readers] == [False] * 19 + [True]


DIFFERENT: list[dict[str, Any]] = [
    {"text": "Another question"},
    {"agent": "agent-1"},
    {"conversation": "another"},
    {"system": "Be brief."},
    {"tools": [{"name": "Read", "input_schema": {"type": "object"}}]},
    {"operation": Operation.COUNT_TOKENS},
]


@pytest.mark.parametrize("other", DIFFERENT, ids=lambda other: next(iter(other)))
async def test_another_question_or_asker_is_no_copy(
    other: dict[str, Any], autojump_clock: MockClock
) -> None:
    async with open_stage() as stage:
        stage.work.respond = always([Wait(10), *stream()])
        readers = await start_two(stage, {}, other)
        assert [reader.ended.is_set() for reader in readers] == [False, False]
        for reader in readers:
            await reader.ended.wait()
            assert reader.body == b"".join(ANSWER)


async def test_without_a_name_nothing_is_a_copy(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        stage.work.respond = always([Wait(10), *stream()])
        readers = await start_two(stage, {"named": False}, {"named": False})
        for reader in readers:
            await reader.ended.wait()
            assert reader.body == b"".join(ANSWER)


async def test_a_newer_copy_takes_the_slot_of_the_older(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        readers = [stage.start(turn(f"{number}", model=LOCAL)) for number in range(2)]
        await trio.sleep(1)
        readers += [stage.start(turn(f"{number}", model=LOCAL)) for number in range(2)]
        for reader in readers:
            await reader.ended.wait()
        assert [reader.record is not None for reader in readers] == [False, False, True, True]
