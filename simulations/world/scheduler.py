"""Who runs next, drawn from a seed; a tape of what was drawn; and a hash of all that ran.

Trio sorts each batch of runnable tasks by age and has a policy shuffle it (see `seam`). A policy
here decides more than the order: it may hold tasks back until the next batch, as long as one runs.
Whatever it does is written on a tape, as a deviation from the order of age, and a tape does the
same again: so any run can be replayed without its policy, and made smaller by leaving deviations
out. The hash covers the virtual time and the name of the task at each step: no object's address,
no text that varies from run to run. Equal hashes mean that two runs were the same, step for step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, MutableSequence, Sequence
from random import Random
from typing import Any, Literal

import attrs
import trio

from . import seam

Policy = Literal["fifo", "walk", "pct"]
Deviation = tuple[int, ...]
"""What a batch does instead of running its tasks by age. A number is a task by its place in the
batch, 0 for the oldest: those that run first, in that order. One that is held back stands inverted,
as `~place`, which is negative. All others run after them, by age."""
Schedule = Mapping[int, Deviation]
"""A tape: the deviations by the number of their batch. It is complete: a batch that it does not
name, or whose deviation names a task that is not there, runs by age."""

CHANGES = 3
"""The priorities that PCT changes in a run: with n of them it finds races of depth n + 1."""
HORIZON_BATCHES = (64, 512, 4_096)
"""In how many batches PCT spreads its changes: the length of a run is not known before."""
HELD_BATCHES_MAX = 256
"""PCT holds no task back for longer: one that spins must not starve the one it waits for."""


class Order(Random):
    """Orders each batch, and keeps the tape of how; this one runs the oldest task first."""

    def __init__(self, seed: int | str = 0) -> None:
        super().__init__(seed)
        self.taken: dict[int, Deviation] = {}
        self._batch = 0

    def shuffle(self, x: MutableSequence[Any]) -> None:
        """Has the tasks that `choose` names run; `x` is a batch of Trio's, sorted by age."""
        self._batch += 1
        if len(x) < 2:
            return
        order = self.choose(self._batch, x)
        deviation = deviation_of(order, len(x))
        if not deviation:
            x.reverse()  # Trio takes from the end
            return
        self.taken[self._batch] = deviation
        tasks = list(x)
        x[:] = [tasks[place] for place in reversed(order)]
        seam.hold_back(tasks[~place] for place in deviation if place < 0)

    def choose(self, batch: int, tasks: Sequence[Any]) -> Sequence[int]:
        """The places in the batch, in the order in which they shall run; the others are held."""
        return range(len(tasks))


class Walk(Order):
    """A random walk: each order of a batch is as likely as any other, and nobody is held back."""

    def choose(self, batch: int, tasks: Sequence[Any]) -> Sequence[int]:
        """See Order.choose."""
        places = list(range(len(tasks)))
        super(Order, self).shuffle(places)
        return places


class ByPriority(Order):
    """Probabilistic concurrency testing, after Burckhardt et al. (2010).

    A task draws a priority when it is first seen, and only the highest of a batch runs; a few times
    in a run, drawn before, the one that would run becomes the lowest. So a task may stay behind
    while others do much, which a random walk makes unlikely beyond measure.
    """

    def __init__(self, seed: int | str) -> None:
        super().__init__(seed)
        horizon = self.choice(HORIZON_BATCHES)
        self._changes = {self.randrange(horizon) + 1 for _ in range(CHANGES)}
        self._priorities: dict[int, float] = {}
        """By age: positive as drawn, and negative once lowered."""

    def choose(self, batch: int, tasks: Sequence[Any]) -> Sequence[int]:
        """See Order.choose."""
        ages = [seam.age(task) for task in tasks]
        for age in ages:
            if age not in self._priorities:
                self._priorities[age] = self.random()
        places = sorted(range(len(tasks)), key=lambda place: -self._priorities[ages[place]])
        if self._changes and batch >= min(self._changes):
            self._changes.remove(min(self._changes))
            self._priorities[ages[places[0]]] = -float(batch)
            places.append(places.pop(0))
        return places if batch % HELD_BATCHES_MAX == 0 else places[:1]


class Tape(Order):
    """Does what a tape says."""

    def __init__(self, schedule: Schedule) -> None:
        super().__init__(0)
        self._schedule = schedule

    def choose(self, batch: int, tasks: Sequence[Any]) -> Sequence[int]:
        """See Order.choose."""
        return order_of(self._schedule.get(batch, ()), len(tasks))


def deviation_of(order: Sequence[int], tasks: int) -> Deviation:
    """How an order differs from that of age, in the fewest words; nothing if it does not."""
    by_age = len(order) - 1  # from there on the order is that of age
    while by_age > 0 and order[by_age - 1] < order[by_age]:
        by_age -= 1
    if len(order) == tasks:
        return tuple(order[:by_age])
    return (*order[:by_age], *(~place for place in range(tasks) if place not in order))


def order_of(deviation: Deviation, tasks: int) -> Sequence[int]:
    """The places in the order in which they run; those held back are left out."""
    named = [place if place >= 0 else ~place for place in deviation]
    first = [place for place in deviation if place >= 0]
    rest = [place for place in range(tasks) if place not in named]
    fits = len(named) + len(rest) == tasks  # each is there, and named once
    return [*first, *rest] if fits and (first or rest) else range(tasks)


def make_policy(policy: Policy, seed: int, schedule: Schedule | None = None) -> Order:
    """The order of one run; draws nothing that the world draws. A tape overrules the policy."""
    if schedule is not None:
        return Tape(schedule)
    match policy:
        case "fifo":
            return Order()
        case "walk":
            return Walk(f"scheduler:{seed}")
        case "pct":
            return ByPriority(f"priorities:{seed}")


def source(seed: int, name: str) -> Random:
    """A source of draws; those of different names are independent of one another."""
    return Random(f"{name}:{seed}")  # noqa: S311 a run must be the same again, not secret


def _new_digest() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=8)


@attrs.define(eq=False)
class Tracer(trio.abc.Instrument):
    """Hashes and counts the steps of all tasks; with `lines` it keeps them to be compared."""

    lines: list[str] | None = None
    steps: int = 0
    _digest: hashlib.blake2b = attrs.field(factory=_new_digest)

    def before_task_step(self, task: trio.lowlevel.Task) -> None:
        """One more step."""
        self.steps += 1
        line = f"{trio.current_time():.9f} {task.name}"
        self._digest.update(line.encode())
        if self.lines is not None:
            self.lines.append(line)

    @property
    def hash(self) -> str:
        """The hash of all steps so far."""
        return self._digest.hexdigest()
