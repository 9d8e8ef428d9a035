"""An endpoint that refuses, talks garbage, is slow or silent: the client is told the truth."""

from __future__ import annotations

import trio

from ...actors.backend.exchange import PING_SECONDS
from ..world.answers import TEXTS, refused, stalling_after, streamed
from ..world.client import AnswerEnding
from ..world.peer import Ending, SendRaw
from ..world.world import World

RETRY_AFTER_SECONDS = 7


async def too_many_requests(world: World) -> None:
    """A 429 keeps its status and its retry-after."""
    steps = refused(429, retry_after_seconds=RETRY_AFTER_SECONDS)
    world.peer.respond = lambda _body: steps
    answer = await world.client().ask("Now?")
    told = (answer.status, answer.headers.get(b"retry-after"))
    world.check(told == (429, b"%d" % RETRY_AFTER_SECONDS), f"the client was told {told}")


async def garbage(world: World) -> None:
    """What is no HTTP becomes an error of status 502."""
    noise = world.random.randbytes(world.random.randrange(1, 2_000))
    world.peer.respond = lambda _body: [SendRaw(b"\x16\x03" + noise)]
    answer = await world.client().ask("Hello?")
    world.check(answer.status == 502, f"the status is {answer.status}")
    world.check(answer.ending is AnswerEnding.COMPLETE, f"the answer is {answer.ending}")


async def slow(world: World) -> None:
    """Pings fill the silences of a slow answer, and change nothing of it."""
    pause_seconds = world.random.uniform(PING_SECONDS + 2, 60)
    world.peer.respond = lambda _body: streamed(pause_seconds=pause_seconds)
    answer = await world.client().ask("Take your time")
    world.check(answer.ending is AnswerEnding.COMPLETE, f"the answer is {answer.ending}")
    world.check(answer.body.count(b"text_delta") == len(TEXTS), "the text is not whole")
    world.check(b"event: ping" in answer.body, "no ping came")


async def silent(world: World) -> None:
    """An endpoint that never answers is left at Esc, before and after our own head."""
    world.peer.respond = lambda _body: stalling_after(0)
    answer = world.client().start("Anyone?")
    await trio.sleep(world.random.uniform(0.1, 60))
    answer.press_esc()
    await world.fall_quiet()
    endings = [exchange.ending for exchange in world.peer.exchanges]
    world.check(endings == [Ending.LEFT], f"the endpoint saw {endings}")


async def absent(world: World) -> None:
    """An endpoint that nobody listens at is a 503."""
    client = world.client(model="away/claude-x")
    answer = await client.ask("Are you there?")
    world.check(answer.status == 503, f"the status is {answer.status}")
