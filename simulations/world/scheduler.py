"""Who runs next, drawn from a seed; and a hash of all that ran.

Trio sorts each batch of runnable tasks by age and has a policy shuffle it; it then takes tasks
from the end. A policy is a `Random`, so a plain one is the random walk. The hash covers the
virtual time and the name of the task at each step: no object's address, no text that varies from
run to run. Equal hashes mean that two runs were the same, step for step.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, MutableSequence, Sequence
from random import Random
from typing import Any, Literal

import attrs
import trio

Policy = Literal["fifo", "walk"]
Schedule = Mapping[int, tuple[int, ...]]
"""A tape: for the batches that do not run in the order of age, by number, the order that they run
in. It is complete: a batch that it does not name runs the oldest task first."""


class Order(Random):
    """Orders each batch, and keeps the tape of how; this one runs the oldest task first."""

    def __init__(self, seed: int | str = 0) -> None:
        super().__init__(seed)
        self.taken: dict[int, tuple[int, ...]] = {}
        self._batch = 0

    def shuffle(self, x: MutableSequence[Any]) -> None:
        """Puts the batch, which comes sorted by age, into the order of `choose`."""
        self._batch += 1
        if len(x) < 2:
            return
        order = self.choose(self._batch, x)
        if order == sorted(order):
            x.reverse()  # Trio takes from the end
            return
        self.taken[self._batch] = tuple(order)
        x[:] = [x[place] for place in reversed(order)]

    def choose(self, batch: int, tasks: Sequence[Any]) -> list[int]:
        """The places in the batch, in the order in which they shall run."""
        return list(range(len(tasks)))


class Walk(Order):
    """A random walk: each order of a batch is as likely as any other."""

    def choose(self, batch: int, tasks: Sequence[Any]) -> list[int]:
        """See Order.choose."""
        places = list(range(len(tasks)))
        super(Order, self).shuffle(places)
        return places


class Tape(Order):
    """Does what a tape says, and where it says nothing, or does not fit, runs the oldest first."""

    def __init__(self, schedule: Schedule) -> None:
        super().__init__(0)
        self._schedule = schedule

    def choose(self, batch: int, tasks: Sequence[Any]) -> list[int]:
        """See Order.choose."""
        places = self._schedule.get(batch, ())
        fits = sorted(places) == list(range(len(tasks)))
        return list(places) if fits else list(range(len(tasks)))


def make_policy(policy: Policy, seed: int, schedule: Schedule | None = None) -> Order:
    """The order of one run; draws nothing that the world draws. A tape overrules the policy."""
    if schedule is not None:
        return Tape(schedule)
    return Order(0) if policy == "fifo" else Walk(f"scheduler:{seed}")


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
