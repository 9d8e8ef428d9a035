"""Policies, and the tape: what any policy did can be done again without it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from itertools import permutations
from typing import Any

import pytest
import trio
import trio._core._run as run_loop  # pyright: ignore[reportPrivateUsage] the seam itself
import trio.testing
from understudy.simulations.world import seam
from understudy.simulations.world.scheduler import (
    HELD_BATCHES_MAX,
    Order,
    Policy,
    Tape,
    Tracer,
    make_policy,
    turns_of,
)

POLICIES: tuple[Policy, ...] = ("fifo", "walk", "pct")
MOVED = """
Trio's private {name} has gone or changed its meaning. In the run loop of trio/_core/_run.py look
how it now decides:
- what order a batch of runnable tasks gets (_r.shuffle, _ALLOW_DETERMINISTIC_SCHEDULING),
- where the tasks of the next batch lie (GLOBAL_RUN_CONTEXT.runner.runq),
- that a batch is sorted by age (Task._counter) before it is shuffled.
Name what takes its place in simulations/world/seam.py, the only file that knows these names, and
keep trio below the new version in pyproject.toml until test_determinism.py passes again.
"""


def play(order: Order, program: Callable[[], Awaitable[Any]]) -> tuple[Any, str]:
    """What a program returned, and the hash of its steps."""
    tracer = Tracer()
    clock = trio.testing.MockClock(autojump_threshold=0)
    with seam.scheduled_by(order):
        return trio.run(program, clock=clock, instruments=[tracer]), tracer.hash


async def names_in_turn() -> list[str]:
    """Three tasks write down their names, twice."""
    written: list[str] = []

    async def write(name: str) -> None:
        for _ in range(2):
            written.append(name)
            await trio.lowlevel.checkpoint()

    async with trio.open_nursery() as nursery:
        for name in "abc":
            nursery.start_soon(write, name, name=name)
    return written


async def reader_meets_writer() -> bool:
    """A race of depth 2: the writer must pass from before the reader to after it, 12 steps later.

    Eight bystanders make it unlikely that a fair scheduler lets one of them stay behind that far.
    """
    state = {"value": 0, "met": False}

    async def steps(count: int) -> None:
        for _ in range(count):
            await trio.lowlevel.checkpoint()

    async def read() -> None:
        await trio.lowlevel.checkpoint()
        before = state["value"]
        await steps(3)
        state["met"] = state["value"] != before

    async def write() -> None:
        await steps(12)
        state["value"] += 1

    async with trio.open_nursery() as nursery:
        nursery.start_soon(read)
        nursery.start_soon(write)
        for _ in range(8):
            nursery.start_soon(steps, 10)
    return bool(state["met"])


async def one_waits_for_another() -> int:
    """One task spins until another has done something."""
    turns, done = 0, False

    async def act() -> None:
        nonlocal done
        for _ in range(5):
            await trio.lowlevel.checkpoint()
        done = True

    async with trio.open_nursery() as nursery:
        nursery.start_soon(act)
        while not done:
            turns += 1
            await trio.lowlevel.checkpoint()
    return turns


def test_by_age_the_oldest_runs_first() -> None:
    order = Order()
    assert play(order, names_in_turn)[0] == list("abcabc")
    assert order.taken == {}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("program", [names_in_turn, reader_meets_writer, one_waits_for_another])
def test_a_tape_does_what_the_policy_did(
    policy: Policy, program: Callable[[], Awaitable[Any]]
) -> None:
    for seed in range(20):
        first, again = make_policy(policy, seed), make_policy(policy, seed)
        played = play(first, program)
        assert play(again, program) == played
        tape = make_policy("walk", seed + 1, first.taken)
        assert play(tape, program) == played
        assert first.taken == again.taken == tape.taken
        assert bool(first.taken) or policy == "fifo" or program is one_waits_for_another


def test_pct_finds_a_race_of_depth_two_that_fair_policies_do_not() -> None:
    seeds = range(300)
    found = {
        policy: sum(play(make_policy(policy, s), reader_meets_writer)[0] for s in seeds)
        for policy in POLICIES
    }
    assert found["fifo"] == found["walk"] == 0
    assert found["pct"] >= 5, found  # about 1 in 40


def test_pct_lets_nobody_spin_for_ever() -> None:
    turns = [play(make_policy("pct", seed), one_waits_for_another)[0] for seed in range(20)]
    assert max(turns) > HELD_BATCHES_MAX / 2, "nobody was held back: this test shows nothing"
    assert max(turns) <= 6 * HELD_BATCHES_MAX


def test_turns_are_another_form_of_an_order() -> None:
    for tasks in range(2, 7):
        for order in permutations(range(tasks)):
            turns = turns_of(order)
            told = sorted(range(tasks), key=lambda place: (-turns.get(place, 0), place))
            assert tuple(told) == order
            assert bool(turns) == (order != tuple(range(tasks)))


@pytest.mark.parametrize(
    ("order", "turns"),
    [
        ([2, 0, 1, 3], {2: 1}),
        ([1, 2, 3, 0], {0: -1}),
        ([3, 2, 0, 1], {3: 2, 2: 1}),
        ([2, 3, 1, 0], {1: -1, 0: -2}),
    ],
)
def test_turns_say_no_more_than_they_must(order: list[int], turns: dict[int, int]) -> None:
    assert turns_of(order) == turns


@pytest.mark.parametrize(
    ("schedule", "written"),
    [
        ({}, "abcabc"),
        ({"a#1@1": (1, 0)}, "bcabca"),
        ({"a#1@1": (2, 0)}, "bcbcaa"),
        ({"c#1@1": (0, 1)}, "cababc"),
        ({"a#1@2": (0, -1)}, "abcbca"),
        ({"a#1@1": (99, 0)}, "bcbcaa"),
        ({"a#1@99": (1, 1), "nobody#1@1": (1, 0)}, "abcabc"),
        ({"a#1@1": (1, 0), "b#1@1": (1, 0), "c#1@1": (1, 0)}, "abcabc"),
    ],
)
def test_a_tape_says_who_waits_and_whose_turn_it_is(
    schedule: dict[str, tuple[int, int]], written: str
) -> None:
    assert "".join(play(Tape(schedule), names_in_turn)[0]) == written


def test_a_tape_records_what_was_done_and_not_what_was_asked_for() -> None:
    tape = Tape({"a#1@1": (99, 0), "nobody#1@1": (1, 0)})
    played = play(tape, names_in_turn)
    assert tape.taken["a#1@1"][0] < 10
    assert "nobody#1@1" not in tape.taken
    assert play(Tape(tape.taken), names_in_turn) == played


@pytest.mark.parametrize("name", ["_r", "_ALLOW_DETERMINISTIC_SCHEDULING", "GLOBAL_RUN_CONTEXT"])
def test_trio_still_has_the_name(name: str) -> None:
    assert name in vars(run_loop), MOVED.format(name=name)


def test_trio_asks_the_policy_and_gets_its_own_back() -> None:
    asked: list[int] = []

    class Asked(Order):
        def shuffle(self, x: Any) -> None:
            asked.append(len(x))
            assert x == sorted(x, key=lambda task: int(task._counter)), MOVED.format(name="sort")
            super().shuffle(x)

    def names() -> list[object]:
        kept = vars(run_loop)
        return [kept["_r"], kept["_ALLOW_DETERMINISTIC_SCHEDULING"]]

    before = names()
    written, _ = play(Asked(), names_in_turn)
    assert max(asked) >= 3, MOVED.format(name="_r")
    assert written == list("abcabc"), MOVED.format(name="_ALLOW_DETERMINISTIC_SCHEDULING")
    assert names() == before


def test_trio_keeps_the_next_batch_where_tasks_are_held_back() -> None:
    queued: list[bool] = []

    class Holding(Order):
        def shuffle(self, x: Any) -> None:
            if len(x) > 1 and not queued:
                kept = vars(run_loop.GLOBAL_RUN_CONTEXT)
                assert hasattr(kept.get("runner"), "runq"), MOVED.format(name="runner.runq")
                held = x.pop()
                seam.hold_back([held])
                queued.append(held in kept["runner"].runq)

    written, _ = play(Holding(), names_in_turn)
    assert queued == [True], MOVED.format(name="GLOBAL_RUN_CONTEXT.runner.runq")
    assert sorted(written) == list("aabbcc"), MOVED.format(name="GLOBAL_RUN_CONTEXT.runner.runq")
