"""Reports of memory that the tests of `understudy memory` show."""

from __future__ import annotations

from typing import Final

import attrs
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.reading import GpuMemory, MemoryReading, Pressure
from understudy.protocols.resources.report import DecisionLine, LeaseLine, MemoryReport

MIB: Final = 2**20
GIB: Final = 2**30

EMPTY: Final = MemoryReport(
    0.0, "normal", MemoryReading(16 * GIB, 12 * GIB), 10 * GIB + GIB // 2, 3 * GIB // 2, 0
)

_QWEN: Final = MemoryNeed(4 * GIB + 700 * MIB, 1152 * MIB, 304 * MIB, 32768, 36864)
_PHI: Final = MemoryNeed(2 * GIB + 300 * MIB, 768 * MIB, 250 * MIB, 8192, 98304)
_EMBEDDING: Final = MemoryNeed(140 * MIB, 0, 64 * MIB)

BUSY: Final = MemoryReport(
    1000.0,
    "pressed",
    MemoryReading(
        16 * GIB,
        8 * GIB,
        "the control group /user.slice/user-1000.slice",
        Pressure(12.5, 0.31),
        swap_total_bytes=2 * GIB,
        swap_free_bytes=GIB,
        gpus=(GpuMemory("NVIDIA GeForce RTX 4070", 12 * GIB, 11 * GIB),),
    ),
    12 * GIB,
    3 * GIB // 2,
    10 * GIB,
    (
        LeaseLine(
            1,
            "local",
            "qwen3-coder-8b-instruct-q4_k_m",
            "held",
            _QWEN,
            6 * GIB,
            answers=2,
            private_bytes=GIB + GIB // 2,
        ),
        LeaseLine(
            2, "phi", "phi", "leaving", _PHI, 3 * GIB, idle_seconds=320.0, private_bytes=GIB
        ),
        LeaseLine(3, "vectors", "nomic", "held", _EMBEDDING, 0, idle_seconds=75.0, pinned=True),
        LeaseLine(4, "other", "gemma", "waiting", _PHI),
    ),
    (
        DecisionLine(120.0, "granted", "vectors", "nomic", "it needs 204 MiB of 9.1 GiB"),
        DecisionLine(
            990.0, "evicted", "phi", "phi", "other/gemma needs 3.3 GiB, 1.5 GiB are free, and "
            "it has been idle for 5 min", 3 * GIB
        ),
        DecisionLine(
            998.5, "refused", "big", "llama-70b", "it needs 41.2 GiB, more than the 12.0 GiB that "
            "models may take on this machine"
        ),
    ),
)  # fmt: skip

ALONE: Final = attrs.evolve(BUSY, leases=(), decisions=(), state="critical")
