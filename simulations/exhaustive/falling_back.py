"""A story for the sets: the first place is overloaded, the next has a key in the keychain."""

from __future__ import annotations

from ...protocols.settings_data import Settings
from ..scenarios.routing_world import Places, endpoint, host_of, place
from ..world.answers import refused, streamed
from ..world.world import World
from .hurt import TEXTS

FALLBACK = "fallback"
"""The story's name among the scenarios of a set."""
MODEL = place("one")
SETTINGS = Settings(endpoints=(endpoint("one", "two"), endpoint("two", source="keychain")))


async def prepare(world: World) -> None:
    """From now on each turn for MODEL falls over to the second place."""
    await Places.open(world, SETTINGS)
    world.peers[host_of("one")].respond = lambda _body: refused(529)
    world.peers[host_of("two")].respond = lambda _body: streamed(TEXTS)
