"""A memory report in words: the same for the log, the page, `understudy memory` and `doctor`.

Pure, so that what was logged and what is shown cannot differ. Sizes are binary and rounded to what
a person compares: tenths of a GiB, whole MiB below. A decision is one line without an end mark:
who, what was done, what that frees, and after a colon why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .report import CRITICAL, HELD, NORMAL, PRESSED, DecisionLine, LeaseLine

KIBIBYTE: Final = 1024
MEBIBYTE: Final = 1024**2
GIBIBYTE: Final = 1024**3
MINUTE_SECONDS: Final = 60
HOUR_SECONDS: Final = 3600
DAY_SECONDS: Final = 86400

DEEDS: Final[Mapping[str, str]] = {
    "granted": "may load",
    "refused": "was refused",
    "evicted": "is asked to leave",
    "released": "has left",
}
"""What is said of a model, by the kind of the decision."""
FREED: Final[Mapping[str, str]] = {"evicted": "which frees", "released": "which freed"}
"""The kinds that free something, with the words before how much."""
STATES: Final[Mapping[str, str]] = {
    NORMAL: "there is memory enough",
    PRESSED: "the machine is short of memory",
    CRITICAL: "the machine is critically short of memory",
}
"""What is said of the machine, by the report's state."""


def describe_decision(decision: DecisionLine) -> str:
    """One line: `local/qwen3 is asked to leave, which frees 4.1 GiB: idle for 3 min, and …`."""
    deed = DEEDS.get(decision.kind, decision.kind)
    words = f"{describe_model(decision.model, decision.endpoint)} {deed}"
    if decision.kind in FREED and decision.freed_bytes > 0:
        words += f", {FREED[decision.kind]} {describe_size(decision.freed_bytes)}"
    return f"{words}: {decision.why}" if decision.why else words


def describe_model(model: str, endpoint: str) -> str:
    """The id under which clients ask for it."""
    return f"{endpoint}/{model}"


def describe_lease(lease: LeaseLine) -> str:
    """What a lease's model does now: `answering 2`, `idle 3 min`, `loading`."""
    if lease.state != HELD:
        return lease.state
    if lease.answers:
        return f"answering {lease.answers}" if lease.answers > 1 else "answering"
    return f"idle {describe_duration(lease.idle_seconds)}"


def describe_size(size_bytes: int) -> str:
    """`128 GiB`, `4.1 GiB`, `812 MiB`, `9 KiB`; a negative size is what is missing."""
    if size_bytes == 0:
        return "0 GiB"
    size = abs(size_bytes)
    sign = "-" if size_bytes < 0 else ""
    if size >= 100 * GIBIBYTE:
        return f"{sign}{size / GIBIBYTE:.0f} GiB"
    if size >= 1000 * MEBIBYTE:
        return f"{sign}{size / GIBIBYTE:.1f} GiB"
    if size >= MEBIBYTE:
        return f"{sign}{size / MEBIBYTE:.0f} MiB"
    return f"{sign}{size / KIBIBYTE:.0f} KiB"


def describe_duration(seconds: float) -> str:
    """The greatest whole unit alone: `40 s`, `3 min`, `2 h`, `5 d`."""
    whole = max(int(seconds), 0)
    for name, unit_seconds in (("d", DAY_SECONDS), ("h", HOUR_SECONDS), ("min", MINUTE_SECONDS)):
        if whole >= unit_seconds:
            return f"{whole // unit_seconds} {name}"
    return f"{whole} s"
