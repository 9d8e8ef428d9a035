"""A model on this machine, run by a worker of our own: its turns, and the ends that it may come to.

Whoever's answer is cut by the end of a worker is told so; the next turn has a worker that is well.
"""

from __future__ import annotations

import trio

from ..worker.drawn_life import GARBAGE
from ..worker.life import WELL, WorkerLife
from ..world.client import Answer, AnswerEnding
from ..world.world import World

MODEL = "local/m"
TURNS = 3
AGAIN = "Say once more what there is to be said of all this, in your own words. [talk #9] of story"
"""Long enough to be worth remembering."""
PIECES_MAX = 8
"""Of an answer: the shortest has more."""
DRAIN_SECONDS_MAX = 5.0
"""From Esc to the end of a worker that does not hear of it, whose steps are short."""


async def worker_turns(world: World) -> None:
    """The first turn loads the model. All that is asked again is remembered."""
    await world.use_workers()
    client = world.client(model=MODEL)
    for number in range(TURNS):
        await well(world, number)
        again = await client.ask(AGAIN)
        world.check(again.ending is AnswerEnding.COMPLETE, f"the answer is {again.ending}")
    *_, last = world.workers.answers
    started = last.started
    kept = started.kept_tokens if started else 0
    world.check(kept == len(last.prompt) - 1, f"{kept} of {len(last.prompt)} tokens were kept")
    world.check(world.workers.starts == 1, f"{world.workers.starts} workers were started")


async def worker_crashes(world: World) -> None:
    """The worker dies in the middle of a frame, or is talking garbage: its answer is cut."""
    pieces = world.random.randint(1, PIECES_MAX)
    bad = WorkerLife(crash_pieces=pieces)
    if world.random.random() < 0.5:
        bad = WorkerLife(garbage_pieces=pieces, garbage=world.random.choice(GARBAGE))
    await world.use_workers()
    world.workers.lives = [bad, WELL]
    world.may_cut = True
    answers = [ask(world, name, number) for number, name in enumerate(("one", "other"), 1)]
    for answer in answers:
        await answer.ended.wait()
        told = answer.ending is AnswerEnding.CUT or b"error" in answer.body
        world.check(told, f"the answer is {answer.ending}: {answer.body[-80:]!r}")
    await well(world, 7)
    world.check(world.workers.starts == 2, f"{world.workers.starts} workers were started")


async def worker_hangs(world: World) -> None:
    """A step that never ends: with Esc, and with nobody who presses it, the worker is killed."""
    world.may_cut = True
    await world.use_workers()
    world.workers.lives = [WorkerLife(hang_seconds=world.random.uniform(0, 0.2)), WELL]
    answer = ask(world, "one", 1)
    if world.random.random() < 0.5:
        await trio.sleep(world.random.uniform(2.5, 8))
        answer.press_esc()
        await trio.sleep(DRAIN_SECONDS_MAX)
        [child] = world.workers.children
        gone = child.has_ended and "was killed" in child.ending()
        world.check(gone, "a worker that hangs lives on after Esc")
    await answer.ended.wait()
    await well(world, 2)
    world.check(world.workers.starts == 2, f"{world.workers.starts} workers were started")


async def worker_is_deaf(world: World) -> None:
    """The abort flag is not honoured, as on a GPU: Esc is at once, the step goes to its end."""
    await world.use_workers()
    world.workers.lives = [WorkerLife(ignores_abort=True, step_seconds=1.0)]
    answer = ask(world, "one", 1)
    await trio.sleep(world.random.uniform(2.5, 6))
    began_seconds = trio.current_time()
    answer.press_esc()
    await well(world, 2)
    took_seconds = trio.current_time() - began_seconds
    world.check(took_seconds < 120, f"after Esc the next answer took {took_seconds:.0f} s")
    world.check(world.workers.starts == 1, "a worker that is slow to stop was killed")


async def worker_does_not_load(world: World) -> None:
    """The file is no model, or the load hangs: who waits is told why, and the next turn is well."""
    await world.use_workers()
    failing = WorkerLife(failure="the file is damaged")
    hanging = WorkerLife(load_seconds=world.random.choice((300.0, 1e9)))
    world.workers.lives = [world.random.choice((failing, hanging)), WELL]
    answer = ask(world, "one", 1)
    await answer.ended.wait()
    told = b"could not start" in answer.body or b"was not ready" in answer.body
    world.check(told, f"status {answer.status}: {answer.body[-200:]!r}")
    await well(world, 2)


def ask(world: World, name: str, number: int) -> Answer:
    """A question that is nobody else's."""
    return world.client(name, model=MODEL).start(f"[long #{number}] of {name}")


async def well(world: World, number: int) -> None:
    """A turn that goes well; what is said is looked at by the inspection."""
    client = world.client(f"well-{number}", model=MODEL)
    answer = await client.ask(f"[talk #{number}] of {client.name}")
    whole = answer.status == 200 and answer.ending is AnswerEnding.COMPLETE
    world.check(whole, f"status {answer.status}, {answer.ending}: {answer.body[:200]!r}")
