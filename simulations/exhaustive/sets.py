"""All exhaustive sets by their names: the points of each, and what is wrong at a point.

A point is data, and `run_point` a plain function of it, so that points can be sent to processes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

import attrs

from ..world.product import Product
from .crash_set import CRASHES, crash_complaints, crash_points
from .draw_set import DRAWN, drawn_complaints, story_points
from .failing_set import PORTS, SOCKETS, failing_complaints, port_points, socket_points
from .http_set import ESC, STOP, esc_points, http_complaints, stop_points
from .kernel_set import KERNEL, kernel_complaints, kernel_points
from .limit_set import LIMITS, limit_complaints, limit_points
from .points import NotAPoint, Point

KERNEL_SEEDS = range(20)
HTTP_SEEDS = range(3)
"""An order of the tasks that hides a step from Esc is not likely to come three times."""

Points = Callable[[Product, Iterable[int]], Iterator[Point]]
Complaints = Callable[[Point, Product], tuple[str, ...]]


@attrs.frozen
class ExhaustiveSet:
    """What is tried, in a sentence; the points under some seeds; and the seeds that are usual."""

    words: str
    points: Points
    complaints: Complaints
    seeds: range = HTTP_SEEDS


def exhaustive_sets() -> Mapping[str, ExhaustiveSet]:
    """The sets by name. `drawn` is too large to be run whole: `draw_points` takes from it."""
    return {
        KERNEL: ExhaustiveSet(
            "Each scope of a house of actors, left at each step.",
            kernel_points,
            kernel_complaints,
            KERNEL_SEEDS,
        ),
        ESC: ExhaustiveSet("A turn, left at each step.", esc_points, http_complaints),
        STOP: ExhaustiveSet(
            "A turn, during which the server stops at each step.", stop_points, http_complaints
        ),
        PORTS: ExhaustiveSet(
            "Two turns; each call of each port fails.", port_points, failing_complaints
        ),
        SOCKETS: ExhaustiveSet(
            "Two turns; each socket operation fails.", socket_points, failing_complaints
        ),
        CRASHES: ExhaustiveSet(
            "Two turns; each actor crashes at each message.", crash_points, crash_complaints
        ),
        LIMITS: ExhaustiveSet(
            "An actor crashes until it is given up.", limit_points, limit_complaints
        ),
        DRAWN: ExhaustiveSet("Each story, with Esc at each step.", story_points, drawn_complaints),
    }


def run_point(point: Point, product: Product) -> tuple[str, ...]:
    """What is wrong at a point; nothing, if all is well. Raises NotAPoint if there is none."""
    sets = exhaustive_sets()
    if point.set not in sets:
        raise NotAPoint(f"{point.set!r} is no set; there are {', '.join(sets)}")
    try:
        return sets[point.set].complaints(point, product)
    except LookupError:  # not from the product: what crashes in a world is a complaint of its run
        raise NotAPoint(f"{str(point)!r} is no point: the set {point.set} has no such") from None
