"""How a model of this machine stands to its memory: loaded, or what its load would cost others.

An estimate for advice, from the same report that people read. The resource-watcher alone decides,
when the load is wished for.
"""

from __future__ import annotations

import attrs

from ..resources.report import HELD, LeaseLine, MemoryReport
from .contender import Contender, InMemory


def with_memory(contender: Contender, report: MemoryReport, need_bytes: int) -> Contender:
    """The contender with what a memory report says of it; `need_bytes` is 0 if nobody knows."""
    endpoint = contender.endpoint
    if any(lease.endpoint == endpoint and lease.state == HELD for lease in report.leases):
        return attrs.evolve(contender, memory=InMemory.LOADED, need_bytes=need_bytes)
    if not need_bytes:
        return contender
    contender = attrs.evolve(contender, cached=False)  # what it had read has left with it
    lacking = need_bytes - _room_bytes(report)
    if lacking <= 0:
        return attrs.evolve(contender, memory=InMemory.FITS, need_bytes=need_bytes)
    leaving = _leaving(report, lacking)
    memory = InMemory.EVICTS if leaving else InMemory.TOO_LARGE
    return attrs.evolve(contender, memory=memory, need_bytes=need_bytes, evicts=leaving)


def _room_bytes(report: MemoryReport) -> int:
    """What a load may have now."""
    free = report.reading.available_bytes - report.floor_bytes
    return min(free, report.budget_bytes - report.reserved_bytes)


def _leaving(report: MemoryReport, lacking_bytes: int) -> tuple[str, ...]:
    """Who would have to go, the longest idle first; () if all that may go is too little."""
    may_go = [each for each in report.leases if each.state == HELD and not each.pinned]
    may_go.sort(key=lambda lease: (lease.answers > 0, -lease.idle_seconds, lease.lease))
    names: list[str] = []
    for lease in may_go:
        if lacking_bytes <= 0:
            break
        names.append(f"{lease.endpoint}/{lease.model}")
        lacking_bytes -= _held_bytes(lease)
    return tuple(names) if lacking_bytes <= 0 else ()


def _held_bytes(lease: LeaseLine) -> int:
    return lease.measured_bytes or lease.need.total_bytes
