"""The server stops and crashes while its users switch, on a disk that may be slow.

What a user was told holds afterwards; what was cut off is asked again by the client, and counts
once: `world/choice_judge` knows both.
"""

from __future__ import annotations

import trio

from ..world.claude import ClaudeCode
from ..world.world import World
from .switching import drawn_words
from .switching_world import OPUS, SONNET, Town, wait_until_kept

STEPS, CLIENTS = 6, 2


async def switching_restart(world: World) -> None:
    """At each step everybody says something, and something may happen to the server meanwhile."""
    world.may_cut = True
    town = await Town.open(world)
    world.chance.start("state.is slow")
    clients = [world.claude(f"session-{number}", model=OPUS) for number in range(CLIENTS)]
    await _obeyed_and_gone(town, clients[0])
    for step in range(STEPS):
        async with trio.open_nursery() as nursery:
            for claude in clients:
                nursery.start_soon(town.say, claude, drawn_words(world, step))
            await trio.sleep(world.random.choice((0, 0.005, 0.01, 0.1)) * world.random.random())
            await _befall(world)
    for claude in clients:
        claude.quit()


async def _obeyed_and_gone(town: Town, claude: ClaudeCode) -> None:
    """The server crashes as soon as it has obeyed: what its user is told then holds."""
    for text in ("switch to gemini", "switch to groq", "switch to claude"):
        await town.say(claude, text)
    text = town.world.random.choice(("go back", SONNET))
    async with trio.open_nursery() as nursery:
        nursery.start_soon(town.say, claude, text)
        await wait_until_kept(town.world, claude)
        await trio.sleep(town.world.random.choice((0, 0.001)))
        await town.world.crash_server()
        await town.world.start_server()
    await town.say(claude, "which model is this?")
    await town.say(claude, "Explain the parser")


async def _befall(world: World) -> None:
    """The server crashes, is restarted, or lives on."""
    match world.random.randrange(3):
        case 0:
            await world.crash_server()
        case 1:
            await world.stop_server()
        case _:
            return
    await world.start_server()
