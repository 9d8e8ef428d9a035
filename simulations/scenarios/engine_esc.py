"""Esc and shutdown while a model on this machine works, or hangs: they take their usual time."""

from __future__ import annotations

import trio

from ..engine import Life
from ..world.client import Answer
from ..world.inspection import ESC_SECONDS_MAX
from ..world.world import GRACE_SECONDS, World
from .engine import MODEL, answered

STOP_SECONDS_MAX = GRACE_SECONDS + 5.0
"""For the turns in flight, and then for a process that does not go by itself."""


async def esc_in_prefill(world: World) -> None:
    """Esc in all slots while the prompt is read: the engine is left at once, and notices late."""
    world.engine.lives = [Life(prefill_seconds=20, ignores_esc_seconds=world.random.uniform(1, 9))]
    answers = [world.client(f"session-{number}", model=MODEL).start("Go on") for number in (1, 2)]
    await trio.sleep(world.random.uniform(3, 18))
    [process] = world.engine.processes
    world.check(process.slots.working == 2, "the prompts are not being read")
    press_esc(answers)
    await trio.sleep(ESC_SECONDS_MAX)
    pool = world.life.upstream.statistics()
    world.check(pool.open_connections == pool.idle_connections, f"Esc has not closed: {pool}")
    slots = (process.slots.working, process.slots.busy)
    world.check(slots == (0, 2), f"of the slots {slots} work and are busy")
    await answered(world)


async def engine_hangs(world: World) -> None:
    """The process answers nothing any more: Esc and shutdown take their usual time all the same."""
    world.may_cut = True
    world.engine.lives = [Life(hang_seconds=0, stop_seconds=2), Life()]
    left, stopped = (world.client(name, model=MODEL).start("Anyone?") for name in ("one", "other"))
    await trio.sleep(world.random.uniform(3, 30))
    before = world.life.upstream.statistics().open_connections
    press_esc([left])
    await trio.sleep(ESC_SECONDS_MAX)
    after = world.life.upstream.statistics().open_connections
    world.check(after == before - 1, f"Esc has left {after} of {before} connections open")
    began_seconds = trio.current_time()
    await world.stop_server()
    took_seconds = trio.current_time() - began_seconds
    world.check(took_seconds <= STOP_SECONDS_MAX, f"stopping took {took_seconds:.3f} s")
    world.check(world.engine.running == 0, "the process outlives the server")
    world.check(stopped.ended.is_set(), "the turn in flight has not ended")
    await world.start_server()
    await answered(world)


def press_esc(answers: list[Answer]) -> None:
    """Esc in each of them."""
    for answer in answers:
        answer.press_esc()
