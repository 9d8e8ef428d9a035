"""Many conversations with one worker, some of which press Esc: nobody starves, nobody is mixed up.

All share the beginning of their prompts, and the worker's memory holds few of them. Whoever finds
the queue full is told when to come again, and does.
"""

from __future__ import annotations

import trio

from ..worker.life import WorkerLife
from ..world.claude import ClaudeCode, OutcomeKind
from ..world.world import World
from .worker import MODEL

MANY, FEW = 64, 10
PROMPTS_MAX = 2
ARRIVAL_SECONDS = 0.5
"""For each of them, on average."""
ESC_CHANCE = 0.4
ESC_SECONDS = (0.0, 10.0)
WISHES = ("talk", "brief", "tool")
FEW_LATE_SECONDS = (0.0, 0.02)
MANY_LATE_SECONDS = 0.05
"""After which what a worker says is read: a machine with so much to do has no time."""
WAIT_SECONDS_MAX = 180.0
"""How long anybody waits for a whole answer: all the others', and their own pauses in the queue."""


async def many_conversations(world: World) -> None:
    """Sixteen for each slot of the worker."""
    await converse(world, MANY, MANY_LATE_SECONDS)


async def few_conversations(world: World) -> None:
    """A few more than there are slots."""
    await converse(world, FEW, world.random.choice(FEW_LATE_SECONDS))


async def converse(world: World, conversations: int, late_seconds: float) -> None:
    """Each asks once or twice; an answer that is not left is whole."""
    await world.use_workers()
    world.workers.lives = [WorkerLife(read_late_seconds=late_seconds)]
    async with trio.open_nursery() as nursery:
        for number in range(conversations):
            claude = world.claude(f"talk-{number}", model=MODEL)
            nursery.start_soon(talk, world, claude, conversations * ARRIVAL_SECONDS)
    starts = world.workers.starts
    world.check(starts == 1, f"{starts} workers were started")


async def talk(world: World, claude: ClaudeCode, arrival_seconds: float) -> None:
    """One conversation, which begins within that time."""
    random = world.random
    await trio.sleep(random.uniform(0, arrival_seconds))
    for number in range(random.randint(1, PROMPTS_MAX)):
        prompt = claude.start(f"[{random.choice(WISHES)} #{number}] of {claude.session}")
        began_seconds = trio.current_time()
        leaves = random.random() < ESC_CHANCE
        with trio.move_on_after(random.uniform(*ESC_SECONDS) if leaves else WAIT_SECONDS_MAX):
            await prompt.wait()
        prompt.press_esc()
        outcome = await prompt.wait()
        if leaves:
            continue
        took_seconds = trio.current_time() - began_seconds
        world.check(
            outcome.kind is OutcomeKind.ANSWERED,
            f"{claude.session} after {took_seconds:.0f} s: {outcome}",
        )
    claude.quit()
