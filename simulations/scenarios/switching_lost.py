"""The answers to commands are lost on their way, and the client sends them again: each counts once.

Each is cut once the choice is on the disk, as the server answers; the server may crash with it.
Two "go back" whose answers have come are two, and so are two whose first answer was lost.
"""

from __future__ import annotations

import trio

from ..world.claude import ClaudeCode
from ..world.world import World
from .switching_world import HERE, OPUS, SONNET, Town, wait_until_kept

STEPS = 3
PLACES = ("gemini", "groq", "claude-sonnet-4-5")


async def switching_lost(world: World) -> None:
    """There is much to go back to; then most answers are lost."""
    world.may_cut = True
    town = await Town.open(world)
    claude = world.claude("one", model=OPUS)
    for name in PLACES:
        await town.say(claude, f"switch to {name}")
    await _lose(town, claude, "go back")
    await town.say(claude, "which model is this?")
    await town.say(claude, "go back")
    await town.say(claude, "switch to claude")
    await _lose(town, claude, SONNET)
    for _ in range(STEPS):
        await town.say(claude, "Explain the parser")
        say = world.random.choice((_lose, _lose, Town.say))
        await say(town, claude, _words(world))
        await town.say(claude, "which model is this?")
    claude.quit()


def _words(world: World) -> str:
    """What changes something, wherever the conversation is."""
    name = world.random.choice((*PLACES, "local"))
    return world.random.choice(("go back", f"switch to {name}", f"only this answer with {name}"))


async def _lose(town: Town, claude: ClaudeCode, text: str) -> None:
    """Says something whose first answer does not arrive, if there is anything to be kept."""
    async with trio.open_nursery() as nursery:
        nursery.start_soon(town.say, claude, text)
        await wait_until_kept(town.world, claude)
        for path in town.world.network.paths(HERE):
            path.reset()
        if town.world.random.random() < 0.3:
            await town.world.crash_server()
            await town.world.start_server()
