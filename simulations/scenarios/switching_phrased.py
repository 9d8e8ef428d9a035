"""A user who says in words of their own what Understudy is to do, and works on models besides.

None of it is in the tables of the grammar: it is heard by what has been learnt from other people's
sentences (protocols/switching/classifier). What sounds like it and is work goes where all work
goes. Commands and work come in any order, in two windows.
"""

from __future__ import annotations

from ..world.choices import PHRASES, SOUNDS_LIKE
from ..world.claude import ClaudeCode
from ..world.world import World
from .switching_world import KIMI, OPUS, Town, host_of

STEPS = 8
NAMES = ("gemini", "groq", "claude-sonnet-4-5")


async def switching_phrased(world: World) -> None:
    """One window by the book, then two as it is drawn."""
    town = await Town.open(world)
    claude, other = world.claude("one", model=OPUS), world.claude("other", model=OPUS)
    await _by_the_book(town, claude)
    for number in range(STEPS):
        for each in (claude, other):
            await town.say(each, _drawn(world, number))
    claude.quit()
    other.quit()


async def _by_the_book(town: Town, claude: ClaudeCode) -> None:
    """A switch, and work that names another place, which is answered where the switch has led."""
    draw = town.world.random.choice
    await town.say(claude, draw(PHRASES["switch"]).replace("NAME", "groq"))
    sounding = draw(SOUNDS_LIKE).replace("NAME", "gemini")
    said = await town.say(claude, sounding)
    is_there = said.text == host_of(KIMI)
    town.world.check(is_there, f"{sounding!r} was answered by {said.text!r}, not by {KIMI}")


def _drawn(world: World, number: int) -> str:
    """What somebody may say next."""
    texts = world.random.choice([*PHRASES.values(), SOUNDS_LIKE])
    text = world.random.choice(texts).replace("NAME", world.random.choice(NAMES))
    return f"{text} #{number}" if texts is SOUNDS_LIKE else text
