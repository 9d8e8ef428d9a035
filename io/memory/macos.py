"""The memory of a Mac: psutil's figures, and the kernel's own word for how pressed it is.

Never run on a Mac: written to Apple's interfaces (`darwin_calls`), and tested with their library
replaced by one that says what they are documented to say.

psutil's `available` counts inactive pages, which macOS takes when it needs them. The level of
pressure (normal, warning, critical) is what Apple's own tools go by; it is looked at each second. A
process's footprint is what Activity Monitor calls its memory: what it has written, compressed or
not, and what a GPU holds for it; mapped files are not among it.
"""

from __future__ import annotations

import ctypes
from typing import Any, Final

import psutil
import trio

from ...protocols.resources.reading import PressureLevel, ProcessMemory
from .darwin_calls import pressure_level, resident_and_footprint
from .portable import PortableMemory

POLL_SECONDS: Final = 1.0
PRESSED_LEVELS: Final = frozenset({PressureLevel.WARNING, PressureLevel.CRITICAL})


class MacMemory(PortableMemory):
    """Asks psutil and the system's library, which tests replace."""

    def __init__(self, library: Any = None) -> None:
        self._library = ctypes.CDLL(None) if library is None else library

    async def pressed(self) -> None:
        """See `Memory.pressed`."""
        while True:
            await trio.sleep(POLL_SECONDS)
            if self._level() in PRESSED_LEVELS:
                return

    def _level(self) -> PressureLevel:
        try:
            return PressureLevel(pressure_level(self._library))
        except ValueError:  # a level that no header of today names
            return PressureLevel.UNKNOWN

    def _one(self, process: psutil.Process) -> ProcessMemory:
        told = resident_and_footprint(self._library, process.pid)
        if told is None:
            return super()._one(process)
        resident, footprint = told
        return ProcessMemory(footprint, max(0, resident - footprint))
