"""One run of the whole product under one seed: a scenario, and what must always hold.

After the scenario the world falls quiet and is inspected. A complaint, not an exception, is what a
run finds, so that one run may find several.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import attrs
import trio
import trio.testing

from . import escape, seam
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
    tracer = Tracer([] if trace else None)
    order = make_policy(policy, seed, schedule)
    chance, chronicle, passes = Chance(seed, strikes), Chronicle(trace), Passes(order)
    with seam.scheduled_by(order):
        world, seconds = trio.run(
            _live,
            scenario,
            product,
            chance,
            chronicle,
            passes,
            hooks,
            clock=trio.testing.MockClock(autojump_threshold=0),
            instruments=[tracer, passes, *instruments],
        )
    return Result(
        seed,
        tuple(world.complaints),
        tracer.hash,
        seconds,
        tracer.steps,
        tuple(chance.struck),
        dict(order.taken),
        world.marks,
        world.coverage,
        tuple(tracer.lines or ()),
        tuple(chronicle.happenings),
    )


async def _live(
    scenario: Scenario,
    product: Product,
    chance: Chance,
    chronicle: Chronicle,
    passes: Passes,
    hooks: Hooks,
) -> tuple[World, float]:
    with escape.forbidden() as escapes:
        async with open_world(product, chance, chronicle, passes, hooks) as world:
            with trio.move_on_after(HANG_SECONDS) as patience:
                await scenario(world)
            world.check(not patience.cancelled_caught, "the scenario hangs")
            chance.stop()
            world.network.heal()
            await world.fall_quiet()
            inspect(world)
            note_marks(world)
            await world.stop_server(grace_seconds=0)
            await world.fall_quiet()
            left = world.network.open_sockets
            world.check(left == 0, f"{left} sockets outlive the server")
            running = world.engine.running
            world.check(running == 0, f"{running} engine processes outlive the server")
    world.complaints += escapes
    return world, trio.current_time()
