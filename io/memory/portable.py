"""The memory of any machine that psutil knows: without groups, pressure or shares of pages.

What other systems have beyond that is added by an adapter of their own (`macos`).
"""

from __future__ import annotations

import psutil
import trio

from ...protocols.resources.reading import MemoryReading, PressureLevel, ProcessMemory
from ..ports import Memory


class PortableMemory(Memory):
    """Asks psutil."""

    async def read(self) -> MemoryReading:
        """See `Memory.read`."""
        return await trio.to_thread.run_sync(self._read)

    async def process(self, process_id: int) -> ProcessMemory | None:
        """See `Memory.process`."""
        return await trio.to_thread.run_sync(self._process, process_id)

    async def pressed(self) -> None:
        """See `Memory.pressed`: here nobody says it."""
        await trio.sleep_forever()

    def _read(self) -> MemoryReading:
        memory, swap = psutil.virtual_memory(), psutil.swap_memory()
        return MemoryReading(
            memory.total,
            memory.available,
            level=self._level(),
            swap_total_bytes=swap.total,
            swap_free_bytes=swap.free,
        )

    def _level(self) -> PressureLevel:
        """How the system itself calls its state."""
        return PressureLevel.UNKNOWN

    def _process(self, process_id: int) -> ProcessMemory | None:
        private = mapped = 0
        try:
            process = psutil.Process(process_id)
            if process.status() == psutil.STATUS_ZOMBIE:
                return None
            for each in (process, *process.children(recursive=True)):
                held = self._one(each)
                private, mapped = private + held.private_bytes, mapped + held.file_bytes
        except psutil.Error:  # gone, or not ours to see
            return None
        return ProcessMemory(private, mapped)

    def _one(self, process: psutil.Process) -> ProcessMemory:
        """What one process holds; raises psutil.Error."""
        unique = process.memory_full_info().uss
        return ProcessMemory(unique, max(0, process.memory_info().rss - unique))
