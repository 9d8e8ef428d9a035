"""An engine's process from its spawn until it is reaped, whatever is said to it.

It is a session of its own with pipes for stdin, stdout and stderr; stderr is its log, which is
drained at all times and of which the newest is kept. Leaving `open_child` has reaped it, however
the block is left: politely first, by SIGTERM, then by force.

One that we had to kill is condemned: why is told wherever its end is. So is it told of one that has
ended for want of memory while it was held to a limit (`memory_limit`).
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import AsyncGenerator, Sequence
from contextlib import ExitStack, asynccontextmanager, suppress

import trio

from ..ports import EngineError, EngineSpec
from .background import open_background
from .child import LogTail, child_environment
from .memory_limit import NO_LIMIT, set_limit

STOP_SECONDS = 2.0
"""Between the polite signal and the one that cannot be ignored."""
REAP_SECONDS = 5.0
"""After SIGKILL; a process that is still there hangs in the kernel."""
LOG_BYTES = 64 * 1024
"""How much of the engine's log is kept, the newest."""
LOG_LINES_SHOWN = 8
LOG_SECONDS = 0.5
"""How long the end of a process waits for the end of its log, which a process of its own may hold
open."""


class ChildProcess:
    """A running engine. `background` is a nursery that ends with its block."""

    def __init__(self, spec: EngineSpec, process: trio.Process, background: trio.Nursery) -> None:
        self.background = background
        self.spec = spec
        self.limit = NO_LIMIT
        self._process = process
        self._log = LogTail(LOG_BYTES)
        self._log_ended = trio.Event()
        self._condemned = ""

    @property
    def process_id(self) -> int:
        """The operating system's id of the process."""
        return self._process.pid

    @property
    def has_ended(self) -> bool:
        """Whether there is nobody to talk to any more."""
        return self._process.returncode is not None

    @property
    def stdin(self) -> trio.abc.SendStream:
        """What the process reads."""
        assert self._process.stdin is not None, "it was started with a pipe"
        return self._process.stdin

    @property
    def stdout(self) -> trio.abc.ReceiveStream:
        """What the process says to us."""
        assert self._process.stdout is not None, "it was started with a pipe"
        return self._process.stdout

    async def wait(self) -> str:
        """Waits until it has ended and says how, in words for a log."""
        await self._process.wait()
        with trio.move_on_after(LOG_SECONDS):
            await self._log_ended.wait()
        how = f"engine {self.spec.name} {self.ending()}"
        return "\n".join([how, *self.advice(how)])

    def kill(self) -> None:
        """Kills it now. Safe to call again."""
        self._process.kill()

    def condemn(self, why: str) -> None:
        """Kills it for what it has done; the first reason is the one that is told."""
        if not (self._condemned or self.has_ended):
            self._condemned = why
        self._process.kill()

    def ending(self, *, with_log: bool = True) -> str:
        """How it has ended, and the last lines of its log."""
        status = self._process.returncode
        assert status is not None, "it has ended"
        how = f"exited with status {status}"
        if status < 0:
            how = f"was ended by {_signal_name(-status)}"
        if self._condemned:
            how = f"was killed: it {self._condemned}"
        return "\n".join([how, *(self._log.lines(LOG_LINES_SHOWN) if with_log else [])])

    def advice(self, said: str) -> list[str]:
        """What to do, if the memory limit is the reason for what was said; else nothing."""
        log = "\n".join(self._log.lines(LOG_BYTES))
        advice = self.limit.advice(self._process.returncode, f"{said}\n{log}")
        return [advice] if advice and advice not in said else []

    async def failed_start(self) -> EngineError:
        """The error of a process that has ended, or is about to, instead of becoming ready."""
        await self.wait()
        return self.failure(f"could not start: it {self.ending(with_log=False)}")

    def failure(self, what: str) -> EngineError:
        """An EngineError that names the model and ends with the engine's own last lines."""
        where = f"engine {self.spec.name} ({self.spec.file})"
        return EngineError("\n".join([f"{where} {what}", *self._log.lines(LOG_LINES_SHOWN)]))

    async def drain_log(self) -> None:
        """Keeps the newest of what the engine writes, so that it never blocks on a full pipe."""
        stderr = self._process.stderr
        assert stderr is not None, "it was started with a pipe"
        try:
            # `stop` closes the pipe when a process of the engine's own still holds its other end.
            with suppress(trio.ClosedResourceError):
                async for chunk in stderr:
                    self._log.append(bytes(chunk))
        finally:
            self._log_ended.set()

    async def stop(self) -> None:
        """Ends the process and reaps it, also under cancellation, in STOP + REAP seconds."""
        with trio.move_on_after(STOP_SECONDS, shield=True):
            self._process.terminate()
            await self._process.wait()
        with trio.move_on_after(REAP_SECONDS, shield=True):
            self._process.kill()
            await self.wait()
        # No checkpoint: all three are closed at once.
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            assert isinstance(stream, trio.lowlevel.FdStream)
            stream.close()


@asynccontextmanager
async def open_child(
    spec: EngineSpec, command: Sequence[str], inherited: Sequence[int] = ()
) -> AsyncGenerator[ChildProcess]:
    """Starts a process with an environment without keys; it inherits these file descriptors.

    It is held to the spec's `memory_bytes_max` before it is told anything. An EngineError of the
    block says so, where that is the reason.
    """
    async with open_background() as background:
        process = await trio.lowlevel.open_process(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(os.environ),
            start_new_session=True,
            pass_fds=inherited,
        )
        with ExitStack() as held:  # what limits it is taken back when it has ended
            child = ChildProcess(spec, process, background)
            try:
                background.start_soon(child.drain_log)
                child.limit = await set_limit(held, spec, process.pid)
                yield child
            except EngineError as error:
                if advice := child.advice(str(error)):
                    raise EngineError("\n".join([str(error), *advice])) from error
                raise
            finally:
                await child.stop()


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
