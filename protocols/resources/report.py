"""What the resource-watcher tells people: the machine, who holds what, and what it did and why.

The same for `understudy memory`, the page, the log and tests. Times are those of the actors' clock;
whoever shows them subtracts from `now_seconds`.
"""

from __future__ import annotations

from typing import Final

import attrs

from ..actor import Message
from .need import MemoryNeed
from .reading import MemoryReading

NORMAL: Final = "normal"
PRESSED: Final = "pressed"
CRITICAL: Final = "critical"

WAITING: Final = "waiting"
LOADING: Final = "loading"
HELD: Final = "held"
LEAVING: Final = "leaving"


@attrs.frozen
class LeaseLine:
    """One lease: a model of an endpoint, what it needs and, once it was measured, what it holds.

    `private_bytes` of the measured ones are its own; the rest are pages of mapped files.
    """

    lease: int
    endpoint: str
    model: str
    state: str
    need: MemoryNeed
    measured_bytes: int = 0
    answers: int = 0
    idle_seconds: float = 0.0
    pinned: bool = False
    private_bytes: int = 0


@attrs.frozen
class DecisionLine:
    """One decision: what was done about which model, why in words with numbers, what it freed.

    `kind` is "granted", "refused", "evicted" or "released". An eviction's `freed_bytes` are what
    the machine had more afterwards; until then what is expected.
    """

    at_seconds: float
    kind: str
    endpoint: str
    model: str
    why: str
    freed_bytes: int = 0


@attrs.frozen
class MemoryReport:
    """Everything at one moment. `decisions` has the newest last."""

    now_seconds: float
    state: str
    reading: MemoryReading
    budget_bytes: int
    floor_bytes: int
    reserved_bytes: int
    leases: tuple[LeaseLine, ...] = ()
    decisions: tuple[DecisionLine, ...] = ()


@attrs.frozen
class DescribeMemory(Message[MemoryReport]):
    """To the resource-watcher: how is the memory, and what have you done? Answered at once."""
