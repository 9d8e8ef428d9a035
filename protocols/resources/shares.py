"""How the memory is divided just now, in four parts that make up the whole: for a bar.

`available` counts pages of mapped weights as free, since they can be read again. Who looks at a bar
means something else: what the models hold is theirs. So the parts of the other programs are what
is neither available nor private to a model, and all that the models hold is taken from the rest.
Where too little is left, it is the floor that is not whole.
"""

from __future__ import annotations

import attrs

from .report import WAITING, LeaseLine, MemoryReport


@attrs.frozen
class Shares:
    """Bytes that models hold, that other programs hold, that are free, and that stay free."""

    models_bytes: int
    others_bytes: int
    free_bytes: int
    floor_bytes: int


def divide(report: MemoryReport) -> Shares:
    """Divides the machine's memory as a report tells of it."""
    reading = report.reading
    leases = [lease for lease in report.leases if lease.state != WAITING]
    models = min(sum(_held(lease) for lease in leases), reading.total_bytes)
    private = sum(min(lease.private_bytes, _held(lease)) for lease in leases)
    taken = max(reading.total_bytes - reading.available_bytes - private, 0)
    others = min(taken, reading.total_bytes - models)
    rest = reading.total_bytes - models - others
    floor = min(report.floor_bytes, rest)
    return Shares(models, others, rest - floor, floor)


def _held(lease: LeaseLine) -> int:
    """What it was measured to hold; what it needs as long as nobody measured."""
    return lease.measured_bytes or lease.need.total_bytes
