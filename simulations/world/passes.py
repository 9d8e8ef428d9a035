"""Passes of Trio's run loop within one instant of virtual time: the measure of Esc.

What takes no virtual time still takes passes, and their number is exact whatever the machine is
doing. A watch tells in which pass after the clock last moved a thing became true.
"""

from __future__ import annotations

from collections.abc import Callable

import attrs
import trio

from .scheduler import Order


@attrs.define(eq=False)
class Watch:
    """`passes` is set when the condition has become true; -1 before."""

    condition: Callable[[], bool]
    passes: int = -1


@attrs.define(eq=False)
class Passes(trio.abc.Instrument):
    """Counts the passes, from 1 in each instant, and looks after each at what is watched.

    A pass is over when everybody who could run has run: one in which the scheduler has held a task
    back is a part of the next.
    """

    _order: Order
    _count: int = 0
    _instant: float = -1.0
    _watches: list[Watch] = attrs.field(factory=list[Watch])

    def watch(self, condition: Callable[[], bool]) -> Watch:
        """Watches for a condition that is not true yet."""
        watch = Watch(condition)
        if not self._watches:  # to be called at every pass of every run costs more than this
            trio.lowlevel.add_instrument(self)
        self._watches.append(watch)
        return watch

    def before_io_wait(self, timeout: float) -> None:
        """The end of one pass."""
        if self._order.holds:
            return
        now = trio.current_time()
        self._count = self._count + 1 if now == self._instant else 1
        self._instant = now
        for watch in [watch for watch in self._watches if watch.condition()]:
            watch.passes = self._count
            self._watches.remove(watch)
        if not self._watches:
            trio.lowlevel.remove_instrument(self)
