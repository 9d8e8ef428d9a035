"""An endpoint slower than the client's patience: copies of a question must not pile up.

It stops in the middle of an event, where no ping can go, so the client leaves after five minutes
and asks for the whole message without a stream, which takes the endpoint longer than that, twice.
In half of the runs the client's RST is lost on its way, as when a laptop changes its network: then
the newer copy alone can end the older one.
"""

from __future__ import annotations

from collections.abc import Sequence

import trio

from ..upstream import HANG, SendBytes, Wait
from ..world.answers import answer_events, paced, whole
from ..world.claude import OutcomeKind
from ..world.inspection import ESC_SECONDS_MAX
from ..world.peer import Ending, PeerStep
from ..world.question import read_question
from ..world.world import World

SLOW_COPIES = 2


async def resend_livelock(world: World) -> None:
    """Four copies are asked for, each ends the one before, and the last is answered."""
    arrivals: list[float] = []

    def respond(body: bytes) -> Sequence[PeerStep]:
        arrivals.append(trio.current_time())
        if read_question(body).streamed:
            *begun, last = answer_events()[:4]
            return [*paced(begun), SendBytes(last[:-1]), HANG]
        slow = len(arrivals) <= 1 + SLOW_COPIES
        seconds = world.random.uniform(310, 900) if slow else world.random.uniform(1, 290)
        return [Wait(seconds), *whole("At last.")]

    world.peer.respond = respond
    claude = world.claude()
    claude.wire.loses_resets = world.random.random() < 0.5
    outcome = await claude.ask("A hard one")
    claude.quit()
    await world.fall_quiet()
    answered = (outcome.kind, outcome.text) == (OutcomeKind.ANSWERED, "At last.")
    world.check(answered, f"it ended as {outcome}")
    endings = [exchange.ending for exchange in world.peer.exchanges]
    wanted = [Ending.LEFT] * (1 + SLOW_COPIES) + [Ending.COMPLETE]
    world.check(endings == wanted, f"the endpoint saw {endings}")
    for older, newer_seconds in zip(world.peer.exchanges, arrivals[1:], strict=False):
        beside_seconds = older.left_seconds - newer_seconds
        words = f"two copies were computed at once for {beside_seconds:.3f} s"
        world.check(beside_seconds <= ESC_SECONDS_MAX, words)
