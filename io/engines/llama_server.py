"""A llama.cpp server in a process of our own, per model.

The server is the one inside the xllamacpp wheel, so no compiler is needed; it speaks Anthropic's
Messages API itself. It runs apart from us because only the end of a process gives a model's memory
back, and because a native crash must not be ours. Invariants:
- Nobody else can use it: loopback, a port of the kernel's choice, a random key sent over a pipe.
- It never outlives us: its stdin is a pipe that we hold (see `llama_server_child`).
- It sees images where a projector is named, and fetches none: it is only shown bytes.
- Leaving `open` has reaped it, and no key of an endpoint reaches it (see `child_process`).
xllamacpp is imported in the child alone: it is 100 MB of native code.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from importlib.util import find_spec

import trio

from ...protocols.resources.need import MemoryNeed
from ..ports import Engine, EngineError, EngineProcess, EngineSpec, Headers
from .child import engine_threads
from .child_process import ChildProcess, open_child
from .model_need import SERVER_PROMPTS_BYTES, server_need
from .taken_memory import TakenMemory

START_SECONDS = 120.0
"""From spawn to ready; a large model on a slow disk takes most of a minute."""
READY_LINE_BYTES = 1024
PROBE_SECONDS = 0.02
BATCH_TOKENS_MAX = 256
"""An abandoned request ends between two batches."""
COMMAND = (sys.executable, "-P", "-m", f"{__package__}.llama_server_child")


class LlamaServer(Engine):
    """Runs GGUF models with llama.cpp's server.

    `start_seconds` bounds the time from spawn to ready; `taken` keeps what was seen of processes.
    """

    def __init__(
        self, *, start_seconds: float = START_SECONDS, taken: TakenMemory | None = None
    ) -> None:
        self._start_seconds = start_seconds
        self._taken = taken

    async def need(self, spec: EngineSpec) -> MemoryNeed:
        """See `Engine.need`."""
        reckoned = await server_need(spec)
        return await self._taken.correct(spec, reckoned) if self._taken else reckoned

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
        reckoned = await server_need(spec, spare_bytes=0)
        async with open_child(spec, COMMAND) as child:
            running = _LlamaServerProcess(spec, child)
            with trio.move_on_after(self._start_seconds) as limit:
                await running.start()
            if limit.cancelled_caught:
                raise child.failure(f"was not ready within {self._start_seconds:g} s")
            try:
                yield running
            finally:
                if self._taken:
                    await self._taken.look(
                        spec, reckoned, running.process_id, spare_bytes=SERVER_PROMPTS_BYTES
                    )


class _LlamaServerProcess(EngineProcess):
    def __init__(self, spec: EngineSpec, child: ChildProcess) -> None:
        self.base_url = ""
        self._spec = spec
        self._child = child
        self._key = secrets.token_urlsafe(32)
        self.headers: Headers = ((b"authorization", b"Bearer " + self._key.encode()),)

    @property
    def process_id(self) -> int:
        return self._child.process_id

    async def wait(self) -> str:
        return await self._child.wait()

    def kill(self) -> None:
        self._child.kill()

    async def start(self) -> None:
        """Hands over the spec and waits until the server answers; EngineError if it ends."""
        try:
            await self._child.stdin.send_all(self._spec_line())
            line = await _receive_line(self._child.stdout, READY_LINE_BYTES)
        except trio.BrokenResourceError:
            line = b""
        if not line:
            raise await self._child.failed_start()
        port: int = json.loads(line)["port"]
        self.base_url = f"http://127.0.0.1:{port}"
        await _wait_healthy(port)

    def _spec_line(self) -> bytes:
        spec = {
            "name": self._spec.name,
            "file": self._spec.file,
            "projector": self._spec.projector,
            "draft": self._spec.draft,
            "key": self._key,
            "context_tokens": self._spec.context_tokens,
            "batch_tokens": self._spec.batch_tokens,
            "slots": self._spec.slots,
            "threads": engine_threads(),
        }
        return json.dumps(spec).encode() + b"\n"


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
