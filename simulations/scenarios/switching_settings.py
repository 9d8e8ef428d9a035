"""Endpoints come, go and fail while somebody has chosen them.

A place that is gone is refused, with words, and nobody is asked in its stead; when it returns the
choice still holds. One that fails falls back as its settings say, but never away from this machine,
or from what is private.
"""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import trio

from ...protocols.settings_data import Settings
from ..world.answers import refused
from ..world.claude import ClaudeCode, OutcomeKind
from ..world.peer import PeerStep
from ..world.world import PRIVATE_TEXT, World
from .switching_world import FLASH, KIMI, OPUS, QWEN, SETTINGS, VAULT, Town, host_of

APPLIED_SECONDS = 0.1
GONE_STATUS = 404


async def switching_settings(world: World) -> None:
    """One place goes and returns; others fail; at last all of it at once."""
    town = await Town.open(world)
    await _gone_and_back(town, world.random.choice((FLASH, KIMI, QWEN)))
    await _failing(town, FLASH, KIMI)
    await _failing(town, QWEN, VAULT)
    await _failing(town, VAULT, "")
    await _at_once(town)


async def _gone_and_back(town: Town, place: str) -> None:
    world, name = town.world, place.partition("/")[0]
    claude = world.claude(f"with-{name}", model=OPUS)
    await town.say(claude, f"switch to {name}")
    await town.say(claude, "Explain the parser")
    await _apply(world, without(name))
    told = await claude.ask("Fix the tests")
    refusal = (told.kind, told.status)
    world.check(refusal == (OutcomeKind.REFUSED, GONE_STATUS), f"{place} is gone: {told}")
    world.check(place in told.message, f"{place} is gone, and the user reads {told.message!r}")
    await _apply(world, SETTINGS)
    said = await town.say(claude, "Fix the docs")
    world.check(said.text == host_of(place), f"{place} has returned, and {said.text} answers")
    await _apply(world, without(name))
    await town.say(claude, "go back")
    said = await town.say(claude, "Explain the parser")
    world.check(said.text == host_of(OPUS), f"{said.text} answers after all")
    await _apply(world, SETTINGS)
    claude.quit()


async def _failing(town: Town, place: str, next_place: str) -> None:
    """A chosen place refuses: the next one that may answer does, or nobody."""
    world = town.world
    claude = world.claude(f"at-{place.partition('/')[0]}", model=OPUS)
    await town.say(claude, f"switch to {place}")
    private = f", {PRIVATE_TEXT}" if place in (QWEN, VAULT) else ""
    await town.say(claude, f"Explain the parser{private}")
    peer = world.peers[host_of(place)]
    peer.respond, well = _refusing, peer.respond
    outcome = await claude.ask(f"Explain the lexer{private}")
    peer.respond = well
    if next_place:
        said = outcome.text
        world.check(said == host_of(next_place), f"{place} fails, and {outcome} answers")
    else:
        failed = outcome.kind is not OutcomeKind.ANSWERED
        world.check(failed, f"{place} fails, and {outcome} answers")
    claude.quit()


async def _at_once(town: Town) -> None:
    """Settings change while turns are on their way, each of which may be refused."""
    world = town.world
    clients = [world.claude(f"user-{number}", model=OPUS) for number in range(2)]
    async with trio.open_nursery() as nursery:
        for claude in clients:
            nursery.start_soon(_talk, world, claude)
        for _ in range(4):
            await trio.sleep(world.random.uniform(0, 0.5))
            gone = world.random.choice(("groq", "gemini", "local", "nobody"))
            await world.change_settings(without(gone))
    await _apply(world, SETTINGS)
    for claude in clients:
        await town.say(claude, "Sum it up")
        claude.quit()


async def _talk(world: World, claude: ClaudeCode) -> None:
    for number in range(3):
        await claude.ask(f"switch to {world.random.choice((FLASH, KIMI, QWEN))}")
        await claude.ask(f"question {number}")


def without(name: str) -> Settings:
    """The settings without an endpoint, which nobody falls back to then."""
    kept = (endpoint for endpoint in SETTINGS.endpoints if endpoint.name != name)

    def stays(place: str) -> bool:
        return place.partition("/")[0] != name

    return attrs.evolve(
        SETTINGS,
        endpoints=tuple(
            attrs.evolve(endpoint, fallback=tuple(filter(stays, endpoint.fallback)))
            for endpoint in kept
        ),
    )


async def _apply(world: World, settings: Settings) -> None:
    await world.change_settings(settings)
    await trio.sleep(APPLIED_SECONDS)


def _refusing(_body: bytes) -> Sequence[PeerStep]:
    return refused(500)
