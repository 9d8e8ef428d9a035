"""How far a build is, for people: bars on a terminal, a line now and then everywhere else.

Each phase is a line of its own that stays when it is done, with the time it took. A narrow terminal
gets no bar, but the numbers. All of it goes to stderr: the result alone is for stdout.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from ..engines.build_output import Phase, Progress
from .output import is_terminal, note

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

BAR_COLUMNS_MIN: Final = 60
"""A terminal narrower than this has no room for a bar."""
LINES_PER_PHASE: Final = 4
"""How often a phase is told where there is no terminal: at each quarter."""
MEGABYTE: Final = 1_000_000

Report = Callable[[Progress], None]


@contextmanager
def showing_progress() -> Generator[Report]:
    """Gives what is to be told of each step while the block runs."""
    if is_terminal(sys.stderr):
        with _bars() as bars:
            yield _Lines(bars).show
    else:
        yield _Words().tell


def counted(progress: Progress) -> str:
    """How far it is, in numbers; "" where nobody knows."""
    if not progress.total:
        return ""
    if progress.phase is Phase.SOURCE:
        return f"{progress.done / MEGABYTE:.0f}/{progress.total / MEGABYTE:.0f} MB"
    return f"{progress.done}/{progress.total}"


def duration(seconds: float) -> str:
    """For people: `3 min 04 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


class _Words:
    """One line when a phase begins, and at each quarter of it."""

    def __init__(self) -> None:
        self._told: tuple[Phase, int] | None = None

    def tell(self, progress: Progress) -> None:
        quarter = progress.total and progress.done * LINES_PER_PHASE // progress.total
        if self._told != (progress.phase, quarter):
            self._told = progress.phase, quarter
            note(f"{progress.phase} {counted(progress)}".rstrip())


class _Lines:
    """One bar for each phase that has begun."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._phase: Phase | None = None
        self._bar: Any = None

    def show(self, progress: Progress) -> None:
        if progress.phase is not self._phase:
            if self._phase is not None and not progress.failed:
                self._bars.update(self._bar, total=1, completed=1, count="")
            self._phase = progress.phase
            self._bar = self._bars.add_task(progress.phase, total=None, count="")
        if progress.total:
            self._bars.update(
                self._bar,
                total=progress.total,
                completed=progress.done,
                count=counted(progress),
            )


@contextmanager
def _bars() -> Generator[Bars]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        ProgressColumn,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns: list[ProgressColumn] = [
        SpinnerColumn(finished_text="[green]ok[/]"),
        TextColumn("{task.description}"),
        TextColumn("{task.fields[count]}"),
        TimeElapsedColumn(),
    ]
    if console.width >= BAR_COLUMNS_MIN:
        columns.insert(2, BarColumn(bar_width=None))
    with Bars(*columns, console=console, expand=console.width >= BAR_COLUMNS_MIN) as bars:
        yield bars
        for task in bars.tasks:
            if not task.finished:
                bars.update(task.id, total=1, completed=1, count="")


def stopwatch() -> Callable[[], float]:
    """Counts the seconds from now on."""
    started = time.monotonic()
    return lambda: time.monotonic() - started
