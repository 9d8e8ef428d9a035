"""The settings change while turns fail over: each turn goes where they say, before or after."""

from __future__ import annotations

import attrs
import trio

from ...protocols.settings_data import RuleSettings, Settings
from ..world.client import Client
from ..world.world import World
from .routing_world import MENDED, Places, endpoint, place, said_by

NAMES = ("one", "two", "three")
CLIENTS, TURNS, CHANGES = 2, 3, 5
FORWARDS = Settings(
    endpoints=(endpoint("one", "two"), endpoint("two", "three"), endpoint("three", "one"))
)
BACKWARDS = Settings(
    endpoints=(endpoint("one", "three"), endpoint("two", "one"), endpoint("three", "two"))
)
RULED = attrs.evolve(FORWARDS, rules=(RuleSettings((place("three"), place("one")), model="one/*"),))
GONE = Settings(endpoints=(endpoint("two", "three"), endpoint("three")))


async def routing_reload(world: World) -> None:
    """Clients talk while places fail and the settings change; then the newest settings hold."""
    places = await Places.open(world, FORWARDS)
    async with trio.open_nursery() as nursery:
        for number in range(CLIENTS):
            nursery.start_soon(_talk, world, world.client(f"session-{number}", model=place("one")))
        for _ in range(CHANGES):
            await trio.sleep(world.random.uniform(0, 0.3))
            places.fail(world.random.choice(NAMES), [world.random.choice([*MENDED])])
            await world.change_settings(world.random.choice((FORWARDS, BACKWARDS, RULED, GONE)))
    for script in places.scripts.values():
        script.faults.clear()
    await trio.sleep(700)  # whatever rests is well again
    for settings, first in ((FORWARDS, "one"), (RULED, "three"), (GONE, "two")):
        await world.change_settings(settings)
        await trio.sleep(0.1)
        answer = await world.client("after", model=place("one")).ask("What does the parser do?")
        said = said_by(answer)
        world.check(said == first, f"{said} answered, and the newest settings say {first}")


async def _talk(world: World, client: Client) -> None:
    for number in range(TURNS):
        answer = await client.ask(f"question {number}")
        world.check(answer.ended.is_set(), f"{client.session} waits")
        await trio.sleep(world.random.uniform(0, 0.3))
