"""The settings change under load: each turn is answered by one endpoint, and no turn is lost."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import trio

from ...protocols.settings_data import Settings
from ..world.answers import streamed
from ..world.client import AnswerEnding, Client
from ..world.peer import PeerStep, Respond
from ..world.world import SETTINGS, World

CLIENTS, TURNS, CHANGES = 4, 3, 12


async def reload_under_load(world: World) -> None:
    """`work` moves from one address to the other and back, while clients ask it all the time."""
    for host, peer in world.peers.items():
        steps = streamed((host,), pause_seconds=0.2)
        peer.respond = always(steps)
    async with trio.open_nursery() as nursery:
        for number in range(CLIENTS):
            nursery.start_soon(talk, world, world.client(f"session-{number}"))
        for number in range(CHANGES):
            await trio.sleep(world.random.uniform(0, 0.5))
            await world.change_settings(moved("home.test" if number % 2 == 0 else "work.test"))
    asked = len(world.exchanges)
    world.check(asked == CLIENTS * TURNS, f"{CLIENTS * TURNS} turns became {asked} requests")
    before = len(world.peer.exchanges)
    await world.change_settings(moved("home.test"))
    await trio.sleep(1)
    await world.client("after").ask("Where are you?")
    world.check(len(world.peer.exchanges) == before, "the old address was asked after the change")


async def talk(world: World, client: Client) -> None:
    """A client's turns: each is whole, from whichever address."""
    for number in range(TURNS):
        answer = await client.ask(f"Question {number}")
        told = (answer.status, answer.ending)
        world.check(told == (200, AnswerEnding.COMPLETE), f"{client.session} saw {told}")
        sources = sum(host.encode() in answer.body for host in world.peers)
        world.check(sources == 1, f"{client.session} was answered by {sources} endpoints")


def always(steps: Sequence[PeerStep]) -> Respond:
    """The same answer to every request."""
    return lambda _body: steps


def moved(host: str) -> Settings:
    """Settings in which `work` is at another address."""
    work, *others = SETTINGS.endpoints
    return Settings(endpoints=(attrs.evolve(work, base_url=f"http://{host}:9000"), *others))
