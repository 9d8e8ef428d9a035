"""The calls of a Mac's system library, with what they are documented to say. No Mac was there."""

from __future__ import annotations

import ctypes
import struct
from typing import Any

import attrs


@attrs.define
class MacLibrary:
    """`level` is the kernel's; `processes` have a resident size and a footprint each."""

    level: int = 1
    processes: dict[int, tuple[int, int]] = attrs.field(factory=dict[int, tuple[int, int]])
    says_level: bool = True

    def sysctlbyname(self, name: bytes, value: Any, size: Any, new: Any, new_size: Any) -> int:
        """Writes an int of 32 bits where it is told to."""
        assert (name, new, new_size.value) == (b"kern.memorystatus_vm_pressure_level", None, 0)
        if not self.says_level:
            return -1
        room = ctypes.cast(value, ctypes.POINTER(ctypes.c_int32))
        assert ctypes.cast(size, ctypes.POINTER(ctypes.c_size_t))[0] == ctypes.sizeof(
            ctypes.c_int32
        )
        room[0] = self.level
        return 0

    def proc_pid_rusage(self, process_id: Any, flavor: Any, room: Any) -> int:
        """Fills a rusage_info_v0."""
        assert flavor.value == 0
        if process_id.value not in self.processes:
            return -1
        resident, footprint = self.processes[process_id.value]
        fields = struct.pack("16s10Q", b"u" * 16, 1, 2, 3, 4, 5, 6, resident, footprint, 9, 10)
        assert len(room) == len(fields)
        room.raw = fields
        return 0
