"""A better place is offered unasked: once, to whom it helps, and nobody is led there by it.

What an offer must be like holds `world/offer_judge`, and where turns go `world/choice_judge`; the
stories say that it is made where it should be.
"""

from __future__ import annotations

import attrs

from ..world.claude import ClaudeCode, OutcomeKind
from ..world.world import World
from .offers_world import (
    FOLLOWED,
    HERE,
    KEPT,
    LARGE,
    LOCAL,
    LONG,
    SETTINGS,
    SMALL,
    SPARE,
    TOOLS,
    VAULT,
    Street,
)

WORK = "Explain the parser"


async def offers_full(world: World) -> None:
    """A window fills up while tools and a sub-agent run; the offer is taken up, or is not."""
    world.may_cut = True
    street = await Street.open(world)
    claude, other = street.claude("full", SMALL), street.claude("short", SMALL)
    await street.say(claude, LONG)
    await street.say(other, WORK)
    street.check_offers(claude)
    await street.say(claude, TOOLS)
    street.check_offers(claude, LARGE)
    if world.random.random() < 0.5:
        await world.stop_server()
        await world.start_server()
    await street.say(claude, WORK)
    await street.say(claude, "which model is this?")
    if world.random.random() < 0.5:
        await street.say(claude, f"switch to {LARGE}")
    await street.say(claude, WORK)
    await street.say(other, WORK)
    street.check_offers(claude, LARGE)
    street.check_offers(other)
    claude.quit()
    other.quit()


async def offers_private(world: World) -> None:
    """What is private is offered what may see it alone; and nothing where nobody else may."""
    street = await Street.open(world)
    first, second = street.claude("kept", KEPT), street.claude("alone", KEPT)
    for _ in range(2):
        await street.say(first, LONG[: len(LONG) // 2 + world.random.randrange(99)])
    await street.say(first, WORK)
    await street.say(first, "which model is this?")
    street.check_offers(first, VAULT)
    await street.say(first, WORK)
    kept = [end for end in SETTINGS.endpoints if end.name != VAULT.partition("/")[0]]
    await world.change_settings(attrs.evolve(SETTINGS, endpoints=tuple(kept)))
    await street.say(second, LONG)
    for _ in range(2):
        await street.say(second, WORK)
    street.check_offers(second)
    first.quit()
    second.quit()


async def offers_failing(world: World) -> None:
    """A place fails in one conversation again and again, and once in another."""
    street = await Street.open(world)
    claude, other = street.claude("failing", SMALL), street.claude("once", SMALL)
    await street.say(claude, WORK)
    street.down = {"small.test"}
    for number in range(3):
        await street.say(claude, f"question {number}")
        street.check_offers(claude, *[LARGE][:number])
    await street.say(other, WORK)
    street.check_offers(other)
    street.down = {"small.test", "spare.test"}
    await _refused(street, street.claude("refused", SPARE))
    street.down = set()
    claude.quit()
    other.quit()


async def _refused(street: Street, claude: ClaudeCode) -> None:
    """Nobody answers in the failing place's stead: its refusal says who could."""
    street.down = set()
    await street.say(claude, WORK)
    street.down = {"spare.test"}
    for number in range(2):
        outcome = await claude.ask(f"question {number}")
        street.world.check(outcome.kind is not OutcomeKind.ANSWERED, f"{outcome} from nobody")
    street.check_offers(claude, LARGE)
    claude.quit()


async def offers_followed(world: World) -> None:
    """Where the settings say so an offer is followed; never out of this machine."""
    street = await Street.open(world, FOLLOWED)
    claude, here = street.claude("led", SMALL), street.claude("here", LOCAL)
    for each in (claude, here):
        await street.say(each, LONG)
        await street.say(each, TOOLS)
        street.check_offers(each, LARGE)
    stays = world.random.random() < 0.3
    if stays:  # the user's own word comes first
        await street.say(claude, "which model is this?")
    led, kept = await street.say(claude, WORK), await street.say(here, WORK)
    world.check(("large.test" in led.text) != stays, f"{led.text} has answered")
    world.check(kept.text == HERE, f"{kept.text} has answered, not {LOCAL}")
    await street.say(here, "which model is this?")
    if not stays:
        await street.say(claude, "go back")
    last = await street.say(claude, WORK)
    world.check(last.text == "small.test", f"{last.text} has answered, and not {SMALL}")
    claude.quit()
    here.quit()
