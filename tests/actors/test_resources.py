"""The resource-watcher: who is granted, refused and asked to leave, and what it costs when idle."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.actors.kernel import open_system
from understudy.actors.kernel.ref import CellRef
from understudy.actors.kernel.stream import OpenStream
from understudy.actors.resources import MEASURE_SECONDS_MIN, ApplyRules, Resources
from understudy.io.ports import Memory
from understudy.protocols.actor import Rank
from understudy.protocols.resources.lease import (
    Granted,
    LeaseIdle,
    LeaseItem,
    LeaseLoaded,
    LeaseRefused,
    LeaseUsage,
    Leave,
    TakeLease,
)
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.reading import MemoryReading, ProcessMemory
from understudy.protocols.resources.report import CRITICAL, DecisionLine, DescribeMemory
from understudy.protocols.resources.rules import GIBIBYTE, MemoryRules
from understudy.simulations.memory import SimulatedMemory

Opened = OpenStream[LeaseItem, None]


@attrs.define(eq=False)
class Watcher:
    """The actor, its machine of 16 GiB, and what it has told."""

    ref: CellRef
    memory: SimulatedMemory
    told: list[DecisionLine]

    def wish(self, model: str, gibibytes: float = 6, *, usage: LeaseUsage | None = None) -> Opened:
        """Asks for a lease."""
        need = MemoryNeed(0, int(gibibytes * GIBIBYTE))
        return self.ref.open_stream(TakeLease("local", model, need, usage or LeaseUsage()))

    async def load(self, lease: Opened, process_id: int = 1) -> int:
        """Waits for the grant, and loads at once."""
        granted = await lease.receive()
        assert isinstance(granted, Granted)
        await self.ref.ask(LeaseLoaded(granted.lease, process_id, 1.0))
        self.memory.other_bytes += 6 * GIBIBYTE
        return granted.lease

    async def states(self) -> list[str]:
        """How the leases stand."""
        report = await self.ref.ask(DescribeMemory())
        return [lease.state for lease in report.leases]


@asynccontextmanager
async def open_watcher(
    memory: Memory | None = None, rules: MemoryRules | None = None
) -> AsyncGenerator[Watcher]:
    """A watcher and its machine."""
    machine, told = SimulatedMemory(16 * GIBIBYTE), list[DecisionLine]()
    async with open_system() as system:
        ref = system.spawn(
            "resources",
            Rank.RESOURCES,
            lambda: Resources(rules or MemoryRules(), memory or machine, told.append),
        )
        yield Watcher(ref, machine, told)


async def test_nothing_is_read_while_there_are_no_leases(autojump_clock: MockClock) -> None:
    async with open_watcher() as watcher:
        await trio.sleep(3_600)
        assert watcher.memory.readings == 0
        report = await watcher.ref.ask(DescribeMemory())
        assert report.reading.total_bytes == 16 * GIBIBYTE, "but when somebody asks"
        assert watcher.memory.readings == 1


async def test_an_idle_model_costs_a_reading_a_second(autojump_clock: MockClock) -> None:
    async with open_watcher() as watcher:
        async with watcher.wish("m") as lease:
            await watcher.load(lease)
            await trio.sleep(1)
            before = watcher.memory.readings
            await trio.sleep(100)
            assert 98 <= watcher.memory.readings - before <= 101
        await trio.sleep(1)
        before = watcher.memory.readings
        await trio.sleep(100)
        assert watcher.memory.readings == before


async def test_a_load_waits_for_the_one_before_it(autojump_clock: MockClock) -> None:
    async with open_watcher() as watcher, watcher.wish("one", 1) as one:
        granted = await one.receive()
        assert isinstance(granted, Granted)
        async with watcher.wish("two", 1) as two:
            await trio.sleep(20)
            assert await watcher.states() == ["loading", "waiting"]
            await watcher.ref.ask(LeaseLoaded(granted.lease, 1, 20.0))
            assert isinstance(await two.receive(), Granted)


async def test_an_idle_model_is_asked_to_leave_for_a_load(autojump_clock: MockClock) -> None:
    async with open_watcher() as watcher, watcher.wish("first") as first:
        await watcher.load(first)
        async with watcher.wish("second") as second:
            await watcher.load(second)
            await trio.sleep(5)
            async with watcher.wish("third") as third:
                leave = await first.receive()
                assert isinstance(leave, Leave)
                assert not leave.critical
                assert "idle" in leave.why
                await first.__aexit__(None, None, None)
                watcher.memory.other_bytes -= 6 * GIBIBYTE
                assert isinstance(await third.receive(), Granted)
    kinds = [line.kind for line in watcher.told if line.model in ("first", "third")]
    assert kinds[:2] == ["granted", "evicted"]
    assert sorted(kinds[2:4]) == ["granted", "released"]


async def test_one_that_can_never_fit_is_refused_with_numbers(autojump_clock: MockClock) -> None:
    async with open_watcher() as watcher:
        async with watcher.wish("m", 40) as lease:
            with pytest.raises(LeaseRefused, match=r"It needs 42\.0 GiB") as refused:
                await lease.receive()
        assert refused.value.need_bytes > 40 * GIBIBYTE
        assert [line.kind for line in watcher.told] == ["refused"]
        assert await watcher.states() == []


async def test_who_leaves_the_queue_is_forgotten_at_once(autojump_clock: MockClock) -> None:
    async with open_watcher() as watcher, watcher.wish("one", 1) as one:
        await one.receive()
        async with watcher.wish("two", 1):
            await trio.sleep(0.01)
            assert await watcher.states() == ["loading", "waiting"]
        assert await watcher.states() == ["loading"]


async def test_a_model_that_becomes_idle_is_seen_at_once_by_who_waits(
    autojump_clock: MockClock,
) -> None:
    usage = LeaseUsage(answers=1)
    async with open_watcher() as watcher, watcher.wish("busy", usage=usage) as busy:
        number = await watcher.load(busy)
        async with watcher.wish("other") as other:
            await watcher.load(other, 2)
            async with watcher.wish("third"):
                await trio.sleep(0.3)
                looks = watcher.memory.readings
                watcher.ref.post(LeaseIdle(number))
                await trio.sleep(0.01)
                assert watcher.memory.readings == looks + 1


async def test_the_system_s_word_makes_it_look_within_a_second(autojump_clock: MockClock) -> None:
    usage = LeaseUsage()
    async with open_watcher() as watcher, trio.open_nursery() as nursery:
        nursery.start_soon(watcher.memory.live)
        async with watcher.wish("m", 4, usage=usage) as lease:
            granted = await lease.receive()
            assert isinstance(granted, Granted)
            await watcher.ref.ask(LeaseLoaded(granted.lease, 1, 1.0))
            await trio.sleep(10)
            watcher.memory.other_bytes = int(15.5 * GIBIBYTE)
            began_seconds = trio.current_time()
            leave = await lease.receive()
            assert isinstance(leave, Leave)
            assert trio.current_time() <= began_seconds + 1
            assert (await watcher.ref.ask(DescribeMemory())).state == CRITICAL
        nursery.cancel_scope.cancel("the test is over")


class Counting(SimulatedMemory):
    """A memory that counts what is measured, and one that tells nothing."""

    measured = 0
    tells = True

    async def process(self, process_id: int) -> ProcessMemory | None:
        """Counts."""
        self.measured += 1
        return ProcessMemory(GIBIBYTE, 0) if process_id else None

    async def read(self) -> MemoryReading:
        """Nothing, if it does not tell."""
        return await super().read() if self.tells else MemoryReading(0, 0)


async def test_a_process_is_measured_only_after_it_was_used(autojump_clock: MockClock) -> None:
    memory, usage = Counting(16 * GIBIBYTE), LeaseUsage()
    async with open_watcher(memory) as watcher, watcher.wish("m", 1, usage=usage) as lease:
        await watcher.load(lease, process_id=7)
        await trio.sleep(1)
        assert memory.measured == 1
        await trio.sleep(10 * MEASURE_SECONDS_MIN)
        assert memory.measured == 1
        usage.idle_since_seconds = trio.current_time()
        await trio.sleep(2)
        assert memory.measured == 2
        report = await watcher.ref.ask(DescribeMemory())
        assert report.leases[0].measured_bytes == GIBIBYTE


async def test_a_machine_that_tells_nothing_bounds_nothing(autojump_clock: MockClock) -> None:
    memory = Counting()
    memory.tells = False
    async with open_watcher(memory) as watcher, watcher.wish("m", 100) as lease:
        await watcher.load(lease)
        await trio.sleep(60)
        assert await watcher.states() == ["held"]


async def test_rules_that_change_hold_for_the_next_load(autojump_clock: MockClock) -> None:
    async with open_watcher() as watcher:
        await watcher.ref.ask(ApplyRules(MemoryRules(budget_bytes=GIBIBYTE)))
        async with watcher.wish("m", 2) as lease:
            with pytest.raises(LeaseRefused, match="budget"):
                await lease.receive()


async def test_news_of_a_lease_that_is_gone_is_no_news(autojump_clock: MockClock) -> None:
    async with open_watcher() as watcher:
        await watcher.ref.ask(LeaseLoaded(99, 1, 1.0))
        assert await watcher.states() == []
