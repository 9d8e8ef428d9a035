"""Keeps one process of an engine: started on demand, watched, and started anew after it has ended.

Before it is started the memory that it needs is leased; turns wait for that as they wait for the
load, and once none waits any more the wish is withdrawn. Asked to leave, a process takes nothing
new: the turns that come wait for the next one, which needs a lease of its own.

A process that hangs is killed: it gives a sign of life however busy it is, so silence means that
nothing will come. A failure to start, and a refused lease, is told to all that waited for that
start, and only who comes after them tries again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from math import inf

import attrs
import trio

from ...io.ports import Engine, EngineError, EngineProcess, EngineSpec
from ...protocols.actor import Ref
from ...protocols.engine.board import EngineBoard
from ...protocols.resources.lease import LeaseRefused, Leave, TakeLease
from ...protocols.turn import TurnRefused
from .memory_lease import LOST, LeaseTerms, MemoryLease, refused_turn, take_lease
from .process_use import ProcessUse

RESTART_PAUSE_SECONDS = 1.0
REAP_SECONDS = 1.0
"""From the last word of a process that ends to the news that it has ended."""
WATCH_SECONDS = 10.0
"""Between two looks at an engine that turns are waiting for."""
SILENT_PROBES_MAX = 3
"""So many looks in a row without an answer, and the process is killed. A computer that is out of
breath may miss one."""

UNLOADED = Leave(inf, critical=False, why="it was unloaded by the user")

IsAlive = Callable[[EngineProcess], Awaitable[bool]]
"""Whether a process gives a sign of life, within a limit of its own."""


class EngineKeeper:
    """One process. `name` is of its tasks; one that nobody has used for so long is stopped."""

    background: trio.Nursery
    """Where its tasks run; set before it is first used."""

    def __init__(
        self,
        name: str,
        spec: EngineSpec,
        engine: Engine,
        is_alive: IsAlive,
        board: EngineBoard,
        *,
        resources: Ref | None = None,
        terms: Callable[[], LeaseTerms] = LeaseTerms,
        idle_seconds_max: float = inf,
    ) -> None:
        self.failed_starts = 0
        self._name = name
        self._spec = spec
        self._engine = engine
        self._is_alive = is_alive
        self._board = board
        self._resources = resources
        self._terms = terms
        self._idle_seconds_max = idle_seconds_max
        self._tended: ProcessUse | None = None
        self._is_ready = False
        self._pinned = False
        self._waiting = 0
        self._queue: trio.CancelScope | None = None
        self._load_seconds = 0.0
        self._ended_seconds = -inf
        self._failure: Callable[[], TurnRefused] | None = None
        self._changed = trio.Event()

    @property
    def usable(self) -> ProcessUse | None:
        """The process that turns may come to now."""
        return self._tended if self._is_ready else None

    @property
    def is_queueing(self) -> bool:
        """Whether it waits to be started: whether it ever will be is not known yet."""
        return self._queue is not None

    async def running(self, failed_starts: int) -> ProcessUse:
        """The process, to be used at once; starts it if there is none.

        Raises TurnRefused if a start has failed since there were so many `failed_starts`.
        """
        self._note_waiting(1)
        try:
            while (usable := self.usable) is None:
                if self.failed_starts > failed_starts:
                    assert self._failure is not None, "a failure has its words"
                    raise self._failure()
                if self._tended is None:
                    self._start()
                await self._changed.wait()
            return usable
        finally:
            self._note_waiting(-1)

    async def load(self, *, pin: bool) -> bool:
        """Has the process running, and pinned if that is wished; whether it is pinned by now.

        Raises TurnRefused.
        """
        if pin:
            self._pin(pinned=True)
        await self.running(self.failed_starts)
        return self._pinned or self._terms().pinned

    def unload(self) -> int | None:
        """Has the process leave once its answers are done: so many; None if there is none."""
        self._pin(pinned=False)
        use = self._tended
        if use is None or use.is_leaving:
            return None
        if self._queue is not None:
            self._queue.cancel("it is to be unloaded")
            return None
        self._leave(use, UNLOADED)
        return use.users

    def _pin(self, *, pinned: bool) -> None:
        self._pinned = pinned
        if self._tended is not None:
            self._tended.usage.pinned = pinned

    async def wait_gone(self, use: ProcessUse) -> bool:
        """Waits for the news that this process has ended; false if there is none soon."""
        with trio.move_on_after(REAP_SECONDS):
            while self.usable is use:
                await self._changed.wait()
        return self.usable is not use

    def _note_waiting(self, more: int) -> None:
        """Who waits for a process has it counted as used; where none does no lease is waited
        for."""
        self._waiting += more
        if self._tended is not None and not self._tended.is_leaving:
            self._tended.wait_for(self._waiting)
        if self._queue is not None and not self._waiting:
            self._queue.cancel("nobody waits for it any more")

    def _start(self) -> None:
        self._tended, self._queue = ProcessUse(), trio.CancelScope()
        self._tended.usage.pinned = self._pinned
        self._tended.wait_for(self._waiting)
        self.background.start_soon(
            self._tend, self._tended, self._queue, name=f"{self._name}:engine"
        )

    async def _tend(self, use: ProcessUse, queue: trio.CancelScope) -> None:
        """Takes a lease and runs one process from its start until it is reaped."""
        granted: tuple[MemoryLease, EngineSpec] | None = None
        try:
            async with AsyncExitStack() as stack:
                with queue:
                    granted = await self._queued(stack, use)
                self._queue = None
                if granted is not None:
                    await self._run(use, *granted)
        except EngineError as error:  # of a file that is no model
            self._fail(error)
        except LeaseRefused as error:
            refusal = error
            self._note_failure(lambda: refused_turn(refusal))
        finally:
            self._tended, self._queue, self._is_ready = None, None, False
            self._note_change()

    async def _queued(
        self, stack: AsyncExitStack, use: ProcessUse
    ) -> tuple[MemoryLease, EngineSpec]:
        """Waits until the process may be started. Raises EngineError and LeaseRefused."""
        pause_seconds = self._ended_seconds + RESTART_PAUSE_SECONDS - trio.current_time()
        await trio.sleep(max(0.0, pause_seconds))
        need, terms = await self._engine.need(self._spec), self._terms()
        wish = TakeLease(
            self._name,
            self._spec.name,
            need,
            use.usage,
            terms.pinned,
            terms.idle_seconds_max,
            self._load_seconds,
        )
        lease = await take_lease(stack, self._resources, wish)
        return lease, attrs.evolve(self._spec, memory_bytes_max=terms.bytes_max(need))

    async def _run(self, use: ProcessUse, lease: MemoryLease, spec: EngineSpec) -> None:
        """Runs the process, which may be asked to leave from its first moment on."""
        failure = ""
        self._board.loading(self._name, spec.name, self._engine.dialect)
        try:
            async with trio.open_nursery() as obeying:
                use.life = obeying.cancel_scope
                obeying.start_soon(self._obey, use, lease, name=f"{self._name}:lease")
                obeying.start_soon(use.go_when_left, name=f"{self._name}:leaving")
                try:
                    await self._live(use, lease, spec)
                except EngineError as error:
                    failure = str(error)
                    self._fail(error)
                obeying.cancel_scope.cancel("the process has ended")
        finally:
            self._board.ended(self._name, failure)
            if not use.is_leaving:
                self._ended_seconds = trio.current_time()

    async def _live(self, use: ProcessUse, lease: MemoryLease, spec: EngineSpec) -> None:
        """The process from its start to its end, and what has changed. Raises EngineError."""
        began_seconds = trio.current_time()
        async with self._engine.open(spec) as process:
            self._load_seconds = trio.current_time() - began_seconds
            async with trio.open_nursery() as watching:
                use.begin(process, lease.idle, watching.cancel_scope)
                self._board.running(self._name, process.ready)
                self._is_ready = not use.is_leaving
                self._note_change()
                watching.start_soon(self._watch, use, name=f"{self._name}:watch")
                if not await lease.loaded(process.process_id, self._load_seconds):
                    self._leave(use, LOST)
                await process.wait()
                self._is_ready = False
                watching.cancel_scope.cancel("the engine's process has ended")

    async def _watch(self, use: ProcessUse) -> None:
        """Kills a process that turns wait for in vain: they are told, the next one starts anew.

        One that nobody has used for long is stopped, by leaving its block.
        """
        silent_probes = 0
        while silent_probes < SILENT_PROBES_MAX:
            with trio.move_on_after(self._idle_seconds_max) as patience:
                await use.wait_used()
            if patience.cancelled_caught and not use.users:
                self._is_ready = False
                use.life.cancel("nobody uses it")
                return
            await trio.sleep(WATCH_SECONDS)
            alive = not use.users or await self._is_alive(use.process)
            silent_probes = 0 if alive else silent_probes + 1
        use.process.kill()

    async def _obey(self, use: ProcessUse, lease: MemoryLease) -> None:
        """Has the process leave when it is asked to, and sooner when it is asked again."""
        while True:
            leave = await lease.wait_leave()
            self._leave(use, leave)
            if leave is LOST:
                return

    def _leave(self, use: ProcessUse, leave: Leave) -> None:
        self._is_ready = False
        use.leave(leave)

    def _fail(self, error: EngineError) -> None:
        words = f"{self._name}: {error}"
        self._note_failure(lambda: TurnRefused(500, "api_error", words))

    def _note_failure(self, failure: Callable[[], TurnRefused]) -> None:
        self._failure = failure
        self.failed_starts += 1

    def _note_change(self) -> None:
        self._changed.set()
        self._changed = trio.Event()
