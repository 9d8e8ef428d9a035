"""Two turns, in which one actor crashes once, at its k-th message, in each way that it can.

The call fails alone, and the actor is made anew if its state is suspect; the others never notice,
which the inspection sees in their counters. The client is answered, told an error, or cut, and the
next turn is answered. A ledger that fails costs no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from ..world.life import Hooks
from ..world.product import Product
from ..world.run import run
from ..world.world import Planned, World
from . import falling_back
from .crashing import BACKGROUND, FAILS, FORMS, CrashingSystem
from .failing_set import MODELS, untouched_runs
from .hurt import hurt_turns
from .points import Point
from .strikes import Strikes

CRASHES = "crashes"
NOTES = ("LeaseIdle", "NoteOutcome", "NoteNotice", "NoteKeysChanged")
"""Messages that nobody waits for: an actor that crashes at one has no call to fail, and is made
anew."""


def crash_points(product: Product, seeds: Iterable[int]) -> Iterator[Point]:
    """Each message of each actor."""
    runs = partial(_run, product=product)
    for untouched, strikes, wanting in untouched_runs(CRASHES, seeds, runs):
        if wanting:
            yield untouched
        for actor, messages in sorted(strikes.counts.items()):
            for form in FORMS:
                for number in range(1, messages + 1):
                    what = f"{actor}:{form}"
                    yield Point(CRASHES, untouched.scenario, untouched.seed, what, number)


def crash_complaints(point: Point, product: Product) -> tuple[str, ...]:
    """Has the point's actor crash, and says what is wrong then."""
    strikes = Strikes(point.what.rpartition(":")[0], point.number)
    complaints = _run(point, strikes, product)
    came = strikes.struck or not point.number
    return complaints if came else (*complaints, "the message never came")


def _run(point: Point, strikes: Strikes, product: Product) -> tuple[str, ...]:
    actor, _, form = point.what.rpartition(":")

    async def scenario(world: World) -> None:
        def excuse(message: str) -> None:
            alone = form == BACKGROUND or message in NOTES
            world.planned[actor] = Planned(failed=not alone, restarts=alone or form != FAILS)
            served = form == BACKGROUND
            if message == "Answer" or (message == "RecordTurn" and not served):
                world.turns.taken -= 1  # never comes to the ledger, or is asked once more

        if point.scenario == falling_back.FALLBACK:
            await falling_back.prepare(world)
        strikes.tell = excuse
        await hurt_turns(world, strikes, MODELS[point.scenario], unnoticed=actor == "conversations")

    hooks = Hooks(system=lambda system: CrashingSystem(system, form, strikes))
    return run(scenario, point.seed, product, hooks=hooks).complaints
