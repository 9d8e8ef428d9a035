"""Clients, endpoints and faults drawn from the seed; then the faults stop, and all must be well.

The story tells nothing: what must hold is what the inspection looks at, and at the end that every
client, whatever it has been through, is answered.
"""

from __future__ import annotations

import trio

from ..world.client import Client
from ..world.fates import Fates
from ..world.responder import Responder, make_serials
from ..world.scheduler import source
from ..world.world import World
from .users import AWAY, calm, claude_calm, claude_storm, storm

CLIENTS_MAX = 4
MODELS = ("work/claude-x", "home/claude-y", AWAY, "nobody-has-this", "local/m")
CALM_SECONDS = 130.0
"""Once faults have stopped, for what was hurt to come back by itself: the longest pauses are those
of a disk that failed, and of a network that was hindered."""
ANSWER_SECONDS = 1_000.0
"""The longest that the slowest endpoint of this world takes with a client's retries, and room."""


async def swarm(world: World) -> None:
    """A storm, and the calm after it. In half of the runs models here are run by workers."""
    if source(world.chance.seed, "engine of the swarm").random() < 0.5:
        await world.use_workers()
    serials = make_serials()
    for host, peer in world.peers.items():
        random = source(world.chance.seed, f"responder of {host}")
        peer.respond = Responder(random, world.chance, serials)
    world.may_cut = True
    world.chance.start()
    fates = Fates(world)
    world.nursery.start_soon(fates.run, name="fates")
    async with trio.open_nursery() as nursery:
        for number in range(world.random.randint(1, CLIENTS_MAX)):
            session, model = f"session-{number}", world.random.choice(MODELS)
            if world.random.random() < 0.5:
                nursery.start_soon(storm, world, world.client(session, model=model))
            else:
                nursery.start_soon(claude_storm, world, world.claude(session, model=model))
    await fates.stop()
    world.chance.stop()
    world.workers.heal()
    await trio.sleep(CALM_SECONDS)
    for client in world.clients:
        with trio.move_on_after(ANSWER_SECONDS) as patience:
            await (
                calm(world, client) if isinstance(client, Client) else claude_calm(world, client)
            )
        waits = patience.cancelled_caught
        world.check(not waits, f"after the storm {client.session} waits for ever")
