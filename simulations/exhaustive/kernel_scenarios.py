"""A day in a house of eight actors, any of whose scopes may be left at any step.

Everything goes on at once: asks three deep, streams with a slow reader, straight and delegated, a
call behind a full mailbox, callees that take their time to leave, a crash and a restart. Whoever is
not left gets its answer. Then the house is at rest, everyone is asked once more, and it is closed
with a call in flight, the newest actor first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from random import Random

import attrs
import trio
import trio.testing

from ...actors.kernel import Actor, ActorSystem, open_system
from ...actors.kernel.call import JOIN_SECONDS
from ...actors.kernel.ref import CellRef
from ...protocols.actor import CallFailed, Rank, Unavailable
from ..world.world import task_names
from .kernel_actors import (
    Break,
    Chaff,
    Desk,
    Do,
    Gate,
    Glass,
    Hand,
    Mule,
    Passing,
    Press,
    Print,
    Shop,
)
from .probe import Probe

PAGES = 12
"""More than a stream holds between its ends: a slow reader makes the press wait."""
QUICK_SECONDS, SLOW_SECONDS = 0.03, 0.3
"""How long the mule takes to leave: within the join bound, and beyond it."""
PAUSES_SECONDS = (0.0, 0.005, 0.01)
"""Few, so that much falls on the same moment and the scheduler decides."""
REST_SECONDS = 2.0
GRACE_SECONDS = 1.0
CLOSE_SECONDS = 2.0
"""The house is closed in this time, a call in flight and a mule included."""
ASKED = ("order", "holder", "queued", "quick", "slow", "breaker", "bystander")
ASKED_AGAIN = ("again", "pass", "carry", "look")
READ = ("reader", "subscriber", "reread", "renew")
EXPECTED: Mapping[str, object] = {
    **{label: label for label in (*ASKED, *ASKED_AGAIN, "late")},
    **dict.fromkeys(READ, (*range(PAGES), PAGES)),
}
"""What comes of each question that is not left."""

Visit = Callable[[], Awaitable[None]]
KernelScenario = Callable[[Probe, Random], Awaitable[None]]


@attrs.define(eq=False)
class House:
    """The actors, and those who come with a question; each question has a label."""

    shop: Shop
    system: ActorSystem
    random: Random
    refs: dict[str, CellRef] = attrs.field(factory=dict[str, CellRef])

    @property
    def probe(self) -> Probe:
        """Where everything is told."""
        return self.shop.probe

    def build(self) -> None:
        """Spawns the actors, the lowest first."""
        for name, rank, make in (
            ("glass", Rank.CONVERSATIONS, Glass),
            ("gate", Rank.RESOURCES, Gate),
            ("mule", Rank.RESOURCES, Mule),
            ("press", Rank.BACKEND, Press),
            ("smith", Rank.ROUTER, Hand),
        ):
            self._spawn(name, rank, partial(make, name, self.shop))
        for name, rank, cls, below, depth in (
            ("foreman", Rank.TOOLBELT, Passing, "smith", 1),
            ("desk", Rank.SESSION, Desk, "press", 1),
            ("clerk", Rank.SESSION, Passing, "foreman", 2),
        ):
            self._spawn(name, rank, partial(cls, name, self.shop, self.refs[below], depth))

    async def day(self) -> None:
        """Everyone comes at once."""
        visits = {
            "order": self._ask("order", "clerk", depth=3),
            "reader": self._read("reader", "press", depth=1),
            "subscriber": self._read("subscriber", "desk", depth=2),
            "holder": self._ask("holder", "gate", depth=1, work_seconds=0.02),
            "queued": self._queue(),
            "quick": self._ask("quick", "mule", work_seconds=QUICK_SECONDS, seconds=QUICK_SECONDS),
            "slow": self._ask("slow", "mule", work_seconds=SLOW_SECONDS, seconds=JOIN_SECONDS),
            "breaker": self._break(),
            "bystander": self._stand_by(),
        }
        async with trio.open_nursery() as nursery:
            for label, visit in visits.items():
                pause = self.random.choice(PAUSES_SECONDS)
                nursery.start_soon(_later, pause, visit, name=f"visitor:{label}")

    async def once_more(self) -> None:
        """Everyone answers still, whatever was left."""
        await self._ask("again", "clerk", depth=3)()
        await self._ask("pass", "gate", depth=1)()
        await self._ask("carry", "mule", work_seconds=QUICK_SECONDS, seconds=QUICK_SECONDS)()
        await self._ask("look", "glass", depth=1)()
        for label, name in (("reread", "press"), ("renew", "desk")):
            await self._read(label, name, depth=2)()

    async def stay_late(self) -> None:
        """A call that is still in flight when the house is closed."""
        with self.probe.scope("late", "late", depth=3):
            try:
                await self.refs["clerk"].ask(Do("late", 60.0))
            except Unavailable:
                self.probe.outcomes["late"] = "late"

    def check_rest(self, tasks: Counter[str]) -> None:
        """Complains of everything that the day has left behind."""
        check = self.probe.check
        for actor in self.system.statistics():
            busy = actor.queued or actor.running or actor.draining
            planned = actor.name == "glass" and actor.failed == actor.restarts <= 1
            well = planned or not (actor.failed or actor.restarts)
            check(well and not busy, f"not at rest: {actor}")
        check(self.shop.tools_taken == 0, f"{self.shop.tools_taken} tools are not given back")
        left = sorted((task_names() - tasks).elements())
        check(not left, f"tasks are left: {left}")
        for stream in self.probe.streams:
            ends = stream.channel.statistics()
            open_ends = ends.open_send_channels + ends.open_receive_channels
            check(open_ends == 0, f"a channel is open: {ends}")

    def _spawn(self, name: str, rank: Rank, make: Callable[[], Actor]) -> None:
        self.refs[name] = self.system.spawn(name, rank, make)

    def _ask(
        self,
        label: str,
        name: str,
        *,
        depth: int = 0,
        seconds: float = 0.0,
        work_seconds: float = 0.01,
    ) -> Visit:
        async def visit() -> None:
            with self.probe.scope(label, label, depth=depth, seconds=seconds):
                self.probe.outcomes[label] = await self.refs[name].ask(Do(label, work_seconds))

        return visit

    def _read(self, label: str, name: str, *, depth: int) -> Visit:
        async def visit() -> None:
            with self.probe.scope(label, label, depth=depth):
                opened = self.refs[name].open_stream(Print(label, PAGES))
                self.probe.streams.append(opened)
                async with opened as stream:
                    await trio.sleep(0.01)
                    pages = [page async for page in stream]
                    self.probe.outcomes[label] = (*pages, await stream.reply())

        return visit

    def _queue(self) -> Visit:
        async def visit() -> None:
            with self.probe.scope("queued", "queued", depth=1):
                await trio.sleep(0.01)
                while self.refs["gate"].post(Chaff()):
                    pass
                self.probe.outcomes["queued"] = await self.refs["gate"].ask(Do("queued"))

        return visit

    def _break(self) -> Visit:
        async def visit() -> None:
            with self.probe.scope("breaker", "breaker", depth=1):
                await trio.sleep(0.01)
                try:
                    await self.refs["glass"].ask(Break())
                except CallFailed:
                    self.probe.outcomes["breaker"] = await self.refs["glass"].ask(Do("breaker"))

        return visit

    def _stand_by(self) -> Visit:
        async def visit() -> None:
            with self.probe.scope("bystander", "bystander", depth=1):
                try:
                    told = await self.refs["glass"].ask(Do("bystander", 0.01))
                except Unavailable:  # it broke meanwhile
                    told = await self.refs["glass"].ask(Do("bystander", 0.01))
                self.probe.outcomes["bystander"] = told

        return visit


async def _later(pause_seconds: float, visit: Visit) -> None:
    await trio.sleep(pause_seconds)
    await visit()


async def house(probe: Probe, random: Random) -> None:
    """See the module."""
    shop, tasks = Shop(probe), task_names()
    async with trio.open_nursery() as outside:
        with probe.scope("house", "house", seconds=CLOSE_SECONDS):
            async with open_system(grace_seconds=GRACE_SECONDS) as system:
                home = House(shop, system, random)
                home.build()
                await trio.testing.wait_all_tasks_blocked()
                living = task_names()
                await home.day()
                await trio.sleep(REST_SECONDS)
                home.check_rest(living)
                await home.once_more()
                outside.start_soon(home.stay_late, name="visitor:late")
                await trio.sleep(0.1)
    _check_end(probe, shop, [*home.refs])
    left = sorted((task_names() - tasks).elements())
    probe.check(not left, f"tasks outlive the house: {left}")


def _check_end(probe: Probe, shop: Shop, births: list[str]) -> None:
    stops = shop.stopped[-len(births) :]
    probe.check(stops == births[::-1], f"born as {births}, stopped as {stops}")
    for label, expected in EXPECTED.items():
        got = probe.outcomes.get(label)
        may_lack = label in probe.left_labels or ("house" in probe.left_labels and got is None)
        probe.check(got == expected or may_lack, f"{label} got {got}")


KERNEL_SCENARIOS: Mapping[str, KernelScenario] = {"house": house}
