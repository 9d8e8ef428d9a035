"""Many sessions at once, some of which press Esc: nobody gets another's answer."""

from __future__ import annotations

import msgspec
import trio

from ..world.answers import streamed
from ..world.client import AnswerEnding, Client
from ..world.world import World

CLIENTS = 4
TURNS = 2
ESC_CHANCE = 0.3


async def crowd(world: World) -> None:
    """The endpoint repeats each question in its answer, faster or slower."""
    world.peer.respond = lambda body: streamed(
        (question_of(body), "."), pause_seconds=world.random.uniform(0, 1)
    )
    async with trio.open_nursery() as nursery:
        for number in range(CLIENTS):
            nursery.start_soon(talk, world, world.client(f"session-{number}"))


async def talk(world: World, client: Client) -> None:
    """A client's turns, one after the other."""
    for number in range(TURNS):
        question = f"{client.session}, question {number}"
        answer = client.start(question)
        if world.random.random() < ESC_CHANCE:
            await trio.sleep(world.random.uniform(0, 5))
            answer.press_esc()
            continue
        await answer.ended.wait()
        world.check(answer.ending is AnswerEnding.COMPLETE, f"{question}: {answer.ending}")
        world.check(question.encode() in answer.body, f"{question} has another's answer")


def question_of(body: bytes) -> str:
    """What the last message of a request says."""
    return str(msgspec.json.decode(body)["messages"][-1]["content"])
