"""Reads the `[memory]` table: what models on this machine may take of it, and how long they stay.

Without it they may take what the machine has above a floor, and go after ten idle minutes.
"""

from __future__ import annotations

from math import inf
from typing import Final

from .resources.rules import GIBIBYTE, MemoryRules
from .settings_data import (
    IDLE_MINUTES_MAX,
    MEMORY_GIBIBYTES_MAX,
    EndpointSettings,
    MemorySettings,
)
from .settings_table import Table

MEMORY_KEYS: Final = ("budget_gibibytes", "keep_free_gibibytes", "idle_minutes", "worker_limit")
MINUTE_SECONDS: Final = 60.0


def read_memory(table: Table) -> MemorySettings:
    """Reads the table. Whatever is wrong is noted and read as absent."""
    idle_minutes = read_idle_minutes(table)
    return MemorySettings(
        table.number("budget_gibibytes", 0, MEMORY_GIBIBYTES_MAX),
        table.number("keep_free_gibibytes", 0, MEMORY_GIBIBYTES_MAX),
        MemorySettings().idle_minutes if idle_minutes is None else idle_minutes,
        table.boolean("worker_limit", unset=True),
    )


def read_idle_minutes(table: Table) -> float | None:
    """How long a model may be idle; 0 for ever. An endpoint has the same key for itself."""
    return table.number("idle_minutes", 0, IDLE_MINUTES_MAX)


def rules_of(memory: MemorySettings) -> MemoryRules:
    """The rules that the resource-watcher goes by. A floor that the user names is the whole one."""
    budget, floor = memory.budget_gibibytes, memory.keep_free_gibibytes
    budget_bytes = None if budget is None else int(budget * GIBIBYTE)
    if floor is None:
        return MemoryRules(budget_bytes=budget_bytes)
    return MemoryRules(
        budget_bytes=budget_bytes,
        floor_bytes_min=int(floor * GIBIBYTE),
        floor_share=0.0,
        floor_share_max=1.0,
    )


def idle_seconds_of(endpoint: EndpointSettings, memory: MemorySettings) -> float:
    """How long a model of this endpoint may be idle before it goes."""
    minutes = memory.idle_minutes if endpoint.idle_minutes is None else endpoint.idle_minutes
    return minutes * MINUTE_SECONDS or inf
