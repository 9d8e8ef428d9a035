"""What the ledger says of use: memory and disk together, and nothing twice."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.actors.conversations import FLUSH_SECONDS, Conversations
from understudy.actors.kernel import open_system
from understudy.actors.kernel.ref import CellRef
from understudy.protocols.actor import Rank
from understudy.protocols.records import TurnOutcome, TurnRecord, Usage
from understudy.protocols.turn import FindSpent, RecordTurn
from understudy.protocols.usage.messages import (
    LAST_TURN,
    FindLines,
    FindToday,
    FindUsage,
    UsageUnknown,
)
from understudy.protocols.usage.sums import UsageBy
from understudy.simulations.calendar import BEGINNING, DAY_SECONDS, SimulatedCalendar
from understudy.simulations.state import SimulatedState, StoredState

NUMBERS = count(1)
DAY, NEXT_DAY = "2027-01-15", "2027-01-16"
NIGHT_SECONDS = DAY_SECONDS - BEGINNING % DAY_SECONDS
"""From the beginning of the simulated calendar to its first midnight."""


def line(endpoint: str = "work", tokens: int = 100, **changes: Any) -> TurnRecord:
    """A turn that has used so many tokens that count, and as many from a cache."""
    usage = Usage(tokens - 7, 2, tokens, 5)
    name = f"req_{next(NUMBERS):024x}"
    record = TurnRecord(name, "c", endpoint, "m", TurnOutcome.ANSWERED, 200, "", usage, 0.5, 1.5)
    return attrs.evolve(record, **changes)


@asynccontextmanager
async def open_ledger(state: SimulatedState) -> AsyncGenerator[CellRef]:
    """The actor alone, over this state."""
    calendar = SimulatedCalendar()
    async with open_system() as system:
        yield system.spawn(
            "conversations", Rank.CONVERSATIONS, lambda: Conversations(state, calendar)
        )


async def settle(ledger: CellRef, *lines: TurnRecord) -> None:
    for each in lines:
        await ledger.ask(RecordTurn(each))


async def test_what_is_spent_is_right_after_a_restart_and_counts_once(
    autojump_clock: MockClock,
) -> None:
    stored = StoredState()
    async with open_ledger(SimulatedState(stored)) as ledger:
        await settle(ledger, line(tokens=100), line("home", 30), line("", 9))
        assert await ledger.ask(FindSpent(DAY)) == {"work": 100, "home": 30}
    for asked_first in (True, False):
        async with open_ledger(SimulatedState(stored, latency_seconds=0.1)) as ledger:
            if asked_first:
                assert await ledger.ask(FindSpent(DAY)) == {"work": 100, "home": 30}
            await settle(ledger, line(tokens=1000))
            await trio.sleep(FLUSH_SECONDS + 0.15)  # the batch is on its way
            await settle(ledger, line(tokens=1000))
            spent = {"work": 2100 if asked_first else 4100, "home": 30}
            assert await ledger.ask(FindSpent(DAY)) == spent
            await trio.sleep(5)
            assert await ledger.ask(FindSpent(DAY)) == spent


async def test_a_line_that_is_settled_again_is_spent_once(autojump_clock: MockClock) -> None:
    first = line(tokens=100)
    async with open_ledger(SimulatedState()) as ledger:
        await settle(ledger, first)
        await trio.sleep(2)
        await settle(ledger, attrs.evolve(first, usage=Usage(3)))
        assert await ledger.ask(FindSpent(DAY)) == {"work": 3}
        [row] = (await ledger.ask(FindToday())).rows
        assert (row.sums.turns, row.sums.attempts) == (1, 1)


async def test_another_day_begins_with_nothing_and_yesterday_is_on_disk(
    autojump_clock: MockClock,
) -> None:
    async with open_ledger(SimulatedState()) as ledger:
        await settle(ledger, line(tokens=100))
        await trio.sleep(NIGHT_SECONDS + 10)
        assert await ledger.ask(FindSpent(NEXT_DAY)) == {}
        began_before = line(tokens=10, total_seconds=60.0)
        await settle(ledger, began_before, line(tokens=50))
        assert await ledger.ask(FindSpent(NEXT_DAY)) == {"work": 50}
        assert await ledger.ask(FindSpent(DAY)) == {"work": 110}


async def test_without_a_disk_memory_says_what_it_knows(autojump_clock: MockClock) -> None:
    state = SimulatedState(failing_calls=range(1, 10_000))
    async with open_ledger(state) as ledger:
        await settle(ledger, asked := line(tokens=100))
        assert await ledger.ask(FindSpent(DAY)) == {"work": 100}
        assert not (await ledger.ask(FindToday())).whole
        assert [each.turn for each in await ledger.ask(FindLines(asked.turn))] == [asked.turn]
        for message in (FindUsage(DAY, DAY, UsageBy.DAY), FindLines("req_f")):
            with pytest.raises(UsageUnknown, match="fails, as scripted"):
                await ledger.ask(message)


async def test_today_waits_for_no_disk_and_is_whole_a_little_later(
    autojump_clock: MockClock,
) -> None:
    stored = StoredState()
    async with open_ledger(SimulatedState(stored)) as ledger:
        await settle(ledger, line(first_byte_seconds=2.0))
    async with open_ledger(SimulatedState(stored, latency_seconds=1.0)) as ledger:
        began_seconds = trio.current_time()
        today = await ledger.ask(FindToday())
        assert (today.day, today.rows, today.whole) == (DAY, (), False)
        assert trio.current_time() == began_seconds
        await trio.sleep(FLUSH_SECONDS + 2)
        today = await ledger.ask(FindToday())
        [row] = today.rows
        assert (row.sums.turns, row.first_byte_p50_seconds, today.whole) == (1, 2.0, True)
        await settle(ledger, line(first_byte_seconds=4.0))
        [row] = (await ledger.ask(FindToday())).rows
        assert (row.sums.turns, row.first_byte_p50_seconds) == (2, 4.0)


async def test_a_ledger_that_nobody_uses_touches_no_disk(autojump_clock: MockClock) -> None:
    state = SimulatedState()
    async with open_ledger(state):
        await trio.sleep(100)
    assert state.calls == 0


async def test_usage_has_what_was_settled_just_now(autojump_clock: MockClock) -> None:
    async with open_ledger(SimulatedState()) as ledger:
        await settle(ledger, line(), line())
        [row] = await ledger.ask(FindUsage(DAY, DAY, UsageBy.CONVERSATION))
        assert (row.name, row.sums.turns) == ("c", 2)


async def test_the_lines_of_a_turn_come_from_disk_and_memory(autojump_clock: MockClock) -> None:
    stored = StoredState()
    older, newer = line(), line()
    async with open_ledger(SimulatedState(stored)) as ledger:
        await settle(ledger, older, attrs.evolve(older, turn=f"{older.turn}~2"))
    async with open_ledger(SimulatedState(stored)) as ledger:
        found = [each.turn for each in await ledger.ask(FindLines(older.turn))]
        assert found == [older.turn, f"{older.turn}~2"]
        assert await ledger.ask(FindLines(LAST_TURN)) == await ledger.ask(FindLines(older.turn))
        await settle(ledger, newer)
        found = [each.turn for each in await ledger.ask(FindLines("req_"))]
        assert found == [older.turn, f"{older.turn}~2", newer.turn]
        [last] = await ledger.ask(FindLines(LAST_TURN))
        assert (last.turn, last.day) == (newer.turn, DAY)
    async with open_ledger(SimulatedState()) as ledger:
        assert await ledger.ask(FindLines(LAST_TURN)) == ()
