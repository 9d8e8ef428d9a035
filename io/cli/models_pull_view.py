"""How far a pull is, for people: one bar on a terminal, a line at each tenth everywhere else.

Bytes, rate and the time that is left are of what is fetched now: what was here before counts as
done, and not for the rate. Then each file is read again and checked, which has a bar of its own.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from ...protocols.models.hub_names import shown
from ..models.hub_pull import PullProgress, Report
from .build_view import BAR_COLUMNS_MIN, duration
from .model_words import size_in_words
from .output import is_terminal, note

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

LINES: Final = 10
"""How often it is told where there is no terminal: at each tenth."""
SHOWN_SECONDS_MIN: Final = 0.1
"""Between two changes of a bar: more are not seen, and cost what the network needs."""
NAME_CHARACTERS_MAX: Final = 40


@contextmanager
def showing_pull(clock: Callable[[], float] = time.monotonic) -> Generator[Report]:
    """Gives what is to be told of each step while the block runs."""
    if is_terminal(sys.stderr):
        with _bars() as bars:
            yield _Bars(bars, clock).show
    else:
        yield _Words(clock).tell


def title(progress: PullProgress) -> str:
    """The file that is at it, and which of how many."""
    name = shown(progress.file.path.rpartition("/")[2], NAME_CHARACTERS_MAX)
    return name if progress.count == 1 else f"{name} ({progress.number}/{progress.count})"


class _Words:
    """A line at each tenth of the whole, and one when a file is checked."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._started: tuple[float, int] | None = None
        self._told = -1
        self._checked = ""

    def tell(self, progress: PullProgress) -> None:
        if self._started is None:
            self._started = self._clock(), progress.done_bytes
            self._told = progress.done_bytes * LINES // max(1, progress.size_bytes)
        if progress.file.checking:
            if self._checked != progress.file.path:
                self._checked = progress.file.path
                note(f"checking {title(progress)}")
            return
        tenth = progress.done_bytes * LINES // max(1, progress.size_bytes)
        if tenth > self._told:
            self._told = tenth
            note(f"{title(progress)}: {self._numbers(progress)}")

    def _numbers(self, progress: PullProgress) -> str:
        assert self._started is not None
        started, bytes_before = self._started
        seconds = self._clock() - started
        percent = 100 * progress.done_bytes // max(1, progress.size_bytes)
        done, whole = size_in_words(progress.done_bytes), size_in_words(progress.size_bytes)
        words = f"{percent} %, {done} of {whole}"
        rate = (progress.done_bytes - bytes_before) / seconds if seconds > 0 else 0.0
        if rate <= 0:
            return words
        left = duration((progress.size_bytes - progress.done_bytes) / rate)
        return f"{words}, {size_in_words(round(rate))}/s, {left} left"


class _Bars:
    """A bar for all that is fetched, and one for each file that is checked."""

    def __init__(self, bars: Bars, clock: Callable[[], float]) -> None:
        self._bars = bars
        self._clock = clock
        self._fetching: Any = None
        self._checking: tuple[str, Any] | None = None
        self._shown = -SHOWN_SECONDS_MIN

    def show(self, progress: PullProgress) -> None:
        file = progress.file
        now = self._clock()
        is_end = file.done_bytes == file.size_bytes
        if now - self._shown < SHOWN_SECONDS_MIN and not is_end:
            return
        self._shown = now
        if self._fetching is None:
            done = progress.done_bytes
            self._fetching = self._bars.add_task("", total=progress.size_bytes, completed=done)
        self._bars.update(
            self._fetching, completed=progress.done_bytes, description=title(progress)
        )
        if file.checking:
            if self._checking is None or self._checking[0] != file.path:
                bar = self._bars.add_task(f"checking {title(progress)}", total=file.size_bytes)
                self._checking = file.path, bar
            self._bars.update(self._checking[1], completed=file.done_bytes)


@contextmanager
def _bars() -> Generator[Bars]:
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        DownloadColumn,
        ProgressColumn,
        TextColumn,
        TimeRemainingColumn,
        TransferSpeedColumn,
    )
    from rich.progress import Progress as Bars

    console = Console(stderr=True)
    columns: list[ProgressColumn] = [
        TextColumn("{task.description}", markup=False),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(compact=True),
    ]
    if console.width >= BAR_COLUMNS_MIN:
        columns.insert(1, BarColumn(bar_width=None))
    with Bars(*columns, console=console, expand=console.width >= BAR_COLUMNS_MIN) as bars:
        yield bars
