"""Sixty-four conversations at eight faulty endpoints, with everything that routing can do.

An endpoint that falls back, a pool of keys, replicas, private ones, a rule for small work, keys of
the keychain; users press Esc, the settings change, the server is restarted and crashes. The story
tells nothing but that, after it all, everybody is answered: what must hold is the inspection's.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import trio

from ...protocols.settings_data import RoutingSettings, RuleSettings, Settings
from ..world.client import Answer
from ..world.peer import PeerStep
from ..world.world import PRIVATE_TEXT, World
from .routing_world import FAULTS, WELL, Places, Script, endpoint, place

SESSIONS = 64
REPLICAS = ("left", "middle", "right")
SMALL_MODEL = "claude-haiku-4-5"
STORM = Settings(
    default=place("main"),
    endpoints=(
        endpoint("main", "pool", "spare", keys=2),
        endpoint("pool", "spare", source="keychain", keys=3),
        endpoint("spare"),
        endpoint("home", "vault", private=True),
        endpoint("vault", source="keychain", private=True),
        *map(endpoint, REPLICAS),
    ),
    rules=(
        RuleSettings((place("spare"), place("pool")), when=("background",)),
        RuleSettings(tuple(map(place, REPLICAS)), model="replicas", spread="affinity"),
    ),
    routing=RoutingSettings(0, 5.0, 3),
)
ANOTHER = attrs.evolve(STORM, routing=RoutingSettings(1, 10.0, 2), default=place("pool"))
MODELS = (place("main"), place("pool"), place("home"), "replicas", SMALL_MODEL, "unknown")
FAULT_CHANCE = 0.25
ESC_CHANCE = 0.15
PATIENCE_SECONDS = 40.0
CALM_SECONDS = 700.0
"""Longer than anything rests."""


@attrs.define(eq=False)
class Drawn(Script):
    """Each exchange may fail in any way, while the storm lasts."""

    is_over: bool = False

    def __call__(self, body: bytes) -> Sequence[PeerStep]:
        """The steps of one answer."""
        fails = not self.is_over and self.random.random() < FAULT_CHANCE
        self.faults = [self.random.choice([*FAULTS]) if fails else WELL]
        return super().__call__(body)


async def routing_storm(world: World) -> None:
    """The storm, and the calm after it."""
    world.may_cut = True
    places = await Places.open(world, STORM)
    for name, script in places.scripts.items():
        drawn = places.scripts[name] = Drawn(script.host, world.random, pause_seconds=0.02)
        world.peers[script.host].respond = drawn
    async with trio.open_nursery() as nursery:
        for number in range(SESSIONS):
            nursery.start_soon(_talk, world, f"session-{number}", MODELS[number % len(MODELS)])
        await _befall(world)
    for script in places.scripts.values():
        assert isinstance(script, Drawn)
        script.is_over = True
    await world.change_settings(STORM)
    await trio.sleep(CALM_SECONDS)
    for number, model in enumerate(MODELS):
        answer = await _ask(world, f"session-{number}", model, "Is all well?")
        world.check(answer.status == 200, f"after the storm {model} was told {answer.status}")


async def _talk(world: World, session: str, model: str) -> None:
    """One turn of a conversation, and for a private one a small one beside it."""
    await trio.sleep(world.random.uniform(0, 20))
    await _ask(world, session, model, "question")
    if model == place("home"):
        other = world.random.choice((SMALL_MODEL, "unknown", place("main")))
        await _ask(world, session, other, f"beside it, {PRIVATE_TEXT}")


async def _ask(world: World, session: str, model: str, words: str) -> Answer:
    private = f", {PRIVATE_TEXT}" if model == place("home") else ""
    answer = world.client(session, model=model).start(f"{session}: {words}{private}")
    leaves = world.random.random() < ESC_CHANCE and words == "question"
    with trio.move_on_after(world.random.uniform(0, 2) if leaves else PATIENCE_SECONDS):
        await answer.ended.wait()
    answer.press_esc()
    return answer


async def _befall(world: World) -> None:
    """The settings change, and the server is stopped or crashes, now and then."""
    for _ in range(4):
        await trio.sleep(world.random.uniform(0, 6))
        await world.change_settings(world.random.choice((STORM, ANOTHER)))
        if world.random.random() < 0.5:
            await trio.sleep(world.random.uniform(0, 1))
            stop = world.random.choice((world.stop_server, world.crash_server))
            await stop()
            await world.start_server()
