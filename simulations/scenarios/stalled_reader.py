"""A client that stops reading holds nobody up: not Esc, and not the endpoint for ever."""

from __future__ import annotations

import trio

from ..world.answers import streamed
from ..world.client import AnswerEnding
from ..world.peer import Ending
from ..world.world import World

TEXTS = ("x" * 10_000,) * 300
STALL_SECONDS_MAX = 61.0
"""The server's limit for a client that takes no more bytes, and some latency."""
PATIENCE_SECONDS = 90.0
HELD_BYTES_MAX = 1_000_000
"""Of an answer that nobody reads: two windows, and a stream's slots of one read each."""


async def stalled_reader(world: World) -> None:
    """Three megabytes are answered, and nobody reads; then Esc, or at last the server's limit."""
    world.peer.respond = lambda _body: streamed(TEXTS, pause_seconds=0)
    answer = world.client().start("Everything, please", reads=False)
    leaves = world.random.random() < 0.5
    await trio.sleep(world.random.uniform(1, 50) if leaves else PATIENCE_SECONDS)
    [exchange] = world.peer.exchanges
    if leaves:
        world.check(exchange.ending is Ending.OPEN, f"before Esc it was {exchange.ending}")
        answer.press_esc()
        await world.fall_quiet()
    held_bytes = exchange.sent_bytes
    world.check(held_bytes <= HELD_BYTES_MAX, f"{held_bytes} bytes were taken for nobody")
    world.check(exchange.ending is Ending.LEFT, f"the endpoint saw {exchange.ending}")
    world.check(exchange.left_seconds <= STALL_SECONDS_MAX, f"left at {exchange.left_seconds} s")
    answer.reads.set()
    await answer.ended.wait()
    wanted = AnswerEnding.LEFT if leaves else AnswerEnding.CUT
    world.check(answer.ending is wanted, f"the answer is {answer.ending}")
