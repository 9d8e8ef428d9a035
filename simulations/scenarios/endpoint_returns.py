"""An endpoint dies in the middle of answers and comes back: nobody has to restart anything."""

from __future__ import annotations

import trio

from ..world.answers import answer_events, streamed
from ..world.client import AnswerEnding
from ..world.peer import ClosesIdle
from ..world.world import World

PAUSE_SECONDS = 0.5


async def endpoint_returns(world: World) -> None:
    """Some are in the middle of an answer then, some ask while it is gone, all ask again after."""
    world.peer.respond = lambda _body: streamed(pause_seconds=PAUSE_SECONDS)
    clients = [world.client(f"session-{number}") for number in range(3)]
    answers = [client.start("Before") for client in clients]
    await trio.sleep(world.random.uniform(1, 4))
    world.peer.stop()
    for answer in answers:
        await answer.ended.wait()
        told = (answer.status, answer.ending)
        world.check(told == (200, AnswerEnding.CUT), f"when it died a client saw {told}")
    refused = await clients[0].ask("Meanwhile")
    world.check(refused.status == 503, f"while it is gone a client is told {refused.status}")
    await trio.sleep(world.random.uniform(0, 100))
    await world.start_peer("work.test")
    for client in clients:
        again = await client.ask("After")
        world.check(again.body == b"".join(answer_events()), "then it is answered")


async def stale_connections(world: World) -> None:
    """An endpoint that closes idle connections: the client never sees one that went stale."""
    idle = ClosesIdle(world.random.choice([0, 0.001, 0.002]))
    world.peer.respond = lambda _body: [*streamed(pause_seconds=0), idle]
    client = world.client()
    for _ in range(6):
        answer = await client.ask("And now?")
        world.check(answer.body == b"".join(answer_events()), f"it saw {answer.status}")
        await trio.sleep(world.random.choice([0, 0.001, 0.002, 1]) * world.random.random())
