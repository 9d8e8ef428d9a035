"""Errors after which Claude Code asks again: it is told each as it was, and waits as it is told."""

from __future__ import annotations

from itertools import pairwise

from ..world.answers import refused, streamed
from ..world.claude import OutcomeKind
from ..world.marker import marker_of
from ..world.world import World

RETRY_AFTER_SECONDS = 5
BACKOFFS_SECONDS = ((RETRY_AFTER_SECONDS,) * 2, (1.0, 1.25), (2.0, 2.5))
"""Between the four attempts: as told, then by the client's own ladder."""
ROUND_TRIP_SECONDS = 0.1


async def retry_ladder(world: World) -> None:
    """A 429 with a retry-after, a 503 and a 529, each passed on as it was, then an answer."""
    scripts = [refused(429, retry_after_seconds=RETRY_AFTER_SECONDS), refused(503), refused(529)]
    script = iter([*scripts, streamed()])
    world.peer.respond = lambda _body: next(script)
    claude = world.claude()
    outcome = await claude.ask("Now?")
    claude.quit()
    await world.fall_quiet()
    world.check(outcome.kind is OutcomeKind.ANSWERED, f"it ended as {outcome}")
    statuses = [attempt.status for attempt in outcome.attempts]
    world.check(statuses == [429, 503, 529, 200], f"the client was told {statuses}")
    for (one, other), (least, most) in zip(
        pairwise(outcome.attempts), BACKOFFS_SECONDS, strict=False
    ):
        waited = other.begun_seconds - one.ended_seconds
        world.check(least <= waited <= most + ROUND_TRIP_SECONDS, f"it waited {waited:.3f} s")
    asked = [marker_of(exchange.body) for exchange in world.peer.exchanges]
    wanted = [attempt.marker for attempt in outcome.attempts]
    world.check(asked == wanted, f"the endpoint was asked {asked}, by {wanted}")
