"""A model on this machine: its process is started, crashes, and hangs."""

from __future__ import annotations

import trio

from ..engine import REPLY, Life
from ..world.client import AnswerEnding
from ..world.world import World

MODEL = "local/m"


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
    answer = await world.client(model=MODEL).ask("What does the parser do?")
    world.check(answer.ending is AnswerEnding.CUT, f"the answer is {answer.ending}")
    await answered(world)
    world.check(world.engine.starts == 2, f"the engine was started {world.engine.starts} times")


async def engine_hangs_alone(world: World) -> None:
    """Nobody presses Esc: the hung process is found out and replaced, and its turn is cut."""
    world.may_cut = True
    world.engine.lives = [Life(hang_seconds=world.random.uniform(0, 0.5)), Life()]
    answer = await world.client(model=MODEL).ask("Anyone?")
    world.check(answer.ending is AnswerEnding.CUT, f"the answer is {answer.ending}")
    await answered(world)
    world.check(world.engine.starts == 2, f"the engine was started {world.engine.starts} times")


async def answered(world: World) -> None:
    """A turn that goes well."""
    answer = await world.client("well", model=MODEL).ask("And now?")
    world.check(answer.ending is AnswerEnding.COMPLETE, f"the answer is {answer.ending}")
    world.check(answer.body.count(b"text_delta") == len(REPLY), "the text is not whole")
