"""Workers, their disk and the server drawn to misbehave; users who press Esc; then the calm.

The story tells nothing: what must hold is what the inspection looks at, and at the end that every
user, whatever they have been through, is answered.
"""

from __future__ import annotations

import trio

from ..dialects.dialects import EARS
from ..worker.model import SimulatedModel
from ..world.claude import ClaudeCode, OutcomeKind
from ..world.client import AnswerEnding
from ..world.fates import Fates
from ..world.world import World
from .swarm import ANSWER_SECONDS, CALM_SECONDS
from .users import patience_seconds
from .worker import MODEL
from .worker_tools import FILE, LimitedTalker, formats, make_talker

USERS_MAX = 8
PROMPTS_MAX = 3
WISHES = ("talk", "long", "brief", "tool", "tools")
SITES = ("worker.", "state files.", "server ", "client ")

User = ClaudeCode | LimitedTalker


async def worker_storm(world: World) -> None:
    """A storm, and the calm after it."""
    random = world.random
    world.workers.models[FILE] = SimulatedModel(FILE, format=random.choice(formats()))
    world.workers.state_bytes = random.choice((0, 40_000, world.workers.state_bytes))
    await world.use_workers()
    world.may_cut = True
    world.chance.start(*SITES)
    fates = Fates(world)
    world.nursery.start_soon(fates.run, name="fates")
    async with trio.open_nursery() as nursery:
        for number in range(random.randint(1, USERS_MAX)):
            nursery.start_soon(storm, world, make_user(world, number))
    await fates.stop()
    world.chance.stop()
    world.workers.heal()
    await trio.sleep(CALM_SECONDS)
    for user in world.clients:
        assert isinstance(user, User)
        with trio.move_on_after(ANSWER_SECONDS) as patience:
            await calm(world, user)
        waits = patience.cancelled_caught
        world.check(not waits, f"after the storm {user.session} waits for ever")


def make_user(world: World, number: int) -> User:
    """Somebody with a client of any dialect."""
    dialect = world.random.choice([*EARS])
    if dialect == "anthropic":
        return world.claude(f"claude-{number}", model=MODEL)
    return make_talker(world, dialect)


async def storm(world: World, user: User) -> None:
    """A user's prompts, whatever comes of them; Esc when patience ends."""
    for number in range(world.random.randint(1, PROMPTS_MAX)):
        await trio.sleep(world.random.uniform(0, 10))
        with trio.move_on_after(patience_seconds(world)):
            await ask(user, f"[{world.random.choice(WISHES)} #{number}] of {user.session}")


async def ask(user: User, text: str) -> bool:
    """A prompt; whether it was answered."""
    if isinstance(user, LimitedTalker):
        answer = await user.talk(text)
        return answer.status == 200 and answer.ending is AnswerEnding.COMPLETE
    prompt = user.start(text)
    try:
        outcome = await prompt.wait()
    finally:
        prompt.press_esc()
    return outcome.kind is OutcomeKind.ANSWERED


async def calm(world: World, user: User) -> None:
    """A user's last prompts: the first meets what the storm has left, the other is answered."""
    await ask(user, f"[brief #8] of {user.session}")
    well = await ask(user, f"[tool #9] of {user.session}")
    world.check(well, f"after the storm {user.session} was not answered")
    if isinstance(user, ClaudeCode):
        user.quit()
