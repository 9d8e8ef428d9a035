"""Esc, wherever a turn is: the upstream is left at once, nothing is left over, the ledger knows.

Esc is the reader's scope closing, as serving does when the client's connection ends. Time here is
virtual, so that "at once" is exact: not one virtual millisecond. What it costs is counted in
passes of the run loop.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.actors.backend.exchange import COMMIT_SECONDS
from understudy.protocols.records import TurnOutcome
from understudy.simulations.engine import Life
from understudy.simulations.upstream import (
    HANG,
    Ending,
    SendBytes,
    SendHead,
    SimulatedExchange,
    Step,
    Wait,
)

from .instruments import TickWatch
from .scripts import ANSWER, JSON, LOCAL, MESSAGE, WORK, always, stream, turn
from .stage import Reader, Stage, open_stage

DEPTH = 2
"""Outside asks the session, the session the backend."""
HIT_TICKS = DEPTH + 1
SETTLING_TICKS = 0
"""The constant of a turn: the backend asks the ledger, which answers in the same step."""
JOINED_TICKS = HIT_TICKS + SETTLING_TICKS + DEPTH


@attrs.frozen
class Place:
    """Where a turn is when it is left: after so many seconds of this script or life."""

    name: str
    seconds: float
    script: Sequence[Step] = ()
    life: Life | None = None
    streamed: bool = True
    output_tokens: int = 0
    exchanges: int = 1

    @property
    def model(self) -> str:
        """Who answers."""
        return WORK if self.life is None else LOCAL

    @property
    def lives(self) -> tuple[Life, ...]:
        """The engine's lives."""
        return (self.life or Life(),)


HALF = len(ANSWER[2]) // 2
PLACES = (
    Place("before the head", 2, [Wait(5), *stream()]),
    Place("after the head", 2, [SendHead(), Wait(5), *stream()[1:]]),
    Place("mid stream", 0.45, stream(), output_tokens=2),
    Place(
        "inside an event",
        2,
        [*stream(ANSWER[:2]), SendBytes(ANSWER[2][:HALF]), HANG],
    ),
    Place("silent, after our commit", COMMIT_SECONDS + 40, [HANG]),
    Place("before the head, not streamed", 2, [Wait(5), SendHead(200, JSON)], streamed=False),
    Place(
        "mid body, not streamed",
        2,
        [SendHead(200, JSON), SendBytes(MESSAGE[:40]), HANG],
        streamed=False,
    ),
    Place("while the engine loads", 1, life=Life(load_seconds=2), exchanges=0),
    Place("while it counts", 3, life=Life(count_seconds=5)),
    Place("while it reads the prompt", 9, life=Life(silent=True), exchanges=2),
    Place("while it writes", 2.54, life=Life(), output_tokens=1, exchanges=2),
    Place("while it reads, not streamed", 9, life=Life(silent=True), streamed=False, exchanges=2),
)
EVERY_PLACE = pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)


async def leave_at(stage: Stage, place: Place) -> tuple[Reader, float]:
    """A turn that is left at that place, and when."""
    stage.work.respond = always(place.script)
    reader = stage.start(turn(model=place.model, stream=place.streamed))
    await trio.sleep(place.seconds)
    assert not reader.ended.is_set(), "it is still being answered"
    return reader, trio.current_time()


@EVERY_PLACE
async def test_the_upstream_is_left_at_once_and_nothing_is_left(
    place: Place, autojump_clock: MockClock
) -> None:
    async with open_stage(lives=place.lives) as stage:
        reader, now = await leave_at(stage, place)
        assert [live.turn for live in stage.sessions.live.values()] == [reader.turn.id]
        reader.leave()
        await reader.ended.wait()
        assert trio.current_time() == now
        exchanges = stage.upstream.exchanges
        assert len(exchanges) == place.exchanges
        assert_left(exchanges[-1:], now)
        assert stage.upstream.statistics().open_connections == 0
        assert stage.sessions.live == {}
        assert sum(actor.running + actor.draining for actor in stage.system.statistics()) == 0
        line = await stage.line(reader)
        assert line.outcome is TurnOutcome.CANCELLED
        assert line.usage.estimated
        assert line.usage.output_tokens == place.output_tokens
        assert reader.record is None


def assert_left(exchanges: Sequence[SimulatedExchange], seconds: float) -> None:
    """The exchanges were left then, in the middle."""
    for exchange in exchanges:
        assert (exchange.ending, exchange.left_seconds) == (Ending.LEFT, seconds)


@EVERY_PLACE
async def test_it_takes_so_many_ticks_and_no_more(place: Place, autojump_clock: MockClock) -> None:
    async with open_stage(lives=place.lives) as stage:
        reader, _ = await leave_at(stage, place)
        last = stage.upstream.exchanges[-1:]
        watch = TickWatch(
            {
                "upstream left": lambda: all(e.left_seconds >= 0 for e in last),
                "joined": reader.ended.is_set,
            }
        )
        trio.lowlevel.add_instrument(watch)
        watch.begin()
        reader.leave()
        await reader.ended.wait()
        await trio.sleep(0.001)
        trio.lowlevel.remove_instrument(watch)
        if last:
            assert watch.ticks["upstream left"] == HIT_TICKS
        assert watch.ticks["joined"] == JOINED_TICKS


async def test_a_turn_that_waits_for_a_slot_leaves_the_queue(autojump_clock: MockClock) -> None:
    async with open_stage(lives=[Life(silent=True)]) as stage:
        first, second = (stage.start(turn(text, model=LOCAL)) for text in ("one", "two"))
        await trio.sleep(5)
        queued = stage.start(turn("three", model=LOCAL))
        await trio.sleep(5)
        exchanges = len(stage.upstream.exchanges)
        queued.leave()
        await queued.ended.wait()
        assert (await stage.line(queued)).outcome is TurnOutcome.CANCELLED
        assert len(stage.upstream.exchanges) == exchanges, "the engine never heard of it"
        first.leave()
        second.leave()
        await second.ended.wait()


async def test_the_slot_is_free_for_the_next_at_once(autojump_clock: MockClock) -> None:
    async with open_stage(lives=[Life(silent=True)]) as stage:
        holders = [stage.start(turn(text, model=LOCAL)) for text in ("one", "two")]
        await trio.sleep(5)
        waiting = stage.start(turn("three", model=LOCAL))
        await trio.sleep(5)
        exchanges = len(stage.upstream.exchanges)
        holders[0].leave()
        await holders[0].ended.wait()
        await trio.sleep(0.5)
        assert len(stage.upstream.exchanges) > exchanges
        for reader in (holders[1], waiting):
            reader.leave()
            await reader.ended.wait()


async def test_a_hundred_turns_are_left_at_once(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        stage.work.respond = always([*stream(ANSWER[:3]), HANG])
        readers = [
            stage.start(turn(f"{number}", conversation=f"{number % 10}")) for number in range(100)
        ]
        await trio.sleep(5)
        now = trio.current_time()
        for reader in readers:
            reader.leave()
        for reader in readers:
            await reader.ended.wait()
        assert trio.current_time() == now
        assert_left(stage.upstream.exchanges, now)
        assert len(await stage.ledger()) == 100


async def test_who_leaves_after_the_last_event_was_answered(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        stage.work.respond = always([*stream(), HANG])
        reader = stage.start(turn())
        await trio.sleep(30)
        reader.leave()
        await reader.ended.wait()
        line = await stage.line(reader)
        assert (line.outcome, line.usage.estimated) == (TurnOutcome.ANSWERED, False)


async def test_a_turn_left_while_the_machine_is_busy_is_in_the_ledger(
    autojump_clock: MockClock,
) -> None:
    class Busy(trio.abc.Instrument):
        """Each pass of the run loop takes this long."""

        def before_io_wait(self, timeout: float) -> None:
            autojump_clock.jump(0.08)

    async with open_stage() as stage:
        stage.work.respond = always([*stream(ANSWER[:3]), HANG])
        reader = stage.start(turn())
        await trio.sleep(5)
        busy = Busy()
        trio.lowlevel.add_instrument(busy)
        reader.leave()
        await reader.ended.wait()
        trio.lowlevel.remove_instrument(busy)
        assert (await stage.line(reader)).outcome is TurnOutcome.CANCELLED


async def test_shutting_down_cuts_what_is_in_flight(autojump_clock: MockClock) -> None:
    async with open_stage(check=False) as stage:
        stage.work.respond = always([*stream(ANSWER[:3]), HANG])
        reader = stage.start(turn())
        await trio.sleep(5)
    assert_left(stage.upstream.exchanges, reader.ended_seconds)
    assert stage.upstream.statistics().open_connections == 0
    assert [line.outcome for line in stage.state.stored.turns.values()] == [TurnOutcome.CANCELLED]
