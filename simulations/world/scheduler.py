"""Who runs next, drawn from a seed; a tape of what was drawn; and a hash of all that ran.

Trio sorts each batch of runnable tasks by age and has a policy shuffle it (see `seam`). A policy
here decides more than the order: it may hold tasks back until the next batch, as long as one runs.
Whatever it does is written on a tape, as deviations from the order of age, and a tape does the same
again: so any run can be replayed without its policy, and made smaller by leaving deviations out.

A deviation is that of one step of one task, counted from the task's own beginning. It could be told
of a batch, by number; but where one that held a task back is left out, all later batches have other
numbers, and what the tape says of them is about others. The steps of a task keep theirs.

The hash covers the virtual time and the name of the task at each step: no object's address, no text
that varies from run to run. Equal hashes mean that two runs were the same, step for step.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, MutableSequence, Sequence
from random import Random
from typing import Any, Literal

import attrs
import trio

from . import seam

Policy = Literal["fifo", "walk", "pct"]
Deviation = tuple[int, int]
"""What is otherwise in a step: for how many batches it waits, and its turn in the batch that it
then runs in. The higher turn runs first, and of equal ones the older task; usually it is 0."""
Schedule = Mapping[str, Deviation]
"""A tape: the deviations by their step, `name#number@step`, where the number counts the tasks of a
name. It is complete: a step that it does not name does not wait, and has the turn of its age."""

CHANGES = 3
"""The priorities that PCT changes in a run: with n of them it finds races of depth n + 1."""
HORIZON_BATCHES = (64, 512, 4_096)
"""In how many batches PCT spreads its changes: the length of a run is not known before."""
HELD_BATCHES_MAX = 256
"""PCT holds no task back for longer: one that spins must not starve the one it waits for."""


@attrs.define(eq=False)
class Runnable:
    """A task that can run: its label on the tape, the steps it has made, and its wait since."""

    label: str
    steps: int = 0
    waited: int = 0


class Order(Random):
    """Orders each batch, and keeps the tape of how; this one runs the oldest task first."""

    def __init__(self, seed: int | str = 0) -> None:
        super().__init__(seed)
        self.taken: dict[str, Deviation] = {}
        self.holds = False
        """Whether the last batch left somebody behind."""
        self._batch = 0
        self._seen: dict[trio.lowlevel.Task, Runnable] = {}
        self._names = Counter[str]()

    def shuffle(self, x: MutableSequence[Any]) -> None:
        """Has the tasks that `choose` names run; `x` is a batch of Trio's, sorted by age."""
        self._batch += 1
        self.holds = False
        seen = self._seen
        batch = [seen.get(task) or self._see(task) for task in x]
        if len(batch) < 2:  # most are: there is nothing to choose
            for task in batch:
                self._run(task, 0)
            return
        order = self.choose(batch)
        turns = turns_of(order)
        for place in order:
            self._run(batch[place], turns.get(place, 0))
        tasks = list(x)
        x[:] = [tasks[place] for place in reversed(order)]  # Trio takes from the end
        if len(order) < len(batch):
            self.holds = True
            held = [place for place in range(len(batch)) if place not in order]
            seam.hold_back(tasks[place] for place in held)
            for place in held:
                batch[place].waited += 1

    def choose(self, batch: Sequence[Runnable]) -> Sequence[int]:
        """The places in the batch, in the order in which they shall run; the others are held."""
        return range(len(batch))

    def _see(self, task: trio.lowlevel.Task) -> Runnable:
        self._names[task.name] += 1
        self._seen[task] = Runnable(f"{task.name}#{self._names[task.name]}")
        return self._seen[task]

    def _run(self, task: Runnable, turn: int) -> None:
        task.steps += 1
        if task.waited or turn:
            self.taken[f"{task.label}@{task.steps}"] = (task.waited, turn)
            task.waited = 0


class Walk(Order):
    """A random walk: each order of a batch is as likely as any other, and nobody is held back."""

    def choose(self, batch: Sequence[Runnable]) -> Sequence[int]:
        """See Order.choose."""
        places = list(range(len(batch)))
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
        self._changes = sorted(self.randrange(horizon) + 1 for _ in range(CHANGES))
        self._priorities: dict[str, float] = {}
        """Positive as drawn, and negative once lowered."""

    def choose(self, batch: Sequence[Runnable]) -> Sequence[int]:
        """See Order.choose."""
        if self._batch % HELD_BATCHES_MAX == 0:
            return range(len(batch))
        priorities = [self._priority_of(task.label) for task in batch]
        highest = priorities.index(max(priorities))
        if self._changes and self._batch >= self._changes[0]:
            del self._changes[0]
            priorities[highest] = self._priorities[batch[highest].label] = -float(self._batch)
            highest = priorities.index(max(priorities))
        return (highest,)

    def _priority_of(self, label: str) -> float:
        if label not in self._priorities:
            self._priorities[label] = self.random()
        return self._priorities[label]


class Tape(Order):
    """Does what a tape says, as far as the run comes to the steps that it names."""

    def __init__(self, schedule: Schedule) -> None:
        super().__init__(0)
        self._plans: dict[str, dict[int, Deviation]] = {}
        for key, deviation in schedule.items():
            label, _, step = key.rpartition("@")
            self._plans.setdefault(label, {})[int(step)] = deviation

    def choose(self, batch: Sequence[Runnable]) -> Sequence[int]:
        """See Order.choose."""
        plans = [self._plans.get(task.label, {}).get(task.steps + 1, (0, 0)) for task in batch]
        due = [place for place, task in enumerate(batch) if task.waited >= plans[place][0]]
        return sorted(due or range(len(batch)), key=lambda place: (-plans[place][1], place))


def turns_of(order: Sequence[int]) -> dict[int, int]:
    """The turns that make an order of one of age, in the fewest words; nothing if it is that."""
    last = len(order) - 1
    early = last  # those before it run early, from there on they run by age
    while early > 0 and order[early - 1] < order[early]:
        early -= 1
    if early <= 0:
        return {}
    late = 0  # up to there they run by age, those after it run late
    while order[late] < order[late + 1]:
        late += 1
    if early <= last - late:
        return {place: early - number for number, place in enumerate(order[:early])}
    return {place: -number for number, place in enumerate(order[late + 1 :], 1)}


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
    _seconds: float = -1.0
    _seconds_words: str = ""

    def before_task_step(self, task: trio.lowlevel.Task) -> None:
        """One more step."""
        self.steps += 1
        seconds = trio.current_time()
        if seconds != self._seconds:  # mostly it is the same moment still
            self._seconds, self._seconds_words = seconds, f"{seconds:.9f} "
        line = self._seconds_words + task.name
        self._digest.update(line.encode())
        if self.lines is not None:
            self.lines.append(line)

    @property
    def hash(self) -> str:
        """The hash of all steps so far."""
        return self._digest.hexdigest()
