"""The layers at which a turn may wait when Esc is pressed, and how to have it wait there."""

from __future__ import annotations

from itertools import count

import trio

from ..engine import Life
from ..upstream import HANG
from ..world.answers import call_events, paced, stalling_after
from ..world.weather import Trouble
from ..world.world import World

REMOTE, LOCAL = "work/claude-x", "local/m"
SLOTS = 2
CONNECTING = "while it connects"
QUEUED = "in the queue for a slot"
PLACES = {
    CONNECTING: REMOTE,
    "before the first byte": REMOTE,
    "in the middle of a text": REMOTE,
    "in a tool's input": REMOTE,
    "while the engine loads": LOCAL,
    "while the prompt is read": LOCAL,
    QUEUED: LOCAL,
}
"""Each with the model that the turn is for."""


async def prepare(world: World, place: str) -> None:
    """Has the next turn wait in that place."""
    calls = paced(call_events((("Bash", "ls -l"),), count(1))[:3])
    world.engine.lives = [Life(load_seconds=1 if "loads" not in place else 30, prefill_seconds=60)]
    match place:
        case "while it connects":
            world.network.weather.hinder("work.test", Trouble.SILENT, 30)
        case "before the first byte":
            world.peer.respond = lambda _body: stalling_after(0)
        case "in the middle of a text":
            world.peer.respond = lambda _body: stalling_after(5)
        case "in a tool's input":
            world.peer.respond = lambda _body: [*calls, HANG]
        case "in the queue for a slot":
            for number in range(SLOTS):
                world.client(f"before-{number}", model=LOCAL).start("Go on")
            await trio.sleep(3)
        case "while the prompt is read":
            world.client("first", model=LOCAL).start("Go on")
            await trio.sleep(3)
        case _:
            pass
