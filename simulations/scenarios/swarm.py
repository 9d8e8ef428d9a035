"""Clients, endpoints and faults drawn from the seed; then the faults stop, and all must be well.

The story tells nothing: what must hold is what the inspection looks at, and at the end that every
client, whatever it has been through, is answered.
"""

from __future__ import annotations

import trio

from ..world.client import AnswerEnding, Client
from ..world.fates import Fates
from ..world.responder import Responder, make_serials
from ..world.scheduler import source
from ..world.world import World

CLIENTS_MAX, PROMPTS_MAX = 4, 3
MODELS = ("work/claude-x", "home/claude-y", "away/claude-x", "nobody-has-this", "local/m")
PATIENCE_SECONDS = 400.0
CALM_SECONDS = 130.0
"""Once faults have stopped, for what was hurt to come back by itself: the longest pauses are those
of a disk that failed, and of a network that was hindered."""
ANSWER_SECONDS = 300.0
"""The longest that the slowest endpoint of this world takes, with room."""


async def swarm(world: World) -> None:
    """A storm, and the calm after it."""
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
            client = world.client(f"session-{number}", model=world.random.choice(MODELS))
            nursery.start_soon(storm, world, client)
    await fates.stop()
    world.chance.stop()
    await trio.sleep(CALM_SECONDS)
    for client in world.clients:
        await calm(world, client)


async def storm(world: World, client: Client) -> None:
    """A client's prompts, one after the other, whatever comes of them."""
    for number in range(world.random.randint(1, PROMPTS_MAX)):
        await trio.sleep(world.random.uniform(0, 5))
        text = f"{client.session}, question {number}"
        answer = client.start(text)
        if draws := world.chance.strike("client asks again", 0.2):
            await trio.sleep(draws.uniform(0, 10))
            answer = client.start(text)
        patience_seconds = PATIENCE_SECONDS
        if draws := world.chance.strike("client presses Esc", 0.5):
            patience_seconds = draws.choice([0.01, 1, 30]) * draws.random()
        with trio.move_on_after(patience_seconds):
            await answer.ended.wait()
        for each in client.answers:
            each.press_esc()


async def calm(world: World, client: Client) -> None:
    """A client's last prompt, which is answered if its endpoint exists."""
    exists = client.model != "away/claude-x"
    with trio.move_on_after(ANSWER_SECONDS) as patience:
        answer = await client.ask(f"{client.session}, is all well?")
        good = (200, AnswerEnding.COMPLETE) if exists else (503, AnswerEnding.COMPLETE)
        told = (answer.status, answer.ending)
        world.check(told == good, f"after the storm {client.session} saw {told}")
    world.check(not patience.cancelled_caught, f"after the storm {client.session} waits for ever")
