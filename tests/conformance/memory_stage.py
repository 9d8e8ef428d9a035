"""Each adapter of the `Memory` port, and a process that takes memory: a child, for the real ones.

The child does what it is told on its standard input, a line each, and writes a dot when it is done.
An adapter for another system is run here over that system's library as this one can play it.
"""

from __future__ import annotations

import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path

import attrs
import trio
from understudy.io.memory.kernel_files import KernelFiles
from understudy.io.memory.linux import LinuxMemory
from understudy.io.memory.macos import MacMemory
from understudy.io.memory.portable import PortableMemory
from understudy.io.memory.proc_texts import read_kibibytes
from understudy.io.ports import Memory
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.rules import GIBIBYTE
from understudy.simulations.memory import Holding, SimulatedMemory

from .mac_library import MacLibrary

REPLY_SECONDS = 20
HOLDER = """
import mmap, subprocess, sys
held = []
children = []
for line in sys.stdin:
    kind, size, file = line.rstrip("\\n").split(" ", 2)
    if kind == "private":
        held.append(bytearray(b"x") * int(size))
    elif kind == "mapped":
        with open(file, "rb") as stream:
            mapped = mmap.mmap(stream.fileno(), int(size), mmap.MAP_SHARED, mmap.PROT_READ)
        held.append((mapped, sum(mapped[at] for at in range(0, int(size), 4096))))
    elif kind == "child":
        keep = f"held = bytearray(b'x') * {size}; print(flush=True); input()"
        child = subprocess.Popen(
            [sys.executable, "-c", keep], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        child.stdout.readline()
        children.append(child)
    sys.stdout.write(".")
    sys.stdout.flush()
for child in children:
    child.communicate()
"""


class Holder(ABC):
    """A process that takes memory as it is told."""

    process_id: int

    @abstractmethod
    async def hold(self, kind: str, size_bytes: int) -> None:
        """Takes so much: "private", "mapped" from a file, or "child" in a process below it."""

    @abstractmethod
    async def end(self) -> None:
        """Ends it; it is gone when this returns."""


class MemoryStage(ABC):
    """An adapter under test. `kinds` are those of memory that it tells apart."""

    memory: Memory
    kinds: frozenset[str] = frozenset({"private", "mapped", "child"})
    can_press: bool = False

    @abstractmethod
    @asynccontextmanager
    async def holder(self) -> AsyncGenerator[Holder]:
        """A process that holds little; it has ended when the block is left."""
        yield NotImplemented

    def press(self) -> None:
        """Makes the system say that it is short of memory, where `can_press`."""
        raise NotImplementedError

    async def live(self) -> None:
        """What the system does by itself; it may be cancelled."""
        await trio.lowlevel.checkpoint()


@attrs.define
class ChildHolder(Holder):
    """A process of this machine."""

    process: trio.Process
    file: Path

    @property
    def process_id(self) -> int:  # type: ignore[override]  # read-only is enough
        """The operating system's number."""
        return self.process.pid

    async def hold(self, kind: str, size_bytes: int) -> None:
        """See Holder."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        if kind == "mapped":
            await trio.to_thread.run_sync(self.file.write_bytes, b"x" * size_bytes)
        with trio.fail_after(REPLY_SECONDS):
            await self.process.stdin.send_all(f"{kind} {size_bytes} {self.file}\n".encode())
            assert await self.process.stdout.receive_some(64) == b"."

    async def end(self) -> None:
        """See Holder."""
        assert self.process.stdin is not None
        await self.process.stdin.aclose()
        with trio.fail_after(REPLY_SECONDS):
            await self.process.wait()


class RealStage(MemoryStage):
    """An adapter that looks at real processes."""

    def __init__(self, memory: Memory, folder: Path) -> None:
        self.memory = memory
        self._file = folder / "mapped"

    @asynccontextmanager
    async def holder(self) -> AsyncGenerator[Holder]:
        """See MemoryStage."""
        process = await trio.lowlevel.open_process(
            [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        child = ChildHolder(process, self._file)
        try:
            await child.hold("private", 1)  # it has started
            yield child
        finally:
            await child.end()
            self._file.unlink(missing_ok=True)


class PortableStage(RealStage):
    """psutil alone, which does not tell a mapped file from what is private."""

    kinds = frozenset({"private", "child"})

    def __init__(self, folder: Path) -> None:
        super().__init__(PortableMemory(), folder)


class LinuxAsMac(MacLibrary):
    """A Mac's library that tells of this machine's processes."""

    def proc_pid_rusage(self, process_id: object, flavor: object, room: object) -> int:
        """What Linux says of the process, in a Mac's words."""
        number: int = getattr(process_id, "value")  # noqa: B009 of a ctypes number
        sizes = read_kibibytes(KernelFiles().text(f"/proc/{number}/status"))
        if "VmRSS" in sizes:
            self.processes[number] = sizes["VmRSS"], sizes["RssAnon"]
        return super().proc_pid_rusage(process_id, flavor, room)


class MacStage(RealStage):
    """The adapter for Macs, on what `LinuxAsMac` says."""

    can_press = True

    def __init__(self, folder: Path) -> None:
        self._library = LinuxAsMac()
        super().__init__(MacMemory(self._library), folder)

    def press(self) -> None:
        """See MemoryStage."""
        self._library.level = 2


class LinuxStage(RealStage):
    """The adapter for Linux. What presses a whole machine is left to tests/real."""

    def __init__(self, folder: Path) -> None:
        super().__init__(LinuxMemory(), folder)


@attrs.define
class SimulatedHolder(Holder):
    """A process that holds what it is said to need."""

    process_id: int
    holding: Holding
    held: ExitStack

    async def hold(self, kind: str, size_bytes: int) -> None:
        """See Holder."""
        need = self.holding.need
        if kind == "mapped":
            more = attrs.evolve(need, weights_bytes=need.weights_bytes + size_bytes)
        else:
            more = attrs.evolve(need, cache_bytes=need.cache_bytes + size_bytes)
        self.holding.need = more

    async def end(self) -> None:
        """See Holder."""
        self.held.close()


class SimulatedStage(MemoryStage):
    """The simulated adapter. Its processes have no children."""

    kinds = frozenset({"private", "mapped"})
    can_press = True

    def __init__(self, _folder: Path) -> None:
        self.memory = self._memory = SimulatedMemory(16 * GIBIBYTE)

    @asynccontextmanager
    async def holder(self) -> AsyncGenerator[Holder]:
        """See MemoryStage."""
        held = ExitStack()
        holding = held.enter_context(self._memory.held(1, "m.gguf", 0.0, held.close))
        holder = SimulatedHolder(1, holding, held)
        try:
            yield holder
        finally:
            await holder.end()

    def press(self) -> None:
        """Other programs take all but little, and a model reads its weights again and again."""
        self._memory.needs["large.gguf"] = MemoryNeed(8 * GIBIBYTE)
        self._large = self._memory.held(2, "large.gguf", 0.0, lambda: None)
        self._large.__enter__()
        self._memory.other_bytes = 15 * GIBIBYTE

    async def live(self) -> None:
        """See MemoryStage."""
        await self._memory.live()
