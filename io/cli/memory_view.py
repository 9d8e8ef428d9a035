"""A memory report as lines of at most 80 columns: the machine, the leases, the newest decisions.

The same lines on a terminal and elsewhere; a line is made of spans, each with a colour that means
something and is never needed to read it. Sizes in the table are written as `free -h` writes them.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ...protocols.resources.reading import MemoryReading
from ...protocols.resources.report import (
    CRITICAL,
    NORMAL,
    PRESSED,
    DecisionLine,
    LeaseLine,
    MemoryReport,
)
from ...protocols.resources.shares import divide
from ...protocols.resources.words import (
    STATES,
    describe_decision,
    describe_duration,
    describe_lease,
    describe_model,
    describe_size,
)

Span = tuple[str, str]
"""A text and its colour, or BOLD; "" is the terminal's own."""
Line = tuple[Span, ...]

BOLD: Final = "bold"
COLUMNS_MAX: Final = 80
INDENT: Final = "  "
NAME_COLUMNS: Final = 10
AGO_COLUMNS: Final = 7
DECISIONS_SHOWN: Final = 8
LEASE_HEADINGS: Final = ("model", "state", "needs", "weights", "cache", "buffers", "holds")
LEASE_COLUMNS: Final = (24, 12, 6, 7, 6, 7, 6)
"""With a space of two between them: 80."""
STATE_COLOURS: Final[Mapping[str, str]] = {NORMAL: "green", PRESSED: "yellow", CRITICAL: "red"}
DECISION_COLOURS: Final[Mapping[str, str]] = {"evicted": "yellow", "refused": "red"}
PINNED: Final = "* pinned: asked to leave only when memory is critically short"


def report_lines(report: MemoryReport, *, decisions: int = DECISIONS_SHOWN) -> list[Line]:
    """All of it, with so many of the newest decisions."""
    return [
        *_machine(report),
        (),
        *_bar(report),
        (),
        *(_leases(report.leases) if report.leases else [_plain("No model is loaded.")]),
        *(_decisions(report, decisions) if report.decisions and decisions else []),
    ]


def text_of(line: Line) -> str:
    """A line without its colours."""
    return "".join(text for text, _ in line).rstrip()


def _machine(report: MemoryReport) -> Iterator[Line]:
    reading = report.reading
    words = STATES.get(report.state, report.state)
    yield ("Memory: ", BOLD), (words, STATE_COLOURS.get(report.state, ""))
    yield from _fact(
        "machine",
        f"{describe_size(reading.total_bytes)} in all, {describe_size(reading.available_bytes)} "
        f"available; bounded by {reading.limit}",
    )
    yield from _fact(
        "models",
        f"{describe_size(report.reserved_bytes)} reserved of {describe_size(report.budget_bytes)} "
        f"at most; {describe_size(report.floor_bytes)} stay free for others",
    )
    yield from _fact("pressure", _pressure(reading))
    yield from _fact("swap", _swap(reading))
    for gpu in reading.gpus:
        free = f"{describe_size(gpu.free_bytes)} of {describe_size(gpu.total_bytes)} free"
        yield from _fact("GPU", f"{gpu.name}: {free}")


def _pressure(reading: MemoryReading) -> str:
    if reading.pressure is not None:
        some, full = reading.pressure.some_percent, reading.pressure.full_percent
        return f"some {some:.1f} %, full {full:.1f} % of the last 10 s spent waiting for memory"
    if reading.level:
        return f"the system says: {reading.level.name.lower()}"
    return "this system does not say"


def _swap(reading: MemoryReading) -> str:
    if not reading.swap_total_bytes:
        return "none"
    used = reading.swap_total_bytes - reading.swap_free_bytes
    return f"{describe_size(used)} of {describe_size(reading.swap_total_bytes)} used"


def _bar(report: MemoryReport) -> Iterator[Line]:
    """The whole memory as a bar, and what its parts are. A part that is not nothing is seen."""
    shares = divide(report)
    parts = (
        ("█", "models", shares.models_bytes, "cyan"),
        ("▒", "other programs", shares.others_bytes, ""),
        ("·", "free", shares.free_bytes, "green"),
        ("─", "floor", shares.floor_bytes, "yellow"),
    )
    widths = _widths([size for _, _, size, _ in parts], COLUMNS_MAX)
    yield tuple(
        (sign * width, colour) for (sign, _, _, colour), width in zip(parts, widths, strict=True)
    )
    yield tuple(
        (f"{sign} {name} {describe_size(size)}{INDENT}", colour)
        for sign, name, size, colour in parts
    )


def _widths(sizes: Sequence[int], columns: int) -> list[int]:
    """Divides the columns by size; the largest part takes what rounding leaves or wants."""
    total = sum(sizes) or 1
    widths = [max(round(size * columns / total), 1) if size else 0 for size in sizes]
    widths[sizes.index(max(sizes))] += columns - sum(widths)
    return widths


def _leases(leases: Sequence[LeaseLine]) -> Iterator[Line]:
    yield ((_row(LEASE_HEADINGS), BOLD),)
    for lease in leases:
        mark = "*" if lease.pinned else ""
        who = _cut(describe_model(lease.model, lease.endpoint), LEASE_COLUMNS[0] - len(mark))
        need = lease.need
        sizes = (need.total_bytes, need.weights_bytes, need.cache_bytes, need.buffers_bytes)
        cells = [short_size(size) for size in (*sizes, lease.measured_bytes)]
        yield _plain(_row((f"{who}{mark}", describe_lease(lease), *cells)))
    if any(lease.pinned for lease in leases):
        yield _plain(PINNED)


def _row(cells: Sequence[str]) -> str:
    """Texts to the left, sizes to the right."""
    padded = [
        cell.ljust(width) if index < 2 else cell.rjust(width)
        for index, (cell, width) in enumerate(zip(cells, LEASE_COLUMNS, strict=True))
    ]
    return INDENT.join(padded)


def _decisions(report: MemoryReport, count: int) -> Iterator[Line]:
    yield ()
    yield (("ago".rjust(AGO_COLUMNS) + INDENT + "decision", BOLD),)
    for decision in reversed(report.decisions[-count:]):
        yield from _decision(decision, report.now_seconds)


def _decision(decision: DecisionLine, now_seconds: float) -> Iterator[Line]:
    ago = describe_duration(now_seconds - decision.at_seconds).rjust(AGO_COLUMNS)
    colour = DECISION_COLOURS.get(decision.kind, "")
    for text in _folded(describe_decision(decision), AGO_COLUMNS + len(INDENT)):
        yield (f"{ago}{INDENT}", ""), (text, colour)
        ago = " " * AGO_COLUMNS


def _fact(name: str, words: str) -> Iterator[Line]:
    head = name.ljust(NAME_COLUMNS)
    for text in _folded(words, len(INDENT) + NAME_COLUMNS):
        yield _plain(f"{INDENT}{head}{text}")
        head = " " * NAME_COLUMNS


def _folded(words: str, indent_columns: int) -> list[str]:
    return textwrap.wrap(words, COLUMNS_MAX - indent_columns, break_on_hyphens=False) or [""]


def _plain(text: str) -> Line:
    return ((text, ""),)


def _cut(text: str, columns: int) -> str:
    return text if len(text) <= columns else f"{text[: columns - 1]}…"


def short_size(size_bytes: int) -> str:
    """`5.0Gi`, `812Mi`, `-` for nothing: at most six columns below a tebibyte."""
    return describe_size(size_bytes).replace(" ", "").removesuffix("B") if size_bytes else "-"
