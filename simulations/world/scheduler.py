"""Who runs next, drawn from a seed; and a hash of all that ran.

Trio sorts each batch of runnable tasks by age and has a policy shuffle it; it then takes tasks
from the end. A policy is a `Random`, so a plain one is the random walk. The hash covers the
virtual time and the name of the task at each step: no object's address, no text that varies from
run to run. Equal hashes mean that two runs were the same, step for step.
"""

from __future__ import annotations

import hashlib
from collections.abc import MutableSequence
from random import Random
from typing import Any, Literal

import attrs
import trio

Policy = Literal["fifo", "walk"]


class Fifo(Random):
    """Runs the oldest task first."""

    def shuffle(self, x: MutableSequence[Any]) -> None:
        """Puts the oldest at the end, where Trio takes from."""
        x.reverse()


def make_policy(policy: Policy, seed: int) -> Random:
    """A policy of its own for one run; draws nothing that the world draws."""
    return Fifo() if policy == "fifo" else source(seed, "scheduler")


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
