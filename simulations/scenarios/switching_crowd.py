"""Many conversations side by side, each of which goes where its own user has said, and no other.

Half of the users have clients that say whose conversation it is. The others' clients do not, and
their conversations begin alike, word for word: nothing but what stands in their history tells one
from another. Endpoints refuse, the disk is slow, and users press Esc.
"""

from __future__ import annotations

from collections.abc import Iterable

import trio

from ..dialects.talker import Talker
from ..world.answers import refused
from ..world.chance import Chance
from ..world.claude import ClaudeCode
from ..world.peer import PeerStep, Respond
from ..world.world import World
from .switching_world import DIALECTS, OPUS, Town

FEW, MANY = 16, 200
PROMPTS_FEW, PROMPTS_MANY = 6, 3
NAMES = ("gemini", "groq", "local", "claude-sonnet-4-5", OPUS)
BEGINNING = "Hello"
REFUSAL_CHANCE, ESC_CHANCE = 0.05, 0.1
APART_SECONDS = 10.0
PATIENCE_SECONDS = 400.0
User = Talker | ClaudeCode


async def switching_few(world: World) -> None:
    """A few of them."""
    await _crowd(world, FEW, PROMPTS_FEW)


async def switching_crowd(world: World) -> None:
    """Two hundred."""
    await _crowd(world, MANY, PROMPTS_MANY)


async def _crowd(world: World, conversations: int, prompts: int) -> None:
    town = await Town.open(world)
    world.chance.start("state.is slow", "peer refuses", "client presses Esc")
    for peer in world.peers.values():
        peer.respond = _Moody(world.chance, peer.respond)
    async with trio.open_nursery() as nursery:
        for number in range(conversations):
            nursery.start_soon(_converse, town, _user(town, number), prompts)


def _user(town: Town, number: int) -> User:
    """Every second one has a client that names its conversation."""
    name = f"user-{number}"
    if number % 4 == 0:
        return town.world.claude(name, model=OPUS)
    dialect = DIALECTS[number // 2 % len(DIALECTS)]
    return town.talker(dialect, name, OPUS, is_named=number % 2 == 0)


async def _converse(town: Town, user: User, prompts: int) -> None:
    """A beginning, the same for all who have no name; then commands and work, in turns."""
    await trio.sleep(town.world.random.uniform(0, APART_SECONDS))
    if isinstance(user, Talker) and not user.is_named:
        await _say(town, user, BEGINNING)
    for number in range(prompts - 1):
        await _say(town, user, _words(town.world, number))
    if isinstance(user, ClaudeCode):
        user.quit()


async def _say(town: Town, user: User, text: str) -> None:
    """One prompt; Esc now and then."""
    draws = town.world.chance.strike("client presses Esc", ESC_CHANCE)
    patience_seconds = draws.uniform(0, 0.3) if draws else PATIENCE_SECONDS
    with trio.move_on_after(patience_seconds):
        if isinstance(user, Talker):
            await user.talk(text)
            return
        prompt = user.start(text)
        try:
            await prompt.wait()
        finally:
            prompt.press_esc()


def _words(world: World, number: int) -> str:
    name = world.random.choice(NAMES)
    commands = (f"switch to {name}", f"only this answer with {name}", "go back")
    return f"question {number}" if number % 2 else world.random.choice(commands)


class _Moody:
    """An endpoint that refuses now and then."""

    def __init__(self, chance: Chance, respond: Respond) -> None:
        self._chance = chance
        self._respond = respond

    def __call__(self, body: bytes) -> Iterable[PeerStep]:
        """The steps of one answer."""
        if self._chance.strike("peer refuses", REFUSAL_CHANCE):
            return refused(529)
        return self._respond(body)
