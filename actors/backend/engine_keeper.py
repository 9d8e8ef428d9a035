"""Keeps one process of an engine: started on demand, watched, and started anew after it has ended.

A process that hangs is killed: it gives a sign of life however busy it is, so silence means that
nothing will come. A failure to start is told to all that waited for that start, and only who comes
after them tries again.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from math import inf

import trio

from ...io.ports import Engine, EngineError, EngineProcess, EngineSpec
from ...protocols.engine.board import EngineBoard
from ...protocols.turn import TurnRefused

RESTART_PAUSE_SECONDS = 1.0
REAP_SECONDS = 1.0
"""From the last word of a process that ends to the news that it has ended."""
WATCH_SECONDS = 10.0
"""Between two looks at an engine that turns are waiting for."""
SILENT_PROBES_MAX = 3
"""So many looks in a row without an answer, and the process is killed. A computer that is out of
breath may miss one."""

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
        idle_seconds_max: float = inf,
    ) -> None:
        self.process: EngineProcess | None = None
        self.failed_starts = 0
        self._name = name
        self._spec = spec
        self._engine = engine
        self._is_alive = is_alive
        self._board = board
        self._idle_seconds_max = idle_seconds_max
        self._tended = False
        self._ended_seconds = -inf
        self._failure = ""
        self._changed = trio.Event()
        self._users = 0
        self._used = trio.Event()

    async def running(self, failed_starts: int) -> EngineProcess:
        """The process; starts it if there is none.

        Raises TurnRefused if a start has failed since there were so many `failed_starts`.
        """
        while self.process is None:
            if self.failed_starts > failed_starts:
                raise TurnRefused(500, "api_error", f"{self._name}: {self._failure}")
            if not self._tended:
                self._tended = True
                self.background.start_soon(self._tend, name=f"{self._name}:engine")
            await self._changed.wait()
        return self.process

    @contextmanager
    def in_use(self) -> Generator[None]:
        """Somebody waits for the process, and has it watched."""
        self._users += 1
        self._used.set()
        try:
            yield
        finally:
            self._users -= 1
            if not self._users:
                self._used = trio.Event()

    async def wait_gone(self, process: EngineProcess) -> bool:
        """Waits for the news that this process has ended; false if there is none soon."""
        with trio.move_on_after(REAP_SECONDS):
            while self.process is process:
                await self._changed.wait()
        return self.process is not process

    async def _tend(self) -> None:
        """Runs one process from its start until it is reaped, and says what has changed."""
        failure = ""
        try:
            pause = self._ended_seconds + RESTART_PAUSE_SECONDS - trio.current_time()
            await trio.sleep(max(0.0, pause))
            self._board.loading(self._name, self._spec.name, self._engine.dialect)
            async with self._engine.open(self._spec) as process:
                self.process = process
                self._board.running(self._name, process.ready)
                self._note_change()
                async with trio.open_nursery() as watching:
                    scope = watching.cancel_scope
                    watching.start_soon(self._watch, process, scope, name=f"{self._name}:watch")
                    await process.wait()
                    self.process = None
                    scope.cancel("the engine's process has ended")
        except EngineError as error:
            self._failure = failure = str(error)
            self.failed_starts += 1
        finally:
            self.process, self._tended = None, False
            self._board.ended(self._name, failure)
            self._ended_seconds = trio.current_time()
            self._note_change()

    async def _watch(self, process: EngineProcess, watching: trio.CancelScope) -> None:
        """Kills a process that turns wait for in vain: they are told, the next one starts anew.

        One that nobody has used for long is stopped, by leaving its block.
        """
        silent_probes = 0
        while silent_probes < SILENT_PROBES_MAX:
            with trio.move_on_after(self._idle_seconds_max) as patience:
                await self._used.wait()
            if patience.cancelled_caught and not self._users:
                self.process = None
                watching.cancel("nobody uses it")
                return
            await trio.sleep(WATCH_SECONDS)
            alive = not self._users or await self._is_alive(process)
            silent_probes = 0 if alive else silent_probes + 1
        process.kill()

    def _note_change(self) -> None:
        self._changed.set()
        self._changed = trio.Event()
