"""Esc at every step: a whole turn, cancelled once after each step that any task takes.

One run of the scheduler counts the steps from the question to the answer; then one run for each
step leaves there. The seed fixes the order in which tasks of one pass run, so that another seed
gives other places. Every run must end quietly, and the next turn must be answered as if nothing
had been.
"""

from __future__ import annotations

import importlib
from collections.abc import Awaitable, Callable

import pytest
import trio
from trio.testing import MockClock
from understudy.actors.backend.engine import EngineBackend
from understudy.actors.backend.exchange import Exchange
from understudy.protocols.records import TurnOutcome
from understudy.simulations.worker.life import WorkerLife
from understudy.simulations.worker.workers import SimulatedWorkers

from .instruments import ActAt
from .scripts import ANSWER, HOME, LOCAL, WORK, always, stream, turn
from .stage import Stage, open_stage

SEEDS = range(3)
HANG_SECONDS = 3_600
BRIEF = "Say it in a word. [brief #1] of test"
"""A simulated model then says little, so that there are not too many steps."""

Scenario = Callable[[ActAt], Awaitable[None]]


async def leave_at(
    at: ActAt,
    model: str,
    *,
    streamed: bool,
    warm: bool = False,
    workers: SimulatedWorkers | None = None,
) -> None:
    """One turn that is left at a step, and one after it."""
    async with open_stage(workers=workers) as stage:
        stage.work.respond = always(stream(ANSWER))
        if warm:
            await stage.read(turn("First", model=model))
        await one_turn(stage, at, model, streamed=streamed)
        after = await stage.read(turn("And then?", model=model, stream=streamed))
        assert after.record is not None, "whoever comes next is served"
        assert after.record.outcome is TurnOutcome.ANSWERED


async def one_turn(stage: Stage, at: ActAt, model: str, *, streamed: bool) -> None:
    """The turn that is left at the step, and what must be true of it then."""
    left_seconds: list[float] = []
    reader = stage.start(turn(BRIEF, model=model, stream=streamed))

    def leave() -> None:
        left_seconds.append(trio.current_time())
        reader.leave()

    at.act = leave
    at.armed = True
    await reader.ended.wait()
    at.armed = False
    lines = await stage.lines(reader)
    if left_seconds:
        bound = left_seconds[0] + (0 if stage.workers is None else WorkerLife().stop_seconds)
        assert reader.ended_seconds <= bound, "at once, or as soon as the computation has stopped"
        assert {line.outcome for line in lines} <= {TurnOutcome.CANCELLED, TurnOutcome.ANSWERED}
    else:
        assert [line.outcome for line in lines] == [TurnOutcome.ANSWERED]


async def relayed(at: ActAt) -> None:
    """A streamed turn of a relay."""
    await leave_at(at, WORK, streamed=True)


async def relayed_whole(at: ActAt) -> None:
    """A turn of a relay that answers at once."""
    await leave_at(at, HOME, streamed=True, warm=True)


async def engine(at: ActAt) -> None:
    """A streamed turn that has to start the engine."""
    await leave_at(at, LOCAL, streamed=True)


async def engine_not_streamed(at: ActAt) -> None:
    """A turn of an engine that runs already."""
    await leave_at(at, LOCAL, streamed=False, warm=True)


async def worker(at: ActAt) -> None:
    """A streamed turn that has to start a worker."""
    await leave_at(at, LOCAL, streamed=True, workers=SimulatedWorkers(1))


async def worker_not_streamed(at: ActAt) -> None:
    """A turn of a worker that runs already."""
    await leave_at(at, LOCAL, streamed=False, warm=True, workers=SimulatedWorkers(1))


def run(scenario: Scenario, step: int, seed: int) -> ActAt:
    """Runs a scenario in virtual time, leaving at a step; step 0 only counts."""
    scheduler = vars(importlib.import_module("trio._core._run"))  # the seam has no public name
    scheduler["_r"].seed(seed)
    at = ActAt(step, lambda: None)

    async def main() -> None:
        with trio.fail_after(HANG_SECONDS):
            await scenario(at)

    trio.run(main, clock=MockClock(autojump_threshold=0), instruments=[at])
    return at


def failures(scenario: Scenario, seed: int) -> list[str]:
    """Leaves at every step in turn; says at which ones something was wrong."""
    found: list[str] = []
    for step in range(1, run(scenario, 0, seed).count + 1):
        at = ActAt(step, lambda: None)
        try:
            at = run(scenario, step, seed)
        except BaseExceptionGroup as error:
            found.append(f"step {step} {at.where}: {error.exceptions}")
        except AssertionError as error:
            found.append(f"step {step} {at.where}: {error}")
    return found


@pytest.fixture(autouse=True)
def _deterministic(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trio's own switch for a scheduler whose order follows the seed."""
    scheduler = importlib.import_module("trio._core._run")
    monkeypatch.setattr(scheduler, "_ALLOW_DETERMINISTIC_SCHEDULING", True)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    "scenario",
    [relayed, relayed_whole, engine, engine_not_streamed],
    ids=lambda s: s.__name__,
)
def test_a_turn_can_be_left_at_every_step(scenario: Scenario, seed: int) -> None:
    assert failures(scenario, seed) == []


@pytest.mark.parametrize("scenario", [worker, worker_not_streamed], ids=lambda s: s.__name__)
def test_a_turn_of_a_worker_can_be_left_at_every_step(scenario: Scenario) -> None:
    assert failures(scenario, 0) == []


def test_there_are_many_steps_and_the_same_ones_each_time() -> None:
    counts = [run(engine, 0, seed=1).count for _ in range(2)]
    assert counts[0] == counts[1] > 50


def test_a_checkpoint_between_taking_a_slot_and_the_try_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = EngineBackend.answer

    async def answer(self: EngineBackend, exchange: Exchange) -> None:
        slots: trio.Semaphore = vars(self)["_slots"]
        await slots.acquire()
        await trio.lowlevel.checkpoint()
        slots.release()
        await whole(self, exchange)

    monkeypatch.setattr(EngineBackend, "answer", answer)
    assert any("a slot is not given back" in failure for failure in failures(engine, 0))
