"""The process of a simulated worker, as its parent holds it: two pipes, a page, and an end."""

from __future__ import annotations

from random import Random

import trio

from ...io.ports import EngineError, EngineSpec
from .disk import Disk
from .flag_page import FlagPage
from .life import WorkerLife
from .model import SimulatedModel
from .pipe import Pipe, PipeReader, PipeWriter
from .worker import Crash, Worker

STOP_SECONDS = 2.0
"""What a worker is given to go when it is asked to; then it is ended by force."""


class SimulatedChild:
    """A worker that runs. `stopped_seconds` is when it was reaped, -1.0 before."""

    def __init__(
        self,
        spec: EngineSpec,
        number: int,
        model: SimulatedModel,
        life: WorkerLife,
        disk: Disk,
        random: Random,
        background: trio.Nursery,
    ) -> None:
        self.spec = spec
        self.background = background
        self.page = FlagPage()
        self.stopped_seconds = -1.0
        self._inward, self._outward = Pipe(random), Pipe(random)
        self._outward.late_seconds = life.read_late_seconds
        self.stdin: trio.abc.SendStream = PipeWriter(self._inward)
        self.stdout: trio.abc.ReceiveStream = PipeReader(self._outward)
        self.worker = Worker(model, life, disk, self.page, self._inward, self._outward, random)
        self._life = life
        self._number = number
        self._scope = trio.CancelScope()
        self._ending = ""
        self._condemned = ""
        self._ended = trio.Event()

    @property
    def process_id(self) -> int:
        """A number like the operating system's."""
        return self._number

    @property
    def has_ended(self) -> bool:
        """Whether there is nobody to talk to any more."""
        return self._ended.is_set()

    @property
    def task(self) -> str:
        """The name of the task that `run` shall have."""
        return f"worker:{self.spec.name}"

    async def run(self) -> None:
        """Lives, until it goes, crashes, or is killed."""
        life = self._life
        try:
            with self._scope, trio.move_on_after(life.load_seconds + life.crash_seconds):
                await self.worker.run()
                self._end("exited with status 0")
            self._end("was ended by SIGSEGV")
        except Crash as crash:
            self._end(str(crash))
        finally:
            self._end("exited with status 1")

    async def wait(self) -> str:
        """Waits until it has ended and says how, in words for a log."""
        await self._ended.wait()
        return f"engine {self.spec.name} {self.ending()}"

    def kill(self) -> None:
        """Kills it now. Safe to call again."""
        self._scope.cancel("SIGKILL")
        self._end("was ended by SIGKILL")

    def condemn(self, why: str) -> None:
        """Kills it for what it has done; the first reason is the one that is told."""
        if not (self._condemned or self.has_ended):
            self._condemned = why
        self.kill()

    def failure(self, what: str) -> EngineError:
        """An EngineError that names the model."""
        return EngineError(f"engine {self.spec.name} ({self.spec.file}) {what}")

    async def failed_start(self) -> EngineError:
        """The error of a process that has ended, or is about to, instead of becoming ready."""
        await self.wait()
        return self.failure(f"could not start: it {self.ending()}")

    def ending(self) -> str:
        """How it has ended."""
        return f"was killed: it {self._condemned}" if self._condemned else self._ending

    async def stop(self) -> None:
        """Ends it politely, then by force, also under cancellation."""
        self._inward.close_writing()
        with trio.move_on_after(STOP_SECONDS, shield=True):
            await self._ended.wait()
        self.kill()
        self.stopped_seconds = trio.current_time()

    def _end(self, how: str) -> None:
        if not self._ended.is_set():
            self._ending = how
            self._inward.close_reading()
            self._outward.close_writing()
            self._ended.set()
