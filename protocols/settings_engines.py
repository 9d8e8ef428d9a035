"""Reads the `[engines]` table: how models on this machine are run, and what is kept of their work.

Without it llama.cpp runs in a worker of our own where llama-cpp-python is installed, and else in
its own server; up to 8 GiB of what was read of prompts stay on disk.
"""

from __future__ import annotations

from typing import Final, cast

from .settings_data import STATE_GIBIBYTES_MAX, WORKERS, EnginesSettings, WorkerKind
from .settings_table import Table

ENGINES_KEYS: Final = ("worker", "state_gibibytes")


def read_engines(table: Table) -> EnginesSettings:
    """Reads the table. Whatever is wrong is noted and read as absent."""
    unset = EnginesSettings()
    worker = table.choice("worker", WORKERS)
    kept = table.integer("state_gibibytes", 0, STATE_GIBIBYTES_MAX)
    return EnginesSettings(
        unset.worker if worker is None else cast(WorkerKind, worker),
        unset.state_gibibytes if kept is None else kept,
    )
