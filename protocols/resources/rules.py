"""The numbers by which the resource-watcher decides. The user's settings may change some of them.

`floor` is what stays free whatever is asked for: it belongs to the user's other programs. Pressure
counts when it has lasted for `windows` readings in a row, and is over at half its thresholds: what
hovers around one is neither pressed nor relieved every second.
"""

from __future__ import annotations

from typing import Final

import attrs

GIBIBYTE: Final = 1024**3


@attrs.frozen
class MemoryRules:
    """`budget_bytes` is what all models together may take at most; None leaves it to the floor."""

    budget_bytes: int | None = None
    floor_bytes_min: int = GIBIBYTE * 3 // 2
    floor_share: float = 0.08
    floor_share_max: float = 0.25
    """Of a small machine, or a container, the floor is no more than this."""
    margin_bytes_min: int = GIBIBYTE // 16
    margin_share: float = 0.05
    some_percent_pressed: float = 10.0
    full_percent_pressed: float = 2.0
    full_percent_critical: float = 10.0
    windows: int = 2
    cool_down_seconds: float = 15.0
    grace_seconds: float = 30.0
    """After a load, in which pressure alone does not evict it; a load that needs room may."""
    wait_seconds_max: float = 60.0
    """How long a load waits for models that are answering to come to an end."""
    others_seconds_max: float = 5.0
    """How long a load waits for other programs to give memory back, where nothing else helps."""
    leave_seconds: float = 30.0
    """What an evicted model is given to finish what it has begun."""
    critical_leave_seconds: float = 2.0
    reading_seconds: float = 1.0
    """Between two readings where nothing else wakes the watcher."""

    def floor_bytes(self, total_bytes: int) -> int:
        """What stays free on a machine of this size."""
        wanted = max(self.floor_bytes_min, int(total_bytes * self.floor_share))
        return min(wanted, int(total_bytes * self.floor_share_max))

    def margin_bytes(self, need_bytes: int) -> int:
        """What is reserved beyond an estimate of this size that was never measured."""
        return max(self.margin_bytes_min, int(need_bytes * self.margin_share))
