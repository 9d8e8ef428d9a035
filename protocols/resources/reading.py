"""What was read of this machine's memory at one moment: the only input the policy has of it.

All sizes are in bytes. `available` is what a program could take now without anyone being pushed
out: the least of what the kernel says of the machine and what is left below the tightest limit of
a control group above us. Mapped files that could be read again do not count as taken.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Final

import attrs

MACHINE: Final = "the machine"
"""What bounds the memory where no control group does."""


class PressureLevel(IntEnum):
    """How the system itself calls its state, where it does (macOS)."""

    UNKNOWN = 0
    NORMAL = 1
    WARNING = 2
    CRITICAL = 4


@attrs.frozen
class Pressure:
    """Shares of the last 10 s, in percent, in which some task, or every task, waited for memory.

    Source: the Linux kernel's documentation, accounting/psi.rst, avg10.
    """

    some_percent: float = 0.0
    full_percent: float = 0.0


@attrs.frozen
class GpuMemory:
    """The memory of one GPU."""

    name: str
    total_bytes: int
    free_bytes: int


@attrs.frozen
class MemoryReading:
    """The machine's memory. `limit` names what bounds it; `pressure` is None if nobody says."""

    total_bytes: int
    available_bytes: int
    limit: str = MACHINE
    pressure: Pressure | None = None
    level: PressureLevel = PressureLevel.UNKNOWN
    swap_total_bytes: int = 0
    swap_free_bytes: int = 0
    gpus: tuple[GpuMemory, ...] = ()


@attrs.frozen
class ProcessMemory:
    """What one process holds.

    Its end frees `private_bytes` for certain. `file_bytes` are pages of mapped files (a model's
    weights): they are given back whenever somebody needs them, at the cost of reading them again.
    """

    private_bytes: int
    file_bytes: int
