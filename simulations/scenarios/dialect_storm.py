"""Clients of every dialect before endpoints of every dialect, with faults; then calm, and all well.

In half of the runs endpoints and users alone misbehave: then no fault of the network or of the
server excuses anything. As in the swarm the story tells nothing. What must hold is what the
inspection looks at: however an endpoint misbehaves, its client sees a legal answer in its own
dialect, and never a false one.
"""

from __future__ import annotations

import trio

from ..dialects.house import ENDPOINTS, House, dialect_settings, host_of
from ..dialects.talker import Talker
from ..world.claude import ClaudeCode
from ..world.fates import Fates
from ..world.world import World
from .dialect_users import calm, make_user, storm
from .swarm import ANSWER_SECONDS, CALM_SECONDS, CLIENTS_MAX

STORMS = ((), ("peer ", "client ", "search."))
"""What may strike: everything, or only what these sites have."""


async def dialect_storm(world: World) -> None:
    """A storm, and the calm after it."""
    house = await House.open(world, search=True)
    world.may_cut = True
    world.chance.start(*world.random.choice(STORMS))
    hosts = tuple(host_of(name) for name in ENDPOINTS)
    fates = Fates(world, dialect_settings(search=True), hosts, moves=False)
    world.nursery.start_soon(fates.run, name="fates")
    users: list[Talker | ClaudeCode] = []
    async with trio.open_nursery() as nursery:
        for number in range(world.random.randint(1, CLIENTS_MAX)):
            users.append(make_user(house, number))
            nursery.start_soon(storm, world, users[-1])
    await fates.stop()
    world.chance.stop()
    await trio.sleep(CALM_SECONDS)
    for user in users:
        with trio.move_on_after(ANSWER_SECONDS) as patience:
            await calm(world, user)
        waits = patience.cancelled_caught
        world.check(not waits, f"after the storm {user.session} waits for ever")
