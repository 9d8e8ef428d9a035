"""A user who switches by saying so: to another model and back, for one answer, after a question.

The choice is theirs alone: another window of the same user, which asks between, stays where it is.
What each prompt comes to is held by `world/choice_judge`; the story says that it is answered.
"""

from __future__ import annotations

from ..world.world import World
from .switching_world import OPUS, QWEN, SONNET, TOOLS, Town, host_of

STEPS = 6
NAMES = ("gemini", "groq", "local", "claude-sonnet-4-5", OPUS)


async def switching_chat(world: World) -> None:
    """One Claude Code, told by the book; then as it is drawn."""
    town = await Town.open(world)
    claude, other = world.claude("one", model=OPUS), world.claude("other", model=OPUS)
    await town.say(claude, "switch to local")
    await town.say(other, "Explain the parser")
    said = [await town.say(claude, text) for text in ("Explain the parser", "which model is this?")]
    world.check(said[0].text == host_of(QWEN), f"{said[0].text} has answered, not {QWEN}")
    world.check(QWEN in said[1].text, f"{QWEN} answers, and it is told {said[1].text!r}")
    await town.say(claude, "go back")
    await town.say(claude, f"use gemini for this: {TOOLS}")
    await town.say(claude, "Explain the parser")
    await town.say(claude, "only this answer with groq")
    await town.say(claude, TOOLS)
    last = await town.say(claude, "Explain the parser")
    world.check(last.text == host_of(OPUS), f"{last.text} has answered, not {OPUS}")
    await town.say(claude, "switch to claude")
    await town.say(claude, world.random.choice((OPUS, SONNET)))
    for number in range(STEPS):
        await town.say(claude, drawn_words(world, number))
        await town.say(other, drawn_words(world, number))
    claude.quit()
    other.quit()


def drawn_words(world: World, number: int) -> str:
    """What somebody may say next: work, or something to Understudy."""
    name = world.random.choice(NAMES)
    return world.random.choice(
        (
            f"question {number}",
            f"{TOOLS} #{number}",
            f"switch to {name}",
            f"only this answer with {name}",
            f"use {name} for this: {TOOLS} #{number}",
            "go back",
            "which model is this?",
            "list models",
        )
    )
