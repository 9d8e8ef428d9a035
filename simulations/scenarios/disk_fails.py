"""The disk fails for ten minutes: clients notice nothing, it is asked seldom, nothing is lost.

Whoever asks a failing disk again and again keeps the machine busy that should repair it.
"""

from __future__ import annotations

import trio

from ..world.answers import answer_events
from ..world.world import World

FAILS_SECONDS = 600.0
LONGEST_PAUSE_SECONDS = 65.0
"""Between two calls of a disk that goes on failing, and for the call."""
CALLS_MAX = 20
"""With pauses that double up to that."""


async def disk_fails(world: World) -> None:
    """A client talks on all the time; once the disk is well again all its turns are there."""
    client, stored = world.client(), world.stored
    stored.fails = True
    until_seconds, turns = trio.current_time() + FAILS_SECONDS, 0
    while trio.current_time() < until_seconds:
        answer = await client.ask("Are you there?")
        world.check(answer.body == b"".join(answer_events()), f"it saw {answer.status}")
        turns += 1
        await trio.sleep(world.random.uniform(1, 60))
    world.check(stored.calls <= CALLS_MAX, f"the disk was asked {stored.calls} times in vain")
    world.check(not world.ledger, "a disk that fails has saved something")
    stored.fails = False
    await trio.sleep(LONGEST_PAUSE_SECONDS)
    world.check(len(world.ledger) == turns, f"{turns} turns, and on disk {len(world.ledger)}")
