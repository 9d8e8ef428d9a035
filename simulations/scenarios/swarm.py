"""Clients, endpoints and faults drawn from the seed; then the faults stop, and all must be well.

The story tells nothing: what must hold is what the inspection looks at, and at the end that every
client, whatever it has been through, is answered.
"""

from __future__ import annotations

import trio

from ..world.claude import ClaudeCode, OutcomeKind
from ..world.client import AnswerEnding, Client
from ..world.fates import Fates
from ..world.responder import Responder, make_serials
from ..world.scheduler import source
from ..world.world import PRIVATE_TEXT, World

CLIENTS_MAX, PROMPTS_MAX = 4, 3
AWAY = "away/claude-x"
MODELS = ("work/claude-x", "home/claude-y", AWAY, "nobody-has-this", "local/m")
PATIENCE_SECONDS = 400.0
CALM_SECONDS = 130.0
"""Once faults have stopped, for what was hurt to come back by itself: the longest pauses are those
of a disk that failed, and of a network that was hindered."""
ANSWER_SECONDS = 1_000.0
"""The longest that the slowest endpoint of this world takes with a client's retries, and room."""


async def swarm(world: World) -> None:
    """A storm, and the calm after it."""
    serials = make_serials()
    for host, peer in world.peers.items():
        random = source(world.chance.seed, f"responder of {host}")
        peer.respond = Responder(random, world.chance, serials)
    world.may_cut = True
    world.chance.start()
    fates = Fates(world)
    world.nursery.start_soon(fates.run, name="fates")
    async with trio.open_nursery() as nursery:
        for number in range(world.random.randint(1, CLIENTS_MAX)):
            session, model = f"session-{number}", world.random.choice(MODELS)
            if world.random.random() < 0.5:
                nursery.start_soon(storm, world, world.client(session, model=model))
            else:
                nursery.start_soon(claude_storm, world, world.claude(session, model=model))
    await fates.stop()
    world.chance.stop()
    await trio.sleep(CALM_SECONDS)
    for client in world.clients:
        with trio.move_on_after(ANSWER_SECONDS) as patience:
            await (
                calm(world, client) if isinstance(client, Client) else claude_calm(world, client)
            )
        waits = patience.cancelled_caught
        world.check(not waits, f"after the storm {client.session} waits for ever")


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
