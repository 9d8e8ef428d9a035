"""Keys that are changed, removed, locked, refused or asked for: what is sent, and to whom.

The user's commands change the keychain and tell the server, which forgets what it has read.
"""

from __future__ import annotations

import attrs
import trio

from ...protocols.settings_data import KeyReference, Settings
from ..world.client import Answer
from ..world.world import PEER_PORT, World
from .routing_world import Places, endpoint, host_of, place, said_by

SETTINGS = Settings(
    endpoints=(
        endpoint("safe", source="keychain"),
        endpoint("shared", "plain", source="keychain"),
        endpoint("plain"),
    )
)
KEY = KeyReference("keychain", "safe-1")
PROMPT_SECONDS = 12.0
SOON_SECONDS = 5.0


async def keys_rotate(world: World) -> None:
    """Each thing that may happen to a key, in an order that is drawn; in between all is well."""
    places = await Places.open(world, SETTINGS)
    await _is_used(world, places, "value-of-safe-1")
    events = [_rotate, _remove, _lock, _deny, _prompt, _move]
    world.random.shuffle(events)
    for number, event in enumerate(events[:3]):
        await event(world, places)
        value = f"later-{number}"
        _keep(world, places, value)
        await _is_used(world, places, value)


def _keep(world: World, places: Places, value: str) -> None:
    """The user has given the endpoint another key, and the server was told."""
    world.keychain.is_locked = world.keychain.is_denied = False
    places.give_key(KEY, host_of("safe"), value)
    world.life.keys.forget(KEY.name)


async def _ask(world: World) -> Answer:
    return await world.client("story", model=place("safe")).ask("Which key?")


async def _is_used(world: World, places: Places, value: str) -> None:
    """The key is sent with the next turn, and no other is."""
    answer = await _ask(world)
    world.check(answer.status == 200, f"with a good key the client was told {answer.status}")
    sent = dict(world.peers[host_of("safe")].exchanges[-1].headers).get(b"x-api-key", b"")
    world.check(sent == value.encode(), "an older key was used after the new one was kept")
    world.check(places.asked("safe") > 0, "nobody was asked")


async def _is_refused(world: World, places: Places, words: str) -> None:
    """Without a key nothing is sent, and the client learns why."""
    asked = places.asked("safe")
    answer = await _ask(world)
    told = answer.status == 403 and words.encode() in answer.body
    world.check(told, f"the client was told {answer.status}, and not that {words}")
    world.check(places.asked("safe") == asked, "an endpoint was asked without its key")


async def _rotate(world: World, places: Places) -> None:
    _keep(world, places, "in-between")


async def _remove(world: World, places: Places) -> None:
    del world.keychain.keys[KEY.name]
    world.life.keys.forget(KEY.name)
    await _is_refused(world, places, "there is no such key")


async def _lock(world: World, places: Places) -> None:
    """A keychain that is locked: the turn of an endpoint that falls back goes there."""
    world.keychain.is_locked = True
    world.life.keys.forget()
    await _is_refused(world, places, "is locked")
    answer = await world.client("story", model=place("shared")).ask("Who else?")
    world.check(said_by(answer) == "plain", "a turn whose key is locked did not fall back")


async def _deny(world: World, places: Places) -> None:
    world.keychain.is_denied = True
    world.life.keys.forget(KEY.name)
    await _is_refused(world, places, "has refused")


async def _prompt(world: World, places: Places) -> None:
    """The keychain asks its user, who takes long: Esc works, and other keys are at hand."""
    await world.client("story", model=place("shared")).ask("Keep this key")
    asked, reads = places.asked("safe"), world.keychain.reads
    world.keychain.latency_seconds = PROMPT_SECONDS
    world.life.keys.forget(KEY.name)
    waiting = world.client("story", model=place("safe")).start("Is anyone there?")
    await trio.sleep(1)
    began_seconds = trio.current_time()
    other = await world.client("other", model=place("shared")).ask("Do you wait, too?")
    took_seconds = trio.current_time() - began_seconds
    world.check(other.status == 200, f"another endpoint's client was told {other.status}")
    world.check(took_seconds < SOON_SECONDS, f"a key at hand took {took_seconds:.0f} s")
    waiting.press_esc()
    await trio.sleep(1)
    world.check(places.asked("safe") == asked, "a turn that was left was asked")
    world.check(world.keychain.reads == reads + 1, "the user was asked more than once")
    world.keychain.latency_seconds = 0.0


async def _move(world: World, places: Places) -> None:
    """Its endpoint's address is changed to another host: that one is sent nothing."""
    safe, *others = SETTINGS.endpoints
    elsewhere = f"http://{host_of('plain')}:{PEER_PORT}"
    moved = attrs.evolve(safe, base_url=elsewhere)
    await world.change_settings(Settings(endpoints=(moved, *others)))
    await trio.sleep(0.1)
    asked = places.asked("plain")
    await _is_refused(world, places, "was not sent to plain.test")
    world.check(places.asked("plain") == asked, "another host was asked in its place")
    await world.change_settings(SETTINGS)
    await trio.sleep(0.1)
