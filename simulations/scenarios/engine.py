"""A model on this machine: its process is started, crashes, is left in its work, and hangs."""

from __future__ import annotations

import trio

from ..engine import REPLY, Life
from ..world.client import Answer, AnswerEnding
from ..world.world import GRACE_SECONDS, World

MODEL = "local/m"
ESC_SECONDS_MAX = 0.02
STOP_SECONDS_MAX = GRACE_SECONDS + 5.0
"""For the turns in flight, and then for a process that does not go by itself."""


async def engine_turn(world: World) -> None:
    """The first turn loads the model, the second one is quick."""
    for seconds_min, seconds_max in ((2.0, 4.0), (0.0, 1.0)):
        began_seconds = trio.current_time()
        await answered(world)
        took_seconds = trio.current_time() - began_seconds
        world.check(seconds_min <= took_seconds <= seconds_max, f"it took {took_seconds:.3f} s")
    world.check(world.engine.starts == 1, f"the engine was started {world.engine.starts} times")


async def engine_crash(world: World) -> None:
    """The process crashes in the middle of an answer: that is cut, and the next starts another."""
    world.may_cut = True
    world.engine.lives = [Life(crash_tokens=world.random.randrange(len(REPLY))), Life()]
    answer = await world.client(model=MODEL).ask("Who are you?")
    world.check(answer.ending is AnswerEnding.CUT, f"the answer is {answer.ending}")
    await answered(world)
    world.check(world.engine.starts == 2, f"the engine was started {world.engine.starts} times")


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


async def engine_hangs_alone(world: World) -> None:
    """Nobody presses Esc: the hung process is found out and replaced, and its turn is cut."""
    world.may_cut = True
    world.engine.lives = [Life(hang_seconds=world.random.uniform(0, 0.5)), Life()]
    answer = await world.client(model=MODEL).ask("Anyone?")
    world.check(answer.ending is AnswerEnding.CUT, f"the answer is {answer.ending}")
    await answered(world)
    world.check(world.engine.starts == 2, f"the engine was started {world.engine.starts} times")


def press_esc(answers: list[Answer]) -> None:
    """Esc in each of them."""
    for answer in answers:
        answer.press_esc()


async def answered(world: World) -> None:
    """A turn that goes well."""
    answer = await world.client("well", model=MODEL).ask("And now?")
    world.check(answer.ending is AnswerEnding.COMPLETE, f"the answer is {answer.ending}")
    world.check(answer.body.count(b"text_delta") == len(REPLY), "the text is not whole")
