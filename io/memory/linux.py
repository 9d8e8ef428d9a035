"""The memory of a Linux machine: /proc, the control groups above us, and the GPUs.

`available` is the least of what the kernel says of the machine and what is left below each group's
limit; whichever is least is named. The pressure is the worse of the machine's and of our group's:
other programs press the one, a limit of our own the other.

Each reading opens its files anew: that costs a few microseconds more than keeping them open, and
survives every change of groups. It is done in a thread, because the kernel may take milliseconds
to add up a large group's counters.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import attrs
import trio

from ...protocols.resources.reading import MACHINE, MemoryReading, Pressure, ProcessMemory
from ..ports import Memory
from .control_groups import GroupPlaces
from .gpu import Gpus
from .group_reader import GroupReader
from .kernel_files import KernelFiles
from .pressure_trigger import wait_for_pressure
from .proc_texts import available_bytes, read_kibibytes, read_pressure, worse
from .process_tree import read_tree

PRESSURE_FILE: Final = "/proc/pressure/memory"


class LinuxMemory(Memory):
    """Reads the kernel's files below a folder, which is / but for tests."""

    def __init__(self, root: Path = Path("/"), gpus: Gpus | None = None) -> None:
        self._files = KernelFiles(root)
        self._groups = GroupReader(self._files)
        self._gpus = gpus or Gpus()

    async def read(self) -> MemoryReading:
        """See `Memory.read`."""
        reading = await trio.to_thread.run_sync(self._read)
        return attrs.evolve(reading, gpus=await self._gpus.read())

    async def process(self, process_id: int) -> ProcessMemory | None:
        """See `Memory.process`."""
        return await trio.to_thread.run_sync(read_tree, self._files, process_id)

    async def pressed(self) -> None:
        """See `Memory.pressed`."""
        await wait_for_pressure(
            self._files.path(PRESSURE_FILE), lambda: self._pressure(self._groups.places)
        )

    def _read(self) -> MemoryReading:
        sizes = read_kibibytes(self._files.text("/proc/meminfo"))
        total, available, limit = sizes.get("MemTotal", 0), available_bytes(sizes), MACHINE
        places = self._groups.places
        for bound in self._groups.bounds(places):
            total = min(total, bound.limit_bytes)
            if bound.headroom_bytes < available:
                available, limit = bound.headroom_bytes, bound.name
        return MemoryReading(
            total,
            min(available, total),
            limit,
            self._pressure(places),
            swap_total_bytes=sizes.get("SwapTotal", 0),
            swap_free_bytes=sizes.get("SwapFree", 0),
        )

    def _pressure(self, places: GroupPlaces) -> Pressure | None:
        machine = read_pressure(self._files.text(PRESSURE_FILE))
        return worse(machine, self._groups.pressure(places))
