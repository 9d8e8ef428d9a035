"""What is found is made small: invented failures, whose smallest form is known, and real ones."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations
from typing import Any, cast

import attrs
import pytest
import trio
from understudy import app
from understudy.actors.backend.exchange import Exchange
from understudy.simulations.explorer.case import Case, run_case
from understudy.simulations.explorer.shrink import recorded, shrink
from understudy.simulations.scenarios.catalogue import SCENARIOS
from understudy.simulations.upstream import Step
from understudy.simulations.world.answers import stalling_after, streamed
from understudy.simulations.world.run import Result
from understudy.simulations.world.scheduler import Deviation
from understudy.simulations.world.world import Scenario, World

DRAWN_STRIKES = tuple(f"site#{number}" for number in range(1, 31))
DRAWN_SCHEDULE = {f"task#1@{step}": (5, -3) for step in range(1, 201)}
GIVEN = Case("crowd", 7)
ENOUGH_RUNS = 5_000

Needs = Callable[[frozenset[str], Mapping[str, Deviation]], bool]


@attrs.define(eq=False)
class Invented:
    """A product that fails whenever `needs` says so of what strikes and of the schedule."""

    needs: Needs
    ran: list[Case] = attrs.field(factory=list[Case])
    failed: list[Case] = attrs.field(factory=list[Case])

    def __call__(self, case: Case) -> Result | None:
        self.ran.append(case)
        strikes = DRAWN_STRIKES if case.strikes is None else case.strikes
        schedule = DRAWN_SCHEDULE if case.schedule is None else case.schedule
        if not self.needs(frozenset(strikes), schedule):
            return None
        result = Result(case.seed, ("as invented",), "", 0.0, 0, strikes, schedule)
        self.failed.append(recorded(case, result))
        return result


def two_of_each(strikes: frozenset[str], schedule: Mapping[str, Deviation]) -> bool:
    """Two strikes, one step that waits twice, and one that runs late."""
    waits, _ = schedule.get("task#1@17", (0, 0))
    _, turn = schedule.get("task#1@150", (0, 0))
    return {"site#3", "site#29"} <= strikes and waits >= 2 and turn < 0


def test_two_strikes_and_two_deviations_are_left_of_many() -> None:
    invented = Invented(two_of_each)
    smallest = shrink(GIVEN, invented, budget_runs=ENOUGH_RUNS)
    assert smallest == attrs.evolve(
        GIVEN, strikes=("site#3", "site#29"), schedule={"task#1@17": (2, 0), "task#1@150": (0, -1)}
    )
    assert len(invented.ran) < 250


def test_what_fails_anyway_needs_nothing() -> None:
    invented = Invented(lambda _strikes, _schedule: True)
    smallest = shrink(GIVEN, invented, budget_runs=ENOUGH_RUNS)
    assert smallest == attrs.evolve(GIVEN, strikes=(), schedule={})
    assert len(invented.ran) <= 3


def test_without_a_tape_strikes_are_still_needed() -> None:
    invented = Invented(lambda strikes, _schedule: "site#8" in strikes)
    smallest = shrink(GIVEN, invented, budget_runs=ENOUGH_RUNS)
    assert smallest == attrs.evolve(GIVEN, strikes=("site#8",), schedule={})
    assert len(invented.ran) <= 20


def four_or_six_strikes(strikes: frozenset[str], schedule: Mapping[str, Deviation]) -> bool:
    """No strike can be left out alone, only two at a time."""
    return len(strikes) in (4, 6, 30) and len(schedule) % 2 == 0


def at_least_three(strikes: frozenset[str], schedule: Mapping[str, Deviation]) -> bool:
    return len(strikes) + len(schedule) >= 3


def one_of_two(strikes: frozenset[str], schedule: Mapping[str, Deviation]) -> bool:
    return ("site#5" in strikes) != ("task#1@99" in schedule) or "task#1@98" in schedule


@pytest.mark.parametrize("needs", [two_of_each, four_or_six_strikes, at_least_three, one_of_two])
def test_in_the_end_nothing_single_can_be_left_out(needs: Needs) -> None:
    smallest = shrink(GIVEN, Invented(needs), budget_runs=ENOUGH_RUNS)
    strikes, schedule = smallest.strikes or (), dict(smallest.schedule or {})
    assert needs(frozenset(strikes), schedule)
    for fewer in combinations(strikes, max(0, len(strikes) - 1)):
        assert fewer == strikes or not needs(frozenset(fewer), schedule)
    for step in schedule:
        left = {other: schedule[other] for other in schedule if other != step}
        assert not needs(frozenset(strikes), left)


@pytest.mark.parametrize("budget_runs", [1, 2, 5, 20, 60])
def test_the_budget_is_kept_and_what_comes_back_has_failed(budget_runs: int) -> None:
    def tell(runs: int, case: Case) -> None:
        told.append((runs, case))

    invented = Invented(two_of_each)
    told: list[tuple[int, Case]] = []
    smallest = shrink(
        GIVEN,
        invented,
        budget_runs=budget_runs,
        progress=tell,
    )
    assert len(invented.ran) == budget_runs
    assert smallest == invented.failed[-1]
    assert [runs for runs, _ in told] == list(range(1, budget_runs + 1))
    assert told[-1][1] == smallest


def test_it_shrinks_the_same_way_twice() -> None:
    one, other = Invented(two_of_each), Invented(two_of_each)
    for invented in (one, other):
        shrink(GIVEN, invented, budget_runs=ENOUGH_RUNS)
    assert one.ran == other.ran


def test_a_case_that_does_not_fail_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fail"):
        shrink(GIVEN, Invented(lambda _strikes, _schedule: False), budget_runs=10)


def fall_silent(_body: bytes) -> list[Step]:
    return stalling_after(2)


def answer_whole(_body: bytes) -> list[Step]:
    return streamed()


async def endpoints_fall_silent(world: World) -> None:
    """Six turns, during which many faults strike; silence alone has the client press Esc."""
    world.chance.start()
    for _ in range(6):
        for number in range(9):
            world.chance.strike(f"nothing.{number}", 0.9)
        silent = world.chance.strike("peer.silent", 0.5) is not None
        world.peer.respond = fall_silent if silent else answer_whole
        answer = world.client().start("Go on")
        with trio.move_on_after(5):
            await answer.ended.wait()
        answer.press_esc()


def complaining_of(words: str) -> Callable[[Case], Result | None]:
    """Whether a case of the real product complains in these words."""

    def fails(case: Case) -> Result | None:
        result = run_case(case, app)
        return result if any(words in line for line in result.complaints) else None

    return fails


def most_struck(
    cases: Iterable[Case], fails: Callable[[Case], Result | None]
) -> tuple[Result, Case]:
    """The failing case with the most to leave out."""
    found = [(result, case) for case in cases if (result := fails(case)) is not None]
    return max(found, key=lambda pair: len(pair[0].struck))


def leave_a_task_behind() -> None:
    trio.lowlevel.spawn_system_task(trio.sleep_forever)


def test_a_bug_of_esc_is_shrunk_to_the_one_fault_that_has_esc_pressed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole = Exchange.run

    async def leak(self: Exchange, *arguments: Any) -> None:
        try:
            await whole(self, *arguments)
        except trio.Cancelled:
            leave_a_task_behind()
            raise

    monkeypatch.setattr(Exchange, "run", leak)
    monkeypatch.setitem(cast("dict[str, Scenario]", SCENARIOS), "silent", endpoints_fall_silent)
    fails = complaining_of("tasks are left")
    result, found = most_struck((Case("silent", seed) for seed in range(10)), fails)
    assert len(result.struck) > 8
    assert len(result.schedule) > 50
    smallest = shrink(found, fails, budget_runs=200)
    assert smallest.schedule == {}
    assert smallest.strikes is not None
    [strike] = smallest.strikes
    assert strike.startswith(("peer.silent#", "network."))


def test_a_race_is_shrunk_to_few_deviations(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Exchange.run

    async def race(self: Exchange, *arguments: Any) -> None:
        async def set_after(steps: int) -> None:
            for _ in range(steps):
                await trio.lowlevel.checkpoint()
            ready.set()

        ready = trio.Event()
        async with trio.open_nursery() as nursery:
            nursery.start_soon(set_after, 3)
            for _ in range(6):
                await trio.lowlevel.checkpoint()
            if not ready.is_set():
                leave_a_task_behind()
        await whole(self, *arguments)

    monkeypatch.setattr(Exchange, "run", race)
    fails = complaining_of("tasks are left")
    assert fails(Case("one-turn", 0, "fifo")) is None
    result, found = most_struck((Case("one-turn", seed, "pct") for seed in range(5)), fails)
    assert len(result.schedule) > 100
    smallest = shrink(found, fails, budget_runs=200)
    assert smallest.strikes == ()
    assert smallest.schedule is not None
    [(step, deviation)] = smallest.schedule.items()
    assert "set_after#" in step
    assert step.endswith("@1")
    assert deviation == (2, 0)
    assert fails(smallest) is not None
