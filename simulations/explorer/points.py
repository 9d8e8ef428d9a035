"""Points of the exhaustive sets instead of seeds: all of some sets, some drawn by a key, or one.

What is found is not made small: a point is one thing tried at one place, and small already. Points
of one set whose first complaints differ only in numbers are one finding, shown at the first.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Sequence
from time import monotonic
from typing import Any, ClassVar

import attrs
import click

from ...io.cli.errors import CannotRun
from ...io.cli.output import show_json, spinner
from ...io.cli.simulate import Plan
from ..exhaustive.draw_set import DRAWN, draw_points
from ..exhaustive.points import NotAPoint, Point
from ..exhaustive.sets import exhaustive_sets, run_point
from ..world.product import Product
from .jobs import interrupts_held
from .progress import Progress
from .report import COMMAND, counted, show_found
from .runner import load
from .search import search
from .tally import Finding, Kinds, rate


@attrs.frozen
class PointRunner:
    """Runs one point in whatever process it is; see Runner."""

    product: str

    def __call__(self, point: Point) -> tuple[str, ...]:
        """What is wrong at the point."""
        return run_point(point, load(self.product))


@attrs.define(eq=False)
class PointTally:
    """Adds up what was found at points."""

    runs: int = 0
    kinds: Kinds[Point] = attrs.field(factory=lambda: Kinds[Point](lambda point: point))
    unit: ClassVar[str] = "points"

    @property
    def failed(self) -> int:
        """At how many points something was found."""
        return self.kinds.failed

    def take(self, point: Point, complaints: tuple[str, ...]) -> None:
        """Adds a point."""
        self.runs += 1
        if complaints:
            self.kinds.take(point.set, Finding(point, complaints))

    def take_lost(self, point: Point, why: str) -> None:
        """Adds a point that its process did not survive."""
        self.take(point, (why,))

    def pace(self, seconds: float) -> str:
        """What was run per second of so much real time."""
        return f"{rate(self.runs, seconds)} points/s"

    def short_pace(self, seconds: float) -> str:
        """The same: it is short."""
        return self.pace(seconds)


@attrs.frozen
class Chosen:
    """The points to run, how many they are, and of which sets."""

    points: Iterable[Point]
    total: int
    sets: tuple[str, ...]


def explore_points(plan: Plan, product: str) -> tuple[int, bool]:
    """Runs the points of a plan and shows what is found: at how many, and whether all were run.

    Raises CannotRun.
    """
    try:
        chosen = _choose(plan, load(product))
    except KeyboardInterrupt:
        click.echo("interrupted: no point was run", err=plan.as_json)
        return 0, False
    tally = PointTally()
    by_time = plan.seconds > 0
    progress = Progress(tally, plan.seconds if by_time else chosen.total, by_time)
    points = _while_there_is_time(chosen.points, plan.seconds)
    try:
        jobs = 1 if plan.point else plan.jobs
        whole = search(points, PointRunner(product), jobs, tally, progress)
    except NotAPoint as error:
        raise CannotRun(str(error)) from None
    summed_up = summary(progress, tally, chosen, interrupted=not whole)
    if plan.as_json:
        show_json(_as_json(progress, tally, chosen, interrupted=not whole))
    else:
        for number, finding in enumerate(tally.kinds.findings, 1):
            show_found(finding, number, counted(finding.runs, "point"))
            click.echo(f"again:  {command_of(finding.case)}\n")
    click.echo(summed_up, err=plan.as_json)
    return tally.failed, whole


def summary(progress: Progress, tally: PointTally, chosen: Chosen, *, interrupted: bool) -> str:
    """The last line."""
    left_out = f"{tally.runs:,} of " if tally.runs < chosen.total else ""
    kinds = f" of {counted(len(tally.kinds.findings), 'kind')}" if tally.failed else ""
    words = (
        f"{left_out}{counted(chosen.total, 'point')} of {counted(len(chosen.sets), 'set')}, "
        f"{tally.failed:,} found{kinds}, {progress.seconds:,.1f} s: {progress.pace()}"
    )
    return f"interrupted: {words}" if interrupted else words


def command_of(point: Point) -> str:
    """What runs a point."""
    return f"{COMMAND} --point {shlex.quote(str(point))}"


def _choose(plan: Plan, product: Product) -> Chosen:
    if plan.point:
        point = _read(plan.point)
        return Chosen([point], 1, (point.set,))
    if plan.points:
        return Chosen(draw_points(plan.points, plan.key, product), plan.points, (DRAWN,))
    names = plan.sets or tuple(exhaustive_sets())
    with spinner("counting the points"):
        points = list(_points_of(names, product))
    return Chosen(points, len(points), names)


def _points_of(names: Sequence[str], product: Product) -> Iterator[Point]:
    """All points of some sets. Raises KeyboardInterrupt at Ctrl-C, between two of them."""
    sets = exhaustive_sets()
    with interrupts_held() as interrupted:
        for name in names:
            for point in sets[name].points(product, sets[name].seeds):
                yield point
                if interrupted():
                    raise KeyboardInterrupt


def _read(name: str) -> Point:
    try:
        return Point.parse(name)
    except NotAPoint as error:
        raise CannotRun(str(error)) from None


def _while_there_is_time(points: Iterable[Point], seconds: float) -> Iterator[Point]:
    begun = monotonic()
    for point in points:
        if seconds and monotonic() - begun >= seconds:
            return
        yield point


def _as_json(
    progress: Progress, tally: PointTally, chosen: Chosen, *, interrupted: bool
) -> dict[str, Any]:
    return {
        "ok": not (tally.failed or interrupted),
        "interrupted": interrupted,
        "sets": list(chosen.sets),
        "points": tally.runs,
        "points_in_all": chosen.total,
        "failed": tally.failed,
        "seconds": round(progress.seconds, 3),
        "found": [
            {
                "point": str(found.case),
                "complaints": list(found.complaints),
                "points": found.runs,
                "command": command_of(found.case),
            }
            for found in tally.kinds.findings
        ],
    }
