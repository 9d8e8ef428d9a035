"""Bugs of leases and of the resource-watcher: who is counted, who is asked to leave, and when."""

# A bug is planted inside of what it breaks.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from math import inf

import attrs
import pytest
import trio
from understudy.actors.backend.engine_keeper import EngineKeeper
from understudy.actors.backend.memory_lease import MemoryLease
from understudy.actors.backend.process_use import ProcessUse
from understudy.actors.resources import Resources
from understudy.protocols.resources.lease import Leave

from .bug import Bug


def wish_outlives_who_had_it(patch: pytest.MonkeyPatch) -> None:
    """A wish waits for memory although nobody waits for the model any more."""

    def note_waiting(self: EngineKeeper, more: int) -> None:
        self._waiting += more
        if self._tended is not None and not self._tended.is_leaving:
            self._tended.wait_for(self._waiting)

    patch.setattr(EngineKeeper, "_note_waiting", note_waiting)


def every_leave_is_critical(patch: pytest.MonkeyPatch) -> None:
    """A model that may finish what it answers is stopped at once."""
    whole = ProcessUse.leave

    def leave(self: ProcessUse, leave: Leave) -> None:
        whole(self, attrs.evolve(leave, critical=True))

    patch.setattr(ProcessUse, "leave", leave)


def no_leave_is_critical(patch: pytest.MonkeyPatch) -> None:
    """A model finishes what it answers, however short the machine is of memory."""
    whole = ProcessUse.leave

    def leave(self: ProcessUse, leave: Leave) -> None:
        whole(self, attrs.evolve(leave, critical=False))

    patch.setattr(ProcessUse, "leave", leave)


def memory_is_read_once(patch: pytest.MonkeyPatch) -> None:
    """What was free at the first look is taken to be free for good."""
    whole = Resources._read

    async def read(self: Resources) -> None:
        if self._read_seconds == -inf:
            await whole(self)
        else:
            self._read_seconds = trio.current_time()
            self._policy.read(self._policy.report(0).reading, self._read_seconds)

    patch.setattr(Resources, "_read", read)


def load_has_no_end(patch: pytest.MonkeyPatch) -> None:
    """Nobody tells the watcher that a model is loaded: no other may begin."""

    async def loaded(_self: MemoryLease, _process_id: int, _load_seconds: float) -> bool:
        return True

    patch.setattr(MemoryLease, "loaded", loaded)


def leaving_model_takes_new_turns(patch: pytest.MonkeyPatch) -> None:
    """A model that is to leave when it is done is never done, for its users go on asking."""

    def leave(self: EngineKeeper, use: ProcessUse, leave: Leave) -> None:
        use.leave(leave)

    patch.setattr(EngineKeeper, "_leave", leave)


BUGS = (
    Bug(
        "Esc leaves a wish for memory behind, and models leave for it",
        wish_outlives_who_had_it,
        "the wish is still there",
        "memory-refusal",
        1,
    ),
    Bug(
        "An answer is cut because another model wants the memory",
        every_leave_is_critical,
        "not let come to its end",
        "memory-refusal",
        1,
    ),
    Bug(
        "The system kills a model because it would not stop",
        no_leave_is_critical,
        "killed for want of memory",
        "memory-hog",
        1,
    ),
    Bug(
        "The system kills a model because nobody looked again",
        memory_is_read_once,
        "killed for want of memory",
        "memory-hog",
        1,
    ),
    Bug(
        "The second model never loads",
        load_has_no_end,
        "the scenario hangs",
        "memory-refusal",
        1,
    ),
    Bug(
        "A model that is to make room never does",
        leaving_model_takes_new_turns,
        "not answered",
        "memory-two-of-three",
        13,
    ),
)
