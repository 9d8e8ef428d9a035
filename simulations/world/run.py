"""One run of the whole product under one seed: a scenario, and what must always hold.

After the scenario the world falls quiet and is inspected. A complaint, not an exception, is what a
run finds, so that one run may find several: so an exception of the scenario becomes a complaint,
and so does one of the product, whether it was contained there or has brought the world down.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import attrs
import trio
import trio.testing

from . import crashes, escape, seam
from .chance import Chance
from .chronicle import Chronicle, Happening
from .inspection import inspect
from .life import Hooks
from .marks import note_marks
from .passes import Passes
from .product import Product
from .scheduler import Deviation, Policy, Schedule, Tracer, make_policy
from .world import Scenario, World, open_world

__all__ = ["HANG_SECONDS", "Product", "Result", "Scenario", "World", "run"]

NO_HOOKS = Hooks()
HANG_SECONDS = 3_600.0
"""A scenario that takes longer, in virtual time, hangs."""


@attrs.frozen
class Result:
    """What a run found, and by what it can be recognised: the hash of all its steps.

    `struck` names the faults that struck, `schedule` is the tape of what the scheduler did,
    `marks` counts what happened and should happen sometimes, `coverage` which kind of fault met
    which state of the product. `lines` and `happenings` are there only if the run was traced.
    """

    seed: int
    complaints: tuple[str, ...]
    trace_hash: str
    virtual_seconds: float
    steps: int
    struck: tuple[str, ...] = ()
    schedule: Schedule = attrs.field(factory=dict[str, Deviation], repr=False)
    marks: Mapping[str, int] = attrs.field(factory=dict[str, int], repr=False)
    coverage: Mapping[tuple[str, str], int] = attrs.field(
        factory=dict[tuple[str, str], int], repr=False
    )
    lines: tuple[str, ...] = attrs.field(default=(), repr=False)
    happenings: tuple[Happening, ...] = attrs.field(default=(), repr=False)


def run(
    scenario: Scenario,
    seed: int,
    product: Product,
    *,
    policy: Policy = "walk",
    strikes: Collection[str] | None = None,
    schedule: Schedule | None = None,
    trace: bool = False,
    instruments: Sequence[trio.abc.Instrument] = (),
    hooks: Hooks = NO_HOOKS,
) -> Result:
    """Runs a scenario under a seed.

    `strikes` and `schedule` take the place of what the seed would draw (see `Chance` and
    `make_policy`); `hooks` may stand between the product and its ports. With `trace` the result has
    a line for each step, and what happened in words.
    """
    tracer, clock = Tracer([] if trace else None), trio.testing.MockClock(autojump_threshold=0)
    order = make_policy(policy, seed, schedule)
    chance, chronicle, passes = Chance(seed, strikes), Chronicle(trace), Passes(order)
    telling = _Telling(scenario, product, chance, chronicle, passes, hooks)
    with seam.scheduled_by(order), crashes.heard(telling.hear):
        try:
            trio.run(_live, telling, clock=clock, instruments=[tracer, *instruments])
        except Exception as error:  # the supervisor: a world that falls is what the run has found
            telling.fall(crashes.crash_words(error), clock.current_time())
    return Result(
        seed,
        telling.complaints,
        tracer.hash,
        clock.current_time(),
        tracer.steps,
        tuple(chance.struck),
        dict(order.taken),
        telling.world.marks if telling.world else {},
        telling.world.coverage if telling.world else {},
        tuple(tracer.lines or ()),
        tuple(chronicle.happenings),
    )


@attrs.define(eq=False)
class _Telling:
    """A run while it lasts. What crashed is complained of first: the rest may come of it."""

    scenario: Scenario
    product: Product
    chance: Chance
    chronicle: Chronicle
    passes: Passes
    hooks: Hooks
    world: World | None = None
    crashed: list[str] = attrs.field(factory=list[str])
    escapes: list[str] = attrs.field(factory=list[str])

    @property
    def complaints(self) -> tuple[str, ...]:
        return (*self.crashed, *(self.world.complaints if self.world else ()), *self.escapes)

    async def live(self) -> None:
        with escape.forbidden() as self.escapes:
            async with open_world(
                self.product, self.chance, self.chronicle, self.passes, self.hooks
            ) as self.world:
                await self._tell(self.world)
                await self._end(self.world)

    def hear(self, words: str) -> None:
        """Takes note of a crash that the product has contained."""
        self.crashed.append(words)
        self.chronicle.note("complaint", words)

    def fall(self, words: list[str], seconds: float) -> None:
        """Takes note of what the world has ended with: nothing of it is left to be inspected."""
        self.crashed += words
        for each in words:
            self.chronicle.conclude("complaint", each, seconds)

    async def _tell(self, world: World) -> None:
        with trio.move_on_after(HANG_SECONDS) as patience:
            try:
                await self.scenario(world)
            except Exception as error:  # a scenario that cannot go on, which is a complaint
                for words in crashes.crash_words(error):
                    world.check(False, words)
        world.check(not patience.cancelled_caught, "the scenario hangs")

    async def _end(self, world: World) -> None:
        self.chance.stop()
        world.network.heal()
        await world.fall_quiet()
        inspect(world)
        note_marks(world)
        await world.stop_server(grace_seconds=0)
        await world.fall_quiet()
        left = world.network.open_sockets
        world.check(left == 0, f"{left} sockets outlive the server")
        running = world.engine.running + world.workers.running
        world.check(running == 0, f"{running} engine processes outlive the server")


async def _live(telling: _Telling) -> None:
    """The first task of a run: its name is in every trace."""
    await telling.live()
