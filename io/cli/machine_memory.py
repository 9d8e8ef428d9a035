"""This machine's memory as the command line reads it itself: without a server, and for `doctor`.

Read by the same port and judged by the same rules as the server's resource-watcher does, so that
both say the same of the same moment.
"""

from __future__ import annotations

from ...protocols.resources.policy import ResourcePolicy
from ...protocols.resources.reading import MemoryReading
from ...protocols.resources.report import MemoryReport
from ...protocols.settings import Settings
from ...protocols.settings_memory import rules_of


def read_machine() -> MemoryReading:
    """Reads it now."""
    import trio  # the port is asynchronous, and brings what few commands need

    from ..memory.memory import open_memory

    return trio.run(open_memory().read)


def report_of(reading: MemoryReading, settings: Settings) -> MemoryReport:
    """What the watcher would say of a machine on which none of our models runs."""
    policy = ResourcePolicy(rules_of(settings.memory))
    policy.read(reading, 0.0)
    return policy.report(0.0)
