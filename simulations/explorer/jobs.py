"""Runs a function over many items, in processes of its own or in this one.

Each process imports what the function needs once and is handed chunks of items; what comes of an
item is sent back at once, so that when a process dies it is known at which item: that one is told
as lost, and the rest of its chunk is run by another. A process that takes too long for an item is
stopped, and the item is lost as well: a product that spins in one moment of virtual time would
otherwise hold everything up.

Ctrl-C is for this process alone, and waits until an item is done: what makes the items may be torn
as little as what runs them. The others never see it; they are stopped when the generator is
closed, and end by themselves if this process is gone. `multiprocessing.Pool` waits for ever for
what a dead process had, and an executor does not say which item killed it.
"""

from __future__ import annotations

import gc
import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from types import FrameType
from typing import Generic, TypeVar, cast

import attrs

Item = TypeVar("Item")
Outcome = TypeVar("Outcome")

CHUNK_ITEMS = 8
"""Handed over at once: few, so that a time budget is kept and Ctrl-C leaves little undone."""
ITEM_SECONDS_MAX = 120.0
"""Of real time: thousands of times what a run takes."""
START_SECONDS_MAX = 60.0
LOOK_SECONDS = 1.0
"""How often it is looked whether an item takes too long, or Ctrl-C came."""
STOP_SECONDS_MAX = 2.0
GARBAGE_OBJECTS = 20_000
"""Between two collections: a run makes and drops tens of thousands of objects, and most are freed
without one. They cost a run a twentieth of its time."""


@attrs.frozen
class Lost:
    """What came of an item whose process died: why, and the items that it had besides."""

    why: str
    rest: tuple[object, ...] = ()


class CannotStart(Exception):
    """No process can be started that runs the function."""


def run_all(
    items: Iterable[Item],
    function: Callable[[Item], Outcome],
    jobs: int,
    *,
    item_seconds_max: float = ITEM_SECONDS_MAX,
) -> Generator[tuple[Item, Outcome | Lost]]:
    """Yields each item with what came of it, as they come. With one job all runs in this process.

    The function is sent by its name. Raises KeyboardInterrupt at Ctrl-C, between two outcomes.
    """
    with interrupts_held() as interrupted, collecting_seldom():
        if jobs == 1:
            yield from _run_here(items, function, interrupted)
            return
        pool = _Pool(deque[Item](), iter(items), function, item_seconds_max, interrupted)
        try:
            yield from pool.run(jobs)
        finally:
            pool.stop()


def _run_here(
    items: Iterable[Item], function: Callable[[Item], Outcome], interrupted: Callable[[], bool]
) -> Iterator[tuple[Item, Outcome]]:
    for item in items:
        yield item, function(item)
        if interrupted():
            raise KeyboardInterrupt


@contextmanager
def interrupts_held() -> Generator[Callable[[], bool]]:
    """Keeps Ctrl-C until it is asked for, so that no run is torn; a second one ends the process."""
    interrupted: list[int] = []

    def hold(number: int, _frame: FrameType | None) -> None:
        interrupted.append(number)
        signal.signal(number, signal.SIG_DFL)

    before = signal.signal(signal.SIGINT, hold)
    try:
        yield lambda: bool(interrupted)
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def collecting_seldom() -> Generator[None]:
    """Has garbage collected less often."""
    before = gc.get_threshold()
    gc.set_threshold(GARBAGE_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


@attrs.define(eq=False)
class _Worker(Generic[Item]):
    process: BaseProcess
    pipe: Connection
    since: float
    ready: bool = False
    chunk: deque[Item] = attrs.field(factory=lambda: deque[Item]())

    def overdue(self, now: float, item_seconds_max: float) -> bool:
        bound = item_seconds_max if self.ready else START_SECONDS_MAX
        return (bool(self.chunk) or not self.ready) and now - self.since > bound

    def stop(self) -> None:
        self.process.terminate()
        self.process.join(STOP_SECONDS_MAX)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.pipe.close()


@attrs.define(eq=False)
class _Pool(Generic[Item, Outcome]):
    left: deque[Item]
    items: Iterator[Item]
    function: Callable[[Item], Outcome]
    item_seconds_max: float
    interrupted: Callable[[], bool]
    workers: dict[Connection, _Worker[Item]] = attrs.field(
        factory=lambda: dict[Connection, _Worker[Item]]()
    )

    def run(self, jobs: int) -> Generator[tuple[Item, Outcome | Lost]]:
        for _ in range(jobs):
            self._start()
        look_seconds = min(LOOK_SECONDS, self.item_seconds_max)
        while self.workers:
            for pipe in wait(list(self.workers), timeout=look_seconds):
                yield from self._listen(self.workers[cast("Connection", pipe)])
            if self.interrupted():
                raise KeyboardInterrupt
            now = time.monotonic()
            for worker in list(self.workers.values()):
                if worker.overdue(now, self.item_seconds_max):
                    worker.stop()
                    took = f"took more than {self.item_seconds_max:g} s and was stopped"
                    yield from self._bury(worker, took)

    def stop(self) -> None:
        for worker in self.workers.values():
            worker.process.terminate()
        for worker in self.workers.values():
            worker.stop()
        self.workers.clear()

    def _start(self) -> None:
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=_work, args=(there, self.function), daemon=True
        )
        resource_tracker.ensure_running()  # its own start would let SIGINT through again
        held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # the child inherits it
        try:
            process.start()
            there.close()
            self.workers[here] = _Worker(process, here, time.monotonic())
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, held)

    def _listen(self, worker: _Worker[Item]) -> Iterator[tuple[Item, Outcome | Lost]]:
        try:
            said = worker.pipe.recv()
        except (EOFError, OSError):
            worker.process.join(STOP_SECONDS_MAX)
            yield from self._bury(worker, _death(worker.process))
            return
        worker.since = time.monotonic()
        if worker.ready:
            yield worker.chunk.popleft(), cast("Outcome", said)
        worker.ready = True
        if not worker.chunk:
            self._hand_over(worker)

    def _hand_over(self, worker: _Worker[Item]) -> None:
        worker.chunk.extend(self._next_chunk())
        try:
            worker.pipe.send(list(worker.chunk))
        except BrokenPipeError:
            return  # it has died, which its pipe will say
        if not worker.chunk:
            worker.process.join(STOP_SECONDS_MAX)
            worker.stop()
            del self.workers[worker.pipe]

    def _next_chunk(self) -> list[Item]:
        if not self.left:
            return list(islice(self.items, CHUNK_ITEMS))
        return [self.left.popleft() for _ in range(min(CHUNK_ITEMS, len(self.left)))]

    def _bury(self, worker: _Worker[Item], why: str) -> Iterator[tuple[Item, Outcome | Lost]]:
        del self.workers[worker.pipe]
        worker.stop()
        if not worker.ready:
            raise CannotStart(
                f"a process {why} before it ran anything; --jobs 1 runs in this one, and shows why"
            )
        if worker.chunk:
            item, *rest = worker.chunk
            yield item, Lost(why, tuple(rest))
            self.left.extend(rest)
        self._start()


def _work(pipe: Connection, function: Callable[[Item], Outcome]) -> None:
    """The life of a process: chunks in, outcomes out, until an empty chunk or nobody is there."""
    try:
        pipe.send(None)
        with collecting_seldom():
            while chunk := pipe.recv():
                for item in chunk:
                    pipe.send(function(item))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return


def _death(process: BaseProcess) -> str:
    code = process.exitcode
    if code is not None and code < 0:
        return f"was killed by signal {-code} ({signal.Signals(-code).name})"
    return f"ended with exit code {code}"
