"""A turn through the whole product, left or stopped at every step that it takes.

`esc`: the client presses Esc, and the server has its RST at once. The endpoint hears of it within
ESC_SECONDS_MAX, nothing is left, and the next turn is answered. `stop`: the server is told to stop,
as by a signal. A turn that fits into the grace is answered to its end; then the server is started
again and answers.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import partial

import attrs
import trio

from ...protocols.records import TurnOutcome, TurnRecord
from ..upstream import Wait
from ..world.answers import streamed
from ..world.client import Answer, AnswerEnding
from ..world.inspection import ESC_SECONDS_MAX, inspect
from ..world.peer import Ending, PeerStep
from ..world.product import Product
from ..world.run import run
from ..world.world import GRACE_SECONDS, World
from . import falling_back
from .hurt import TEXTS, ask_again, press_esc_now
from .points import Point
from .steps import ActAt

ESC, STOP = "esc", "stop"
STOP_SECONDS = GRACE_SECONDS + 1.0
"""A server has stopped when the grace is over and the ledger is on disk."""


@attrs.frozen
class Turn:
    """The turn that is left or stopped: whom it is for, and what the endpoint `work` does."""

    model: str
    script: Callable[[], list[PeerStep]]
    fits_into_grace: bool = True
    direct: bool = False
    """Whether it is a worker's."""
    question: str = "Hamlet?"
    falls_back: bool = False
    """Whether the first place that is asked refuses it."""

    async def prepare(self, world: World) -> None:
        """Makes the world one in which it is asked."""
        if self.direct:
            await world.use_workers()
        if self.falls_back:
            await falling_back.prepare(world)


def relayed() -> list[PeerStep]:
    """An answer without a fault, which takes a fraction of the grace."""
    return [*streamed(TEXTS)]


def stalled() -> list[PeerStep]:
    """Silence until the head that stands is ours, and again in the middle: pings fill it."""
    head, *rest = streamed(TEXTS)
    return [Wait(25), head, *rest[:6], Wait(20), *rest[6:]]


TURNS: Mapping[str, Turn] = {
    "relayed": Turn("work/claude-x", relayed),
    "stalled": Turn("work/claude-x", stalled, fits_into_grace=False),
    "local": Turn("local/m", relayed),
    "worker": Turn("local/m", relayed, direct=True, question="[brief #1]"),
    falling_back.FALLBACK: Turn(falling_back.MODEL, relayed, falls_back=True),
}


async def press_esc_at(turn: Turn, at: ActAt, world: World) -> None:
    """One turn that is left at a step, and the next one."""
    await turn.prepare(world)
    world.peer.respond = lambda _body: turn.script()
    client = world.client(model=turn.model)
    answer = client.start(turn.question)
    at.aim(lambda: press_esc_now(answer))
    await answer.ended.wait()
    at.rest()
    await world.fall_quiet()
    wanted = AnswerEnding.LEFT if answer.left_seconds >= 0 else AnswerEnding.COMPLETE
    world.check(answer.ending is wanted, f"the answer is {answer.ending}")
    _check_esc(world, answer, at)
    inspect(world)
    await ask_again(world, client)


async def stop_at(turn: Turn, at: ActAt, world: World) -> None:
    """One turn, during which the server is told to stop; then it is started again."""
    world.may_cut = True
    await turn.prepare(world)
    world.peer.respond = lambda _body: turn.script()
    client = world.client(model=turn.model)
    answer = client.start(turn.question)
    at.aim(lambda: world.life.stop(grace_seconds=GRACE_SECONDS))
    await answer.ended.wait()
    at.rest()
    if at.acted:
        await world.stop_server()
        took_seconds = trio.current_time() - at.acted_seconds
        world.check(took_seconds <= STOP_SECONDS, f"stopping took {took_seconds:.3f} s")
        fits = turn.fits_into_grace and answer.status
        whole = answer.ending is AnswerEnding.COMPLETE
        world.check(whole or not fits, f"within the grace the answer was {answer.ending}")
        await world.fall_quiet()
        left = world.network.open_sockets
        world.check(left == 0, f"{left} sockets outlive the server")
        world.check(world.engine.running == 0, "an engine process outlives the server")
        await world.start_server()
    await ask_again(world, client)


SCENARIOS: Mapping[str, Callable[[Turn, ActAt, World], Awaitable[None]]] = {
    ESC: press_esc_at,
    STOP: stop_at,
}


def esc_points(product: Product, seeds: Iterable[int]) -> Iterator[Point]:
    """Esc at every step."""
    return _points(ESC, product, seeds)


def stop_points(product: Product, seeds: Iterable[int]) -> Iterator[Point]:
    """A stop at every step."""
    return _points(STOP, product, seeds)


def http_complaints(point: Point, product: Product) -> tuple[str, ...]:
    """Acts at the point's step, and says what is wrong then."""
    at, complaints = _run(point, product)
    reached = at.acted or not point.number
    return complaints if reached else (*complaints, "the step was never reached")


def _points(kind: str, product: Product, seeds: Iterable[int]) -> Iterator[Point]:
    for seed in seeds:
        for name in TURNS:
            untouched = Point.untouched(kind, name, seed)
            at, complaints = _run(untouched, product)
            if complaints:
                yield untouched
            for step in range(1, at.span + 1):
                yield Point(kind, name, seed, "turn", step)


def _run(point: Point, product: Product) -> tuple[ActAt, tuple[str, ...]]:
    at = ActAt(point.number)
    scenario = partial(SCENARIOS[point.set], TURNS[point.scenario], at)
    result = run(scenario, point.seed, product, instruments=[at])
    return at, result.complaints


def _check_esc(world: World, answer: Answer, at: ActAt) -> None:
    outcomes = [line.outcome for line in world.ledger if not _was_passed_on(line)]
    if not at.acted:
        world.check(outcomes == [TurnOutcome.ANSWERED], f"the ledger says {outcomes}")
        return
    world.check(
        set(outcomes) <= {TurnOutcome.CANCELLED, TurnOutcome.ANSWERED} and len(outcomes) <= 1,
        f"the ledger says {outcomes}",
    )
    for exchange in world.exchanges:
        done = exchange.ending in (Ending.LEFT, Ending.COMPLETE)
        world.check(done, f"the endpoint saw {exchange.ending}")
        if exchange.ending is Ending.LEFT:
            took_seconds = exchange.left_seconds - answer.left_seconds
            world.check(took_seconds <= ESC_SECONDS_MAX, f"Esc took {took_seconds:.3f} s")
    for each in world.workers.answers if answer.left_seconds >= 0 else ():
        took_seconds = each.ended_seconds - answer.left_seconds
        world.check(took_seconds <= ESC_SECONDS_MAX, f"Esc took {took_seconds:.3f} s")


def _was_passed_on(line: TurnRecord) -> bool:
    """Whether it is the line of the place that refuses each turn."""
    return line.endpoint == "one" and line.outcome is TurnOutcome.REFUSED
