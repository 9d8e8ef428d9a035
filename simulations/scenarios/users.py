"""A user in the swarm: what they ask in the storm, and in the calm after it.

Some have a plain client, some a Claude Code, which tries again by itself and runs tools.
"""

from __future__ import annotations

import trio

from ..world.claude import ClaudeCode, OutcomeKind
from ..world.client import AnswerEnding, Client
from ..world.world import PRIVATE_TEXT, World

PROMPTS_MAX = 3
AWAY = "away/claude-x"
"""A model at an endpoint that nobody listens at."""
PATIENCE_SECONDS = 400.0


def question(model: str, words: str) -> str:
    """A question; to a model on this machine one that no endpoint may see."""
    return f"{words}, {PRIVATE_TEXT}" if model.startswith("local/") else words


async def storm(world: World, client: Client) -> None:
    """A client's prompts, one after the other, whatever comes of them."""
    for number in range(world.random.randint(1, PROMPTS_MAX)):
        await trio.sleep(world.random.uniform(0, 5))
        text = question(client.model, f"question {number}")
        answer = client.start(text)
        if draws := world.chance.strike("client asks again", 0.2):
            await trio.sleep(draws.uniform(0, 10))
            answer = client.start(text)
        with trio.move_on_after(patience_seconds(world)):
            await answer.ended.wait()
        for each in client.answers:
            each.press_esc()


async def claude_storm(world: World, claude: ClaudeCode) -> None:
    """The same with a client that tries again by itself, and runs tools."""
    for number in range(world.random.randint(1, PROMPTS_MAX)):
        await trio.sleep(world.random.uniform(0, 5))
        prompt = claude.start(question(claude.sender.model, f"question {number}"))
        with trio.move_on_after(patience_seconds(world)):
            await prompt.wait()
        prompt.press_esc()
        await prompt.wait()


def patience_seconds(world: World) -> float:
    """How long a user waits before pressing Esc."""
    if draws := world.chance.strike("client presses Esc", 0.5):
        return draws.choice([0.01, 1, 30]) * draws.random()
    return PATIENCE_SECONDS


async def calm(world: World, client: Client) -> None:
    """A client's last prompt, which is answered if its endpoint exists."""
    if client.model.startswith("local/"):
        await client.ask(question(client.model, "is anyone there"))  # meets an engine that hangs
    answer = await client.ask(question(client.model, "is all well"))
    wanted = (503 if client.model == AWAY else 200, AnswerEnding.COMPLETE)
    told = (answer.status, answer.ending)
    world.check(told == wanted, f"after the storm {client.session} saw {told}")


async def claude_calm(world: World, claude: ClaudeCode) -> None:
    """The same with a client that tries again by itself."""
    model = claude.sender.model
    outcome = await claude.ask(question(model, "is all well"))
    wanted = OutcomeKind.GAVE_UP if model == AWAY else OutcomeKind.ANSWERED
    told = (outcome.kind, outcome.status, outcome.message)
    world.check(outcome.kind is wanted, f"after the storm {claude.session} saw {told}")
    claude.quit()
