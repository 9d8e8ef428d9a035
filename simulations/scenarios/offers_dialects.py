"""A client of each dialect, whose endpoint fails: the one that answers in its place speaks its own
dialect, and carries the offer in bytes that are relayed."""

from __future__ import annotations

from typing import Final

import trio

from ...protocols.settings_data import EndpointSettings, Settings
from ..dialects.house import ENDPOINTS, MODEL, House, dialect_settings, host_of, model_of
from ..dialects.talker import Talker
from ..world.answers import refused
from ..world.offer_judge import offers_in
from ..world.peer import VirtualPeer
from ..world.world import PEER_PORT, World, task_names

PROMPTS: Final = ("[talk #1]", "[tool #2]", "[talk #3]")
APART_SECONDS: Final = 0.1


async def offers_dialects(world: World) -> None:
    """All of them at once, each in a conversation of its own."""
    house = await House.open(world)
    found = dialect_settings()
    weak = tuple(_failing(end) for end in found.endpoints if end.dialects[0] != "anthropic")
    for endpoint in weak:
        host = host_of(endpoint.name)
        tell = world.chronicle.teller(f"peer:{host}")
        world.peers[host] = VirtualPeer(world.network, lambda _body: refused(500), tell=tell)
        await world.start_peer(host)
    await world.change_settings(Settings(endpoints=(*found.endpoints, *weak)))
    await trio.sleep(APART_SECONDS)
    world.tasks = task_names()
    async with trio.open_nursery() as nursery:
        for name, dialect in ENDPOINTS.items():
            if dialect != "anthropic":
                talker = house.talker(dialect, f"weak-{name}")
                talker.streamed = world.random.random() < 0.5
                nursery.start_soon(_talk, world, talker)


def _failing(endpoint: EndpointSettings) -> EndpointSettings:
    """An endpoint that falls back to this one, whatever it is asked."""
    name = f"weak-{endpoint.name}"
    url = f"http://{host_of(name)}:{PEER_PORT}"
    back = (model_of(endpoint.name),)
    return EndpointSettings(name, (MODEL,), ("anthropic",), url, fallback=back)


async def _talk(world: World, talker: Talker) -> None:
    """A plain client's conversation: it is offered something with the second answer, or with the
    next one that has text."""
    for number, prompt in enumerate(PROMPTS):
        answer = await talker.talk(prompt)
        world.check(answer.heard.whole, f"{talker.name}, {prompt}: {answer.status}")
        made = sum(len(offers_in(each)) for each in talker.answers)
        world.check(made == min(number, 1), f"{talker.name} was offered {made} after {prompt}")
