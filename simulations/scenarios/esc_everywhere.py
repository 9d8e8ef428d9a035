"""Esc at every layer: wherever a turn waits, it is left at once, and nothing of it stays."""

from __future__ import annotations

import trio

from ..world.answers import streamed
from ..world.world import World
from .esc import JOINED_PASSES_MAX, LEFT_PASSES_MAX, watch_esc
from .esc_places import CONNECTING, PLACES, QUEUED, SLOTS, prepare

CONNECTING_PASSES = 1
"""Trio tries addresses in a nursery of its own, which is one more to leave."""


async def esc_everywhere(world: World) -> None:
    """One turn is left where the seed has it wait; the one after it is answered."""
    place = world.random.choice(list(PLACES))
    await prepare(world, place)
    client = world.client(model=PLACES[place])
    answer = client.start("Go on")
    await trio.sleep(world.random.uniform(1, 1.5))
    world.sometimes(f"Esc {place}")
    others = SLOTS if place == QUEUED else 0
    connected = world.life.upstream.statistics().open_connections > others
    left, joined = watch_esc(world)
    answer.press_esc()
    await world.fall_quiet()
    left_well = 0 < left.passes <= LEFT_PASSES_MAX
    world.check(left_well or not connected, f"{place}: left in {left.passes}")
    joined_max = JOINED_PASSES_MAX + (CONNECTING_PASSES if place == CONNECTING else 0)
    world.check(0 < joined.passes <= joined_max, f"{place}: joined in {joined.passes}")
    world.network.heal()
    world.peer.respond = lambda _body: streamed()
    for other in world.clients[:-1]:
        for each in other.answers:
            each.press_esc()
    again = await client.ask("Once more")
    world.check(again.status == 200, f"{place}: the next turn sees {again.status}")
