"""An actor that crashes at every message, from one of them on, until its policy gives it up.

An essential actor takes the server down, in order: nothing stays open, and what was counted is on
disk. Any other rests: whoever needs it is refused meanwhile, all others are served, and after the
rest it is well again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import trio

from ...actors.kernel.cell import REST_SECONDS, RestartLimit, RestartPolicy
from ..world.answers import streamed
from ..world.client import AnswerEnding
from ..world.life import Hooks
from ..world.product import Product
from ..world.run import run
from ..world.world import Planned, World
from .crashing import SUSPECT, CrashingSystem
from .hurt import TEXTS, ask_again, check_told
from .points import Point
from .strikes import Strikes

LIMITS = "limits"
ESSENTIAL = ("router", "conversations")
RESTING = ("session:1", "backend:work:1")
FIRST_MESSAGES = range(1, 4)
CRASHES_MAX = RestartPolicy().intensity + 1
"""At this crash within its period an actor is given up."""
TURNS = 4 * CRASHES_MAX
"""Enough for any actor to be given up, and to be found resting."""


def limit_points(product: Product, seeds: Iterable[int]) -> Iterator[Point]:
    """Each actor, from each of its first messages on."""
    for seed in seeds:
        for actor in (*ESSENTIAL, *RESTING):
            for number in FIRST_MESSAGES:
                yield Point(LIMITS, "relayed", seed, actor, number)


def limit_complaints(point: Point, product: Product) -> tuple[str, ...]:
    """Has the point's actor crash until it is given up, and says what is wrong then."""
    strikes = Strikes(point.what, point.number, for_good=True)
    hooks = Hooks(system=lambda system: CrashingSystem(system, SUSPECT, strikes))
    if point.what in ESSENTIAL:
        return _fall(point, strikes, product, hooks)
    return run(lambda world: _rest(world, strikes), point.seed, product, hooks=hooks).complaints


def _fall(point: Point, strikes: Strikes, product: Product, hooks: Hooks) -> tuple[str, ...]:
    left: list[str] = ["the server did not come down"]

    async def scenario(world: World) -> None:
        try:
            await _until_the_end(world, strikes)
        finally:
            left[:] = _left_by_the_fall(world, ledger_works=point.what == "router")

    complaints = run(scenario, point.seed, product, hooks=hooks).complaints
    planned = f"{RestartLimit.__name__}: "
    return (*(words for words in complaints if not words.startswith(planned)), *left)


async def _until_the_end(world: World, strikes: Strikes) -> None:
    """Asks until the server is gone, which cancels this."""
    world.peer.respond = lambda _body: streamed(TEXTS)
    client = world.client()
    strikes.begin()
    for number in range(TURNS):
        answer = await client.ask(f"Hamlet, {number}?")
        check_told(world, answer)
    await world.fall_quiet()


def _left_by_the_fall(world: World, *, ledger_works: bool) -> list[str]:
    """What of a server that has come down is still there."""
    life = world.life
    answered = [line for line in world.ledger if line.endpoint]  # none where no router leads
    left = {
        "it has not ended": not life.ended.is_set(),
        "connections are open": life.server.statistics().open_connections,
        "upstreams are open": life.upstream.statistics().open_connections,
        "actors live": life.system.statistics(),
        "lines are missing": ledger_works and world.turns.taken - len(answered),
    }
    return [f"after the fall {words}: {there}" for words, there in left.items() if there]


async def _rest(world: World, strikes: Strikes) -> None:
    world.peer.respond = lambda _body: streamed(TEXTS)
    client, other = world.client(), world.client("other", model="home/claude-y")
    world.planned[strikes.call] = Planned(failed=CRASHES_MAX, restarts=CRASHES_MAX)

    def excuse(message: str) -> None:
        world.turns.taken -= message == "Answer"  # never served, so never in the ledger

    strikes.tell = excuse
    strikes.begin()
    for number in range(TURNS):
        check_told(world, await client.ask(f"Hamlet, {number}?"))
    refused = client.answers[-1].status
    world.check(refused == 503, f"an actor that rests is a {refused}")
    calm = await other.ask("And you?")
    whole = calm.status == 200 and calm.ending is AnswerEnding.COMPLETE
    world.check(whole, f"a session that has nothing to do with it was told {calm.status}")
    strikes.end()
    await trio.sleep(REST_SECONDS)
    await ask_again(world, client)
