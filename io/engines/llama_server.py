"""A llama.cpp server in a process of our own, per model.

The server is the one inside the xllamacpp wheel, so no compiler is needed; it speaks Anthropic's
Messages API itself. It runs apart from us because only the end of a process gives a model's memory
back, and because a native crash must not be ours. Invariants:
- Nobody else can use it: loopback, a port of the kernel's choice, a random key sent over a pipe.
- It never outlives us: its stdin is a pipe that we hold (see `llama_server_child`).
- Leaving `open` has reaped it, however the block is left.
- Its environment is an allow-list: no key of an endpoint reaches it.
xllamacpp is imported in the child alone: it is 100 MB of native code.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from importlib.util import find_spec

import trio

from ..ports import Engine, EngineError, EngineProcess, EngineSpec, Headers
from .child import LogTail, child_environment, engine_threads
from .model_file import check_gguf

START_SECONDS = 120.0
"""From spawn to ready; a large model on a slow disk takes most of a minute."""
STOP_SECONDS = 2.0
"""Between the polite signal and the one that cannot be ignored."""
REAP_SECONDS = 5.0
"""After SIGKILL; a process that is still there hangs in the kernel."""
STDERR_BYTES = 64 * 1024
"""How much of the engine's log is kept, the newest."""
LOG_LINES_SHOWN = 8
READY_LINE_BYTES = 1024
PROBE_SECONDS = 0.02
BATCH_TOKENS_MAX = 256
"""An abandoned request ends between two batches."""


class LlamaServer(Engine):
    """Runs GGUF models with llama.cpp's server.

    `start_seconds` bounds the time from spawn to ready.
    """

    def __init__(self, *, start_seconds: float = START_SECONDS) -> None:
        self._start_seconds = start_seconds

    def open(self, spec: EngineSpec) -> AbstractAsyncContextManager[EngineProcess]:
        """Starts the server; see `Engine.open`. Refuses batches over BATCH_TOKENS_MAX."""
        return self._open(spec)

    @asynccontextmanager
    async def _open(self, spec: EngineSpec) -> AsyncGenerator[EngineProcess]:
        assert 0 < spec.batch_tokens <= BATCH_TOKENS_MAX, spec.batch_tokens
        assert spec.slots > 0, spec.slots
        assert spec.context_tokens > 0, spec.context_tokens
        if find_spec("xllamacpp") is None:
            raise EngineError(
                "the embedded engine needs the package xllamacpp, which is built for Linux x86-64"
                " and macOS arm64; install it, or name another endpoint in the settings"
            )
        await check_gguf(spec.file)
        async with _open_background() as background:
            process = await trio.lowlevel.open_process(
                [sys.executable, "-P", "-m", f"{__package__}.llama_server_child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=child_environment(os.environ),
                start_new_session=True,
            )
            running = _LlamaServerProcess(spec, process)
            try:
                background.start_soon(running.drain_log)
                with trio.move_on_after(self._start_seconds) as limit:
                    await running.start()
                if limit.cancelled_caught:
                    raise running.failure(f"was not ready within {self._start_seconds:g} s")
                yield running
            finally:
                await running.stop()


class _LlamaServerProcess(EngineProcess):
    def __init__(self, spec: EngineSpec, process: trio.Process) -> None:
        self.base_url = ""
        self._spec = spec
        self._process = process
        self._key = secrets.token_urlsafe(32)
        self.headers: Headers = ((b"authorization", b"Bearer " + self._key.encode()),)
        self._log = LogTail(STDERR_BYTES)
        self._log_ended = trio.Event()

    @property
    def process_id(self) -> int:
        return self._process.pid

    async def wait(self) -> str:
        await self._process.wait()
        await self._log_ended.wait()
        return f"engine {self._spec.name} {self._ending()}"

    def kill(self) -> None:
        self._process.kill()

    async def start(self) -> None:
        """Hands over the spec and waits until the server answers; EngineError if it ends."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            await stdin.send_all(self._spec_line())
            line = await _receive_line(stdout, READY_LINE_BYTES)
        except trio.BrokenResourceError:
            line = b""
        if not line:
            await self._process.wait()
            await self._log_ended.wait()
            raise self.failure(f"could not start: it {self._ending(with_log=False)}")
        port: int = json.loads(line)["port"]
        self.base_url = f"http://127.0.0.1:{port}"
        await _wait_healthy(port)

    async def drain_log(self) -> None:
        """Keeps the newest of what the engine writes, so that it never blocks on a full pipe."""
        stderr = self._process.stderr
        assert stderr is not None
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

    def failure(self, what: str) -> EngineError:
        """An EngineError that names the model and ends with the engine's own last lines."""
        where = f"engine {self._spec.name} ({self._spec.file})"
        return EngineError("\n".join([f"{where} {what}", *self._log.lines(LOG_LINES_SHOWN)]))

    def _spec_line(self) -> bytes:
        spec = {
            "name": self._spec.name,
            "file": self._spec.file,
            "key": self._key,
            "context_tokens": self._spec.context_tokens,
            "batch_tokens": self._spec.batch_tokens,
            "slots": self._spec.slots,
            "threads": engine_threads(),
        }
        return json.dumps(spec).encode() + b"\n"

    def _ending(self, *, with_log: bool = True) -> str:
        status = self._process.returncode
        assert status is not None
        how = f"exited with status {status}"
        if status < 0:
            how = f"was ended by {_signal_name(-status)}"
        return "\n".join([how, *(self._log.lines(LOG_LINES_SHOWN) if with_log else [])])


@asynccontextmanager
async def _open_background() -> AsyncGenerator[trio.Nursery]:
    """A nursery for what ends with the block, whose errors leave bare and not inside a group."""
    manager = trio.open_nursery()
    nursery = await manager.__aenter__()
    try:
        yield nursery
    finally:
        nursery.cancel_scope.cancel()
        await manager.__aexit__(None, None, None)


async def _receive_line(stream: trio.abc.ReceiveStream, bytes_max: int) -> bytes:
    """The first line, or b"" if the stream ends before one (or `bytes_max`) has arrived."""
    line = b""
    while not line.endswith(b"\n"):
        chunk = await stream.receive_some(bytes_max)
        if not chunk or len(line) + len(chunk) > bytes_max:
            return b""
        line += chunk
    return line


async def _wait_healthy(port: int) -> None:
    while True:
        if await _is_healthy(port):
            return
        await trio.sleep(PROBE_SECONDS)


async def _is_healthy(port: int) -> bool:
    try:
        async with await trio.open_tcp_stream("127.0.0.1", port) as stream:
            await stream.send_all(b"GET /health HTTP/1.0\r\nhost: 127.0.0.1\r\n\r\n")
            head = await stream.receive_some(READY_LINE_BYTES)
    except OSError:
        return False
    return head.split(b" ", 2)[1:2] == [b"200"]


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
