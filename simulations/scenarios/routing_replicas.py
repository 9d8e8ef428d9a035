"""Replicas that remember what they have read: a conversation stays at one while it is well.

When one dies its conversations alone move, and each to one place; when it is back they return.
"""

from __future__ import annotations

from collections.abc import Mapping

import trio

from ...protocols.settings_data import RuleSettings, Settings
from ..world.world import World
from .routing_world import Places, endpoint, host_of, place, said_by

REPLICAS = ("left", "middle", "right")
POOL = "pool"
SETTINGS = Settings(
    endpoints=tuple(map(endpoint, REPLICAS)),
    rules=(RuleSettings(tuple(map(place, REPLICAS)), model=POOL, spread="affinity"),),
)
SESSIONS, TURNS = 4, 2
REST_SECONDS = 700.0
"""Longer than any replica rests."""


async def routing_replicas(world: World) -> None:
    """All are well; then one dies; then it is back."""
    await Places.open(world, SETTINGS)
    first = await _talk(world, "first")
    for number in range(TURNS - 1):
        again = await _talk(world, f"again {number}")
        moved = sorted(name for name, at in again.items() if at != first[name])
        world.check(not moved, f"{moved} moved though their replicas are well")
    if len(set(first.values())) > 1:
        world.sometimes("conversations are spread over replicas")
    dead = world.random.choice(REPLICAS)
    world.peers[host_of(dead)].stop()
    after = await _talk(world, f"{dead} is dead")
    strayed = sorted(
        name for name, at in after.items() if at != first[name] and first[name] != dead
    )
    world.check(not strayed, f"{strayed} moved though another's replica has died")
    world.check(dead not in after.values(), "a dead replica has answered")
    await world.start_peer(host_of(dead))
    await trio.sleep(REST_SECONDS)
    back = await _talk(world, "back")
    world.check(back == first, "they are not where they were, though all replicas are well")
    _check_prefixes(world)


async def _talk(world: World, words: str) -> Mapping[str, str]:
    """A turn of each conversation, one after the other: who answered whom."""
    found: dict[str, str] = {}
    for number in range(SESSIONS):
        name = f"session-{number}"
        answer = await world.client(name, model=POOL).ask(f"{name}: {words}")
        world.check(answer.status == 200, f"{name} was told {answer.status}: {words}")
        found[name] = said_by(answer)
    return found


def _check_prefixes(world: World) -> None:
    """A replica reads what it has not read before: of each conversation one, if none had died."""
    for number in range(SESSIONS):
        begin = f"session-{number}: ".encode()
        hosts = [
            host
            for host, peer in world.peers.items()
            if any(begin in exchange.body for exchange in peer.exchanges)
        ]
        world.check(len(hosts) <= 2, f"the prefix of session {number} was read at {hosts}")
        if len(hosts) == 1:
            world.sometimes("a replica reads on from what it has")
