"""How far a search is, on stderr: a bar on a terminal, else a line now and then."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, Protocol

import attrs

from ...io.cli.output import is_terminal, note

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

LINE_SECONDS = 10.0
REDRAW_SECONDS = 0.1


class Counts(Protocol):
    """What is shown of a tally."""

    unit: ClassVar[str]
    """What is run: the plural of its name."""

    @property
    def runs(self) -> int:
        """How many of them were run."""
        ...

    @property
    def failed(self) -> int:
        """How many of those have failed."""
        ...

    def pace(self, seconds: float) -> str:
        """What was run per second of so much real time."""
        ...

    def short_pace(self, seconds: float) -> str:
        """The same in few columns."""
        ...


@attrs.define(eq=False)
class Progress:
    """Shows a tally while it grows. `total` is in its unit, or with `by_time` in seconds."""

    tally: Counts
    total: float
    by_time: bool = False
    begun: float = attrs.field(factory=time.monotonic)
    _shown: float = attrs.field(factory=time.monotonic)
    _bar: Bar | None = None
    _task: TaskID | None = None

    def __enter__(self) -> Progress:
        if is_terminal(sys.stderr):
            self._open_bar()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    @property
    def seconds(self) -> float:
        """Of real time, since the beginning."""
        return max(time.monotonic() - self.begun, 1e-9)

    def update(self) -> None:
        """Shows the tally, if that is due again."""
        now = time.monotonic()
        if now - self._shown < (REDRAW_SECONDS if self._bar else LINE_SECONDS):
            return
        self._shown = now
        if self._bar is None or self._task is None:
            whole = f"{self.total:,.0f} {'s' if self.by_time else self.tally.unit}"
            note(f"{self._words()}, {self.pace()}; {self.done() / self.total:.0%} of {whole}")
        else:
            words = f"{self._words()}, {self.tally.short_pace(self.seconds)}"
            self._bar.update(self._task, completed=self.done(), words=words)

    def done(self) -> float:
        """How much of `total`."""
        return min(self.seconds if self.by_time else self.tally.runs, self.total)

    def pace(self) -> str:
        """What is run per second of real time."""
        return self.tally.pace(self.seconds)

    def _words(self) -> str:
        return f"{self.tally.runs:,} {self.tally.unit}, {self.tally.failed:,} found"

    def _open_bar(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bar

        self._bar = Bar(
            BarColumn(bar_width=10),
            TaskProgressColumn(),
            TextColumn("{task.fields[words]}"),
            TimeRemainingColumn(compact=True),
            console=Console(stderr=True),
            transient=True,
        )
        self._task = self._bar.add_task("", total=self.total, words=self._words())
        self._bar.start()
