"""Esc at every layer: wherever a turn waits, it is left at once, and nothing of it stays."""

from __future__ import annotations

from itertools import count

import trio

from ..engine import Life
from ..upstream import HANG
from ..world.answers import call_events, paced, stalling_after, streamed
from ..world.weather import Trouble
from ..world.world import World
from .esc import JOINED_PASSES_MAX, LEFT_PASSES_MAX, watch_esc

REMOTE, LOCAL = "work/claude-x", "local/m"
SLOTS = 2
CONNECTING_PASSES = 1
"""Trio tries addresses in a nursery of its own, which is one more to leave."""
PLACES = {
    "while it connects": REMOTE,
    "before the first byte": REMOTE,
    "in the middle of a text": REMOTE,
    "in a tool's input": REMOTE,
    "while the engine loads": LOCAL,
    "while the prompt is read": LOCAL,
    "in the queue for a slot": LOCAL,
}


async def esc_everywhere(world: World) -> None:
    """One turn is left where the seed has it wait; the one after it is answered."""
    place = world.random.choice(list(PLACES))
    await prepare(world, place)
    client = world.client(model=PLACES[place])
    answer = client.start("Go on")
    await trio.sleep(world.random.uniform(1, 1.5))
    world.sometimes(f"Esc {place}")
    connected = world.life.upstream.statistics().open_connections > SLOTS * (place.endswith("slot"))
    left, joined = watch_esc(world)
    answer.press_esc()
    await world.fall_quiet()
    world.check(
        not connected or 0 < left.passes <= LEFT_PASSES_MAX, f"{place}: left in {left.passes}"
    )
    joined_max = JOINED_PASSES_MAX + CONNECTING_PASSES * (place == "while it connects")
    world.check(0 < joined.passes <= joined_max, f"{place}: joined in {joined.passes}")
    world.network.heal()
    world.peer.respond = lambda _body: streamed()
    for other in world.clients[:-1]:
        for each in other.answers:
            each.press_esc()
    again = await client.ask("Once more")
    world.check(again.status == 200, f"{place}: the next turn sees {again.status}")


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
