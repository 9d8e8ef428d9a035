"""The two calls of macOS's system library that the memory of a Mac needs, by ctypes.

Sources: Apple's open XNU, bsd/sys/resource.h (struct rusage_info_v0), libsyscall/wrappers/libproc/
libproc.h (proc_pid_rusage), and sysctl(3). Never run on a Mac: tests hand in a library of their own
which fills the same bytes.
"""

from __future__ import annotations

import ctypes
import struct
from typing import Any, Final

LEVEL_NAME: Final = b"kern.memorystatus_vm_pressure_level"
RUSAGE_INFO_V0: Final = 0
_RUSAGE: Final = struct.Struct("16s10Q")
"""A uuid, then user and system time, two counts of wakeups, page-ins, wired size, resident size,
footprint, and two moments."""
_RESIDENT: Final = 7
_FOOTPRINT: Final = 8


def pressure_level(library: Any) -> int:
    """The kernel's word for its state: 1, 2 or 4; 0 if it does not say."""
    value = ctypes.c_int(0)
    size = ctypes.c_size_t(ctypes.sizeof(value))
    failed = library.sysctlbyname(
        LEVEL_NAME, ctypes.byref(value), ctypes.byref(size), None, ctypes.c_size_t(0)
    )
    return 0 if failed else value.value


def resident_and_footprint(library: Any, process_id: int) -> tuple[int, int] | None:
    """What a process has in memory, and what its end would free, in bytes; None if not told."""
    room = ctypes.create_string_buffer(_RUSAGE.size)
    if library.proc_pid_rusage(ctypes.c_int(process_id), ctypes.c_int(RUSAGE_INFO_V0), room):
        return None
    fields = _RUSAGE.unpack(room.raw)
    return fields[_RESIDENT], fields[_FOOTPRINT]
